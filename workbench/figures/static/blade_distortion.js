// How perspective distorts a body: what is nearer to the lens than the pelvis is seen larger than weak perspective has it,
// what is farther smaller, by the factor Tz / z. It depends on the distance alone, and vanishes as it grows.
//
//   distortionPct(points, pelvisZ, tz)      per vertex, in percent
//   distortionWorld(posed, tz)              what body_view.js draws
//   distortionWords(posed, tz, joints)

const LIMIT_PCT = 30; // where colours end
const FEW_PCT = 2; // nobody sees less
const DIVERGING = [[0, "#2166ac"], [0.25, "#92c5de"], [0.5, "#f2f2f0"], [0.75, "#f4a582"], [1, "#b2182b"]];

/** 100 (Tz / z - 1), z being the depth of each vertex before the lens. */
export function distortionPct(points, pelvisZ, tz) {
  const count = points.length / 3;
  return Float32Array.from({ length: count }, (_, n) => 100 * (tz / Math.max(points[2 * count + n] - pelvisZ + tz, 1e-3) - 1));
}

export function distortionWorld(posed, tz) {
  const count = posed.joints.length / 3;
  const pelvis = [0, 1, 2].map((axis) => posed.joints[axis * count]);
  const values = { of: distortionPct(posed.vertices, pelvis[2], tz), low: -LIMIT_PCT, high: LIMIT_PCT, stops: DIVERGING,
    title: "seen smaller or larger than in weak perspective", unit: "%" };
  return { bodies: [{ name: "body", points: posed.vertices, joints: posed.joints, mesh: posed.mesh, frame: "camera",
    shift: pelvis.map((place) => -place), values }], floor: true, focus: 0,
  description: `The body, coloured by how much larger or smaller its parts are seen at ${tz.toFixed(2)} m than in weak perspective` };
}

export function distortionWords({ vertices, joints, parts, mesh }, tz) {
  const values = distortionPct(vertices, joints[(2 * joints.length) / 3], tz);
  let [least, most] = [0, 0];
  values.forEach((value, n) => {
    if (value < values[least]) least = n;
    if (value > values[most]) most = n;
  });
  const named = (vertex) => mesh.joints[parts[vertex]];
  const numbers = `The nearest part, by the ${named(most)}, is seen ${values[most].toFixed(0)} % larger than in weak perspective, the farthest, by the `
    + `${named(least)}, ${(-values[least]).toFixed(0)} % smaller.`;
  const judged = values[most] - values[least] < 2 * FEW_PCT
    ? " That is next to nothing: from here on a mask cannot tell one distance from another."
    : " Double the distance, and it is half as much or less.";
  return numbers + judged;
}
