// A mask that is painted over: brush, eraser, undo, and two ways to spoil it.
//
//   const editor = createMaskEditor(picture, { onChange: (mask) => ... });   picture: one of blade_pictures.js
//   editor.load(mask, text);       the finder's mask, and what is said of it
//   editor.set(layers);            the bodies that are drawn under it
//   editor.mask();
//
// By keyboard: arrows move the brush over the picture, Space paints.

import { dabbed, emptied, grown, maskArea, withoutLower } from "./blade_masks.js";
import { button, notice, radio, row, slider } from "./controls.js";
import { node } from "./dom.js";
import { createStore } from "./store.js";

const BRUSH_SHARES = { min: 1, max: 15, value: 4 }; // percent of the picture's longer side
const KEY_SHARE = 0.02; // of the longer side, per press
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function createMaskEditor(picture, { onChange }) {
  const store = createStore({ mask: null });
  const brush = { inside: 1, share: BRUSH_SHARES.value / 100, at: null };
  const ring = node("div", { className: "hmr-brush", hidden: true });
  const said = notice("blade-mask-said");
  let found = null; // the finder's mask
  let layers = [];
  let stroke = null; // points so far
  picture.stage.append(ring);
  picture.stage.classList.add("hmr-paintable");
  picture.ink.tabIndex = 0;

  const change = (mask) => store.set({ mask });
  const tools = radio({ label: "Brush", options: [["Add", 1], ["Erase", 0]], value: 1, id: "blade-tool", onChange: (inside) => { brush.inside = inside; } });
  const size = slider({ label: "Brush size", unit: "%", ...BRUSH_SHARES, step: 0.5, id: "blade-brush",
    onInput: (percent) => { brush.share = percent / 100; showRing(); } });
  const undo = button({ text: "Undo", id: "blade-undo", onClick: () => store.undo() });
  const reset = button({ text: "The finder's mask", id: "blade-reset", onClick: () => change(found) });
  const spoil = [["Lose the legs", withoutLower, "blade-lose"], ["Add what is around", grown, "blade-grow"], ["Empty it", emptied, "blade-clear"]]
    .map(([text, spoiled, id]) => button({ text, id, onClick: () => change(spoiled(store.get().mask)) }));
  const element = node("div", { className: "hmr-section" }, tools.element, size.element, row(undo.element, reset.element),
    row(node("span", { className: "hmr-quiet", textContent: "Spoil it:" }), ...spoil.map((each) => each.element)), said.element);

  const radius = () => brush.share * Math.max(...store.get().mask.size);
  const painted = () => (stroke ? dabbed(store.get().mask, stroke, radius(), brush.inside) : store.get().mask);

  function show() {
    const mask = painted();
    if (!mask) return;
    picture.set({ layers, mask, tint: true, description: `The mask that the camera is solved for, ${maskArea(mask)} pixels; paint here, `
      + "or move the brush by arrow keys and paint with Space" });
  }

  store.subscribe(({ mask }, before) => {
    undo.enable(store.canUndo());
    reset.enable(mask !== found);
    show();
    if (mask !== before.mask) onChange(mask);
  });

  function showRing() {
    ring.hidden = !brush.at || !store.get().mask;
    if (ring.hidden) return;
    const [width, height] = store.get().mask.size;
    const across = 2 * radius() * picture.pixelsPerImagePixel();
    Object.assign(ring.style, { left: `${(100 * brush.at[0]) / width}%`, top: `${(100 * brush.at[1]) / height}%`,
      width: `${across}px`, height: `${across}px` });
  }

  function follow(event) {
    brush.at = picture.toImage(event);
    showRing();
    if (!stroke) return;
    stroke.push(brush.at);
    show();
  }

  function end() {
    if (!stroke) return;
    const mask = painted();
    stroke = null;
    change(mask);
  }

  const { ink } = picture;
  ink.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button || !store.get().mask) return;
    ink.setPointerCapture(event.pointerId);
    stroke = [];
    follow(event);
  });
  ink.addEventListener("pointermove", follow);
  ink.addEventListener("pointerup", end);
  ink.addEventListener("pointercancel", end);
  ink.addEventListener("pointerleave", () => { ring.hidden = true; });
  ink.addEventListener("keydown", (event) => {
    const { mask } = store.get();
    if (!mask || !(event.key in ARROWS || event.key === " ")) return;
    event.preventDefault();
    brush.at ??= mask.size.map((side) => side / 2);
    if (event.key === " ") change(dabbed(mask, [brush.at], radius(), brush.inside));
    else brush.at = brush.at.map((place, axis) => Math.min(Math.max(place + ARROWS[event.key][axis] * KEY_SHARE * Math.max(...mask.size), 0), mask.size[axis]));
    showRing();
  });

  function load(mask, text) {
    found = mask;
    stroke = null;
    store.restart({ mask });
    said.set(text);
    show();
  }

  function set(bodies) {
    layers = bodies;
    show();
  }

  return { element, load, set, mask: () => store.get().mask };
}
