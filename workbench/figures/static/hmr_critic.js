// The prior's joint factors, small enough for a browser: what bends is judged while it bends. The whole pose and the
// shape are Python's. The Python twin is workbench/networks/discriminator.py; a test holds both to the same scores.
//
//   jointScores(critic, theta)     critic: { shared: [layer, layer], joints: layer }, layer: { weight: rows, bias }

import { matrixFromAxisAngle } from "./rotations.js";

/** One score per joint but the root: layers that all joints share, then a row of the joint's own. */
export function jointScores({ shared, joints }, theta) {
  return joints.bias.map((bias, n) => {
    const seen = shared.reduce(bentLayer, matrixFromAxisAngle(theta[n + 1]));
    return bias + weighted(joints.weight[n], seen);
  });
}

/** A linear layer with ReLU. */
function bentLayer(input, { weight, bias }) {
  return bias.map((start, n) => Math.max(0, start + weighted(weight[n], input)));
}

function weighted(weights, values) {
  return weights.reduce((sum, weight, n) => sum + weight * values[n], 0);
}
