// What the HMR lab's two views draw: the guess over what the network saw, and the guess in 3D, coloured by what the prior
// objects to.

export const GUESS_COLOR = "#8fb4d6";
export const FOUND_LANDMARK = "#facc15"; // as in photo_view.js
const RESIDUAL_LINE = "#e11d48";
const TRUE_COLOR = "#10b981";
const WINDOW_COLOR = "#f59e0b";
const VISIBLE_FROM = 0.5;
const BESIDE_M = 1.1;
const OBJECTS_BELOW = 0.4;

/** How much a factor objects: 0 where the critic cannot tell, about ½, and a little below; 1 at a score of 0. */
export function objection(score) {
  return Math.min(Math.max(1 - score / OBJECTS_BELOW, 0), 1);
}

/** Whether a factor objects: wherever its bar is not empty. */
export function objects(score) {
  return objection(score) > 0;
}

/** What image_plane.js draws: the body, the landmarks that were found, and how far the body's are from them. */
export function guessPicture({ picture, found, window, steps }, { step, verdict }, posed, truth) {
  const { camera } = steps[step];
  const { corners } = posed.mesh;
  const layers = [{ vertices: posed.vertices, corners, camera, color: GUESS_COLOR, style: "shaded", opacity: 0.85 }];
  if (truth) layers.push({ vertices: truth.vertices, corners, camera: truth.camera, color: TRUE_COLOR, style: "outline" });
  const [left, top, right, bottom] = window;
  const edges = [[left, top], [right, top], [right, bottom], [left, bottom]];
  const frame = edges.map((from, n) => ({ from, to: edges[(n + 1) % 4], color: WINDOW_COLOR, width: 1.5 }));
  const pairs = found.map(([x, y, visible], n) => ({ at: [x, y], to: verdict.landmarks[n], visible }));
  const seen = pairs.filter(({ visible }) => visible > VISIBLE_FROM);
  return { size: [picture.size, picture.size], background: { url: picture.url }, layers,
    segments: [...frame, ...seen.map(({ at, to }) => ({ from: at, to, color: RESIDUAL_LINE, width: 1.5 }))],
    marks: seen.map(({ at }) => ({ at, color: FOUND_LANDMARK, size: 3 })),
    description: `${steps[step].name}, laid over what the network saw of the person${truth ? ", with the outline of the truth" : ""}` };
}

/** What body_view.js draws: the guess about its pelvis, and the truth beside it. */
export function guessWorld({ factors }, { verdict }, posed, truth, { objections, joint }) {
  const values = objections ? { of: objectionsOnSkin(factors, verdict.scores, posed.parts), low: 0, high: 1,
    title: "objection", unit: "" } : undefined;
  const bodies = [{ name: "guess", points: posed.vertices, joints: posed.joints, mesh: posed.mesh, frame: "camera",
    shift: toOrigin(posed), color: GUESS_COLOR, selected: joint, values }];
  if (truth) {
    const [x, y, z] = toOrigin(truth);
    bodies.push({ name: "truth", points: truth.vertices, joints: truth.joints, mesh: posed.mesh, frame: "camera",
      shift: [x + BESIDE_M, y, z], color: TRUE_COLOR });
  }
  return { bodies, floor: true, focus: 0 };
}

/** Moves a body's pelvis into the origin. */
function toOrigin({ joints }) {
  const count = joints.length / 3;
  return [0, 1, 2].map((axis) => -joints[axis * count]);
}

/** Per vertex what the factor of its main joint says; the root has none, and nothing is said there. */
function objectionsOnSkin(factors, scores, parts) {
  const most = Math.max(...factors.map(({ joint }) => joint ?? 0));
  const ofJoint = new Float32Array(most + 1);
  factors.forEach(({ joint }, n) => { if (joint !== null) ofJoint[joint] = objection(scores[n]); });
  return Float32Array.from(parts, (joint) => ofJoint[joint]);
}
