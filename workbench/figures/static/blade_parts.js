// The BLADE lab's page: the three stages side by side, the distance with its chart, the mask, and the distortion.

import { createMaskEditor } from "./blade_editor.js";
import { createBladePictures, MASK_COLOR } from "./blade_pictures.js";
import { createBodyView } from "./body_view.js";
import { createChart } from "./chart.js";
import { button, checkbox, notice, row, section, slider, withMinus } from "./controls.js";
import { node } from "./dom.js";

export const STAGE_COLORS = { distance: "#b9a7d6", pose: "#8fb4d6", solved: "#e8a87c" };
export const TRUTH_COLOR = "#10b981";
const STAGES = [["distance", "1 Distance"], ["pose", "2 Pose"], ["solved", "3 Camera"]];
const NUMBERS = ["Tz, m", "f, px", "Tx, Ty, m", "IoU"];
const ABOUT_STAGES = "Stage 1 knows the distance alone, drawn as the mean body. Stage 2 adds the pose, still with "
  + "the method's own lens. Stage 3 turns f, Tx and Ty until the outline agrees with the mask. "
  + "Here, as in the paper, the outline alone counts; in the Photo tab landmarks count, too.";
const ABOUT_TZ = "The camera is solved again for every Tz: f, Tx and Ty follow, Tz stays as you put it.";
const ABOUT_MASK = "Stage 3 believes this mask. A bad mask is the method's known failure: spoil it, and watch what follows.";
const ABOUT_DISTORTION = "Red parts are nearer to the lens than the pelvis and seen larger than weak perspective has them, blue ones smaller: "
  + "by Tz / z. Move the distance away and the colours fade: then one scale does for the whole body.";

/** `onTz(tz)`, `onMask(mask)` and `onTruth(on)` hear the visitor; `back()` goes to the method's distance. */
export function bladeLabParts(element, host, config, { onTz, onMask, onTruth, back }) {
  const pictures = createBladePictures();
  const stages = STAGES.map(([name, title]) => createStage(pictures, name, title));
  const truth = createTruthCard(onTruth);
  const holder = node("div", { className: "hmr-blade-paint", id: "blade-paint" });
  const editor = createMaskEditor(pictures.add(holder), { onChange: onMask });
  const [least, most] = config.tz;
  const distance = slider({ label: "Distance Tz of the pelvis", unit: "m", min: least, max: most, step: 0.01, value: 1, log: true,
    id: "blade-tz", onInput: onTz });
  const home = button({ text: "Back to the method's distance", id: "blade-back", onClick: back });
  const status = notice("blade-status");
  const said = notice("blade-said");
  const remarks = notice("blade-remarks");
  const chart = createBladeChart(host);
  const place = node("div", { id: "blade-world" });
  Object.assign(place.dataset, { label: "The body in 3D, coloured by its distortion; drag to turn it", show: "ground" });
  const distortion = node("p", { id: "blade-distortion", role: "status" });
  const quiet = (text) => node("p", { className: "hmr-quiet", textContent: text });
  const sideBySide = node("div", { className: "hmr-blade-stages" }, ...stages.map((stage) => stage.element), said.element);
  const distancePart = section("How far away?", quiet(ABOUT_TZ), distance.element, row(home.element, status.element), remarks.element,
    node("h4", { textContent: "What the mask cannot tell" }), chart.element, chart.words);
  element.classList.add("hmr-blade-lab");
  element.hidden = true;
  element.replaceChildren(
    node("div", { className: "hmr-lab hmr-blade-top" }, sideBySide, truth.element),
    node("div", { className: "hmr-lab hmr-blade-key" }, quiet(ABOUT_STAGES), bladeKey()),
    node("div", { className: "hmr-lab hmr-blade-work" }, distancePart, section("The mask", quiet(ABOUT_MASK), node("div", { className: "hmr-blade-painting" }, holder, editor.element))),
    node("div", { className: "hmr-lab hmr-blade-far" }, node("div", {}, place),
      section("How perspective distorts this body", distortion, quiet(ABOUT_DISTORTION))));
  const world = createBodyView(place, host);

  function dispose() {
    world.dispose();
    pictures.dispose();
    chart.dispose();
  }

  return { pictures, stages: Object.fromEntries(stages.map((stage) => [stage.name, stage])), truth, editor, distance, home, status, said, remarks,
    chart, world, distortion, dispose };
}

/** One stage: its picture, and its numbers below. */
function createStage(pictures, name, title) {
  const holder = node("div");
  const picture = pictures.add(holder);
  const cells = NUMBERS.map((label) => [label, node("dd", { textContent: "—" })]);
  const list = node("dl", {}, ...cells.map(([label, cell]) => node("div", {}, node("dt", { textContent: label }), cell)));
  const element = node("figure", { className: "hmr-blade-stage", id: `blade-${name}` }, holder,
    node("figcaption", {}, node("b", { textContent: title }), list));

  function numbers(values) {
    cells.forEach(([label, cell]) => { cell.textContent = withMinus(values[label] ?? "—"); });
  }

  return { name, element, picture, numbers };
}

/** The numbers of the scene, where the photo is made up. */
function createTruthCard(onTruth) {
  const values = node("p", { id: "blade-truth-numbers" });
  const show = checkbox({ label: "Show it, green", id: "blade-show-truth", onChange: onTruth });
  const element = node("div", { className: "hmr-blade-truth" }, node("b", { textContent: "The truth" }), values, show.element);

  function set(truth) {
    element.hidden = !truth;
    if (!truth) return;
    const [tz, focal, shift] = Object.values(bladeNumbers({ tz: truth.t[2], ...truth }));
    values.replaceChildren(...[`Tz ${tz} m`, `f ${focal} px`, `Tx, Ty ${shift} m`].map((text) => node("span", { textContent: withMinus(text) })));
  }

  return { element, set, check: show.set };
}

/** What a stage knows, as text. */
export function bladeNumbers({ tz, focal_px: focal, t, iou }) {
  const values = [tz.toFixed(2), focal && focal.toFixed(0), t && `${t[0].toFixed(2)}, ${t[1].toFixed(2)}`, iou?.toFixed(3)];
  return Object.fromEntries(NUMBERS.map((label, n) => [label, values[n] ?? "—"]));
}

function bladeKey() {
  const swatch = (color, text) => {
    const made = node("span", {}, node("i"), text);
    made.firstChild.style.background = color;
    return made;
  };
  return node("p", { className: "hmr-swatches" }, swatch(MASK_COLOR, "edge of the mask"), swatch(STAGE_COLORS.distance, "mean body at Tz"),
    swatch(STAGE_COLORS.pose, "posed body, its own lens"), swatch(STAGE_COLORS.solved, "posed body, solved camera"));
}

/** Best overlap and focal length over the distance, as they are found. */
function createBladeChart(host) {
  const element = node("div", { id: "blade-chart" });
  const words = node("p", { id: "blade-valley", role: "status" });
  const chart = createChart(element, host);
  return { element, words, set: chart.set, dispose: chart.dispose };
}
