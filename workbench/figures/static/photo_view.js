// A photo with what is known about it: people's boxes, landmarks, a rendered layer laid over it, and how far the
// landmarks of what is rendered are from the found ones.
//
//   const view = createPhotoView(element, {pick, draw, edit, remove});   without handlers the boxes only show
//   view.set(picture);                                                   made by workbench/figures/picture.py
//
// Opacity and landmarks change here, without a word to the server. Boxes are buttons: tap, click or Space picks.

import { createBoxNumbers } from "./box_numbers.js";
import { node, svg } from "./dom.js";

const RESIDUAL = { found: "#facc15", model: "#ffffff", residual: "#e11d48" };
const DARK = "#10151f";
const SMALLEST_PX = 8; // a shorter drag is a slip of the finger

export function createPhotoView(element, handlers = {}) {
  element.classList.add("hmr-photo");
  const photo = node("img", { className: "hmr-fill", alt: "" });
  const layer = node("img", { className: "hmr-layer", alt: "" });
  const marks = svg("svg", { class: "hmr-fill hmr-marks", preserveAspectRatio: "none" });
  const boxes = node("div", { className: "hmr-fill" });
  const pad = node("div", { className: "hmr-fill hmr-pad", hidden: true });
  const stage = node("div", { className: "hmr-stage" }, photo, layer, marks, boxes, pad);
  stage.setAttribute("role", "group");
  stage.setAttribute("aria-label", element.dataset.label || "Photo");
  const bar = node("div", { className: "hmr-bar" });
  const numbers = handlers.draw ? createBoxNumbers(handlers) : null;
  element.replaceChildren(stage, bar, ...(numbers ? [numbers.element] : []));
  let shown = null;

  const opacity = node("input", { type: "range", min: 0, max: 100, value: 85 });
  opacity.addEventListener("input", () => (layer.style.opacity = opacity.value / 100));
  layer.style.opacity = opacity.value / 100;
  const opacityLabel = node("label", { className: "hmr-wide" }, "Body opacity ", opacity);
  const landmarks = node("input", { type: "checkbox" });
  landmarks.addEventListener("change", () => {
    marks.toggleAttribute("hidden", !landmarks.checked);
    key.show(shown, landmarks.checked);
  });
  marks.toggleAttribute("hidden", true);
  const landmarksLabel = node("label", {}, landmarks, " Landmarks");
  const key = createResidualKey();
  bar.append(handlers.draw ? drawButton(pad, () => shown, handlers.draw) : opacityLabel, landmarksLabel, key.element);

  function set(picture) {
    shown = picture;
    element.classList.toggle("hmr-empty", !picture);
    if (!picture) return;
    const { width, height } = picture;
    stage.style.aspectRatio = `${width} / ${height}`;
    stage.style.maxWidth = `calc(68vh * ${width / height})`;
    if (photo.src !== source(picture.photo)) photo.src = source(picture.photo);
    photo.alt = picture.description;
    layer.hidden = opacityLabel.hidden = !picture.layer;
    if (picture.layer) {
      layer.src = picture.layer.src;
      place(layer, picture.layer.box, picture);
    }
    landmarksLabel.hidden = !picture.landmarks.length;
    marks.setAttribute("viewBox", `0 0 ${width} ${height}`);
    marks.replaceChildren(...picture.landmarks.flatMap(skeleton), ...picture.residuals.flatMap(pairs));
    key.show(picture, landmarks.checked);
    const dragged = { ...handlers, edit: handlers.edit && ((index, box) => (numbers.choose(index), handlers.edit(index, box))) };
    boxes.replaceChildren(...picture.boxes.map((box, index) => boxButton(box, index, picture, stage, dragged)));
    numbers?.set(picture);
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a change
  }

  return { set, dispose: () => element.replaceChildren() };
}

function boxButton(box, index, picture, stage, { pick, edit }) {
  const button = node("button", { type: "button", className: "hmr-box", disabled: !pick });
  button.append(node("span", { textContent: box.label }));
  button.style.setProperty("--color", box.color);
  button.setAttribute("aria-pressed", String(box.selected));
  button.setAttribute("aria-label", `${box.title}, ${box.selected ? "chosen" : "left out"}`);
  place(button, box.box, picture);
  if (pick) button.addEventListener("click", () => pick(index));
  if (edit && box.selected) {
    for (const corner of [0, 1, 2, 3]) button.append(handle(corner, button, box, index, picture, stage, edit));
  }
  return button;
}

