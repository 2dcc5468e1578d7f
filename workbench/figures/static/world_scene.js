// A world as Plotly's traces and layout, and new data for traces that are drawn already.

import { pictureFrustum } from "./world_bodies.js";

const BONE_COLOR = "#1f2937";
const JOINT_COLOR = "#f97316";
const SELECTED_COLOR = "#dc2626";
const CAMERA_COLOR = "#e11d48";
const GROUND_COLOR = "#8a94a6";
const PLAIN_COLOR = "#8fb4d6";
const TEXT_COLOR = "#64748b"; // can be read on white and on black
const GRID_M = 0.5;
const GRID_LINES = 40; // more would only be noise
const PANE_LINES = 7;
const ON_TOP = "on top"; // of traces that nothing hides
const MARGIN = 0.06; // of a box that is fitted around bodies
const DEEP = 0.8; // the shown box, to its width
const ROOMY = 2.2; // a box is kept while it is at most so many times too long
const SEEN = 1.2; // height that the first view shows, in Plotly's units, with some room around it
const NEAREST = 2.2; // a longer box would reach the viewer's eye from the side
const SOFT_LIGHT = { ambient: 0.7, diffuse: 0.5, specular: 0.06, roughness: 0.8, fresnel: 0.05,
  facenormalsepsilon: 0, vertexnormalsepsilon: 0 }; // the defaults drop the normals of small triangles
const NO_TEXT = { title: { text: "" }, showticklabels: false, tickvals: [], ticktext: [] }; // Plotly shapes unseen text too
const SEQUENTIAL = [[0, "#e3e9f1"], [0.25, "#9fc1e0"], [0.5, "#f5c968"], [0.75, "#ec7a33"], [1, "#a8122a"]];
const meshIds = new WeakMap();
let meshCount = 0;

/** What a world looks like: traces, and a signature that stays the same while only numbers change. */
export function sceneTraces(world, skins, shows) {
  const traces = [];
  world.bodies.forEach((body, index) => {
    const skin = skins[index];
    const uid = `body-${index}-${colorMode(body)}-${meshId(skin.mesh)}`; // what was coloured once never gets plain again
    traces.push({ ...meshTrace(body, skin, shows.skeleton, world.bodies.length > 1), uid });
    if (shows.skeleton) traces.push(boneTrace(skin), jointTrace(body, skin, shows.names || body.labels));
  });
  if (world.texts?.length) traces.push(captionTrace(world.texts));
  if (shows.ground && world.floor && skins.length) traces.push(groundTrace(world.bounds, lowest(skins)));
  if (shows.camera && world.camera) traces.push(...cameraTraces(pictureFrustum(world.camera)));
  const looks = world.bodies.map((body, index) => [body.name, meshId(skins[index].mesh), colorMode(body)]);
  return { traces, signature: JSON.stringify([looks, world.bounds, traces.map(({ type, mode }) => [type, mode]), shows]) };
}

/** The legend of the first body that shows values: { title, unit, low, high, stops } or { title, swatches }. */
export function legendOf(world) {
  const values = world.bodies.find((body) => body.values)?.values;
  if (!values) return null;
  const { title = "", unit = "", low, high, colors, names = [] } = values;
  if (colors) return { title, swatches: names.map((name, n) => [colors[n], name]) };
  return { title, unit, low, high, stops: SEQUENTIAL.map(([, color]) => color) };
}

/** A colour per part, neighbours in the list far apart in hue. */
export function partColors(count) {
  return Array.from({ length: count }, (_, n) => `hsl(${Math.round(n * 137.5) % 360}, ${n % 2 ? 45 : 60}%, ${n % 3 ? 66 : 54}%)`);
}

/** The box to show: the one given, else one around everything, which is kept while it suffices. */
export function boxOf(world, skins, shows, before) {
  const points = shows.camera && world.camera ? Object.values(pictureFrustum(world.camera)).flat() : [];
  if (world.bounds) return around(points, world.bounds);
  const [low, high] = skins.reduce((box, skin) => around(extremes(skin.points), box), around(points));
  if (!Number.isFinite(low[0])) return [[-0.5, -0.5, -0.5], [0.5, 0.5, 0.5]];
  const long = (a, b) => Math.max(...b.map((value, n) => value - a[n]));
  const within = before && low.every((value, n) => value >= before[0][n] && high[n] <= before[1][n]);
  if (within && long(...before) <= ROOMY * long(low, high)) return before;
  const room = Math.max(MARGIN * long(low, high), 0.1);
  const [from, to] = [low.map((value) => value - room), high.map((value) => value + room)];
  const depth = Math.min(DEEP * (to[0] - from[0]), to[2] - from[2]); // so that the ground is more than a strip
  const more = Math.max(0, (depth - (to[1] - from[1])) / 2);
  return [[from[0], from[1] - more, from[2]], [to[0], to[1] + more, to[2]]];
}

