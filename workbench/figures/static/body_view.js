// A live 3D view of bodies: one file for every host (gr.HTML in the app, a widget in a notebook).
//
//   const view = createBodyView(element, host);   also element.bodyView
//   view.set(world);                              draw; when it is called faster than it draws, the newest wins
//   view.vertices();                              what is drawn of the first body: columns x, y, z
//   view.dispose();
//
// The host is that of host.js; it may have pick(joint, body), called when a joint is clicked. A world is
// { bodies, floor, camera, bounds, texts, description }:
//
//   bodies     see world_bodies.js; each may also have
//              name, color
//              values { of, low, high, title, unit }   a number per vertex as colour, or
//              values { of, colors, names, title }     the number of a part per vertex, a colour per part
//              selected                                the joint to highlight
//              labels                                  true: the skeleton tells all joints' names
//   texts      [{ at: [x, y, z], text }], captions in the view's axes
//   camera     { kind, focal_px, center_px, size_hw, t_camera_body_m }, drawn with its picture's plane; for bodies in
//              the camera's frame
//   bounds     corners of the box to show, in the view's axes; without them one that follows what is shown
//
// The user's view is never touched by new data.

import { node } from "./dom.js";
import { skinOf } from "./world_bodies.js";
import { boxOf, legendOf, onScreen, sceneLayout, sceneOf, sceneTraces, seeThrough, stopPicking, swapTrace } from "./world_scene.js";

const VIEWS = {
  Front: { eye: { x: 0, y: -1.75, z: 0.12 }, up: { x: 0, y: 0, z: 1 } },
  Side: { eye: { x: 1.75, y: 0, z: 0.12 }, up: { x: 0, y: 0, z: 1 } },
  Top: { eye: { x: 0, y: -0.01, z: 1.75 }, up: { x: 0, y: 1, z: 0 } },
};
const FIRST_VIEW = { eye: { x: 0.62, y: -1.62, z: 0.3 }, up: { x: 0, y: 0, z: 1 } };
const TOGGLES = ["Skeleton", "Names", "Ground", "Camera"];
const NEAR_PX = 14; // a click this close to a joint means it
const SLIP_PX = 5; // a longer way between press and release is a drag
const NO_3D = "This browser shows no 3D here: it has no WebGL. Switch on hardware acceleration, or use another " +
  "browser. Everything else on this page works without it.";

export function createBodyView(element, host) {
  const { plot, legend, note, tag, toggles } = viewParts(element, () => redraw(), (name) => lookFrom(name));
  let Plotly = null;
  let shown = null; // the world on screen, and its skins
  let asked = null; // the newest world
  let waiting = null; // the same, until its drawing begins
  let drawing = false;
  let disposed = false;
  let signature = ""; // of what Plotly holds; empty when it has to draw from the start
  let box = null;
  let fitted = ""; // the size it was drawn for
  const size = () => `${plot.clientWidth} x ${plot.clientHeight}`;
  const resize = new ResizeObserver(() => work());
  resize.observe(plot);

  async function set(world) {
    asked = waiting = world;
    return work();
  }

  /** One thing at a time: Plotly breaks when it is resized while it draws. */
  async function work() {
    if (drawing || disposed) return;
    drawing = true;
    try {
      while ((waiting || misfit()) && !disposed) {
        if (misfit()) await fit();
        const next = waiting;
        waiting = null;
        if (next) await draw(next);
      }
    } catch (error) {
      clear();
      note.textContent = `The 3D view could not be drawn: ${error.message}`;
    } finally {
      drawing = false;
    }
  }

  function misfit() {
    return signature && plot.clientWidth && fitted !== size();
  }

  async function fit() {
    fitted = size();
    await Plotly.Plots.resize(plot);
  }

  async function draw(world) {
    if (!hasWebGL()) {
      plot.replaceChildren(node("p", { className: "hmr-instead", textContent: NO_3D }));
      plot.removeAttribute("role");
      return;
    }
    Plotly ??= await host.plotly();
    toggles.camera.parentElement.hidden = !world.camera;
    const skins = await Promise.all(world.bodies.map((body) => skinOf(body, host)));
    if (disposed) return;
    const shows = Object.fromEntries(Object.entries(toggles).map(([name, toggle]) => [name, toggle.checked]));
    box = boxOf(world, skins, shows, shown?.skins.length === skins.length ? box : null);
    const { traces, signature: now } = sceneTraces({ ...world, bounds: box }, skins, shows);
    if (now === signature && traces.every((trace, index) => swapTrace(plot, index, trace))) {
      sceneOf(plot).glplot.redraw();
    } else {
      await drawAnew(traces);
      signature = now;
    }
    shown = { world, skins };
    showLegend(legend, legendOf(world));
    if (world.description) plot.setAttribute("aria-label", world.description);
    note.textContent = "";
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
  }

  async function drawAnew(traces) {
    const { look, zoom } = element.dataset;
    const camera = sceneOf(plot)?.getCamera() ?? VIEWS[look] ?? FIRST_VIEW;
    const first = !plot.on;
    fitted = size();
    const layout = sceneLayout(box, camera, plot.clientWidth / Math.max(plot.clientHeight, 1) || 1, Number(zoom) || 1);
    await Plotly.react(plot, traces, layout, { displayModeBar: false, responsive: false });
    stopPicking(plot, traces);
    seeThrough(plot, traces);
    sceneOf(plot).glplot.redraw();
    if (!first) return;
    sceneOf(plot).recoverContext = () => {}; // Plotly's own way waits every frame, and breaks when purged meanwhile
    plot.on("plotly_webglcontextlost", forget);
  }

  /** The browser took the drawing surface away: too many of them, or the graphics card was reset. */
  function forget() {
    if (disposed) return;
    clear();
    note.textContent = "The browser stopped the 3D view. Change something, and it is drawn again.";
  }

  function clear() {
    const surfaces = [...plot.querySelectorAll("canvas")];
    if (plot.on) Plotly.purge(plot);
    for (const surface of surfaces) loseContext(surface);
    signature = "";
  }

  function redraw() {
    if (asked) set(asked);
  }

  function lookFrom(name) {
    if (signature) Plotly.relayout(plot, { "scene.camera": { ...VIEWS[name], center: { x: 0, y: 0, z: 0 } } });
  }

  /** The joint under the pointer, of the body it is nearest in: [joint, body, name]; null if there is none. */
  function jointAt({ clientX, clientY }) {
    if (!signature || !shown || !toggles.skeleton.checked) return null;
    const { left, top } = plot.getBoundingClientRect();
    let nearest = null;
    let least = NEAR_PX;
    shown.skins.forEach(({ joints, mesh }, body) => joints.forEach((place, joint) => {
      const [x, y] = onScreen(plot, place);
      const distance = Math.hypot(clientX - left - x, clientY - top - y);
      if (distance < least) [nearest, least] = [[joint, body, mesh.joints[joint]], distance];
    }));
    return nearest;
  }

  pickable(plot, tag, jointAt, (joint, body) => host.pick?.(joint, body));

  function vertices() {
    const { x, y, z } = plot.data[0];
    return [x, y, z];
  }

  function dispose() {
    disposed = true;
    resize.disconnect();
    clear();
    element.replaceChildren();
    delete element.bodyView;
  }

  return (element.bodyView = { set, vertices, dispose });
}

