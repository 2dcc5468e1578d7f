// A body model that poses itself in the browser: shape, expression, pose correctives, linear blend skinning.
//
//   const body = await loadBody(name, host);         what workbench/figures/browser_body.py packed
//   body.pose({ betas, expression, theta })          { vertices, joints }
//   body.stages({ betas, expression, theta })        all four stages: template, shaped, corrected, skinned
//   body.mesh                                        { corners: [i, j, k], parents, joints: names }
//
// betas and expression in standard deviations (missing ones are zero), theta one axis-angle vector in radians per
// joint. All points are Float32Arrays in metres, in the body model's axes, all x before all y before all z. The
// Python twin is workbench/body/model.py; a browser test holds both to the same vertices.

import { matrixFromAxisAngle, matrixProduct } from "./rotations.js";

const TYPES = { f4: Float32Array, i2: Int16Array, u2: Uint16Array, u1: Uint8Array };
const bodies = new Map(); // by the file's name, shared by all views of the page

export function loadBody(name, host) {
  if (!bodies.has(name)) {
    const body = host.file(name).then(unzip).then(readBody);
    body.catch(() => bodies.delete(name)); // the next change tries again
    bodies.set(name, body);
  }
  return bodies.get(name);
}

function unzip(packed) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** A body from the unzipped file. */
export function readBody(buffer) {
  const start = 4 + new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, start - 4)));
  const arrays = {};
  let offset = start;
  for (const [name, type, length] of header.arrays) {
    arrays[name] = new TYPES[type](buffer, offset, length);
    offset += arrays[name].byteLength;
  }
  return new Body(header, arrays);
}

class Body {
  constructor(header, arrays) {
    const { topology, licence, parents, keypoints, betas, expressions } = header;
    Object.assign(this, { topology, licence, parents, keypoints, counts: { betas, expressions } });
    this.shapes = arrays.shapes;
    this.shapeSteps = header.shapeSteps;
    this.jointTemplate = arrays.jointTemplate;
    this.jointDirections = arrays.jointDirections;
    this.jointIds = arrays.jointIds;
    this.template = Float32Array.from(arrays.template, (steps) => steps * header.templateStep);
    this.bends = bendsOf(header, arrays);
    this.weights = fractions(arrays.weights, header.vertices);
    this.regressor = regressorOf(header, arrays);
    this.hands = handsOf(arrays);
    this.parts = arrays.jointIds.subarray(0, header.vertices); // the largest weight comes first
    const faces = arrays.faces.length / 3;
    this.mesh = { corners: [0, 1, 2].map((n) => arrays.faces.subarray(n * faces, (n + 1) * faces)),
      parents: header.parents, joints: header.joints };
  }

  /** Skinned vertices, and where the joints went. */
  pose(person) {
    const { skinned, joints } = this.stages(person);
    return { vertices: skinned, joints };
  }

  /** Every stage: how a body is made of the template. */
  stages({ betas, expression = [], theta }) {
    const factors = this.factors(betas, expression);
    const shaped = this.shaped(factors);
    const restJoints = this.restJoints(factors);
    const rotations = theta.map(matrixFromAxisAngle);
    const corrected = this.corrected(shaped, rotations);
    const { transforms, joints } = this.chain(rotations, restJoints);
    const skinned = this.skinned(corrected, transforms);
    return { template: this.template, shaped, corrected, skinned, restJoints, joints };
  }

  /** How much a joint moves each vertex, 0 to 1. */
  weightsOf(joint) {
    const count = this.parts.length;
    const found = new Float32Array(count);
    this.jointIds.forEach((id, n) => { if (id === joint) found[n % count] += this.weights[n]; });
    return found;
  }

  /** One factor per direction: betas, then expression. */
  factors(betas, expression) {
    const of = (values, count) => Array.from({ length: count }, (_, n) => values[n] ?? 0);
    return [...of(betas, this.counts.betas), ...of(expression, this.counts.expressions)];
  }

  /** Template, shape and expression directions. */
  shaped(factors) {
    const points = Float32Array.from(this.template);
    factors.forEach((value, index) => {
      if (value === 0) return;
      const factor = value * this.shapeSteps[index];
      const start = index * points.length;
      for (let n = 0; n < points.length; n++) points[n] += factor * this.shapes[start + n];
    });
    return points;
  }

  /** Where the joints of the shaped body are. */
  restJoints(factors) {
    const rows = Float64Array.from(this.jointTemplate);
    factors.forEach((factor, index) => {
      for (let n = 0; n < rows.length; n++) rows[n] += factor * this.jointDirections[index * rows.length + n];
    });
    const count = this.parents.length;
    return Float32Array.from(rows, (_, n) => rows[3 * (n % count) + Math.floor(n / count)]);
  }

