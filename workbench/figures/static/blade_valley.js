// What the mask cannot tell: over the distance, the best overlap and the focal length that goes with it, as a chart and
// in words.
//
//   valleyWords(points)                   points: [{ tz, focal, iou }], by distance
//   valleyFigure(points, { tz, answer, solved, truth })
//
// In a picture, f / Tz is size. So along the distances the solver answers with nearly the same f / Tz, and only what
// perspective changes near by tells one distance from another.

const ALIKE = 0.01; // of IoU: less than what a ragged edge costs
const FAR_M = 4;
const IOU_COLOR = "#3b82f6";
const FOCAL_COLOR = "#f97316";
const TRUE_COLOR_HERE = "#10b981";
const NOW_COLOR = "#4f6bed";
const QUIET_GRID = "rgba(138,148,166,.25)";
const PROPORTIONAL = { color: FOCAL_COLOR, width: 1, dash: "dot" };

/** What there is to be seen in a scan: the best point, those as good as it, and how f / Tz and the overlap go. */
export function valleyFacts(points) {
  const best = points.reduce((most, point) => (point.iou > most.iou ? point : most));
  const place = points.indexOf(best);
  const alike = (step) => {
    let n = place;
    while (points[n + step] && points[n + step].iou >= best.iou - ALIKE) n += step;
    return points[n];
  };
  const scales = points.map(({ focal, tz }) => focal / tz);
  const far = points.filter(({ tz }) => tz >= FAR_M).map(({ iou }) => iou);
  return { best, nearest: alike(-1), farthest: alike(1), last: points.at(-1),
    farthestScale: Math.max(...scales) / Math.min(...scales), longer: points.at(-1).focal / points[0].focal,
    farther: points.at(-1).tz / points[0].tz, farChange: far.length > 1 ? Math.max(...far) - Math.min(...far) : null };
}

export function valleyWords(points) {
  if (points.length < 3) return "";
  const { best, nearest, farthest, last, longer, farther, farChange } = valleyFacts(points);
  const open = farthest === last ? `${metres(nearest.tz)} to ${metres(farthest.tz)} and beyond` : `${metres(nearest.tz)} to ${metres(farthest.tz)}`;
  const fits = nearest === farthest
    ? `The mask agrees best at ${metres(best.tz)} (IoU ${best.iou.toFixed(2)}), and its neighbours are worse by more than ${ALIKE}: so close, perspective shows.`
    : `The mask agrees best at ${metres(best.tz)} (IoU ${best.iou.toFixed(2)}), but from ${open} it agrees as well within ${ALIKE}: it cannot tell these apart.`;
  const flat = farChange === null ? "" : ` From ${FAR_M} m on the curve ${farChange < ALIKE ? "is flat" : "flattens"}: the IoU changes by ${farChange.toFixed(3)}.`;
  return `${fits}${flat} ${proportion(longer, farther)} So a wrong Tz becomes a wrong f in nearly the same picture: `
    + "that is why BLADE asks a network for Tz first.";
}

/** How f goes with Tz. */
function proportion(longer, farther) {
  return `Over the whole chart Tz grows ${farther.toFixed(0)} times and f ${longer.toFixed(0)} times: f grows in proportion to Tz, but for what perspective takes near by.`;
}

export function valleyFigure(points, { tz, answer, solved, truth }) {
  const xs = points.map((point) => point.tz);
  const hover = "%{y:.3g} at %{x} m<extra></extra>";
  const lines = [
    { x: xs, y: points.map(({ iou }) => iou), name: "best IoU", line: { color: IOU_COLOR }, mode: "lines+markers", hovertemplate: hover },
    { x: xs, y: points.map(({ focal }) => focal), name: "f", yaxis: "y2", line: { color: FOCAL_COLOR }, mode: "lines+markers", hovertemplate: hover },
  ];
  if (points.length > 1) {
    const { tz: far, focal } = points.at(-1);
    lines.push({ x: xs, y: xs.map((near) => (focal / far) * near), name: "f in proportion to Tz", yaxis: "y2", mode: "lines", line: PROPORTIONAL, hoverinfo: "skip" });
  }
  if (solved) lines.push(valleyDot(tz, solved.iou, IOU_COLOR, "y"), valleyDot(tz, solved.focal_px, FOCAL_COLOR, "y2"));
  if (truth) lines.push({ ...valleyDot(truth.t[2], truth.focal_px, TRUE_COLOR_HERE, "y2"), name: "true f" });
  const marks = [[tz, NOW_COLOR, "solid", "now"], [answer, NOW_COLOR, "dot", Math.abs(Math.log(answer / tz)) < 0.02 ? "" : "the method's Tz"]];
  if (truth) marks.push([truth.t[2], TRUE_COLOR_HERE, "dash", "true Tz"]);
  return { data: lines, layout: valleyLayout(marks, points.length ? {} : { range: [0, 1] }) };
}

function valleyLayout(marks, room) {
  const log = { type: "log", tickmode: "linear", dtick: "D2", tickformat: "~g", gridcolor: QUIET_GRID, zeroline: false };
  return {
    height: 320, margin: { l: 52, r: 60, t: 12, b: 44 }, showlegend: false,
    xaxis: { ...log, title: { text: "distance Tz of the pelvis, m" }, range: [Math.log10(0.28), Math.log10(10.8)] },
    yaxis: { title: { text: "best IoU", font: { color: IOU_COLOR } }, ...room, gridcolor: QUIET_GRID, zeroline: false },
    yaxis2: { ...log, title: { text: "f, px (dotted: in proportion to Tz)", font: { color: FOCAL_COLOR } }, overlaying: "y", side: "right", showgrid: false },
    shapes: marks.map(([x, color, dash]) => ({ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color, dash, width: 2 } })),
    annotations: marks.filter(([, , , text]) => text).map(([x, color, , text], n) => ({ x: Math.log10(x), y: 0, yref: "paper", yanchor: "bottom",
      yshift: 14 * n, xanchor: x > 4 ? "right" : "left", text, showarrow: false, font: { color, size: 11 } })),
  };
}

function valleyDot(x, y, color, yaxis) {
  return { x: [x], y: [y], yaxis, mode: "markers", marker: { color, size: 11, line: { color: "#fff", width: 2 } }, showlegend: false, hoverinfo: "skip" };
}

function metres(value) {
  return `${Number(value.toFixed(2))} m`;
}
