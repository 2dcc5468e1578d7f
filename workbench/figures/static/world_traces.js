// A world as Plotly's traces, its legend, and the names written beside it.

import { isFine } from "./look_at.js";
import { pictureFrustum } from "./world_bodies.js";
import { ON_TOP, lowest } from "./world_scene.js";

const BONE_COLOR = "#1f2937";
const BONE_PX = 4;
const FINE_BONE_PX = 1.5;
const JOINT_COLOR = "#f97316";
const JOINT_PX = 4.5;
const FINE_JOINT_PX = 3;
const SELECTED_COLOR = "#dc2626";
const SELECTED_LARGER = 2;
const CAMERA_COLOR = "#e11d48";
const FOUND_COLOR = "#facc15"; // as in photo_view.js
const MODEL_COLOR = "#ffffff";
const RESIDUAL_COLOR = "#e11d48";
const LANDMARK_LEGEND = { title: "Landmarks", swatches: [[FOUND_COLOR, "found, at the model's depth"], [MODEL_COLOR, "model"],
  [RESIDUAL_COLOR, "residual"]] };
const GROUND_COLOR = "#8a94a6";
const PLAIN_COLOR = "#8fb4d6";
const GRID_M = 0.5;
const GRID_LINES = 40; // more would only be noise
const PANE_LINES = 7;
const SOFT_LIGHT = { ambient: 0.7, diffuse: 0.5, specular: 0.06, roughness: 0.8, fresnel: 0.05,
  facenormalsepsilon: 0, vertexnormalsepsilon: 0 }; // the defaults drop the normals of small triangles
const SEQUENTIAL = [[0, "#e3e9f1"], [0.25, "#9fc1e0"], [0.5, "#f5c968"], [0.75, "#ec7a33"], [1, "#a8122a"]];
const meshIds = new WeakMap();
let meshCount = 0;

/** What a world looks like: traces, and a signature that stays the same while only numbers change. A trace's uid says what
 *  it is: Plotly would hand it on by place, and with it what has been made of the trace's drawing. */
export function sceneTraces(world, skins, shows) {
  const traces = [];
  world.bodies.forEach((body, index) => {
    const skin = skins[index];
    const uid = `body-${index}-${colorMode(body)}-${meshId(skin.mesh)}`; // what was coloured once never gets plain again
    traces.push({ ...meshTrace(body, skin, shows.skeleton, world.bodies.length > 1), uid });
    if (shows.skeleton) traces.push(...boneTraces(skin, index), jointTrace(body, skin, index));
  });
  if (shows.ground && world.floor && skins.length) traces.push(groundTrace(world.bounds, lowest(skins)));
  if (shows.landmarks && world.landmarks?.length) traces.push(...landmarkTraces(world.landmarks));
  if (shows.camera && world.camera) traces.push(...cameraTraces(pictureFrustum(world.camera)));
  const looks = world.bodies.map((body, index) => [body.name, meshId(skins[index].mesh), colorMode(body)]);
  return { traces, signature: JSON.stringify([looks, world.bounds, traces.map(({ type, mode }) => [type, mode]), shows]) };
}

/** The names to write, as view_labels.js takes them: captions, the chosen joints', and with `shows.names` those of all
 *  joints of the body that is looked at. */
export function labelsOf(world, skins, shows) {
  const captions = (world.texts ?? []).map((caption) => ({ ...caption, kind: "caption" }));
  if (!shows.skeleton) return captions;
  const joints = world.bodies.flatMap(({ selected }, index) => skins[index].joints.map((at, joint) => (
    { at, text: skins[index].mesh.joints[joint], kind: joint === selected ? "chosen" : "joint", body: index })));
  const chosen = joints.filter(({ kind }) => kind === "chosen");
  const named = ({ kind, body }) => shows.names && kind === "joint" && body === (world.focus ?? 0);
  return [...captions, ...chosen, ...joints.filter(named)];
}

/** The legend of the first body that shows values: { title, unit, low, high, stops } or { title, swatches }; else that of
 *  the landmarks. */
export function legendOf(world, shows) {
  const values = world.bodies.find((body) => body.values)?.values;
  if (!values) return shows.landmarks && world.landmarks?.length ? LANDMARK_LEGEND : null;
  const { title = "", unit = "", low, high, colors, names = [], stops = SEQUENTIAL } = values;
  if (colors) return { title, swatches: names.map((name, n) => [colors[n], name]) };
  return { title, unit, low, high, stops: stops.map(([, color]) => color) };
}

