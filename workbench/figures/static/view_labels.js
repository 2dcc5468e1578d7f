// Names beside points of a 3D view: text on a ground of its own, which can be read over a body and beside it.
//
//   const labels = createLabels(holder);
//   labels.set([{ at: [x, y, z], text, kind }]);     kind: "chosen" | "joint" | "caption"; the first ones come first
//   labels.follow({ screen, size });                 screen([x, y, z]) is where a point is: [x, y] in pixels, or null
//
// Where there is no room, names are left out; coming closer brings them back.

import { clamped } from "./controls.js";
import { node } from "./dom.js";

/** Where a name may stand, the best first: how far right, in its widths and in pixels, and how far down, in pixels. */
const STANDS = {
  caption: [[-0.5, 0, -12]],
  joint: [[0, 7, -22], [-1, -7, -22], [0, 7, 4], [-1, -7, 4]],
  chosen: [[0, 12, -34], [0, 12, 12], [-1, -12, -34], [-1, -12, 12]],
};

export function createLabels(holder) {
  const layer = node("div", { className: "hmr-labels", ariaHidden: "true" });
  holder.append(layer);
  let labels = [];
  let known = "";
  let sizes = [];

  function set(wanted) {
    const wording = JSON.stringify(wanted.map(({ text, kind }) => [text, kind]));
    const same = wording === known;
    if (!same) {
      known = wording;
      layer.replaceChildren(...wanted.map(({ text, kind }) => node("span", { className: `hmr-name hmr-name-${kind}`, textContent: text })));
    }
    labels = wanted.map((label, n) => ({ ...label, chip: layer.children[n] }));
    if (same && sizes.every(([wide]) => wide)) return;
    sizes = labels.map(({ chip }) => [chip.offsetWidth, chip.offsetHeight]); // once: it costs the page a layout
  }

  function follow({ screen, size }) {
    const [width, height] = size();
    const taken = [];
    labels.forEach(({ at, kind, chip }, n) => {
      const point = screen(at);
      const [wide, high] = sizes[n];
      const seen = point && point[0] >= 0 && point[0] <= width && point[1] >= 0 && point[1] <= height;
      const stands = (seen ? STANDS[kind] : []).map(([widths, right, down]) => (
        [clamped(point[0] + widths * wide + right, 0, width - wide), clamped(point[1] + down, 0, height - high), wide, high]));
      const stand = stands.find((its) => taken.every((other) => !overlap(its, other)));
      chip.style.visibility = stand ? "visible" : "hidden";
      if (!stand) return;
      taken.push(stand);
      chip.style.translate = `${stand[0].toFixed(1)}px ${stand[1].toFixed(1)}px`;
    });
  }

  return { set, follow };
}

/** Rectangles [left, top, width, height]. */
function overlap([x, y, wide, high], [left, top, width, height]) {
  return x < left + width && left < x + wide && y < top + height && top < y + high;
}
