// What a camera sees: bodies over a photo or squared paper, with segments and marks, at the screen's own pixels.
//
//   const plane = createImagePlane(element);      also element.imagePlane
//   plane.set(scene);                             drawn at once; of several scenes within a frame the newest
//   plane.draw();                                 now, for whoever reads the pixels
//   plane.stage, plane.toImage(event)             to lay things over the picture, and where a pointer is in it
//   plane.picture();                              a promise of it as a PNG blob of exactly scene.size pixels
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
const COMEBACK_MS = 200; // that the graphics card gets before it is asked again
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
  let lost = false; // the context, until there is a fresh canvas
  let scene = null;
  let room = null; // the stage's [width, height]; the page is asked only after it may have changed, since that
  let rest = 0; //    makes it lay out whatever else has
  const frames = perFrame(draw);
  const request = () => frames.request();
  renew();

  /** A fresh canvas: one whose context was lost for good never gets another. */
  function renew() {
    lost = false;
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
    lost = true;
    note.textContent = "The graphics card was taken away; drawing again.";
    clearTimeout(rest);
    rest = setTimeout(request, COMEBACK_MS);
  }

  function set(next) {
    const laidOut = scene && String(scene.size) === String(next.size) && scene.background?.url === next.background?.url;
    scene = next;
    if (!laidOut) layOut(scene);
    const description = scene.description ?? "What the camera sees";
    if (ink.ariaLabel !== description) ink.ariaLabel = description;
    request();
  }

  function layOut({ size: [width, height], background }) {
    const url = background?.url;
    const square = (100 * Math.max(width, height)) / SQUARES;
    room = null;
    stage.style.aspectRatio = `${width} / ${height}`;
    stage.style.setProperty("--aspect", width / height);
    stage.style.setProperty("--squares", `${square / width}% ${square / height}%`);
    stage.classList.toggle("hmr-paper", !url);
    photo.hidden = !url;
    if (url && photo.src !== new URL(url, document.baseURI).href) photo.src = url;
  }

  function draw() {
    clearTimeout(rest);
    room ??= [stage.clientWidth, stage.clientHeight];
    if (!scene || !room[0]) return;
    if (lost) renew(); // not before it is on the page: a page has few contexts
    const coarse = window.devicePixelRatio < COARSE_DENSITY;
    paint(onScreen(1), !coarse);
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
    if (coarse) rest = setTimeout(() => room?.[0] && paint(onScreen(2), true), REST_MS);
  }

  /** As many pixels as the screen has there, or `finer` times as many each way. */
  function onScreen(finer) {
    return canvasSize(room, finer * (window.devicePixelRatio || 1));
  }

  /** Edges are smoothed once nothing moves, by pixels half as large: several times cheaper than at every frame. */
  function paint(pixels, fine) {
    const unit = pixels[0] / room[0]; // one pixel of the page
    for (const target of [canvas, ink]) {
      if (target.width !== pixels[0] || target.height !== pixels[1]) [target.width, target.height] = pixels;
    }
    painter?.paint(scene.layers, scene.size, { unit, fine });
    writeMarks(ink, scene, unit);
  }

  function toImage({ clientX, clientY }) {
    const box = stage.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * scene.size[0], ((clientY - box.top) / box.height) * scene.size[1]];
  }

  /** Drawn larger first, which smooths its edges; lines are as wide as on screen. */
  function picture() {
    room ??= [stage.clientWidth, stage.clientHeight];
    const [width, height] = scene.size;
    paint(canvasSize(scene.size, 2), true);
    const sheet = node("canvas", { width, height });
    const pen = sheet.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.fillStyle = "#f4f5f8";
    pen.fillRect(0, 0, width, height);
    for (const part of [photo.hidden ? null : photo, canvas, ink]) {
      if (part) pen.drawImage(part, 0, 0, width, height);
    }
    draw();
    return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
  }

  const resize = new ResizeObserver(() => {
    room = null;
    request();
  });
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

/** A size times `factor`, in whole pixels, as far as a canvas may be so large. */
function canvasSize(size, factor) {
  const scale = Math.min(factor, LARGEST_CANVAS_PX / Math.max(...size));
  return size.map((length) => Math.max(1, Math.round(length * scale)));
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

function writeMarks(canvas, { size: [width, height], segments = [], marks = [] }, unit) {
  const pen = canvas.getContext("2d");
  const [sx, sy] = [canvas.width / width, canvas.height / height];
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