/** Fixed axes, as large as fits a frame of this width over height. */
export function sceneLayout([low, high], camera, aspect, zoom = 1) {
  const extent = high.map((value, axis) => value - low[axis]);
  const axis = (n) => ({ ...NO_TEXT, visible: false, range: [low[n], high[n]], autorange: false });
  const [long, deep] = [Math.max(extent[0], extent[1]), Math.min(extent[0], extent[1])];
  const scale = zoom * Math.min(SEEN / Math.max(extent[2], deep), Math.min(SEEN * aspect, NEAREST) / long);
  const [x, y, z] = extent.map((value) => scale * value);
  return {
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    hoverlabel: { font: { family: "inherit" } },
    scene: { xaxis: axis(0), yaxis: axis(1), zaxis: axis(2), aspectmode: "manual", aspectratio: { x, y, z },
      dragmode: "turntable", camera },
  };
}

/** Give a drawn trace new data. Plotly.restyle would forget the wheel's zoom and break a drag in progress. */
export function swapTrace(plot, index, trace) {
  const full = plot._fullData?.[index];
  const drawn = full && sceneOf(plot)?.traces?.[full.uid];
  if (!drawn?.update || full.type !== trace.type) return false;
  const { x, y, z } = trace;
  const fresh = { x, y, z };
  for (const name of ["color", "intensity", "cmin", "cmax", "colorscale", "text"]) {
    if (trace[name] !== undefined) fresh[name] = trace[name];
  }
  if (trace.marker) fresh.marker = { ...full.marker, ...trace.marker };
  Object.assign(plot.data[index], fresh); // a later resize draws from here
  Object.assign(full, fresh);
  drawn.update(full);
  return true;
}

/** Plotly draws every frame a second time, to know what is under the pointer, and waits for the graphics card. Where
 *  nothing answers the pointer, that is left out: it costs more than all the rest. */
export function stopPicking(plot, traces) {
  if (traces.some(({ hoverinfo }) => hoverinfo !== "skip")) return;
  const { glplot } = sceneOf(plot);
  for (const drawn of glplot.objects) drawn.pickSlots = 0;
  const nothing = {};
  glplot.add(nothing); // so that the slots are counted anew
  glplot.remove(nothing);
}

/** A skeleton is seen through its body. A transparent body would be drawn twice, and Plotly would wait for the card. */
export function seeThrough(plot, traces) {
  const { glplot: { gl }, traces: drawn } = sceneOf(plot);
  traces.forEach(({ meta }, index) => {
    if (meta !== ON_TOP) return;
    const { linePlot, scatterPlot, textMarkers } = drawn[plot._fullData[index].uid];
    for (const part of [linePlot, scatterPlot, textMarkers]) {
      if (part && !Object.hasOwn(part, "draw")) drawOnTop(gl, part);
    }
  });
}