  /** Pose correctives: what each joint's rotation changes about the resting skin. */
  corrected(shaped, rotations) {
    const points = Float32Array.from(shaped);
    const count = points.length / 3;
    this.bends.forEach(({ ids, values, step }, index) => {
      const turn = rotations[index + 1];
      for (let entry = 0; entry < 9; entry++) {
        const factor = (turn[entry] - (entry % 4 === 0 ? 1 : 0)) * step;
        if (factor === 0) continue;
        for (let axis = 0; axis < 3; axis++) {
          const from = (3 * entry + axis) * ids.length;
          const to = axis * count;
          for (let n = 0; n < ids.length; n++) points[to + ids[n]] += factor * values[from + n];
        }
      }
    });
    return points;
  }

  /** Forward kinematics: per joint the 3 x 4 matrix that takes the rest pose along, and where the joint goes. */
  chain(rotations, rest) {
    const count = this.parents.length;
    const joints = new Float32Array(3 * count);
    const transforms = [];
    this.parents.forEach((parent, joint) => {
      const above = transforms[parent];
      const turn = above ? matrixProduct(above, rotations[joint]) : rotations[joint];
      const place = [0, 1, 2].map((axis) => rest[axis * count + joint]);
      const moved = above ? moveBy(above, place) : place;
      const turned = moveBy([...turn, 0, 0, 0], place);
      transforms.push([...turn, ...moved.map((value, axis) => value - turned[axis])]);
      moved.forEach((value, axis) => { joints[axis * count + joint] = value; });
    });
    return { transforms, joints };
  }

  /** Each vertex goes where the weighted mean of its joints' transforms takes it. */
  skinned(points, transforms) {
    const count = points.length / 3;
    const flat = Float64Array.from(transforms.flat());
    const moved = new Float32Array(points.length);
    for (let v = 0; v < count; v++) {
      const x = points[v], y = points[count + v], z = points[2 * count + v];
      let mx = 0, my = 0, mz = 0;
      for (let n = v; n < this.weights.length && this.weights[n] > 0; n += count) {
        const w = this.weights[n];
        const t = 12 * this.jointIds[n];
        mx += w * (flat[t] * x + flat[t + 1] * y + flat[t + 2] * z + flat[t + 9]);
        my += w * (flat[t + 3] * x + flat[t + 4] * y + flat[t + 5] * z + flat[t + 10]);
        mz += w * (flat[t + 6] * x + flat[t + 7] * y + flat[t + 8] * z + flat[t + 11]);
      }
      moved[v] = mx;
      moved[count + v] = my;
      moved[2 * count + v] = mz;
    }
    return moved;
  }
}

/** Per joint but the root: the vertices that it bends, and how far. */
function bendsOf(header, { bent, correctives }) {
  let at = 0;
  return header.bentCounts.map((count) => {
    const ids = bent.slice(at, at + count);
    for (let n = 1; n < count; n++) ids[n] += ids[n - 1]; // stored as distances
    const values = correctives.subarray(27 * at, 27 * (at + count));
    at += count;
    return { ids, values, step: header.poseStep };
  });
}

/** Weights that sum to one again after they were rounded. */
function fractions(steps, count) {
  const sums = new Float64Array(count);
  steps.forEach((value, n) => { sums[n % count] += value; });
  return Float32Array.from(steps, (value, n) => value / sums[n % count]);
}

/** Per joint [vertex, weight] of all that it is computed from; null if the body does not tell. */
function regressorOf(header, { regressorIds, regressorWeights }) {
  let at = 0;
  const rows = header.regressorCounts.map((count) => {
    const row = Array.from({ length: count }, (_, n) => [regressorIds[at + n], regressorWeights[at + n]]);
    at += count;
    return row;
  });
  return rows.length ? rows : null;
}

/** Mean pose of the left and the right hand and its principal components, 15 joints x 3 each, rad; null without. */
function handsOf({ handMeans, handComponents }) {
  if (!handMeans.length) return null;
  const size = handMeans.length / 2;
  const count = handComponents.length / handMeans.length;
  return [0, 1].map((side) => ({
    mean: handMeans.subarray(side * size, (side + 1) * size),
    components: Array.from({ length: count }, (_, n) => handComponents.subarray((side * count + n) * size, (side * count + n + 1) * size)),
  }));
}

function moveBy(t, [x, y, z]) {
  return [0, 1, 2].map((axis) => t[3 * axis] * x + t[3 * axis + 1] * y + t[3 * axis + 2] * z + t[9 + axis]);
}
