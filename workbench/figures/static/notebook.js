// The views and labs as a notebook's widgets: each show...(element, host, model) draws what the widget's traits say,
// now and whenever they change, and returns what stops it. Python's side is workbench/figures/widget.py.

import { openBody } from "./bodies.js";
import { createBodyLab } from "./body_lab.js";
import { createBodyView } from "./body_view.js";
import { createCameraLab } from "./camera_lab.js";
import { stateOfCamera } from "./camera_state.js";
import { asKind, faceCamera, project, PROJECTIONS } from "./cameras.js";
import { node } from "./dom.js";
import { createImagePlane } from "./image_plane.js";
import { createStore } from "./store.js";

const PERSON_TRAITS = ["betas", "expression", "theta"];
const LENS_TRAITS = ["tz_m", "focal_px", "tx_m", "ty_m", "lock"];
const VIEW_COLOR = "#8fb4d6";
const OUTLINE_COLOR = "#e11d48";
const SAME_NUMBER = 1e-6;
const SENT_MS = 100; // between two messages to Python while something is dragged

/** One body in 3D. */
export function showBodyView(element, host, model) {
  Object.assign(element.dataset, model.get("look"));
  element.style.setProperty("--view-height", model.get("height"));
  const view = createBodyView(element, host);
  const opened = openBody(model.get("entry"), host);
  const draw = newestOnly(element, async () => {
    const body = await opened;
    const { vertices, joints } = await body.pose(traitPerson(model));
    const drawn = { name: "body", color: VIEW_COLOR, mesh: body.mesh, points: vertices, joints };
    await view.set({ bodies: [drawn], floor: true, camera: null, bounds: model.get("bounds") });
  });
  const stop = followTraits(model, ["bounds", ...PERSON_TRAITS], draw);
  draw();
  return () => { stop(); view.dispose(); };
}

/** One body in the picture, under one or several projections. */
export function showPlaneView(element, host, model) {
  const planes = model.get("kinds").map((kind) => {
    const holder = node("div");
    const caption = node("figcaption");
    return { kind, caption, plane: createImagePlane(holder), figure: node("figure", {}, holder, caption) };
  });
  element.classList.add("hmr-planes");
  element.append(...planes.map(({ figure }) => figure));
  const opened = openBody(model.get("entry"), host);
  const draw = newestOnly(element, async () => {
    const body = await opened;
    const { vertices } = await body.pose(traitPerson(model));
    paintPlanes(planes, model, body.mesh.corners, model.get("facing") ? faceCamera(vertices) : vertices);
  });
  let last = traitLens(model);
  const change = () => {
    const now = traitLens(model);
    if (model.get("lock") && now.tz_m !== last.tz_m && now.focal_px === last.focal_px) {
      model.set("focal_px", (last.focal_px * now.tz_m) / last.tz_m);
      model.save_changes();
    }
    last = traitLens(model);
    draw();
  };
  const stop = followTraits(model, [...LENS_TRAITS, ...PERSON_TRAITS], change);
  draw();
  return () => { stop(); planes.forEach(({ plane }) => plane.dispose()); };
}

/** The Body lab; its person is the trait `person`. */
export function showBodyLab(element, host, model) {
  const store = createStore(model.get("person"));
  const lab = createBodyLab(element, host, model.get("config"), store);
  const stop = sharePerson(model, store);
  return () => { stop(); lab.dispose(); };
}

/** The Camera lab; its camera is the trait `view`. */
export function showCameraLab(element, host, model) {
  const store = createStore(model.get("person"));
  const lab = createCameraLab(element, host, model.get("config"), store);
  const stop = sharePerson(model, store);
  let leave = () => {};
  let gone = false;
  const take = () => {
    const camera = model.get("view");
    if (camera.kind && !sameValue(camera, shownCamera(lab.state()))) lab.set(stateOfCamera(lab.state(), camera));
  };
  lab.ready.then(() => {
    if (gone) return; // the cell was run again meanwhile
    const send = sendLater(model);
    take();
    send({ view: shownCamera(lab.state()) });
    leave = lab.subscribe((state) => send({ view: shownCamera(state) }));
    model.on("change:view", take);
  });
  return () => {
    gone = true;
    leave();
    model.off("change:view", take);
    stop();
    lab.dispose();
  };
}

