// A square over an image plane that can be dragged, resized at its corners, and moved by arrow keys.
//
//   const crop = createCropBox(plane, { onChange: ({ center_px, side_px }) => ... });
//   crop.set({ center_px, side_px }, [w, h]);      null hides it
//
// Arrows move it, + and - resize it.

import { node } from "./dom.js";

const CROP_KEY_STEP = 0.02; // of the picture's longer side
const CROP_KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function createCropBox(plane, { onChange }) {
  const element = node("div", { className: "hmr-crop", tabIndex: 0, hidden: true });
  element.setAttribute("role", "group");
  element.append(node("span", { textContent: "crop" }));
  let box = null;
  let size = [1, 1];

  function set(next, picture = size) {
    box = next;
    size = picture;
    element.hidden = !next;
    if (!next) return;
    const [x, y] = next.center_px;
    const percent = (value, whole) => `${(100 * value) / whole}%`;
    Object.assign(element.style, { left: percent(x - next.side_px / 2, size[0]), top: percent(y - next.side_px / 2, size[1]),
      width: percent(next.side_px, size[0]), height: percent(next.side_px, size[1]) });
    element.ariaLabel = `Crop of ${next.side_px.toFixed(0)} pixels around ${x.toFixed(0)}, ${y.toFixed(0)}. `
      + "Arrow keys move it, plus and minus resize it.";
  }

  function drag(part, moved) {
    let start = null;
    part.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      element.focus();
      part.setPointerCapture(event.pointerId);
      start = { at: plane.toImage(event), box };
    });
    part.addEventListener("pointermove", (event) => {
      if (start && part.hasPointerCapture(event.pointerId)) onChange(moved(start, plane.toImage(event)));
    });
    part.addEventListener("lostpointercapture", () => { start = null; });
  }

  drag(element, ({ at, box: { center_px, side_px } }, now) => (
    { center_px: center_px.map((value, axis) => value + now[axis] - at[axis]), side_px }));
  for (const corner of [0, 1, 2, 3]) {
    const grip = node("i", { className: `hmr-grip hmr-grip-${corner}` });
    const way = [corner & 1 ? 1 : -1, corner & 2 ? 1 : -1];
    drag(grip, ({ at, box: { center_px, side_px } }, now) => {
      const grown = Math.max(...way.map((sign, axis) => sign * (now[axis] - at[axis]))); // the opposite corner stays
      const side = Math.max(side_px + grown, 8);
      return { center_px: center_px.map((value, axis) => value + (way[axis] * (side - side_px)) / 2), side_px: side };
    });
    element.append(grip);
  }
  element.addEventListener("keydown", (event) => {
    const step = CROP_KEY_STEP * Math.max(...size);
    const way = CROP_KEYS[event.key];
    const grown = { "+": step, "=": step, "-": -step }[event.key];
    if (!way && !grown) return;
    event.preventDefault();
    onChange(way ? { ...box, center_px: box.center_px.map((value, axis) => value + way[axis] * step) }
      : { ...box, side_px: Math.max(box.side_px + grown, 8) });
  });
  plane.stage.append(element);
  return { element, set };
}
