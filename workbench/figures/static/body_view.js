// A live 3D view of bodies: one file for every host (gr.HTML in the app, a widget in a notebook).
//
//   const view = createBodyView(element, host);   also element.bodyView
//   view.set(world);                         draw
//   view.pose({ betas, theta });             the same world, its first body posed anew
//   view.vertices();                         what is drawn of the first body: columns x, y, z
//   view.dispose();
//
// The host (host.js) answers the calls topology(tag): {faces, parents, joints} and skin({betas, theta}): vertices
// as below; settled(): optional, called when pose() has not been called for a moment.
//
// A world is what workbench/figures/world.py makes. Its bodies are vertices, quantised to 16 bits and already in
// display axes (x right, y away from the viewer, z up, metres), or numbers, which this browser turns into vertices
// with the model at the given address, or asks the host to. The user's view is never touched by new data.

import { loadBody } from "./body_model.js";
import { node } from "./dom.js";

const BONE = "#1f2937";
const JOINT = "#f97316";
const LINES = "#8a94a6";
const GRID_M = 0.5;
const VIEWS = {
  Front: { eye: { x: 0, y: -1.75, z: 0.12 }, up: { x: 0, y: 0, z: 1 } },
  Side: { eye: { x: 1.75, y: 0, z: 0.12 }, up: { x: 0, y: 0, z: 1 } },
  Top: { eye: { x: 0, y: -0.01, z: 1.75 }, up: { x: 0, y: 1, z: 0 } },
};
const FILL = 1.85; // diagonal of the shown box in Plotly's units: fills the frame from all sides
const SETTLED_MS = 300;
const FIRST_VIEW = { eye: { x: 0.62, y: -1.62, z: 0.3 }, up: { x: 0, y: 0, z: 1 } };
const LIGHT = { ambient: 0.66, diffuse: 0.52, specular: 0.12, roughness: 0.6, fresnel: 0.1,
  facenormalsepsilon: 0, vertexnormalsepsilon: 0 }; // the defaults drop the normals of small triangles

const topologies = new Map(); // by tag, shared by all views of the page

export function createBodyView(element, host) {
  const { plot, note, toggles } = build(element, () => redraw(), (name) => lookFrom(name));
  let Plotly = null;
  let shown = null; // the world on screen
  let asked = null; // the newest world
  let waiting = null; // the same, until its drawing begins
  let settling = 0;
  let drawing = false;
  let signature = "";
  const resize = new ResizeObserver(() => signature && plot.clientWidth && Plotly.Plots.resize(plot));
  resize.observe(plot);

  async function set(world) {
    asked = waiting = world;
    if (drawing || !world) return;
    drawing = true;
    try {
      while (waiting) {
        const next = waiting;
        waiting = null;
        await draw(next);
      }
    } catch (error) {
      note.textContent = `The 3D view could not be drawn: ${error.message}`;
    } finally {
      drawing = false;
    }
  }

  function pose({ betas, theta }) {
    clearTimeout(settling);
    settling = setTimeout(() => host.settled?.(), SETTLED_MS);
    if (asked) set({ ...asked, bodies: asked.bodies.map((body, n) => (n ? body : { ...body, betas, theta })) });
  }

  async function draw(world) {
    if (!hasWebGL()) throw new Error("this browser has no WebGL. Switch it on, or use another browser.");
    Plotly = await host.plotly();
    toggles[2].parentElement.hidden = !world.camera;
    const skins = await Promise.all(world.bodies.map((body) => skinOf(body, host)));
    const traces = makeTraces(world, skins, toggles);
    const now = JSON.stringify([world.bodies.map((b) => [b.name, b.topology, b.color]), world.bounds,
      world.camera, world.floor, toggles.map((t) => t.checked)]);
    if (now === signature && traces.every((trace, index) => swap(plot, index, trace))) {
      sceneOf(plot).glplot.redraw();
    } else {
      await Plotly.react(plot, traces, layout(world, plot, toggles, element.dataset), { displayModeBar: false, responsive: false });
      signature = now;
    }
    shown = world;
    note.textContent = "";
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
  }

  function redraw() {
    if (shown) set(shown);
  }

  function lookFrom(name) {
    if (signature) Plotly.relayout(plot, { "scene.camera": { ...VIEWS[name], center: { x: 0, y: 0, z: 0 } } });
  }

  function vertices() {
    const { x, y, z } = plot.data[0];
    return [x, y, z];
  }

  function dispose() {
    clearTimeout(settling);
    resize.disconnect();
    if (Plotly) Plotly.purge(plot);
    element.replaceChildren();
  }

  return (element.bodyView = { set, pose, vertices, dispose });
}

