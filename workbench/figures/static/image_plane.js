// What a camera sees: bodies over a photo or squared paper, with segments and marks, at the screen's own pixels.
//
//   const plane = createImagePlane(element);      also element.imagePlane
//   plane.set(scene);                             drawn at once; of several scenes within a frame the newest
//   plane.draw();                                 now, for whoever reads the pixels
//   plane.stage, plane.toImage(event)             to lay things over the picture, and where a pointer is in it
//   plane.picture();                              a promise of what is on screen as a PNG blob
//   plane.dispose();
//
//   scene = { size: [w, h], background: { url } | "checker", description,
//             layers: [{ vertices, corners, camera, color: "#rrggbb", style: "shaded" | "outline" | "points", opacity, dashed }],
//             segments: [{ from: [x, y], to: [x, y], color, width }], marks: [{ at: [x, y], color, text }] }
//
// Vertices are in the camera's axes about the body's origin, all x, then y, then z; see cameras.js. Everything
// else is in pixels of the picture, which spans 0..w by 0..h.

import { createPainter } from "./image_gl.js";
import { node } from "./dom.js";
import { perFrame } from "./frames.js";

const LARGEST_CANVAS_PX = 4096;
const REST_MS = 250;
const COARSE_DENSITY = 1.5; // a screen of fewer pixels per unit shows steps along edges
const SQUARES = 12; // of the paper, along the picture's longer side
const NO_WEBGL = "The bodies cannot be drawn: this browser has no WebGL 2. Switch it on in its settings, or use another "
  + "browser. All numbers here are right nevertheless.";

export function createImagePlane(element) {
  element.classList.add("hmr-plane");
  const photo = node("img", { className: "hmr-fill", alt: "", hidden: true });
  const holder = node("div", { className: "hmr-fill" });
  const ink = node("canvas", { className: "hmr-fill" });
  const stage = node("div", { className: "hmr-stage hmr-paper" }, photo, holder, ink);
  const note = node("p", { className: "hmr-note", role: "status" });
  ink.setAttribute("role", "img");
  element.replaceChildren(stage, note);
  let canvas = null;
  let painter = null;
  let scene = null;
  let rest = 0;
  const frames = perFrame(draw);
  const request = () => frames.request();
  renew();

  /** A fresh canvas: one whose context was lost for good never gets another. */
  function renew() {
    canvas = node("canvas", { className: "hmr-fill" });
    holder.replaceChildren(canvas);
    try {
      painter = createPainter(canvas);
    } catch (error) {
      note.textContent = `The bodies cannot be drawn: ${error.message}`;
      return;
    }
    note.textContent = painter ? "" : NO_WEBGL;
    canvas.addEventListener("webglcontextlost", onLost);
  }

  function onLost() {
    painter = null;
    note.textContent = "The graphics card was taken away; drawing again.";
    setTimeout(() => {
      if (!stage.isConnected) return;
      renew();
      request();
    }, 200);
  }

  function set(next) {
    scene = next;
    const [width, height] = scene.size;
    const url = scene.background?.url;
    stage.style.aspectRatio = `${width} / ${height}`;
    stage.style.setProperty("--aspect", width / height);
    ink.setAttribute("aria-label", scene.description ?? "What the camera sees");
    stage.classList.toggle("hmr-paper", !url);
    const square = (100 * Math.max(width, height)) / SQUARES;
    stage.style.setProperty("--squares", `${square / width}% ${square / height}%`);
    photo.hidden = !url;
    if (url && photo.src !== new URL(url, document.baseURI).href) photo.src = url;
    request();
  }

  function draw() {
    clearTimeout(rest);
    if (!scene || !stage.clientWidth) return;
    paint(1);
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
    if (window.devicePixelRatio < COARSE_DENSITY) rest = setTimeout(() => stage.clientWidth && paint(2), REST_MS);
  }

  /** Edges are smoothed once nothing moves, by pixels half as large: several times cheaper than at every frame. */
  function paint(finer) {
    for (const target of [canvas, ink]) fitCanvas(target, stage, finer);
    painter?.paint(scene.layers, scene.size, finer > 1 || window.devicePixelRatio >= COARSE_DENSITY);
    writeMarks(ink, scene);
  }

  function toImage({ clientX, clientY }) {
    const box = stage.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * scene.size[0], ((clientY - box.top) / box.height) * scene.size[1]];
  }

  function picture() {
    paint(2);
    const sheet = node("canvas", { width: canvas.width, height: canvas.height });
    const pen = sheet.getContext("2d");
    pen.fillStyle = "#f4f5f8";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    for (const part of [photo.hidden ? null : photo, canvas, ink]) {
      if (part) pen.drawImage(part, 0, 0, sheet.width, sheet.height);
    }
    return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
  }

  const resize = new ResizeObserver(request);
  resize.observe(stage);
  const stopWatching = watchDensity(request);

  function dispose() {
    frames.cancel();
    clearTimeout(rest);
    resize.disconnect();
    stopWatching();
    canvas.removeEventListener("webglcontextlost", onLost);
    painter?.dispose();
    element.replaceChildren();
  }

  return (element.imagePlane = { set, draw, toImage, picture, dispose, stage, canvas: () => canvas });
}

/** As many pixels as the screen has there, or `finer` times as many each way. */
function fitCanvas(canvas, stage, finer) {
  const scale = Math.min(finer * (window.devicePixelRatio || 1), LARGEST_CANVAS_PX / Math.max(stage.clientWidth, stage.clientHeight));
  const size = [stage.clientWidth, stage.clientHeight].map((length) => Math.max(1, Math.round(length * scale)));
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
}

/** Calls back when the page moves to a screen of another density, or is zoomed. */
function watchDensity(changed) {
  let query = null;
  const onChange = () => {
    watch();
    changed();
  };
  const watch = () => {
    query?.removeEventListener("change", onChange);
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener("change", onChange);
  };
  watch();
  return () => query.removeEventListener("change", onChange);
}

function writeMarks(canvas, { size: [width, height], segments = [], marks = [] }) {
  const pen = canvas.getContext("2d");
  const [sx, sy] = [canvas.width / width, canvas.height / height];
  const unit = canvas.width / Math.max(canvas.clientWidth, 1); // one pixel of the page
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.lineCap = "round";
  for (const { from, to, color, width: wide = 2 } of segments) {
    for (const [ink, extra] of [["rgb(255 255 255 / 75%)", 2], [color, 0]]) {
      pen.beginPath();
      pen.strokeStyle = ink;
      pen.lineWidth = unit * (wide + extra);
      pen.moveTo(from[0] * sx, from[1] * sy);
      pen.lineTo(to[0] * sx, to[1] * sy);
      pen.stroke();
    }
  }
  for (const { at: [x, y], color, text = "", size: across = 4 } of marks) {
    pen.beginPath();
    pen.arc(x * sx, y * sy, across * unit, 0, 2 * Math.PI);
    pen.fillStyle = color;
    pen.strokeStyle = "#fff";
    pen.lineWidth = 1.5 * unit;
    pen.fill();
    pen.stroke();
    if (!text) continue;
    pen.font = `600 ${12 * unit}px system-ui, sans-serif`;
    pen.lineWidth = 3 * unit;
    pen.strokeText(text, x * sx + 8 * unit, y * sy + 4 * unit);
    pen.fillText(text, x * sx + 8 * unit, y * sy + 4 * unit);
  }
}