/** Blended over what is there, in the pass of opaque things, whatever is nearer. */
function drawOnTop(gl, part) {
  const { draw, drawTransparent, isTransparent } = part;
  part.isOpaque = () => true;
  part.isTransparent = () => false;
  part.draw = (camera) => {
    gl.disable(gl.DEPTH_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    (isTransparent?.call(part) ? drawTransparent : draw).call(part, camera);
    gl.disable(gl.BLEND);
    gl.enable(gl.DEPTH_TEST);
  };
}

export function sceneOf(plot) {
  return plot._fullLayout?.scene?._scene;
}

/** Where a point of the view's axes is on screen: pixels from the plot's upper left corner. */
export function onScreen(plot, point) {
  const { glplot, dataScale } = sceneOf(plot);
  const { model, view, projection } = glplot.cameraParams;
  let place = [...point.map((value, axis) => value * dataScale[axis]), 1];
  for (const matrix of [model, view, projection]) {
    place = [0, 1, 2, 3].map((row) => place.reduce((sum, value, column) => sum + matrix[4 * column + row] * value, 0));
  }
  const { clientWidth, clientHeight } = plot;
  return [(0.5 + (0.5 * place[0]) / place[3]) * clientWidth, (0.5 - (0.5 * place[1]) / place[3]) * clientHeight];
}

function meshTrace(body, { points: [x, y, z], mesh }, skeleton, several) {
  const [i, j, k] = mesh.corners;
  return { type: "mesh3d", name: body.name, x, y, z, i, j, k, ...colorsOf(body, mesh), lighting: SOFT_LIGHT,
    lightposition: { x: -1500, y: -4000, z: 5000 }, flatshading: false,
    hoverinfo: several && !skeleton ? "name" : "skip" };
}

function colorMode({ values }) {
  return values ? (values.colors?.length ?? "values") : "plain";
}

/** One colour, a scale over vertices, or a colour per triangle: parts have no colours in between. */
function colorsOf({ color = PLAIN_COLOR, values }, mesh) {
  if (!values) return { color };
  const shared = { showscale: false, cauto: false };
  if (!values.colors) {
    const high = values.high > values.low ? values.high : values.low + 1e-9;
    return { ...shared, intensity: values.of, cmin: values.low, cmax: high, colorscale: SEQUENTIAL };
  }
  const count = values.colors.length;
  const bands = values.colors.flatMap((shade, n) => [[n / count, shade], [(n + 1) / count, shade]]);
  return { ...shared, intensitymode: "cell", intensity: Array.from(mesh.corners[0], (vertex) => values.of[vertex]),
    cmin: -0.5, cmax: count - 0.5, colorscale: bands };
}

function boneTrace({ joints, mesh: { parents } }) {
  const pairs = joints.flatMap((joint, index) => (parents[index] < 0 ? [] : [joint, joints[parents[index]], null]));
  return { ...lineTrace(pairs, BONE_COLOR, 5), meta: ON_TOP };
}

function jointTrace({ selected }, { joints, mesh }, names) {
  const chosen = (yes, no) => joints.map((_, joint) => (joint === selected ? yes : no));
  return { type: "scatter3d", mode: "markers+text", ...pointColumns(joints), hoverinfo: "skip",
    meta: ON_TOP, text: mesh.joints.map((name, joint) => (names || joint === selected ? name : "")), textposition: "top center",
    textfont: { size: 12, color: TEXT_COLOR },
    marker: { size: chosen(9, 4.5), color: chosen(SELECTED_COLOR, JOINT_COLOR), line: { width: 0 } } };
}

function captionTrace(texts) {
  return { type: "scatter3d", mode: "text", ...pointColumns(texts.map(({ at }) => at)), text: texts.map(({ text }) => text),
    textfont: { size: 14, color: TEXT_COLOR }, hoverinfo: "skip", meta: ON_TOP };
}

function groundTrace([low, high], floor) {
  const longest = Math.max(high[0] - low[0], high[1] - low[1]);
  const cell = GRID_M * Math.max(1, Math.ceil(longest / GRID_M / GRID_LINES));
  const start = [0, 1].map((n) => Math.floor(low[n] / cell) * cell);
  const end = [0, 1].map((n) => Math.ceil(high[n] / cell) * cell);
  const points = [];
  for (let x = start[0]; x <= end[0] + 1e-6; x += cell) points.push([x, start[1], floor], [x, end[1], floor], null);
  for (let y = start[1]; y <= end[1] + 1e-6; y += cell) points.push([start[0], y, floor], [end[0], y, floor], null);
  return lineTrace(points, GROUND_COLOR, 1);
}

/** The rays through the picture's corners, and the picture as a pane of squares. */
function cameraTraces({ starts, corners }) {
  const rays = corners.flatMap((corner, index) => [starts[index], corner, null]);
  const between = (a, b, share) => corners[a].map((value, axis) => value + share * (corners[b][axis] - value));
  const shares = Array.from({ length: PANE_LINES }, (_, n) => (n + 1) / (PANE_LINES + 1));
  const pane = shares.flatMap((share) => [between(0, 1, share), between(3, 2, share), null, between(0, 3, share), between(1, 2, share), null]);
  return [lineTrace([...rays, ...corners, corners[0]], CAMERA_COLOR, 3), lineTrace(pane, CAMERA_COLOR, 1)];
}

function lineTrace(points, color, width) {
  return { type: "scatter3d", mode: "lines", ...pointColumns(points), hoverinfo: "skip", line: { color, width } };
}

function pointColumns(points) {
  return { x: points.map((p) => p && p[0]), y: points.map((p) => p && p[1]), z: points.map((p) => p && p[2]) };
}

function lowest(skins) {
  return Math.min(...skins.map(({ points }) => extremes([points[2]])[0][0]));
}

function extremes(columns) {
  const least = (column) => column.reduce((a, b) => (a < b ? a : b), Infinity);
  const most = (column) => column.reduce((a, b) => (a > b ? a : b), -Infinity);
  return [columns.map(least), columns.map(most)];
}

function around(points, box = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]]) {
  return [0, 1].map((side) => box[side].map((value, axis) =>
    points.reduce((found, point) => (side ? Math.max(found, point[axis]) : Math.min(found, point[axis])), value)));
}

function meshId(mesh) {
  if (!meshIds.has(mesh)) meshIds.set(mesh, ++meshCount);
  return meshIds.get(mesh);
}
