// The Body lab's pose controls: presets, a joint, its three angles, and its rotation in every notation.

import { button, details, radio, row, section, select, slider, table, withMinus } from "./controls.js";
import { node } from "./dom.js";
import { mirroredTheta, randomTheta, restPerson, sameTheta, thetaOf } from "./person.js";
import {
  EULER_ORDER, axisAngleFromMatrix, eulerFromMatrix, matrixFromAxisAngle, matrixFromEuler, sixFromMatrix,
} from "./rotations.js";

const ABOUT = "Relative to the parent joint. θ holds the axis-angle vector; networks often predict 6D, which has no jumps.";
const OWN_POSE = "own pose";
const DEGREE = Math.PI / 180;
const WAYS = [["axis-angle θ", "axis"], ["Euler XYZ", "euler"]];
const SAME_RAD = 1e-6;

/** `entry()` is the shown body's; `view` keeps the chosen joint; `name` begins the ids of the controls. */
export function createPosePart(config, store, view, entry, name = "body") {
  let way = "axis";
  let euler = [0, 0, 0]; // as the sliders stand: the same rotation can have other angles
  const pose = (theta) => store.set({ theta });
  const presets = select({ label: "Pose", id: `${name}-preset`, value: OWN_POSE, onChange: choosePreset,
    options: [[OWN_POSE, OWN_POSE], ...Object.keys(config.presets).map((preset) => [preset, preset])] });
  const buttons = row(
    button({ text: "Random pose", id: `${name}-random-pose`,
      onClick: () => pose(randomTheta(config.random, entry().joints)) }).element,
    button({ text: "Mirror", id: `${name}-mirror`, title: "Swap left and right",
      onClick: () => pose(mirroredTheta(store.get().theta, entry().joints)) }).element,
    button({ text: "Rest pose", id: `${name}-rest-pose`, onClick: () => pose(restPerson(entry()).theta) }).element);
  const joint = select({ label: "Joint (or click one in the view)", id: `${name}-joint`, options: [], value: 0,
    onChange: (chosen) => view.set({ joint: chosen }) });
  const ways = radio({ label: "The sliders show", id: `${name}-way`, options: WAYS, value: way, onChange: (chosen) => {
    way = chosen;
    show(store.get(), view.get());
  } });
  const angles = ["x", "y", "z"].map((axis, n) => slider({ label: `about ${axis}`, unit: "°", min: -180, max: 180, step: 1,
    digits: 1, value: 0, id: `${name}-angle-${axis}`, onInput: (degrees) => turn(n, degrees * DEGREE) }));
  const numbers = table({ head: ["written as", "numbers"], id: `${name}-rotation` });
  const element = section("Pose θ", presets.element, buttons, joint.element, ways.element, ...angles.map((angle) => angle.element),
    details("This rotation in numbers", numbers.element,
      node("p", { className: "hmr-quiet", textContent: ABOUT })));

  function choosePreset(name) {
    if (name === OWN_POSE) presets.set(current(store.get()));
    else pose(thetaOf(config.presets[name], entry().joints));
  }

  function current({ theta }) {
    const { joints } = entry();
    return Object.keys(config.presets).find((name) => sameTheta(theta, thetaOf(config.presets[name], joints))) ?? OWN_POSE;
  }

  function turn(axis, angle) {
    const { theta } = store.get();
    const { joint: chosen } = view.get();
    const put = (values) => values.map((value, n) => (n === axis ? angle : value));
    if (way === "euler") euler = put(euler);
    const turned = way === "euler" ? axisAngleFromMatrix(matrixFromEuler(euler)) : put(theta[chosen]);
    store.set({ theta: theta.map((old, n) => (n === chosen ? turned : old)) }, { key: `turn ${chosen} ${way} ${axis}` });
  }

  function show(person, { joint: chosen }) {
    presets.set(current(person));
    joint.set(chosen);
    const vector = person.theta[chosen];
    const matrix = matrixFromAxisAngle(vector);
    const stale = matrixFromEuler(euler).some((value, n) => Math.abs(value - matrix[n]) > SAME_RAD);
    if (stale) euler = eulerFromMatrix(matrix);
    (way === "euler" ? euler : vector).forEach((angle, n) => angles[n].set(Number((angle / DEGREE).toFixed(3))));
    numbers.set(notations(vector, euler, matrix));
  }

  function renew({ joints }) {
    joint.choices(joints.map((name, n) => [name, n]), view.get().joint);
  }

  return { element, show, renew };
}

/** One rotation in every notation, as rows of a table. */
function notations(vector, euler, matrix) {
  const mono = (...lines) => node("span", { className: "hmr-mono",
    textContent: lines.map((line) => line.map(threeDecimals).join(" ")).join("\n") });
  const angle = Math.hypot(...vector);
  const axis = vector.map((value) => (angle > SAME_RAD ? value / angle : 0));
  const degrees = (values) => values.map((value) => value / DEGREE);
  return [
    ["axis-angle, rad", mono(vector)],
    [`axis, and ${(angle / DEGREE).toFixed(1)}° about it`, mono(axis)],
    [`${EULER_ORDER}, °`, mono(degrees(euler))],
    ["6D: columns 1 and 2 of the matrix", mono(sixFromMatrix(matrix).slice(0, 3), sixFromMatrix(matrix).slice(3))],
    ["matrix", mono(matrix.slice(0, 3), matrix.slice(3, 6), matrix.slice(6))],
  ];
}

/** Three decimals, as wide with a sign as without. */
function threeDecimals(value) {
  const text = (Math.abs(value) < 5e-4 ? 0 : value).toFixed(3);
  return withMinus(text).padStart(8);
}
