// The views and labs as a notebook's widgets: each show...(element, host, model) draws what the widget's traits say,
// now and whenever they change, and returns what stops it. Python's side is workbench/figures/widget.py.

import { createBodyView } from "./body_view.js";
import { faceCamera, asKind, project, PROJECTIONS } from "./cameras.js";
import { loadBody } from "./body_model.js";
import { createImagePlane } from "./image_plane.js";
import { node } from "./dom.js";

const WIDGET_PERSON = ["betas", "expression", "theta"];

/** One body in 3D. */
export function showBodyView(element, host, model) {
  Object.assign(element.dataset, model.get("look"));
  element.style.setProperty("--view-height", model.get("height"));
  const view = createBodyView(element, host);
  const world = () => {
    const [body] = model.get("world").bodies;
    view.set({ ...model.get("world"), bodies: [{ ...body, ...widgetPerson(model) }] });
  };
  const stop = followTraits(model, ["world", ...WIDGET_PERSON, ...Object.keys(model.get("numbers"))], world);
  world();
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
  let last = widgetLens(model);

  function locked() {
    const now = widgetLens(model);
    if (model.get("lock") && now.tz_m !== last.tz_m && now.focal_px === last.focal_px) {
      model.set("focal_px", (last.focal_px * now.tz_m) / last.tz_m);
      model.save_changes();
    }
    last = widgetLens(model);
    draw();
  }

  let waiting = false;
  async function draw() {
    if (waiting) return; // the frame that is coming draws the newest
    waiting = true;
    await new Promise(requestAnimationFrame);
    const body = await loadBody(model.get("file"), host);
    waiting = false;
    const posed = body.pose(widgetPerson(model)).vertices;
    paintPlanes(planes, model, body.mesh.corners, model.get("facing") ? faceCamera(posed) : posed);
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1;
  }

  const stop = followTraits(model, ["tz_m", "focal_px", "tx_m", "ty_m", "lock", ...WIDGET_PERSON, ...Object.keys(model.get("numbers"))], locked);
  draw();
  return () => { stop(); planes.forEach(({ plane }) => plane.dispose()); };
}

function paintPlanes(planes, model, corners, vertices) {
  const camera = widgetCamera(model);
  const [height, width] = camera.size_hw;
  const reference = project(camera, vertices);
  for (const { kind, plane, caption } of planes) {
    const shown = asKind(camera, kind);
    const layers = [{ vertices, corners, camera: shown, color: "#8fb4d6", style: "shaded", opacity: model.get("opacity") }];
    if (kind !== camera.kind) layers.push({ vertices, corners, camera, color: "#e11d48", style: "outline", opacity: 1 });
    const name = PROJECTIONS[kind];
    const { mean, largest } = widgetGaps(reference, project(shown, vertices));
    const gap = kind === camera.kind ? "" : `: ${mean.toFixed(1)} px off in the mean, ${largest.toFixed(1)} at most`;
    caption.textContent = name + gap;
    const background = model.get("photo") ? { url: model.get("photo") } : "checker";
    plane.set({ size: [width, height], background, layers, segments: [], marks: [], description: caption.textContent });
  }
}

function widgetGaps(a, b) {
  const count = a.length / 2;
  let sum = 0, largest = 0;
  for (let n = 0; n < count; n++) {
    const gap = Math.hypot(a[n] - b[n], a[count + n] - b[count + n]);
    sum += gap;
    largest = Math.max(largest, gap);
  }
  return { mean: sum / count, largest };
}

function widgetLens(model) {
  return { tz_m: model.get("tz_m"), focal_px: model.get("focal_px") };
}

function widgetCamera(model) {
  return { kind: "perspective", focal_px: model.get("focal_px"), size_hw: model.get("size_hw"), center_px: model.get("center_px"),
    t_camera_body_m: [model.get("tx_m"), model.get("ty_m"), model.get("tz_m")] };
}

/** The widget's person. Single numbers that sliders hold go before the lists they belong to, which follow later. */
function widgetPerson(model) {
  const person = { betas: [...model.get("betas")], expression: [...model.get("expression")], theta: model.get("theta").map((turn) => [...turn]) };
  for (const [name, { list, place, factor }] of Object.entries(model.get("numbers"))) {
    const row = place.length > 1 ? person[list][place[0]] : person[list];
    row[place.at(-1)] = factor * model.get(name);
  }
  return person;
}

/** Call back when one of the traits changes, also those that become sliders' later. */
function followTraits(model, names, callback) {
  const followed = new Set();
  const follow = (more) => more.forEach((name) => {
    if (followed.has(name)) return;
    followed.add(name);
    model.on(`change:${name}`, callback);
  });
  const grow = () => { follow(Object.keys(model.get("numbers"))); callback(); };
  follow(names);
  if (names.length > 1) model.on("change:numbers", grow);
  return () => {
    followed.forEach((name) => model.off(`change:${name}`, callback));
    model.off("change:numbers", grow);
  };
}