function paintPlanes(planes, model, corners, vertices) {
  const size = model.get("size_hw");
  const camera = { kind: "perspective", focal_px: model.get("focal_px"), size_hw: size, center_px: model.get("center_px"),
    t_camera_body_m: [model.get("tx_m"), model.get("ty_m"), model.get("tz_m")] };
  const reference = project(camera, vertices);
  for (const { kind, plane, caption } of planes) {
    const shown = asKind(camera, kind);
    const layers = [{ vertices, corners, camera: shown, color: VIEW_COLOR, style: "shaded", opacity: model.get("opacity") }];
    let text = PROJECTIONS[kind];
    if (kind !== camera.kind) {
      layers.push({ vertices, corners, camera, color: OUTLINE_COLOR, style: "outline", opacity: 1 });
      const { mean, largest } = pixelGaps(reference, project(shown, vertices));
      text += `: ${mean.toFixed(1)} px off in the mean, ${largest.toFixed(1)} at most`;
    }
    caption.textContent = text;
    const background = model.get("photo") ? { url: model.get("photo") } : "checker";
    plane.set({ size: [size[1], size[0]], background, layers, segments: [], marks: [], description: text });
  }
}

function pixelGaps(a, b) {
  const count = a.length / 2;
  let sum = 0, largest = 0;
  for (let n = 0; n < count; n++) {
    const gap = Math.hypot(a[n] - b[n], a[count + n] - b[count + n]);
    sum += gap;
    largest = Math.max(largest, gap);
  }
  return { mean: sum / count, largest };
}

function traitLens(model) {
  return { tz_m: model.get("tz_m"), focal_px: model.get("focal_px") };
}

/** The widget's person. Single numbers, which sliders hold, go before the lists they belong to: those follow later. */
function traitPerson(model) {
  const person = { body: model.get("entry").tag, betas: [...model.get("betas")], expression: [...model.get("expression")],
    theta: model.get("theta").map((turn) => [...turn]) };
  for (const [name, { list, place, factor }] of Object.entries(model.get("numbers"))) {
    const row = place.length > 1 ? person[list][place[0]] : person[list];
    row[place.at(-1)] = factor * model.get(name);
  }
  return person;
}

/** A lab's camera as Python's Camera has it: its kind is the projection that is shaded. */
function shownCamera({ camera, kind, scale }) {
  const { focal_px, center_px, size_hw, t_camera_body_m } = asKind(camera, kind);
  return { kind, focal_px: kind === "orthographic" && scale !== null ? scale : focal_px, center_px, size_hw, t_camera_body_m };
}

/** The lab's person and the trait follow each other. */
function sharePerson(model, store) {
  const send = sendLater(model);
  const leave = store.subscribe((person) => send({ person }));
  const take = () => { if (!sameValue(model.get("person"), store.get())) store.set(model.get("person")); };
  model.on("change:person", take);
  return () => { leave(); model.off("change:person", take); };
}

/** Traits sent to Python: the newest, not more often than it can follow. */
function sendLater(model) {
  let waiting = null;
  const send = () => {
    if (!waiting) return;
    for (const [name, value] of Object.entries(waiting)) model.set(name, value);
    waiting = null;
    model.save_changes();
  };
  return (traits) => {
    if (!waiting) setTimeout(send, SENT_MS);
    waiting = traits;
  };
}

/** Whether two values are the same but for rounding: float32 or not, one that comes back is no change. */
export function sameValue(a, b) {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) < SAME_NUMBER;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameValue(a[name], b[name]));
}

/** Runs `draw` now or, while it is running, once more when it is done: the newest state is drawn, never a queue. */
function newestOnly(element, draw) {
  let running = false;
  let again = false;
  return async function run() {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await draw();
      }
      element.querySelector(".hmr-failed")?.remove();
    } catch (error) {
      const note = element.querySelector(".hmr-failed") ?? element.appendChild(node("p", { className: "hmr-failed" }));
      note.textContent = `This could not be drawn: ${error.message}`;
    } finally {
      running = false;
    }
  };
}

/** Call back when one of the traits changes, also those that become a slider's later. */
function followTraits(model, names, callback) {
  const followed = new Set();
  const follow = (more) => more.filter((name) => !followed.has(name)).forEach((name) => {
    followed.add(name);
    model.on(`change:${name}`, callback);
  });
  const grow = () => {
    follow(Object.keys(model.get("numbers")));
    callback();
  };
  follow([...names, ...Object.keys(model.get("numbers"))]);
  model.on("change:numbers", grow);
  return () => {
    followed.forEach((name) => model.off(`change:${name}`, callback));
    model.off("change:numbers", grow);
  };
}
