// What the Camera lab shows, and what each control does to it. Nothing here knows a page; states never change.
//
//   state = { camera,                  the perspective camera: the one with a lens; see cameras.js
//             kind,                    the projection that is shaded, the others being outlines
//             scale,                   of the orthographic picture, px per metre; null: it follows f / Tz
//             locked, keep,            f / Tz is kept (dolly zoom); what a new picture size keeps: "lens" | "focal"
//             unit,                    of the focal length: "px" | "mm" | "degrees"
//             outlines, joints, crop,  what else is drawn: { kind: bool }, bool, bool
//             box,                     the crop's square: { center_px: [x, y], side_px }
//             through }                whose camera is looked through: { name, before: the visitor's own }, or null

import { asKind, focalFromDegrees, focalFromMm, focalMm, fovDegrees, withFocal } from "./cameras.js";
import { clamped } from "./controls.js";

export const LIMITS = {
  tz: [0.4, 20],
  aside: [-2, 2],
  mm: [4, 1200], // 35 mm equivalent: a 150 degree fisheye to the longest telephoto
  scale: [10, 4000],
  side: [64, 8192],
};
const START_SIZE_HW = [720, 960];
const START_MM = 26; // a phone's usual lens
const START_TZ_M = 2;

/** How a focal length is written: its slider's label and limits, and the way there and back. */
export const LENS_UNITS = {
  px: { label: "Focal length f", unit: "px", step: 1, log: true, of: ({ focal_px }) => focal_px, focal: (px) => px },
  mm: { label: "f, 35 mm equivalent", unit: "mm", step: 0.1, log: true, of: focalMm, focal: focalFromMm },
  degrees: { label: "Field of view, vertical", unit: "°", step: 0.1, log: false, of: fovDegrees, focal: focalFromDegrees },
};

export function firstState(size_hw = START_SIZE_HW) {
  const [height, width] = size_hw;
  const camera = { kind: "perspective", focal_px: focalFromMm(START_MM, size_hw), center_px: [width / 2, height / 2],
    size_hw, t_camera_body_m: [0, 0, START_TZ_M] };
  return { camera, kind: "perspective", scale: null, locked: false, keep: "lens", unit: "mm", joints: false, crop: false,
    outlines: { perspective: true, weak: true, orthographic: true },
    box: { center_px: [width / 2, height / 2], side_px: Math.min(height, width) }, through: null };
}

/** A picture taken by somebody else: its camera, and its limits if they are wider than the lab's own. */
export function stateOfCamera(state, camera) {
  const lens = camera.kind === "orthographic" ? asKind(camera, "perspective") : { ...camera, kind: "perspective" };
  return { ...state, camera: lens, kind: camera.kind, scale: camera.kind === "orthographic" ? camera.focal_px : null, through: null };
}

/** Look through a method's camera; the visitor's own is kept to compare with and to come back to. */
export function throughCamera(state, name, camera) {
  const { camera: own, kind, limits } = state;
  const before = state.through?.before ?? { camera: own, kind, limits };
  return { ...state, camera, kind: "perspective", limits: limitsAround(camera), through: { name, before } };
}

export function backFromThrough(state) {
  return state.through ? { ...state, ...state.through.before, through: null } : state;
}

/** The camera that the methods are compared with. */
export function ownCamera({ camera, through }) {
  return through?.before.camera ?? camera;
}

/** Whoever changes camera, scale or body while looking through a method's camera makes it their own. The crop is one of
 *  the own picture: the method answers to it anew. */
export function afterChange(before, after) {
  const moved = ["camera", "scale", "body"].some((name) => after[name] !== before[name]);
  const stays = after.through && (after.through !== before.through || !moved);
  return { ...after, through: stays ? after.through : null };
}

/** Limits that take in a camera, however far away or long it is. */
export function limitsAround(given) {
  const camera = asKind(given, "perspective");
  const reach = ([low, high], value) => [Math.min(low, value), Math.max(high, value)];
  return { ...LIMITS, tz: reach(LIMITS.tz, camera.t_camera_body_m[2]), mm: reach(LIMITS.mm, focalMm(camera)),
    scale: reach(LIMITS.scale, asKind(camera, "orthographic").focal_px),
    aside: camera.t_camera_body_m.slice(0, 2).reduce((range, value) => reach(range, value), LIMITS.aside) };
}

export function focalLimits(size_hw, limits = LIMITS) {
  return limits.mm.map((mm) => focalFromMm(mm, size_hw));
}

/** The state's camera under one of the projections. */
export function cameraOf({ camera, scale }, kind) {
  const same = asKind(camera, kind);
  return kind === "orthographic" && scale !== null ? { ...same, focal_px: scale } : same;
}

