// The Camera lab's parts and where they stand: the picture with what is drawn over it, controls, numbers, 3D view.

import { createBodyView } from "./body_view.js";
import { createCameraControls } from "./camera_controls.js";
import { createCropPart } from "./camera_crop.js";
import { createCameraNumbers } from "./camera_numbers.js";
import { backFromThrough, withBox } from "./camera_state.js";
import { PROJECTIONS } from "./cameras.js";
import { button, checkbox, details, notice, row, section, select } from "./controls.js";
import { createCropBox } from "./crop_box.js";
import { node } from "./dom.js";
import { createGapChart } from "./gap_chart.js";
import { createImagePlane } from "./image_plane.js";

export const PROJECTION_COLORS = { perspective: "#1d4ed8", weak: "#e11d48", orthographic: "#059669" };
const GAP_TEXT = "Mean and largest distance between the perspective and the weak perspective picture of this body, at its size "
  + "of now: press in the chart to go there with f / Tz locked. The lens does not matter; nearness does.";

/** `change(step, key)` moves the lab's state, `actions` are what buttons do, `bodyNow()` is who is looked at. */
export function buildCameraLab(element, host, change, actions, bodyNow) {
  element.classList.add("hmr-camera-lab");
  const holder = node("div");
  const plane = createImagePlane(holder);
  const box = createCropBox(plane, { onChange: (next) => change((now) => withBox(now, next), "box") });
  const legend = createLegend(change);
  const worldElement = node("div", { id: "camera-world" });
  Object.assign(worldElement.dataset, { label: "The camera, its picture and the body in 3D; drag to turn",
    show: "ground camera", look: "Side", zoom: "0.95" });
  const view = createBodyView(worldElement, host);
  const who = createWho(actions, async () => said.set(await savePicture(plane)));
  const said = notice("camera-note");
  const controls = node("div");
  const numbers = createCameraNumbers();
  const chart = createGapChart({ id: "camera-gap", onPick: actions.goTo });
  const gap = section("Projection gap and distance", chart.element, node("p", { className: "hmr-quiet", textContent: GAP_TEXT }));
  const through = createThrough(change);
  const remark = notice("camera-picture-note");
  const picture = node("div", { className: "hmr-picture" }, holder, through.element, remark.element);
  const crop = createCropPart(host, change, bodyNow, { amend: actions.amend,
    seePicture: () => picture.scrollIntoView({ block: "nearest" }) });
  const views = node("div", { className: "hmr-views" }, picture, legend.element, worldElement);
  const side = node("div", { className: "hmr-controls" }, who.element, said.element, controls, numbers.element, gap, numbers.jointsElement);
  const below = node("div", { className: "hmr-below" }, crop.element, details("Copy as Python", crop.code));
  element.replaceChildren(node("div", { className: "hmr-lab hmr-upper" }, views, side), node("div", { className: "hmr-lab hmr-lower" }, below));
  let panel = null;
  let remarked = "";

  /** Controls with other limits; what was unfolded stays so. */
  function renew(state) {
    const open = [...controls.querySelectorAll("details")].map((part) => part.open);
    panel = createCameraControls(state, state.limits, change, actions);
    controls.replaceChildren(panel.element);
    controls.querySelectorAll("details").forEach((part, n) => { part.open = open[n] ?? false; });
  }

  function show(state, flags) {
    panel?.set(state, flags);
    legend.set(state);
    who.set(state, flags);
    through.set(state);
  }

  function remarkOn(text) {
    if (text !== remarked) remark.set(text); // or it would be read out again and again
    remarked = text;
  }

  return { plane, box, view, worldElement, said, numbers, chart, crop, renew, show, remark: remarkOn, choices: who.choices };
}

/** Who is looked at. */
function createWho(actions, onSave) {
  const list = select({ label: "Body", options: [], value: "", id: "camera-body", onChange: actions.choose });
  const back = button({ text: "Back to the recovered camera", id: "camera-back", onClick: actions.back });
  const save = button({ text: "Save the picture", id: "camera-save", onClick: onSave });
  let known = [];
  const choices = (options, chosen) => {
    known = options;
    list.choices(options, chosen);
  };
  const set = ({ body, camera: { size_hw: [height, width] } }, { photo }) => {
    save.element.title = `As a PNG file of ${width} × ${height} pixels`;
    list.set(known.some(([, value]) => value === body) ? body : undefined);
    back.element.hidden = !photo;
  };
  return { element: section("Who is looked at", list.element, row(save.element, back.element)), choices, set };
}

/** Whose camera is looked through, and the way back. */
function createThrough(change) {
  const text = notice("camera-through");
  const back = button({ text: "Back to my camera", id: "camera-mine", onClick: () => change(backFromThrough) });
  const element = node("div", { className: "hmr-row hmr-through", hidden: true }, text.element, back.element);
  let name = null;

  function set({ through }) {
    if ((through?.name ?? null) === name) return;
    name = through?.name ?? null;
    element.hidden = name === null;
    text.set(name === null ? "" : `Looking through ${name}'s camera`);
  }

  return { element, set };
}

/** What each outline means, and what else is drawn. */
function createLegend(change) {
  const kinds = Object.entries(PROJECTIONS).map(([kind, text]) => {
    const box = checkbox({ label: text, value: true, id: `camera-outline-${kind}`,
      onChange: (on) => change((now) => ({ ...now, outlines: { ...now.outlines, [kind]: on } })) });
    const swatch = node("i", { className: `hmr-swatch hmr-swatch-${kind}`, ariaHidden: "true" });
    swatch.style.setProperty("--color", PROJECTION_COLORS[kind]);
    box.element.append(swatch);
    return { kind, ...box };
  });
  const crop = checkbox({ label: "Crop", id: "camera-crop", onChange: (on) => change((now) => ({ ...now, crop: on })) });
  const joints = checkbox({ label: "Joints", id: "camera-segments", onChange: (on) => change((now) => ({ ...now, joints: on })) });
  const element = node("div", { className: "hmr-outlines" }, ...kinds.map((kind) => kind.element), joints.element, crop.element);

  function set(state) {
    for (const kind of kinds) {
      kind.set(state.outlines[kind.kind]);
      kind.element.classList.toggle("hmr-shaded", kind.kind === state.kind);
      kind.element.firstElementChild.disabled = kind.kind === state.kind;
      kind.element.title = kind.kind === state.kind ? "Shaded: its own outline is not needed" : "Its outline";
    }
    crop.set(state.crop);
    joints.set(state.joints);
  }

  return { element, set };
}

/** Returns what has been saved, in words. */
async function savePicture(plane) {
  const blob = await plane.picture();
  if (!blob) return "The picture could not be saved: it is too large for this browser. Set a smaller one under Camera.";
  const { width, height } = await createImageBitmap(blob);
  const link = node("a", { download: "camera.png", href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // once it is written
  return `camera.png has ${width} × ${height} pixels, the picture size that is set under Camera.`;
}
