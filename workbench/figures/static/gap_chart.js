// The projection gap against the distance, both axes logarithmic, drawn anew as one small SVG.
//
//   const chart = createGapChart({ id, onPick: (tz) => ... });
//   chart.set({ curve, now: { tz, mean, most }, marks: [{ tz, text }], limits: [low, high] });
//   holder.append(chart.element);
//
// A press or drag in it picks a distance.

import { node, svg } from "./dom.js";

const GAP_HEIGHT = 230;
const GAP_FRAME = { left: 46, right: 14, top: 26, bottom: 38 };
const MARK_PX = 15; // between the names of two marks
const TICKS_M = [0.2, 0.4, 0.6, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];

export function createGapChart({ id = "", onPick = () => {} } = {}) {
  const drawing = svg("svg", { role: "img", height: GAP_HEIGHT, "aria-label": "Projection gap against distance" });
  const element = node("div", { className: "hmr-gap", id }, drawing);
  let shown = null;
  let axes = null;
  const resize = new ResizeObserver(() => draw());
  resize.observe(element);

  function set(next) {
    shown = next;
    draw();
  }

  function draw() {
    const width = element.clientWidth;
    if (!shown || !width) return;
    axes = gapAxes(shown, width);
    drawing.setAttribute("width", width);
    drawing.setAttribute("viewBox", `0 0 ${width} ${GAP_HEIGHT}`);
    const { tz, mean, most } = shown.now;
    drawing.setAttribute("aria-label", `Projection gap against distance, logarithmic. At ${tz.toFixed(2)} m the mean `
      + `is ${mean.toFixed(1)} px and the largest ${most.toFixed(1)} px.`);
    drawing.replaceChildren(...gapGrid(axes, width), ...gapMarks(axes, shown.marks), ...gapLines(axes, shown.curve),
      ...gapNow(axes, shown));
  }

  const pick = (event) => {
    const { left } = drawing.getBoundingClientRect();
    if (axes) onPick(axes.tzAt(event.clientX - left));
  };
  drawing.addEventListener("pointerdown", (event) => {
    drawing.setPointerCapture(event.pointerId);
    pick(event);
  });
  drawing.addEventListener("pointermove", (event) => drawing.hasPointerCapture(event.pointerId) && pick(event));

  return { element, set, dispose: () => resize.disconnect() };
}

function gapAxes({ curve, now, limits: [low, high] }, width) {
  const values = [...curve.flatMap(({ mean, most }) => [mean, most]), now.mean, now.most].filter((value) => value > 0.01);
  const bottom = 10 ** Math.floor(Math.log10(Math.min(...values, 1)));
  const worst = 3 * Math.max(...curve.map(({ mean }) => mean), now.mean || 0); // the largest grows without end at the lens
  const top = 10 ** Math.ceil(Math.log10(Math.max(worst, 10 * bottom)));
  const span = [width - GAP_FRAME.left - GAP_FRAME.right, GAP_HEIGHT - GAP_FRAME.top - GAP_FRAME.bottom];
  const share = (value, from, to) => Math.log(value / from) / Math.log(to / from);
  return {
    x: (tz) => GAP_FRAME.left + span[0] * Math.min(Math.max(share(tz, low, high), 0), 1),
    y: (px) => GAP_HEIGHT - GAP_FRAME.bottom - span[1] * Math.min(Math.max(share(px, bottom, top), 0), 1),
    tzAt: (x) => low * (high / low) ** Math.min(Math.max((x - GAP_FRAME.left) / span[0], 0), 1),
    low, high, bottom, top,
  };
}

function gapGrid({ x, y, low, high, bottom, top }, width) {
  const parts = [];
  const ticks = TICKS_M.filter((tz) => tz >= low && tz <= high);
  for (const tz of ticks) {
    parts.push(svg("line", { x1: x(tz), x2: x(tz), y1: GAP_FRAME.top, y2: GAP_HEIGHT - GAP_FRAME.bottom, class: "hmr-grid-line" }));
    parts.push(gapText(x(tz), GAP_HEIGHT - GAP_FRAME.bottom + 16, String(tz), "middle"));
  }
  for (let px = bottom; px <= top * 1.001; px *= 10) {
    parts.push(svg("line", { x1: GAP_FRAME.left, x2: width - GAP_FRAME.right, y1: y(px), y2: y(px), class: "hmr-grid-line" }));
    parts.push(gapText(GAP_FRAME.left - 7, y(px) + 4, String(Number(px.toPrecision(1))), "end"));
  }
  parts.push(gapText((GAP_FRAME.left + width - GAP_FRAME.right) / 2, GAP_HEIGHT - 5, "distance Tz, m", "middle"));
  parts.push(gapText(4, 14, "gap, px", "start"));
  return parts;
}

function gapLines({ x, y, top }, curve) {
  return [["most", "hmr-line-most", "largest"], ["mean", "hmr-line-mean", "mean"]].flatMap(([key, look, text]) => {
    if (!curve.length) return [];
    const points = curve.filter((sample) => sample[key] <= top).map((sample) => `${x(sample.tz).toFixed(1)},${y(sample[key]).toFixed(1)}`).join(" ");
    const beside = curve[Math.floor(0.62 * curve.length)];
    return [svg("polyline", { points, class: look }), gapText(x(beside.tz) + 5, y(beside[key]) - 5, text, "start", look)];
  });
}

function gapMarks({ x, low, high }, marks) {
  return marks.filter(({ tz }) => tz >= low && tz <= high).flatMap(({ tz, text }, n) => [
    svg("line", { x1: x(tz), x2: x(tz), y1: GAP_FRAME.top - 6, y2: GAP_HEIGHT - GAP_FRAME.bottom, class: "hmr-mark" }),
    gapText(x(tz) + 5, GAP_FRAME.top + 4 + MARK_PX * n, text, "start", "hmr-mark-text"),
  ]);
}

/** Its line begins below the marks' names. */
function gapNow({ x, y }, { now: { tz, mean, most }, marks }) {
  return [svg("line", { x1: x(tz), x2: x(tz), y1: GAP_FRAME.top - 5 + MARK_PX * marks.length, y2: GAP_HEIGHT - GAP_FRAME.bottom, class: "hmr-now" }),
    ...[most, mean].filter((value) => value > 0).map((value) => svg("circle", { cx: x(tz), cy: y(value), r: 5, class: "hmr-now-dot" }))];
}

function gapText(x, y, text, anchor, look = "") {
  const made = svg("text", { x, y, "text-anchor": anchor, class: `hmr-chart-text ${look}` });
  made.textContent = text;
  return made;
}
