// One camera, three projections: the twin of workbench/geometry/camera.py, which is the truth; a test holds both
// to the same numbers.
//
//   camera = { kind, focal_px, center_px: [x, y], size_hw: [h, w], t_camera_body_m: [x, y, z] }
//
//   perspective   x = f (X + Tx) / (Z + Tz) + cx      every point has its own depth
//   weak          x = f (X + Tx) / Tz + cx            one depth for the whole body
//   orthographic  x = f (X + Tx) + cx                 no depth at all: focal_px is read as pixels per metre
//
// Axes are OpenCV's: x right, y down, z forward. Points are all x, then all y, then all z, in metres about the
// body's origin; a picture spans 0..W by 0..H.

export const MIN_DEPTH_M = 1e-3; // a point at or behind the lens has no picture; projected as if this far in front
export const FULL_FRAME_WIDTH_MM = 36;
export const PROJECTIONS = { perspective: "Perspective", weak: "Weak perspective", orthographic: "Orthographic" };

/** Image points: all x, then all y, in pixels. */
export function project(camera, points) {
  const { kind, focal_px: focal, center_px: [cx, cy], t_camera_body_m: [tx, ty, tz] } = camera;
  const count = points.length / 3;
  const pixels = new Float64Array(2 * count);
  const flat = kind === "weak" ? focal / Math.max(tz, MIN_DEPTH_M) : focal;
  for (let n = 0; n < count; n++) {
    const scale = kind === "perspective" ? focal / Math.max(points[2 * count + n] + tz, MIN_DEPTH_M) : flat;
    pixels[n] = scale * (points[n] + tx) + cx;
    pixels[count + n] = scale * (points[count + n] + ty) + cy;
  }
  return pixels;
}

/** The same camera with another projection that keeps the size of things at the body's depth. */
export function asKind(camera, kind) {
  if (kind === camera.kind) return camera;
  const depth = Math.max(camera.t_camera_body_m[2], MIN_DEPTH_M);
  const perLens = camera.kind === "orthographic" ? camera.focal_px * depth : camera.focal_px;
  return { ...camera, kind, focal_px: kind === "orthographic" ? perLens / depth : perLens };
}

/** Another focal length; keepSize moves the body so that f / Tz stays: the dolly zoom. */
export function withFocal(camera, focal_px, keepSize = false) {
  const [tx, ty, tz] = camera.t_camera_body_m;
  if (!keepSize) return { ...camera, focal_px };
  withLens(camera, "a distance that keeps the size");
  return { ...camera, focal_px, t_camera_body_m: [tx, ty, tz * (focal_px / camera.focal_px)] };
}

/** 35 mm equivalent: the lens that sees as much along the longer side of a 36 mm x 24 mm frame. */
export function focalMm(camera) {
  withLens(camera, "a focal length in millimetres");
  return (camera.focal_px * FULL_FRAME_WIDTH_MM) / Math.max(...camera.size_hw);
}

/** 35 mm equivalent focal length to pixels. */
export function focalFromMm(mm, size_hw) {
  return (mm * Math.max(...size_hw)) / FULL_FRAME_WIDTH_MM;
}

/** Vertical field of view in degrees. */
export function fovDegrees(camera) {
  withLens(camera, "a field of view");
  return (360 / Math.PI) * Math.atan(camera.size_hw[0] / (2 * camera.focal_px));
}

/** Vertical field of view in degrees to a focal length in pixels. */
export function focalFromDegrees(degrees, size_hw) {
  return size_hw[0] / (2 * Math.tan((degrees * Math.PI) / 360));
}

/** From the body model's axes (y up, z forward) to a camera's that it faces (y down, z away), or back. */
export function faceCamera(points) {
  const count = points.length / 3;
  return points.map((value, n) => (n < count ? value : -value));
}

function withLens(camera, what) {
  if (camera.kind !== "orthographic") return;
  throw new Error(`An orthographic camera has a scale (${camera.focal_px} px per metre) and no lens, hence not ${what}.`);
}