/** A colour per part, neighbours in the list far apart in hue. */
export function partColors(count) {
  return Array.from({ length: count }, (_, n) => `hsl(${Math.round(n * 137.5) % 360}, ${n % 2 ? 45 : 60}%, ${n % 3 ? 66 : 54}%)`);
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
    return { ...shared, intensity: values.of, cmin: values.low, cmax: high, colorscale: values.stops ?? SEQUENTIAL };
  }
  const count = values.colors.length;
  const bands = values.colors.flatMap((shade, n) => [[n / count, shade], [(n + 1) / count, shade]]);
  return { ...shared, intensitymode: "cell", intensity: Array.from(mesh.corners[0], (vertex) => values.of[vertex]),
    cmin: -0.5, cmax: count - 0.5, colorscale: bands };
}

/** Limbs, and more finely the bones of hands and face, which would cover what they are in. */
function boneTraces({ joints, mesh }, index) {
  const fine = mesh.joints.map(isFine);
  return [[false, BONE_PX], [true, FINE_BONE_PX]].filter(([its]) => fine.includes(its)).map(([its, width]) => {
    const pairs = joints.flatMap((joint, n) => (mesh.parents[n] < 0 || fine[n] !== its ? [] : [joint, joints[mesh.parents[n]], null]));
    return { ...lineTrace(`${its ? "fine-" : ""}bones-${index}`, pairs, BONE_COLOR, width), meta: ON_TOP };
  });
}

function jointTrace({ selected }, { joints, mesh }, index) {
  const size = mesh.joints.map((name, joint) => (isFine(name) ? FINE_JOINT_PX : JOINT_PX) * (joint === selected ? SELECTED_LARGER : 1));
  const color = joints.map((_, joint) => (joint === selected ? SELECTED_COLOR : JOINT_COLOR));
  return { ...pointTrace(`joints-${index}`, joints, { size, color, line: { width: 0 } }), meta: ON_TOP };
}

function groundTrace([low, high], floor) {
  const longest = Math.max(high[0] - low[0], high[1] - low[1]);
  const cell = GRID_M * Math.max(1, Math.ceil(longest / GRID_M / GRID_LINES));
  const start = [0, 1].map((n) => Math.floor(low[n] / cell) * cell);
  const end = [0, 1].map((n) => Math.ceil(high[n] / cell) * cell);
  const points = [];
  for (let x = start[0]; x <= end[0] + 1e-6; x += cell) points.push([x, start[1], floor], [x, end[1], floor], null);
  for (let y = start[1]; y <= end[1] + 1e-6; y += cell) points.push([start[0], y, floor], [end[0], y, floor], null);
  return lineTrace("ground", points, GROUND_COLOR, 1);
}

/** Pairs of the same landmark with the way between them. */
function landmarkTraces(people) {
  const [found, model] = ["found", "model"].map((kind) => people.flatMap((person) => person[kind]));
  const between = found.flatMap((place, n) => [place, model[n], null]);
  const line = { width: 1, color: "#10151f" };
  return [
    lineTrace("residuals", between, RESIDUAL_COLOR, 4),
    pointTrace("found", found, { color: FOUND_COLOR, size: 5, symbol: "circle", line }),
    pointTrace("model", model, { color: MODEL_COLOR, size: 4, symbol: "square", line }),
  ].map((trace) => ({ ...trace, meta: ON_TOP }));
}

/** The rays through the picture's corners, and the picture as a pane of squares. */
function cameraTraces({ starts, corners }) {
  const rays = corners.flatMap((corner, index) => [starts[index], corner, null]);
  const between = (a, b, share) => corners[a].map((value, axis) => value + share * (corners[b][axis] - value));
  const shares = Array.from({ length: PANE_LINES }, (_, n) => (n + 1) / (PANE_LINES + 1));
  const pane = shares.flatMap((share) => [between(0, 1, share), between(3, 2, share), null, between(0, 3, share), between(1, 2, share), null]);
  return [lineTrace("rays", [...rays, ...corners, corners[0]], CAMERA_COLOR, 3), lineTrace("pane", pane, CAMERA_COLOR, 1)];
}

function lineTrace(uid, points, color, width) {
  return { uid, type: "scatter3d", mode: "lines", ...pointColumns(points), hoverinfo: "skip", line: { color, width } };
}

function pointTrace(uid, points, marker) {
  return { uid, type: "scatter3d", mode: "markers", ...pointColumns(points), hoverinfo: "skip", marker };
}

function pointColumns(points) {
  return { x: points.map((p) => p && p[0]), y: points.map((p) => p && p[1]), z: points.map((p) => p && p[2]) };
}

function meshId(mesh) {
  if (!meshIds.has(mesh)) meshIds.set(mesh, ++meshCount);
  return meshIds.get(mesh);
}