export function withTz(state, tz_m, limits = LIMITS) {
  const { camera } = state;
  const [tx, ty, before] = camera.t_camera_body_m;
  const tz = clamped(tz_m, ...limits.tz);
  if (!state.locked) return { ...state, camera: { ...camera, t_camera_body_m: [tx, ty, tz] } };
  const focal_px = clamped((camera.focal_px * tz) / before, ...focalLimits(camera.size_hw, limits));
  return { ...state, camera: withFocal(camera, focal_px, true) };
}

export function withFocalPx(state, asked_px, limits = LIMITS) {
  const { camera } = state;
  const focal_px = clamped(asked_px, ...focalLimits(camera.size_hw, limits));
  if (!state.locked) return { ...state, camera: withFocal(camera, focal_px) };
  const before = camera.t_camera_body_m[2];
  const tz = clamped((before * focal_px) / camera.focal_px, ...limits.tz);
  return { ...state, camera: withFocal(camera, (camera.focal_px * tz) / before, true) };
}

/** Move the body to the right (axis 0) or down (axis 1). */
export function withAside(state, axis, value_m, limits = LIMITS) {
  const t = [...state.camera.t_camera_body_m];
  t[axis] = clamped(value_m, ...limits.aside);
  return { ...state, camera: { ...state.camera, t_camera_body_m: t } };
}

/** Put the middle of points (camera's axes, about the body's origin) on the optical axis. */
export function centred(state, points, limits = LIMITS) {
  const count = points.length / 3;
  const middle = (axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let n = axis * count; n < (axis + 1) * count; n++) [low, high] = [Math.min(low, points[n]), Math.max(high, points[n])];
    return (low + high) / 2;
  };
  return [0, 1].reduce((moved, axis) => withAside(moved, axis, -middle(axis), limits), state);
}

/** Another size of picture. "lens" keeps the 35 mm equivalent, so f in pixels follows the longer side; "focal" keeps
 *  f in pixels, so a larger picture sees more. Principal point and crop stay where they are relative to the picture. */
export function withSize(state, size_hw) {
  const { camera, box } = state;
  const size = size_hw.map((side) => Math.round(clamped(side, ...LIMITS.side)));
  const grown = Math.max(...size) / Math.max(...camera.size_hw);
  const moved = ([x, y]) => [(x * size[1]) / camera.size_hw[1], (y * size[0]) / camera.size_hw[0]];
  const factor = state.keep === "lens" ? grown : 1;
  return { ...state, camera: { ...camera, size_hw: size, center_px: moved(camera.center_px), focal_px: camera.focal_px * factor },
    scale: state.scale === null ? null : clamped(state.scale * factor, ...LIMITS.scale),
    box: { center_px: moved(box.center_px), side_px: clamped(box.side_px * grown, ...boxLimits(size)) } };
}

export function withScale(state, scale, limits = LIMITS) {
  return { ...state, scale: scale === null ? null : clamped(scale, ...limits.scale) };
}

export function withBox(state, { center_px: [x, y], side_px }) {
  const [height, width] = state.camera.size_hw;
  const side = clamped(side_px, ...boxLimits([height, width]));
  return { ...state, box: { center_px: [clamped(x, 0, width), clamped(y, 0, height)], side_px: side } };
}

/** Sides of a crop, which may reach beyond its picture. */
export function boxLimits(size_hw) {
  return [16, 2 * Math.max(...size_hw)];
}

/** A crop around the body as most methods cut it: its box in the picture, made square, 1.2 times as large. */
export function boxAround(pixels, margin = 1.2) {
  const count = pixels.length / 2;
  const range = (axis) => {
    const values = pixels.subarray(axis * count, (axis + 1) * count);
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  };
  const [[left, right], [top, bottom]] = [range(0), range(1)];
  return { center_px: [(left + right) / 2, (top + bottom) / 2], side_px: margin * Math.max(right - left, bottom - top) };
}

/** A camera that came from outside; throws what is wrong with it. */
export function checkedCamera(camera) {
  const numbers = [camera?.focal_px, ...(camera?.center_px ?? []), ...(camera?.size_hw ?? []), ...(camera?.t_camera_body_m ?? [])];
  const finite = numbers.length === 8 && numbers.every((value) => Number.isFinite(value));
  if (!finite || !["perspective", "weak", "orthographic"].includes(camera.kind)) {
    throw new Error("a camera has a kind, focal_px, center_px (2), size_hw (2) and t_camera_body_m (3), all finite numbers.");
  }
  const positive = [camera.focal_px, ...camera.size_hw, camera.t_camera_body_m[2]];
  if (positive.some((value) => !(value > 0))) throw new Error("a camera's focal length, picture size and Tz are positive.");
  return camera;
}