function build(element, onToggle, onLook) {
  element.classList.add("hmr-view");
  const bar = node("div", { className: "hmr-bar" });
  for (const name of Object.keys(VIEWS)) {
    const button = node("button", { type: "button", textContent: name, title: `Look from the ${name.toLowerCase()}` });
    button.addEventListener("click", () => onLook(name));
    bar.append(button);
  }
  const toggles = ["Skeleton", "Ground", "Camera"].map((name) => {
    const box = node("input", { type: "checkbox", name: name.toLowerCase() });
    box.checked = (element.dataset.show || "ground").includes(box.name);
    box.addEventListener("change", onToggle);
    const label = node("label", {}, box, ` ${name}`);
    bar.append(label);
    return box;
  });
  const plot = node("div", { className: "hmr-plot" });
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", element.dataset.label || "3D view of the body; drag to turn it");
  const note = node("p", { className: "hmr-note" });
  note.setAttribute("role", "status");
  element.replaceChildren(plot, bar, note);
  return { plot, note, toggles };
}

function makeTraces(world, skins, toggles) {
  const [skeleton, ground, camera] = toggles.map((toggle) => toggle.checked);
  const traces = [];
  world.bodies.forEach((body, index) => {
    const { points: [x, y, z], joints, mesh } = skins[index];
    const [i, j, k] = mesh.corners;
    traces.push({ type: "mesh3d", name: body.name, x, y, z, i, j, k, color: body.color, lighting: LIGHT,
      lightposition: { x: -1500, y: -4000, z: 4000 }, opacity: skeleton ? 0.45 : 1, flatshading: false,
      hoverinfo: skeleton || world.bodies.length < 2 ? "skip" : "name" });
    if (!skeleton) return;
    traces.push(lines(bones(joints, mesh.parents), BONE, 5));
    traces.push({ type: "scatter3d", mode: "markers", ...columns(joints), text: mesh.joints,
      hovertemplate: "%{text}<extra></extra>", marker: { size: 4, color: JOINT } });
  });
  if (ground && world.floor && skins.length) traces.push(lines(groundGrid(world.bounds, lowest(skins)), LINES, 1));
  if (camera && world.camera) traces.push(lines(frustum(world.camera), "#e11d48", 2));
  return traces;
}

function layout(world, plot, toggles, { look, zoom }) {
  const [low, high] = toggles[2].checked && world.camera ? withCamera(world) : world.bounds;
  const extent = high.map((value, axis) => value - low[axis]);
  const axis = (n) => ({ visible: false, range: [low[n], high[n]], autorange: false });
  const scene = sceneOf(plot);
  const scale = ((zoom || 1) * FILL) / Math.hypot(...extent);
  const [x, y, z] = extent.map((value) => scale * value);
  return {
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    hoverlabel: { font: { family: "inherit" } },
    scene: { xaxis: axis(0), yaxis: axis(1), zaxis: axis(2), aspectmode: "manual", aspectratio: { x, y, z },
      dragmode: "turntable", camera: scene ? scene.getCamera() : (VIEWS[look] ?? FIRST_VIEW) },
  };
}

/** Give a drawn trace new data. Plotly.restyle would forget the wheel's zoom and break a drag in progress. */
function swap(plot, index, trace) {
  const full = plot._fullData?.[index];
  const drawn = full && sceneOf(plot)?.traces?.[full.uid];
  if (!drawn?.update || full.type !== trace.type) return false;
  const fresh = { x: trace.x, y: trace.y, z: trace.z };
  Object.assign(plot.data[index], fresh); // a later resize draws from here
  Object.assign(full, fresh);
  drawn.update(full);
  return true;
}

