// Bodies that labs pose, whoever does the work: this browser, or Python for those that a browser must not have.
//
//   const body = await openBody(entry, host);        entry: one of the configuration's bodies
//   await body.stages(person)     { template, shaped, corrected, skinned, restJoints, joints }
//   await body.pose(person)       { vertices, joints }
//   body.tag, body.mesh { corners: [i, j, k], parents, joints: names }, body.keypoints { name: vertex }
//   body.weightsOf(joint)         Float32Array per vertex, 0 to 1
//   body.parts                    per vertex the joint it follows most
//   body.regressor                per joint [vertex, weight] of all that it is computed from, or null
//   body.hands                    [left, right] { mean, components }, or null
//   body.exact                    false where weightsOf only knows parts: a licensed body's weights stay in Python
//
// A person is { body: tag, betas, expression, theta }. Points are Float32Arrays in metres, in the body model's axes,
// all x before all y before all z.

import { loadBody } from "./body_model.js";
import { bytesOf } from "./world_bodies.js";

const STAGE_NAMES = ["template", "shaped", "corrected", "skinned"];
const servedMeshes = new WeakMap(); // by host, then tag

export async function openBody(entry, host) {
  return entry.file ? sentBody(entry, await loadBody(entry.file, host)) : servedBody(entry, host);
}

/** Posed by this browser. */
function sentBody({ tag }, model) {
  const { mesh, keypoints, regressor, hands, parts } = model;
  return { tag, mesh, keypoints, regressor, hands, parts, exact: true,
    stages: async (person) => model.stages(person),
    pose: async (person) => model.pose(person),
    weightsOf: (joint) => model.weightsOf(joint) };
}

/** Posed by Python, which sends vertices. */
async function servedBody({ tag }, host) {
  const { mesh, keypoints, parts } = await servedMesh(tag, host);
  const ask = async (person, stages) => {
    const { betas, expression, theta } = person;
    const sent = await host.call("skin_stages", { body: tag, betas, expression, theta, stages });
    const points = stages.map((stage) => [stage, fromSteps(sent[stage])]);
    return { ...Object.fromEntries(points), restJoints: Float32Array.from(sent.restJoints), joints: Float32Array.from(sent.joints) };
  };
  return { tag, mesh, keypoints, parts, regressor: null, hands: null, exact: false,
    stages: (person) => ask(person, STAGE_NAMES),
    async pose(person) {
      const { skinned, joints } = await ask(person, ["skinned"]);
      return { vertices: skinned, joints };
    },
    weightsOf: (joint) => Float32Array.from(parts, (part) => Number(part === joint)) };
}

function servedMesh(tag, host) {
  if (!servedMeshes.has(host)) servedMeshes.set(host, new Map());
  const known = servedMeshes.get(host);
  if (!known.has(tag)) {
    const mesh = host.call("body_mesh", tag).then(({ faces, parts, parents, joints, keypoints }) => {
      const flat = new Uint32Array(bytesOf(faces));
      const count = flat.length / 3;
      const corners = [0, 1, 2].map((n) => flat.subarray(n * count, (n + 1) * count));
      return { mesh: { corners, parents, joints }, keypoints, parts: new Uint16Array(bytesOf(parts)) };
    });
    mesh.catch(() => known.delete(tag)); // the next change tries again
    known.set(tag, mesh);
  }
  return known.get(tag);
}

/** 16-bit steps from the lowest corner to metres. */
export function fromSteps({ points, low, step }) {
  const steps = new Uint16Array(bytesOf(points));
  const count = steps.length / 3;
  return Float32Array.from(steps, (value, n) => low[Math.floor(n / count)] + step[Math.floor(n / count)] * value);
}
