// Names beside points of a 3D view: text on a ground of its own, which can be read over a body and beside it.
//
//   const labels = createLabels(holder);
//   labels.set([{ at: [x, y, z], text, kind }]);     kind: "chosen" | "joint" | "caption"; the first ones come first
//   labels.follow(place);                            place([x, y, z]) is where a point is: [x, y] in pixels, or null
//
// Where there is no room, names are left out; coming closer brings them back.

import { node } from "./dom.js";

const SHIFT_PX = { chosen: [12, -34], joint: [7, -22], caption: [0, -12] };

export function createLabels(holder) {
  const layer = node("div", { className: "hmr-labels", ariaHidden: "true" });
  holder.append(layer);
  let labels = [];
  let known = "";

  function set(wanted) {
    const same = JSON.stringify(wanted.map(({ text, kind }) => [text, kind]));
    if (same !== known) {
      known = same;
      layer.replaceChildren(...wanted.map(({ text, kind }) => node("span", { className: `hmr-name hmr-name-${kind}`, textContent: text })));
    }
    labels = wanted.map((label, n) => ({ ...label, chip: layer.children[n] }));
  }

  function follow(place) {
    const { clientWidth: width, clientHeight: height } = layer;
    const taken = [];
    const sizes = labels.map(({ chip }) => [chip.offsetWidth, chip.offsetHeight]); // all at once: reading costs a layout
    labels.forEach(({ at, kind, chip }, n) => {
      const point = place(at);
      const [wide, high] = sizes[n];
      const [right, down] = SHIFT_PX[kind];
      const seen = point && point[0] >= 0 && point[0] <= width && point[1] >= 0 && point[1] <= height;
      const left = seen && Math.max(0, Math.min(point[0] + (kind === "caption" ? -wide / 2 : right), width - wide));
      const top = seen && Math.max(0, Math.min(point[1] + down, height - high));
      const free = seen && taken.every(([x, y, w, h]) => left >= x + w || x >= left + wide || top >= y + h || y >= top + high);
      chip.style.visibility = free ? "visible" : "hidden";
      if (!free) return;
      taken.push([left, top, wide, high]);
      chip.style.translate = `${left.toFixed(1)}px ${top.toFixed(1)}px`;
    });
  }

  return { set, follow };
}