function viewParts(element, onToggle, onLook) {
  element.classList.add("hmr-view");
  const bar = node("div", { className: "hmr-bar" });
  for (const name of Object.keys(VIEWS)) {
    const button = node("button", { type: "button", textContent: name, title: `Look from the ${name.toLowerCase()}` });
    button.addEventListener("click", () => onLook(name));
    bar.append(button);
  }
  const toggles = {};
  for (const title of TOGGLES) {
    const name = title.toLowerCase();
    const toggle = node("input", { type: "checkbox", name, checked: (element.dataset.show || "ground").includes(name) });
    toggle.addEventListener("change", () => {
      toggles.names.parentElement.hidden = !toggles.skeleton.checked;
      onToggle();
    });
    bar.append(node("label", {}, toggle, ` ${title}`));
    toggles[name] = toggle;
  }
  toggles.names.parentElement.hidden = !toggles.skeleton.checked;
  const plot = node("div", { className: "hmr-plot" });
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", element.dataset.label || "3D view of the body; drag to turn it");
  const tag = node("span", { className: "hmr-tag", hidden: true, ariaHidden: "true" });
  const legend = node("div", { className: "hmr-legend", hidden: true });
  const note = node("p", { className: "hmr-note" });
  note.setAttribute("role", "status");
  element.replaceChildren(node("div", { className: "hmr-frame" }, plot, tag), legend, bar, note);
  return { plot, legend, note, tag, toggles };
}

/** Joints tell their name under the pointer, and a click that is no drag picks them. */
function pickable(plot, tag, jointAt, pick) {
  let pressed = null;
  plot.addEventListener("pointerdown", (event) => { pressed = event; }, true);
  plot.addEventListener("pointerup", (event) => {
    const still = pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < SLIP_PX;
    pressed = null;
    const found = still && jointAt(event);
    if (found) pick(found[0], found[1]);
  }, true);
  plot.addEventListener("pointermove", (event) => {
    const found = event.buttons ? null : jointAt(event);
    tag.hidden = !found;
    plot.style.cursor = found ? "pointer" : "";
    if (!found) return;
    const { left, top } = plot.getBoundingClientRect();
    tag.textContent = found[2];
    tag.style.translate = `${event.clientX - left + 12}px ${event.clientY - top - 10}px`;
  });
  plot.addEventListener("pointerleave", () => { tag.hidden = true; });
}

function showLegend(holder, legend) {
  const known = JSON.stringify(legend);
  if (holder.dataset.shows === known) return;
  holder.dataset.shows = known;
  holder.hidden = !legend;
  if (!legend) return holder.replaceChildren();
  const title = node("b", { textContent: legend.title });
  if (legend.swatches) {
    const items = legend.swatches.map(([color, name]) => {
      const item = node("span", {}, node("i"), name);
      item.firstChild.style.background = color;
      return item;
    });
    return holder.replaceChildren(title, node("div", { className: "hmr-swatches" }, ...items));
  }
  const bar = node("i", { className: "hmr-scale" });
  bar.style.background = `linear-gradient(90deg, ${legend.stops.join(", ")})`;
  const number = (value) => `${Number(value.toPrecision(3))}${legend.unit ? ` ${legend.unit}` : ""}`;
  holder.replaceChildren(title, node("span", { textContent: number(legend.low) }), bar, node("span", { textContent: number(legend.high) }));
}

let webGL = null; // asked once: every answer costs a context

function hasWebGL() {
  webGL ??= loseContext(document.createElement("canvas"));
  return webGL;
}

/** Give a drawing surface back at once: a page has some sixteen. Returns whether there was one. */
function loseContext(surface) {
  const context = surface.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}
