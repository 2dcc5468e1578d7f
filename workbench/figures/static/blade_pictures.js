// Bodies and masks over one photo, in several pictures that share one drawing surface of the graphics card: a page gets
// few of them.
//
//   const pictures = createBladePictures();
//   const picture = pictures.add(holder);                  a stage with the photo and a canvas over it
//   pictures.load({ url, size: [w, h] });                  the photo of all of them
//   picture.set({ layers, mask, tint, description });      layers as image_plane.js takes them; `mask` as blade_masks.js
//   picture.toImage(event)                                 where a pointer is in the photo

import { maskEdge } from "./blade_masks.js";
import { node } from "./dom.js";
import { createPainter } from "./image_gl.js";

export const MASK_COLOR = "#facc15";
const FINER = 2; // canvas pixels per pixel of the photo
const TINT = [250, 204, 21, 96];
const EDGE = [250, 204, 21, 255];
const EDGE_AROUND = [120, 84, 0, 200];
const NO_WEBGL_HERE = "The bodies cannot be drawn: this browser has no WebGL 2. All numbers here are right nevertheless.";

export function createBladePictures() {
  const all = [];
  let surface = null;
  let painter = null;
  let size = [1, 1];
  let lost = true;

  /** A fresh surface: one that was lost for good never comes back. */
  function renew() {
    lost = false;
    surface = node("canvas");
    surface.addEventListener("webglcontextlost", () => { lost = true; });
    painter = createPainter(surface);
  }

  /** The bodies, drawn on the shared surface; null where there is no WebGL. */
  function painted(layers) {
    if (lost) renew();
    if (!painter || !layers.length) return null;
    const [width, height] = size.map((side) => FINER * side);
    if (surface.width !== width || surface.height !== height) Object.assign(surface, { width, height });
    painter.paint(layers, size, { unit: FINER, fine: true });
    return surface;
  }

  function load(photo) {
    size = photo.size;
    all.forEach((picture) => picture.renew(photo));
  }

  function add(holder) {
    const photo = node("img", { className: "hmr-fill", alt: "" });
    const ink = node("canvas", { className: "hmr-fill" });
    const stage = node("div", { className: "hmr-stage" }, photo, ink);
    const note = node("p", { className: "hmr-note", role: "status" });
    ink.setAttribute("role", "img");
    holder.append(stage, note);

    function renew({ url, size: [width, height] }) {
      photo.src = url;
      stage.style.aspectRatio = `${width} / ${height}`;
      stage.style.setProperty("--aspect", width / height);
      [ink.width, ink.height] = [FINER * width, FINER * height];
    }

    function set({ layers, mask = null, tint = false, description }) {
      const pen = ink.getContext("2d");
      pen.clearRect(0, 0, ink.width, ink.height);
      const bodies = painted(layers);
      note.textContent = layers.length && !bodies ? NO_WEBGL_HERE : "";
      if (bodies) pen.drawImage(bodies, 0, 0);
      if (mask) pen.drawImage(maskPicture(mask, tint), 0, 0, ink.width, ink.height);
      ink.ariaLabel = description;
      stage.dataset.drawn = Number(stage.dataset.drawn || 0) + 1; // lets tests wait for a picture
    }

    function toImage({ clientX, clientY }) {
      const box = stage.getBoundingClientRect();
      return [((clientX - box.left) / box.width) * size[0], ((clientY - box.top) / box.height) * size[1]];
    }

    const made = { stage, ink, set, renew, toImage, pixelsPerImagePixel: () => stage.clientWidth / size[0] };
    all.push(made);
    return made;
  }

  return { add, load, dispose: () => painter?.dispose() };
}

/** A mask's edge, and with `tint` what is inside, as a canvas of its size. */
function maskPicture(mask, tint) {
  const [width, height] = mask.size;
  const pen = node("canvas", { width, height }).getContext("2d");
  const sheet = pen.createImageData(width, height);
  if (tint) mask.of.forEach((inside, n) => inside && sheet.data.set(TINT, 4 * n));
  const edge = maskEdge(mask);
  for (const n of edge) for (const next of [n - 1, n + 1, n - width, n + width]) if (mask.of[next] === 0) sheet.data.set(EDGE_AROUND, 4 * next);
  edge.forEach((n) => sheet.data.set(EDGE, 4 * n));
  pen.putImageData(sheet, 0, 0);
  return pen.canvas;
}
