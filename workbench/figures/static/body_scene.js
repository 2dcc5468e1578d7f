// What the Body lab draws: one stage of the body or all four, coloured by what is asked for.

import { maxAndMean, offsetsMm } from "./body_facts.js";
import { partColors } from "./world_traces.js";

/** SMPL's stages, in order; `text` says what each adds. */
export const BODY_STAGES = [
  { key: "template", name: "a · template", formula: "T̄, W",
    text: "The mean body in rest pose, with skinning weights that say which joints each vertex follows." },
  { key: "shaped", name: "b · shape", formula: "T̄ + B_S(β), J(β)",
    text: "Shape (and expression) directions times β are added; the joints move along: J(β) is regressed from the shaped vertices." },
  { key: "corrected", name: "c · pose correctives", formula: "T̄ + B_S(β) + B_P(θ)",
    text: "Each joint's rotation adds its own correction, still in rest pose: it only fits once the body is bent." },
  { key: "skinned", name: "d · skinned", formula: "W(…, J(β), θ)",
    text: "Linear blend skinning: every vertex follows the weighted mean of its joints' rotations and places." },
];

export const COLORINGS = [
  ["plain", "plain"],
  ["body part", "part"],
  ["skinning weight of the joint", "weight"],
  ["offset of the stage, mm", "offset"],
  ["joint regressor: vertices of the joint", "regressor"],
  ["difference to the kept body, mm", "difference"],
];

const SEVERAL = "all";
const CAPTION_M = 0.06; // above a stage's body
const BETWEEN_M = [0.1, 0.35]; // bodies beside each other, and above each other with a caption between
const STEP_M = 0.25; // of the distances, or all four would move with every slider
const FILLED = 1.13; // how much larger they are than a body with room around it

/** The world for body_view.js. `made` has the body, its entry, the stages of the person and of the rest; so has `kept`,
 *  the body to compare with, or it is null. */
export function bodyWorld(made, looks) {
  const { stage, joint } = looks;
  const several = stage === SEVERAL;
  const places = several ? cellsOf(BODY_STAGES.map(({ key }) => made.stages[key])) : [[0, 0]];
  const shown = several ? BODY_STAGES : BODY_STAGES.filter(({ key }) => key === stage);
  const bodies = shown.map(({ key, name }, n) => {
    const [right, up] = places[n];
    return { name: several ? name : "body", mesh: made.body.mesh, points: made.stages[key], joints: jointsAt(made, key),
      shift: [right, up, 0], selected: several && key !== "skinned" ? undefined : joint, values: coloringOf(made, key, looks, several) };
  });
  const caption = ({ name, points, shift: [right, up] }) => ({ at: [right, 0, up + farthest(points, 1, 1) + CAPTION_M], text: name });
  const texts = several ? bodies.map(caption) : [];
  return { bodies, texts, floor: !several, focus: bodies.length - 1, fill: several ? FILLED : 1 };
}

/** Two above two, as close as they can stand: right and up, m. */
function cellsOf(stages) {
  const most = (which, axis, sense) => Math.max(...which.map((n) => farthest(stages[n], axis, sense)));
  const apart = (axis, before, after) => {
    const room = most(before, axis, 1) + most(after, axis, -1) + BETWEEN_M[axis];
    return (Math.ceil(room / STEP_M) * STEP_M) / 2;
  };
  const [aside, above] = [apart(0, [0, 2], [1, 3]), apart(1, [2, 3], [0, 1])];
  return [[-aside, above], [aside, above], [-aside, -above], [aside, -above]];
}

/** How far points reach along an axis, in its direction (sense 1) or against it (-1). */
function farthest(points, axis, sense) {
  const count = points.length / 3;
  return points.subarray(axis * count, (axis + 1) * count).reduce((most, value) => Math.max(most, sense * value), -Infinity);
}

