// The Body lab's look inside: which stage is drawn, what colours it, what each stage does in millimetres, and which
// vertices make a joint.

import { BODY_STAGES, COLORINGS, regressorRows, stageNumbers } from "./body_scene.js";
import { details, radio, section, select, table } from "./controls.js";
import { node } from "./dom.js";

const MOST_ROWS = 12; // of the regressor's table; official files use some hundred vertices for a joint

export function createStagesPart(view) {
  const stage = radio({ label: "Show", id: "body-stage", value: "skinned", 
    onChange: (chosen) => view.set({ stage: chosen }), options: [...BODY_STAGES.map(({ key, name }) => [name, key]), ["all four", "all"]] });
  const text = node("p", { className: "hmr-quiet", id: "body-stage-text" });
  const coloring = select({ label: "Colour by", id: "body-coloring", options: COLORINGS, value: "plain",
    onChange: (chosen) => view.set({ coloring: chosen }) });
  const numbers = table({ head: ["stage", "vertices, max", "vertices, mean", "joints, max"], id: "body-stages",
    caption: "How far each stage moves the vertices and joints, mm" });
  const regressor = table({ head: ["vertex", "weight"], id: "body-regressor" });
  const about = node("p", { className: "hmr-quiet", id: "body-regressor-text" });
  const element = section("The four stages",
    node("div", { className: "hmr-two" },
      node("div", { className: "hmr-section" }, stage.element, text, coloring.element), numbers.element),
    details("Joint regressor", about, regressor.element));

  function show(made, { stage: chosen, coloring: colored, joint }) {
    stage.set(chosen);
    coloring.set(colored);
    const found = BODY_STAGES.find(({ key }) => key === chosen);
    text.textContent = found ? `${found.formula}: ${found.text}`
      : BODY_STAGES.map(({ name, formula }) => `${name}: ${formula}`).join(" → ");
    const mm = (value) => (value < 9.95 ? value.toFixed(1) : String(Math.round(value)));
    const row = ({ name, vertices, joints }) => [name, mm(vertices.max), mm(vertices.mean), mm(joints.max)];
    numbers.set(stageNumbers(made).map(row));
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
    about.textContent = `The ${entry.joints[joint]} is the weighted mean of ${rows.length} of the shaped vertices, `
      + "so it moves with β and never with θ."
      + (rest > 0 ? ` The ${MOST_ROWS} heaviest:` : "");
    regressor.set(rows.slice(0, MOST_ROWS).map(([vertex, weight]) => [String(vertex), weight.toFixed(4)]));
  }

  return { element, show };
}
