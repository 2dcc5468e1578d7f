// A crop of the picture, its camera (s, tx, ty), and the full-frame camera that each method makes of it.
//
// The conventions are Python's (workbench/geometry/conventions.py), asked when the sliders rest.

import { createCropControls } from "./camera_controls.js";
import { boxAround, ownCamera, throughCamera, withBox } from "./camera_state.js";
import { sameCamera } from "./camera_numbers.js";
import { project } from "./cameras.js";
import { button, notice, section, table } from "./controls.js";
import { gaps, meanAndMost } from "./gap.js";
import { node } from "./dom.js";

const CROP_REST_MS = 250;
const TEXT = "A network that sees a crop answers with a scale and a shift, (s, tx, ty). Each method adds a focal length of its "
  + "own, and that decides how far away the person is said to be: Tz = 2 f / (b s). The picture stays the same under weak perspective, "
  + "nearly so under perspective. BLADE goes the other way: depth first, and f from it.";

/** `amend` is for what follows from the last change: see camera_history.js. */
export function createCropPart(host, change, bodyNow, { amend, seePicture }) {
  const around = () => change((now) => ({ ...withBox(now, boxAround(project(ownCamera(now), bodyNow().vertices))), crop: true }));
  const holder = node("div");
  let controls = null;
  let size = "";
  const answer = createConventionTable((name, camera) => {
    change((now) => throughCamera(now, name, camera));
    seePicture();
  });
  const said = notice("camera-crop-note");
  const element = section("Crop and full frame: one picture, very different distances", node("p", { className: "hmr-quiet", textContent: TEXT }),
    holder, answer.element, said.element);
  const code = node("pre", { id: "camera-code", tabIndex: 0, ariaLabel: "Python that makes this camera" });
  let timer = 0;
  let asked = "";
  let through = null;

  function set(state) {
    if (size !== state.camera.size_hw.join()) {
      size = state.camera.size_hw.join();
      controls = createCropControls(state.camera.size_hw, change, { around });
      holder.replaceChildren(controls.element);
    }
    controls.set(state);
    through = state.through;
    answer.mark(through?.name);
    const { camera: seen, kind, scale, box } = state;
    const { joints } = bodyNow();
    const question = { camera: ownCamera(state), seen, kind, scale, box, pelvis_z_m: joints[(2 * joints.length) / 3] };
    const text = JSON.stringify(question);
    if (text === asked) return;
    asked = text;
    clearTimeout(timer);
    timer = setTimeout(() => ask(question, text), CROP_REST_MS);
  }

  async function ask(question, text) {
    try {
      const { rows, python } = await host.call("camera_table", question);
      if (text !== asked) return; // the sliders have moved on
      answer.set(rows, question.camera, bodyNow().vertices, through?.name);
      code.textContent = python;
      said.set("");
      lookAgain(rows, question.seen);
    } catch (error) {
      if (text !== asked) return;
      asked = ""; // the next change asks again
      said.set(`The table could not be made: ${error.message}`, true);
    }
  }

  /** Another crop has moved the camera that is looked through. */
  function lookAgain(rows, seen) {
    const answered = rows.find(({ name }) => name === through?.name);
    if (!answered || sameCamera(answered.camera, seen)) return;
    amend((now) => throughCamera(now, answered.name, answered.camera));
  }

  return { element, code, set, dispose: () => clearTimeout(timer) };
}

/** A row for each method's camera; `look` is told the one to look through. */
function createConventionTable(look) {
  const { element, set: fill } = table({
    head: ["Method", "Tz, m", "see it", "f, px", "off your picture, px", "Tx, Ty, m", "principal point, px", "its numbers"],
    id: "camera-conventions" });
  const buttons = () => [...element.querySelectorAll("button")];
  let names = [];

  /** A button that was held stays held. */
  function set(rows, own, vertices, through) {
    const held = buttons().indexOf(element.ownerDocument.activeElement);
    fill(rows.map((row) => cells(row, own, vertices)));
    names = rows.map(({ name }) => name);
    mark(through);
    if (held >= 0) buttons()[held]?.focus({ preventScroll: true });
  }

  /** The row whose camera is looked through. */
  function mark(through) {
    element.querySelectorAll("tbody tr").forEach((row, n) => {
      if (names[n] === through) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
  }

  function cells({ name, numbers, camera }, own, vertices) {
    const [tx, ty, tz] = camera.t_camera_body_m;
    const { mean } = meanAndMost(gaps(own, camera, vertices));
    const through = button({ text: "Look", title: `Look through ${name}'s camera`, onClick: () => look(name, camera) });
    through.element.ariaLabel = through.element.title;
    return [name, tz.toFixed(2), through.element, camera.focal_px.toFixed(0), mean.toFixed(1), `${tx.toFixed(2)}, ${ty.toFixed(2)}`,
      camera.center_px.map((value) => value.toFixed(0)).join(", "), numbers];
  }

  return { element, set, mark };
}
