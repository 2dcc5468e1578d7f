// What of a body can be looked at closely: balls around its face, hands, feet and chosen joint. Skins are those of
// world_bodies.js.

export const WHOLE = "whole body";
export const CHOSEN = "chosen joint";
export const CLOSE_UPS = ["face", "left hand", "right hand", "feet", CHOSEN];
const FINGERS = /index|middle|ring|pinky|thumb|hand/;
const FLESH_M = 0.03; // around bones
const FACE_M = { above: 0.03, radius: 0.16 }; // from the head's joint, which is where it nods
const JOINT_M = 0.18;

/** Whether a joint and its bone are too small for marks of the usual size. */
export function isFine(name) {
  return /\d$/.test(name) ? FINGERS.test(name) : /eye|jaw/.test(name);
}

/** The ball { center, radius } in the skin's axes, m; null if the body has no such part. */
export function closeUp(name, { joints, mesh }, selected) {
  const joint = (its) => joints[mesh.joints.indexOf(its)];
  if (name === CHOSEN) return joints[selected] ? { center: joints[selected], radius: JOINT_M } : null;
  if (name === "face") return joint("head") && joint("neck") ? faceBall(joint("head"), joint("neck")) : null;
  const [side] = name.split(" ");
  const belongs = name === "feet" ? (its) => /ankle|foot/.test(its)
    : (its) => its.startsWith(side) && (its.endsWith("wrist") || FINGERS.test(its));
  return ballAround(mesh.joints.flatMap((its, n) => (belongs(its) ? [n] : [])), joints, mesh.parents);
}

function faceBall(head, neck) {
  const length = Math.hypot(...head.map((value, axis) => value - neck[axis])) || 1;
  const center = head.map((value, axis) => value + (FACE_M.above * (value - neck[axis])) / length);
  return { center, radius: FACE_M.radius };
}

/** Around some joints and, beyond the last ones, tips as far away as the joint before. */
function ballAround(places, joints, parents) {
  if (!places.length) return null;
  const last = places.filter((place) => !parents.includes(place));
  const tips = last.map((place) => joints[place].map((value, axis) => 2 * value - joints[parents[place]][axis]));
  const points = [...places.map((place) => joints[place]), ...tips];
  const center = [0, 1, 2].map((axis) => {
    const values = points.map((point) => point[axis]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  });
  const reach = points.map((point) => Math.hypot(...point.map((value, axis) => value - center[axis])));
  return { center, radius: Math.max(...reach) + FLESH_M };
}
