// The Body lab's look inside: which stage is drawn, what colours it, what each stage does in millimetres, which
// vertices make a joint, and how far the body is from one that was kept.

import { BODY_STAGES, COLORINGS, differences, regressorRows, stageNumbers } from "./body_scene.js";
import { button, details, radio, row, section, select, table } from "./controls.js";
import { node } from "./dom.js";

const MOST_ROWS = 12; // of the regressor's table; official files use some hundred vertices for a joint

/** `keep()` keeps the body that is shown, to compare others with it. */
export function createStagesPart(view, keep) {
  const stage = radio({ label: "Show", id: "body-stage", value: "skinned",
    options: [...BODY_STAGES.map(({ key, name }) => [name, key]), ["all four", "all"]],
    onChange: (chosen) => view.set({ stage: chosen }) });
  const text = node("p", { className: "hmr-quiet", id: "body-stage-text" });
  const coloring = select({ label: "Colour by", id: "body-coloring", options: COLORINGS, value: "plain",
    onChange: (chosen) => view.set({ coloring: chosen }) });
  const keeping = button({ text: "Keep for comparison", id: "body-keep", onClick: keep,
    title: "Remember this body; others are then coloured by how far they are from it" });
  const compared = node("p", { className: "hmr-quiet", id: "body-difference" });
  const numbers = table({ head: ["stage", "vertices, max", "vertices, mean", "joints, max"], id: "body-stages",
    caption: "How far each stage moves the vertices and joints, mm" });
  const regressor = table({ head: ["vertex", "weight"], id: "body-regressor" });
  const about = node("p", { className: "hmr-quiet", id: "body-regressor-text" });
  const element = section("The four stages",
    node("div", { className: "hmr-two" },
      node("div", { className: "hmr-section" }, stage.element, text, coloring.element),
      node("div", { className: "hmr-section" }, numbers.element, row(keeping.element), compared)),
    details("Joint regressor", about, regressor.element));

  function show(made, { stage: chosen, coloring: colored, joint, kept }) {
    stage.set(chosen);
    coloring.set(colored);
    const found = BODY_STAGES.find(({ key }) => key === chosen);
    text.textContent = found ? `${found.formula}: ${found.text}`
      : BODY_STAGES.map(({ name, formula }) => `${name}: ${formula}`).join(" → ");
    numbers.set(stageNumbers(made).map(({ name, vertices, joints }) => (
      [name, mm(vertices.max), mm(vertices.mean), mm(joints.max)])));
    compared.textContent = comparison(made, kept, colored);
    showRegressor(made, joint);
  }

  function showRegressor({ body, entry }, joint) {
    const rows = regressorRows(body, joint);
    if (!rows) {
      about.textContent = "This body's regressor stays with Python.";
      regressor.set([]);
      return;
    }
    const rest = rows.length - MOST_ROWS;
    about.textContent = `The place of the ${entry.joints[joint]} at rest, J(β), is the weighted mean of ${rows.length} of the shaped `
      + "vertices: β moves it, θ does not. Posing then turns it about its parents."
      + (rest > 0 ? ` The ${MOST_ROWS} heaviest:` : "");
    regressor.set(rows.slice(0, MOST_ROWS).map(([vertex, weight]) => [String(vertex), weight.toFixed(4)]));
  }

  return { element, show };
}

/** How far the posed body is from the kept one. */
function comparison(made, kept, coloring) {
  if (!kept) return coloring === "difference" ? "Keep a body first; then change it, and see by how much." : "";
  const found = differences(made, kept);
  if (!found) return `The kept ${kept.entry.label} has another mesh: its vertices cannot be compared with these.`;
  const { vertices, joints } = found;
  return `From the kept body: vertices ${mm(vertices.mean)} mm on average (PVE), ${mm(vertices.max)} mm at most; `
    + `joints ${mm(joints.mean)} mm on average (MPJPE).`;
}

function mm(value) {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
