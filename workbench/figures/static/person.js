// Persons as plain values, {body, betas, expression, theta}, and what can be done to one: each function gives a
// new person or new numbers. `entry` is one of config.bodies, joints go by their names ("left knee").

import { matrixFromAxisAngle } from "./rotations.js";

const ANGLE_LIMIT = Math.PI;
const LINKED_RAD = 1e-5; // links are rounded to five decimals

/** The mean person of a body in rest pose. */
export function restPerson(entry) {
  const zeros = (count) => Array.from({ length: count }, () => 0);
  return { body: entry.tag, betas: zeros(entry.betas), expression: zeros(entry.expressions), theta: entry.joints.map(() => [0, 0, 0]) };
}

/** The same person as another body: what both have is kept. */
export function asBody(person, old, entry) {
  const same = (values, zeros) => zeros.map((zero, n) => values[n] ?? zero);
  const rest = restPerson(entry);
  return {
    body: entry.tag,
    betas: same(person.betas, rest.betas),
    expression: same(person.expression, rest.expression),
    theta: entry.joints.map((joint, n) => person.theta[old.joints.indexOf(joint)] ?? rest.theta[n]),
  };
}

/** A pose by the turns of some joints; the others rest. */
export function thetaOf(turns, joints) {
  return joints.map((joint) => turns[joint] ?? [0, 0, 0]);
}

/** Whether two poses turn every joint alike; by its matrix, for half a turn can be written with either sign. */
export function sameTheta(one, other) {
  return one.every((turn, joint) => {
    const its = matrixFromAxisAngle(other[joint]);
    return matrixFromAxisAngle(turn).every((value, n) => Math.abs(value - its[n]) < LINKED_RAD);
  });
}

/** What a mirror shows: left and right change places, and turns about y and z their sense. */
export function mirroredTheta(theta, joints) {
  const other = { left: "right", right: "left" };
  const twin = (joint) => joints.indexOf(joint.split(" ").map((word) => other[word] ?? word).join(" "));
  return joints.map((joint) => {
    const [x, y, z] = theta[twin(joint)];
    return [x, -y || 0, -z || 0];
  });
}

/** Independent joint angles within what joints can do; hinges bend one way only. */
export function randomTheta({ spread, hinges }, joints) {
  return joints.map((joint) => {
    const turn = (spread[joint] ?? [0, 0, 0]).map((deviation) => within(deviation * normal(), ANGLE_LIMIT));
    const [axis, sign] = hinges[joint] ?? [];
    return turn.map((value, n) => (n === axis ? sign * Math.abs(value) : value));
  });
}

/** Standard normal numbers, none beyond the limit. */
export function randomCoefficients(count, limit) {
  return Array.from({ length: count }, () => within(normal(), limit));
}

/** By how much a movement (config.moves) has been made; null if the body has not all its joints. */
export function amountOf(move, theta, joints) {
  const places = placesOf(move, joints);
  if (!places) return null;
  let along = 0;
  let whole = 0;
  for (const [place, turn] of places) {
    turn.forEach((value, axis) => {
      along += value * theta[place][axis];
      whole += value * value;
    });
  }
  return along / whole;
}

/** The pose with the movement made by this amount, and nothing else changed. */
export function withAmount(move, amount, theta, joints) {
  const step = amount - amountOf(move, theta, joints);
  const next = [...theta];
  for (const [place, turn] of placesOf(move, joints)) {
    next[place] = next[place].map((value, axis) => value + step * turn[axis]);
  }
  return next;
}

function placesOf(move, joints) {
  const places = Object.entries(move.turns).map(([joint, turn]) => [joints.indexOf(joint), turn]);
  return places.every(([place]) => place >= 0) ? places : null;
}

function within(value, limit) {
  return Math.min(Math.max(value, -limit), limit);
}

/** Box and Muller's two uniform numbers to a normal one. */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