/** A corner of a box that can be dragged. Corner bits: 1 = right, 2 = bottom. */
function handle(corner, button, box, index, picture, stage, edit) {
  const grip = node("i", { className: `hmr-grip hmr-grip-${corner}` });
  const xyxy = [...box.box];
  const which = [corner & 1 ? 2 : 0, corner & 2 ? 3 : 1];
  let moved = false;
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    moved = false;
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener("pointermove", (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return;
    const [x, y] = photoPoint(event, stage, picture);
    [xyxy[which[0]], xyxy[which[1]]] = [x, y];
    moved = true;
    place(button, ordered(xyxy), picture);
  });
  grip.addEventListener("pointerup", () => moved && edit(index, ordered(xyxy)));
  grip.addEventListener("click", (event) => event.stopPropagation()); // a drag is not a pick
  return grip;
}

function drawButton(pad, current, draw) {
  const button = node("button", { type: "button", textContent: "Draw a box" });
  const rubber = node("div", { className: "hmr-box hmr-rubber", hidden: true });
  let start = null;
  const armed = (on) => {
    pad.hidden = !on;
    rubber.hidden = true;
    start = null;
    button.textContent = on ? "Drag over a person, or cancel" : "Draw a box";
    button.setAttribute("aria-pressed", String(on));
  };
  armed(false);
  pad.append(rubber);
  button.addEventListener("click", () => armed(pad.hidden));
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    start = photoPoint(event, pad, current());
  });
  pad.addEventListener("pointermove", (event) => {
    if (!start) return;
    rubber.hidden = false;
    place(rubber, ordered([...start, ...photoPoint(event, pad, current())]), current());
  });
  pad.addEventListener("pointercancel", () => armed(true));
  pad.addEventListener("pointerup", (event) => {
    if (!start) return;
    const box = ordered([...start, ...photoPoint(event, pad, current())]);
    const large = box[2] - box[0] > SMALLEST_PX && box[3] - box[1] > SMALLEST_PX;
    armed(!large);
    if (large) draw(box);
  });
  return button;
}

function photoPoint(event, stage, { width, height }) {
  const frame = stage.getBoundingClientRect();
  const inside = (value, limit) => Math.round(Math.min(Math.max(value, 0), 1) * limit);
  return [inside((event.clientX - frame.left) / frame.width, width), inside((event.clientY - frame.top) / frame.height, height)];
}

function ordered([x0, y0, x1, y1]) {
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
}

function place(item, [x0, y0, x1, y1], { width, height }) {
  const percent = (value, whole) => `${(100 * value) / whole}%`;
  Object.assign(item.style, { left: percent(x0, width), top: percent(y0, height),
    width: percent(x1 - x0, width), height: percent(y1 - y0, height) });
}

/** Lines that can be seen on everything: dark ones with the coloured ones upon them. */
function skeleton({ points, bones, color }) {
  const lines = bones.map(([a, b]) => [...points[a], ...points[b]]);
  return [...lines.map((line) => stroke(line, DARK, 4.5)), ...lines.map((line) => stroke(line, color, 2.5))];
}

/** Found landmarks are round, the model's square, and a line says how far they are apart. */
function pairs(person) {
  const dot = ([x, y], color, size, cap) => [stroke([x, y, x, y], DARK, size + 3, cap), stroke([x, y, x, y], color, size, cap)];
  return [...person.flatMap((line) => [stroke(line, "#fff", 5), stroke(line, RESIDUAL.residual, 3)]),
    ...person.flatMap((line) => [...dot(line.slice(0, 2), RESIDUAL.found, 6, "round"), ...dot(line.slice(2), RESIDUAL.model, 4, "square")])];
}

function stroke([x1, y1, x2, y2], color, width, cap = "round") {
  return svg("line", { x1, y1, x2, y2, stroke: color, "stroke-width": width, "stroke-linecap": cap });
}

/** What the points mean, and their numbers. */
function createResidualKey() {
  const said = node("span");
  const names = Object.entries(RESIDUAL).map(([name, color]) => {
    const item = node("span", { className: `hmr-key hmr-key-${name}` }, node("i"), name);
    item.firstChild.style.background = color;
    return item;
  });
  const element = node("div", { className: "hmr-keys", hidden: true }, ...names, said);
  const show = (picture, on) => {
    element.hidden = !on || !picture?.residuals.length;
    said.textContent = picture?.residuals_text ?? "";
  };
  return { element, show };
}

function source(photo) {
  return new URL(photo.url ?? photo, document.baseURI).href;
}
