// A world's place in Plotly's scene, and what Plotly is made to do there: new data in place, no picking, a skeleton that
// shows through its body.

import { pictureFrustum } from "./world_bodies.js";

export const ON_TOP = "on top"; // of traces that nothing hides
const MARGIN = 0.06; // of a box that is fitted around bodies
const DEEP = 0.8; // the shown box, to its width
const ROOMY = 2.2; // a box is kept while it is at most so many times too long
const SEEN = 1.2; // height that the first view shows, in Plotly's units, with some room around it
const NEAREST = 2.2; // a longer box would reach the viewer's eye from the side
const NO_TEXT = { title: { text: "" }, showticklabels: false, tickvals: [], ticktext: [] }; // Plotly shapes unseen text too

/** The box to show: the one given, else one around everything, which is kept while it suffices. */
export function boxOf(world, skins, shows, before) {
  const points = frustumOf(world, shows);
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

/** All points that are shown, as columns [x, y, z]. */
export function cloudsOf(world, skins, shows) {
  const points = frustumOf(world, shows);
  return [...skins.map((skin) => skin.points), [0, 1, 2].map((axis) => points.map((point) => point[axis]))];
}

function frustumOf({ camera }, shows) {
  return shows.camera && camera ? Object.values(pictureFrustum(camera)).flat() : [];
}

/** How a box is put into the scene, as large as fits a picture of this width over height: a point stands `scale` times
 *  as far from the origin as from the box's middle. */
export function frameOf([low, high], aspect, zoom = 1) {
  const extent = high.map((value, axis) => value - low[axis]);
  const [long, deep] = [Math.max(extent[0], extent[1]), Math.min(extent[0], extent[1])];
  const scale = zoom * Math.min(SEEN / Math.max(extent[2], deep), Math.min(SEEN * aspect, NEAREST) / long);
  return { scale, extent, middle: low.map((value, axis) => value + extent[axis] / 2) };
}

/** Fixed axes. */
export function sceneLayout([low, high], { scale, extent }, camera) {
  const axis = (n) => ({ ...NO_TEXT, visible: false, range: [low[n], high[n]], autorange: false });
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
  for (const name of ["color", "intensity", "cmin", "cmax", "colorscale"]) {
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
  const { glplot } = sceneOf(plot);
  const answers = traces.some(({ hoverinfo }) => hoverinfo !== "skip");
  for (const drawn of glplot.objects) {
    if (answers) delete drawn.pickSlots; // what it inherits is Plotly's own number
    else drawn.pickSlots = 0;
  }
  const nothing = {};
  glplot.add(nothing); // so that the slots are counted anew
  glplot.remove(nothing);
}

/** A skeleton is seen through its body, being drawn after all bodies. A transparent body would be drawn twice, and Plotly
 *  would wait for the card. */
export function seeThrough(plot, traces) {
  const { glplot, traces: drawn } = sceneOf(plot);
  traces.forEach(({ meta }, index) => {
    if (meta !== ON_TOP) return;
    const { linePlot, scatterPlot } = drawn[plot._fullData[index].uid];
    for (const part of [linePlot, scatterPlot].filter(Boolean)) {
      if (!Object.hasOwn(part, "draw")) drawOnTop(glplot.gl, part);
      glplot.remove(part); // and added anew, it is the last to be drawn
      glplot.add(part);
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

/** Where a point of the view's axes is on screen: pixels from the plot's upper left corner; null if it is behind. */
export function onScreen(plot, point, [width, height] = [plot.clientWidth, plot.clientHeight]) {
  const { glplot, dataScale } = sceneOf(plot);
  const { model, view, projection } = glplot.cameraParams;
  let place = [...point.map((value, axis) => value * dataScale[axis]), 1];
  for (const matrix of [model, view, projection]) {
    place = [0, 1, 2, 3].map((row) => place.reduce((sum, value, column) => sum + matrix[4 * column + row] * value, 0));
  }
  if (place[3] <= 0) return null;
  return [(0.5 + (0.5 * place[0]) / place[3]) * width, (0.5 - (0.5 * place[1]) / place[3]) * height];
}

/** Height of the lowest point of all skins. */
export function lowest(skins) {
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