function sceneOf(plot) {
  return plot._fullLayout?.scene?._scene;
}

/** Where a body is: sent as vertices, posed here by its numbers, or posed by the host. */
async function skinOf(body, host) {
  if (body.model) {
    const model = await loadBody(body.model, host);
    const { vertices, joints } = model.pose(body);
    const [x, y, z] = displayed(joints);
    return { points: displayed(vertices), joints: Array.from(x, (_, n) => [x[n], y[n], z[n]]), mesh: model.mesh };
  }
  const sent = body.vertices ? body : await host.call("skin", { betas: body.betas, theta: body.theta });
  return { points: dequantise(sent), joints: sent.joints, mesh: await topology(body.topology, host) };
}

/** From the body model's axes to the view's, in columns. */
function displayed(points) {
  const count = points.length / 3;
  const [x, y, z] = [0, 1, 2].map((axis) => points.subarray(axis * count, (axis + 1) * count));
  return [x, z.map((value) => -value), y];
}

function lowest(skins) {
  return Math.min(...skins.map(({ points }) => points[2].reduce((a, b) => Math.min(a, b))));
}

async function topology(tag, host) {
  if (!topologies.has(tag)) {
    topologies.set(tag, host.call("topology", tag).then(({ faces, parents, joints }) => {
      const flat = new Uint16Array(bytes(faces));
      const corners = [0, 1, 2].map((corner) => Uint16Array.from({ length: flat.length / 3 }, (_, f) => flat[3 * f + corner]));
      return { corners, parents, joints };
    }));
  }
  return topologies.get(tag);
}

/** 16-bit steps from the lowest corner to metres, as three columns. */
function dequantise({ vertices, low, step }) {
  const flat = new Uint16Array(bytes(vertices));
  return low.map((start, axis) => {
    const column = new Float32Array(flat.length / 3);
    for (let row = 0; row < column.length; row++) column[row] = start + step[axis] * flat[3 * row + axis];
    return column;
  });
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}

function columns(points) {
  return { x: points.map((p) => p && p[0]), y: points.map((p) => p && p[1]), z: points.map((p) => p && p[2]) };
}

function lines(points, color, width) {
  return { type: "scatter3d", mode: "lines", ...columns(points), hoverinfo: "skip", line: { color, width } };
}

/** Pairs of points, parted by null: a line per bone. */
function bones(joints, parents) {
  return joints.flatMap((joint, index) => (parents[index] < 0 ? [] : [joint, joints[parents[index]], null]));
}

function groundGrid([low, high], floor) {
  const start = [0, 1].map((n) => Math.floor(low[n] / GRID_M) * GRID_M);
  const end = [0, 1].map((n) => Math.ceil(high[n] / GRID_M) * GRID_M);
  const points = [];
  for (let x = start[0]; x <= end[0] + 1e-6; x += GRID_M) points.push([x, start[1], floor], [x, end[1], floor], null);
  for (let y = start[1]; y <= end[1] + 1e-6; y += GRID_M) points.push([start[0], y, floor], [end[0], y, floor], null);
  return points;
}

function frustum({ starts, corners }) {
  const rays = corners.flatMap((corner, index) => [starts[index], corner, null]);
  return [...rays, ...corners, corners[0]];
}

function withCamera({ bounds: [low, high], camera }) {
  const points = [...camera.starts, ...camera.corners];
  return [low.map((value, n) => Math.min(value, ...points.map((p) => p[n]))),
    high.map((value, n) => Math.max(value, ...points.map((p) => p[n])))];
}

let webGL = null; // asked once: every answer costs a context

function hasWebGL() {
  if (webGL === null) {
    const context = document.createElement("canvas").getContext("webgl");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    webGL = Boolean(context);
  }
  return webGL;
}