/** Per stage the largest and mean way its vertices and joints go, mm. */
export function stageNumbers(made) {
  return BODY_STAGES.slice(1).map(({ key, name }, n) => {
    const before = BODY_STAGES[n].key;
    return { name, vertices: maxAndMean(offsetsMm(made.stages[before], made.stages[key])),
      joints: maxAndMean(offsetsMm(jointsAt(made, before), jointsAt(made, key))) };
  });
}

/** Of the posed person from the kept one, mm: vertices { max, mean } and joints; null if their meshes differ. */
export function differences(made, kept) {
  if (!comparable(made, kept)) return null;
  return { vertices: maxAndMean(offsetsMm(kept.stages.skinned, made.stages.skinned)),
    joints: maxAndMean(offsetsMm(kept.stages.joints, made.stages.joints)) };
}

/** Whether the same vertex means the same place: the triangles are the same. */
export function comparable({ body }, kept) {
  if (!kept || kept.body === body) return Boolean(kept);
  const same = (corner, n) => corner.length === kept.body.mesh.corners[n].length
    && corner.every((vertex, place) => vertex === kept.body.mesh.corners[n][place]);
  return body.parts.length === kept.body.parts.length && body.mesh.corners.every(same);
}

/** The vertices that a joint is computed from, the heaviest first; null if the body does not tell. */
export function regressorRows({ regressor }, joint) {
  return regressor && [...regressor[joint]].sort((one, other) => other[1] - one[1]);
}

function jointsAt({ stages, rest }, key) {
  return { template: rest.restJoints, skinned: stages.joints }[key] ?? stages.restJoints;
}

/** What body_view.js colours the vertices by; undefined is one colour for all. */
function coloringOf(made, key, { coloring, joint, kept }, several) {
  const { body, entry } = made;
  const name = entry.joints[joint];
  if (coloring === "part") {
    return { of: body.parts, title: "body part", colors: partColors(entry.joints.length), names: entry.joints };
  }
  if (coloring === "weight") {
    const title = body.exact ? `weight of the ${name}` : `main joint: ${name}`;
    return { of: body.weightsOf(joint), low: 0, high: 1, title, unit: "" };
  }
  if (coloring === "offset") return offsetValues(made, key, several);
  if (coloring === "difference" && comparable(made, kept)) {
    const of = offsetsMm(kept.stages[key], made.stages[key]);
    const { max } = maxAndMean(several ? offsetsMm(kept.stages.skinned, made.stages.skinned) : of);
    return { of, low: 0, high: max || 1, title: "difference to the kept body", unit: "mm" };
  }
  if (coloring === "regressor" && body.regressor) {
    const of = spots(body.regressor[joint], body);
    return { of, low: 0, high: maxAndMean(of).max, title: `weight in the ${name}`, unit: "" };
  }
  return undefined;
}

/** A few vertices' weights, given to their neighbours too: single vertices are too small to see. */
function spots(rows, { parts, mesh: { corners: [i, j, k] } }) {
  const weights = new Float32Array(parts.length);
  for (const [vertex, weight] of rows) weights[vertex] = weight;
  const of = Float32Array.from(weights);
  for (let n = 0; n < i.length; n++) {
    const most = Math.max(weights[i[n]], weights[j[n]], weights[k[n]]);
    for (const vertex of [i[n], j[n], k[n]]) of[vertex] = Math.max(of[vertex], most);
  }
  return of;
}

/** How far the stage moved each vertex; where several are shown, each on its own scale. */
function offsetValues({ stages }, key, several) {
  const place = BODY_STAGES.findIndex((stage) => stage.key === key);
  const of = offsetsMm(stages[BODY_STAGES[Math.max(place - 1, 0)].key], stages[key]);
  const high = maxAndMean(of).max || 1;
  if (!several) return { of, low: 0, high, title: "offset of the stage", unit: "mm" };
  return { of: of.map((value) => (100 * value) / high), low: 0, high: 100, title: "offset, in % of each stage's largest", unit: "%" };
}
