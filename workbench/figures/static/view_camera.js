// Where the viewer of a 3D scene stands, and how hands and buttons move them. A camera is Plotly's { eye, center, up },
// in the scene's units about the middle of the shown box; z is up. Places in the picture are [right, up] from its
// middle, its height being 1. What is to be seen is a `sight`: { clouds, frame, aspect }, points in metres as columns
// [x, y, z], a frame of world_scene.js, and the picture's width over its height.

import { clamped } from "./controls.js";

export const STANDPOINTS = { Front: [0, -1.75, 0.12], Side: [1.75, 0, 0.12], Top: [0, -0.01, 1.75] };
export const FIRST_STANDPOINT = [0.62, -1.62, 0.3];
const HALF_FIELD_RAD = Math.PI / 8; // Plotly's lens is 45 degrees high
const FULL = 0.96; // of the picture, where everything is to be in sight
const FEWEST = 0.5; // of the size that a body could have, for a view to be kept
const LEAST_LEVEL = 1e-9; // of a direction: what looks straight down has no right and left of its own
const SLACK = 1e-6; // of a place that has gone through Plotly
const DISTANCES = [0.05, 4]; // nearer, and Plotly cuts the body open; farther, and it is a dot

export function standing(eye, center = [0, 0, 0]) {
  return { eye: xyz(eye), center: xyz(center), up: { x: 0, y: 0, z: 1 } };
}

/** Come `factor` times as near, while what is at `place` stays there. `reach` bounds the centre, from the middle. */
export function zoomed(camera, factor, place, reach) {
  const { center, back, distance } = parted(camera);
  const next = clamped(distance * factor, ...DISTANCES);
  const toward = offset(camera, place).map((value) => value * (1 - next / distance));
  return placed(plus(center, toward), back, next, reach);
}

/** Move what is shown by a part of the picture. */
export function slid(camera, place, reach) {
  const { center, back, distance } = parted(camera);
  return placed(plus(center, offset(camera, place).map((value) => -value)), back, distance, reach);
}

/** From the same side, so near that a ball fills the picture. */
export function aimedAt(camera, center, radius) {
  return placed(center, parted(camera).back, clamped(radius / Math.sin(HALF_FIELD_RAD), ...DISTANCES));
}

/** From one of the STANDPOINTS, looking at the same thing. */
export function seenFrom(camera, standpoint) {
  const { center, distance } = parted(camera);
  return placed(center, direction(standpoint), distance);
}

/** From the same side, with everything in sight; no nearer than the first look stands. */
export function wholeSeen(camera, sight) {
  const { back } = parted(camera);
  const distance = Math.max(Math.hypot(...FIRST_STANDPOINT), distanceFor([0, 0, 0], back, sight, FULL));
  return placed([0, 0, 0], back, clamped(distance, ...DISTANCES));
}

/** Whether everything is in sight, and not much smaller than it could be. */
export function stillWhole(camera, sight) {
  const { center, back, distance } = parted(camera);
  return distanceFor(center, back, sight, 1) <= distance && parted(wholeSeen(camera, sight)).distance >= FEWEST * distance;
}

/** How far from `center` the viewer has to stand for a share of the picture to hold all points. */
function distanceFor(center, back, { clouds, frame: { scale, middle }, aspect }, share) {
  const [sideways, upwards] = sidesOf(back);
  const most = share * Math.tan(HALF_FIELD_RAD);
  let least = 0;
  for (const [x, y, z] of clouds) {
    for (let n = 0; n < x.length; n++) {
      const from = [x[n], y[n], z[n]].map((value, axis) => (value - middle[axis]) * scale - center[axis]);
      const aside = Math.max(Math.abs(dot(sideways, from)) / aspect, Math.abs(dot(upwards, from)));
      least = Math.max(least, dot(back, from) + aside / most);
    }
  }
  return least;
}

/** The same view after the box has changed; frames as of world_scene.js. */
export function reframed(camera, from, to) {
  const moved = (point) => {
    const place = columns(point).map((value, axis) => value / from.scale + from.middle[axis]);
    return place.map((value, axis) => (value - to.middle[axis]) * to.scale);
  };
  return standing(moved(camera.eye), moved(camera.center));
}

/** How far the camera's centre may be from the middle: anywhere in the box, so that the body is never lost. */
export function reachOf({ scale, extent }) {
  return extent.map((length) => (length * scale) / 2);
}

/** Whether the camera's centre is farther from the middle than it may be. */
export function beyond({ center }, reach) {
  return columns(center).some((value, axis) => Math.abs(value) > reach[axis] + SLACK);
}

function placed(center, back, distance, reach = [Infinity, Infinity, Infinity]) {
  const kept = center.map((value, axis) => clamped(value, -reach[axis], reach[axis]));
  return standing(plus(kept, back.map((value) => value * distance)), kept);
}

function parted({ eye, center }) {
  const from = columns(center);
  const way = columns(eye).map((value, axis) => value - from[axis]);
  return { center: from, back: direction(way), distance: Math.hypot(...way) };
}

/** From the centre to what is seen at a place of the picture, at the centre's depth. */
function offset(camera, [right, up]) {
  const { back, distance } = parted(camera);
  const [sideways, upwards] = sidesOf(back);
  const height = 2 * distance * Math.tan(HALF_FIELD_RAD);
  return sideways.map((value, axis) => height * (right * value + up * upwards[axis]));
}

/** To the right and up in the picture. */
function sidesOf(back) {
  const level = Math.hypot(back[0], back[1]);
  const sideways = level < LEAST_LEVEL ? [1, 0, 0] : [-back[1] / level, back[0] / level, 0];
  return [sideways, [back[1] * sideways[2] - back[2] * sideways[1], back[2] * sideways[0] - back[0] * sideways[2],
    back[0] * sideways[1] - back[1] * sideways[0]]];
}

function dot([a, b, c], [x, y, z]) {
  return a * x + b * y + c * z;
}

function plus(one, other) {
  return one.map((value, axis) => value + other[axis]);
}

function direction(vector) {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function xyz([x, y, z]) {
  return { x, y, z };
}

function columns({ x, y, z }) {
  return [x, y, z];
}
