// The Camera lab in numbers: what lens this is, how far the projections lie apart, which joints move most.

import { PROJECTIONS, focalMm, fovDegrees, project } from "./cameras.js";
import { cameraOf } from "./camera_state.js";
import { facts, notice, section, table } from "./controls.js";
import { NEAR_M, gaps, meanAndMost } from "./gap.js";

const MOST_JOINTS = 6;
const SAME_PX = 0.05;
const SAME_PART = 1e-6; // of a camera's number

export function createCameraNumbers() {
  const lens = facts("camera-facts");
  const differences = table({ caption: "Gap to the perspective picture, px", head: ["picture", "mean", "largest", "joints", "of height"],
    id: "camera-differences" });
  const remark = notice("camera-remark");
  const joints = table({ head: ["Joint, px", "moves by", "to the right", "down"], id: "camera-joints" });
  const element = section("Differences in the picture", lens.element, differences.element, remark.element);
  const jointsElement = section("Joints that move most, from weak perspective to perspective", joints.element);

  let remarked = "";

  function set(state, { vertices, joints: places, mesh }) {
    const { camera } = state;
    const height_px = pictureHeight(vertices, camera);
    const tz = camera.t_camera_body_m[2];
    lens.set({ "distance Tz": `${tz.toFixed(2)} m`, "focal length": `${camera.focal_px.toFixed(0)} px`,
      "35 mm equivalent": `${focalMm(camera).toFixed(1)} mm`, "field of view, vertical": `${fovDegrees(camera).toFixed(1)}°`,
      "f / Tz": `${(camera.focal_px / tz).toFixed(1)} px/m`, "height × f / Tz": `${height_px.toFixed(0)} px` });
    const found = ["weak", "orthographic"].map((kind) => {
      const other = cameraOf(state, kind);
      return { kind, skin: meanAndMost(gaps(camera, other, vertices)), bones: meanAndMost(gaps(camera, other, places)) };
    });
    differences.set(found.map(({ kind, skin, bones }) => [PROJECTIONS[kind], pixelText(skin.mean), pixelText(skin.most),
      pixelText(bones.mean), `${((100 * skin.mean) / height_px).toFixed(1)} %`]));
    const text = differenceRemarks(state, found, vertices.length / 3);
    if (text !== remarked) remark.set(text); // or it would be read out again and again
    remarked = text;
    joints.set(largestMoves(state, places, mesh.joints));
    return found;
  }

  return { element, jointsElement, set };
}

function differenceRemarks(state, [weak, flat], count) {
  const behind = 1 - weak.skin.count / count;
  if (behind > 0) return `${(100 * behind).toFixed(0)} % of the body is at or behind the lens, cut off the picture and left out here.`;
  const same = Math.abs(weak.skin.mean - flat.skin.mean) < SAME_PX && Math.abs(weak.skin.most - flat.skin.most) < SAME_PX;
  return same && state.scale === null ? "At the scale f / Tz, orthographic and weak perspective are the same picture." : "";
}

function largestMoves(state, places, names) {
  return jointMoves(state, places).map(({ from, to }, joint) => ({ joint, dx: to[0] - from[0], dy: to[1] - from[1] }))
    .filter(({ dx }) => Number.isFinite(dx))
    .sort((a, b) => Math.hypot(b.dx, b.dy) - Math.hypot(a.dx, a.dy))
    .slice(0, MOST_JOINTS)
    .map(({ joint, dx, dy }) => [names[joint], pixelText(Math.hypot(dx, dy)), signedText(dx), signedText(dy)]);
}

/** Per joint, its picture by weak perspective and by perspective; NaN at or behind the lens. */
export function jointMoves(state, places) {
  const count = places.length / 3;
  return Array.from({ length: count }, (_, joint) => {
    const point = Float64Array.of(places[joint], places[count + joint], places[2 * count + joint]);
    const [gap] = gaps(state.camera, cameraOf(state, "weak"), point);
    const [from, to] = ["weak", "perspective"].map((kind) => picturePoint(cameraOf(state, kind), point));
    return Number.isNaN(gap) ? { from: [NaN, NaN], to: [NaN, NaN] } : { from, to };
  });
}

function picturePoint({ kind, focal_px: focal, center_px: [cx, cy], t_camera_body_m: [tx, ty, tz] }, [x, y, z]) {
  const scale = focal / (kind === "perspective" ? z + tz : tz);
  return [scale * (x + tx) + cx, scale * (y + ty) + cy];
}

/** Height at the body's own depth, which a dolly zoom keeps. */
export function pictureHeight(vertices, { focal_px, t_camera_body_m: [, , tz] }) {
  const count = vertices.length / 3;
  let [low, high] = [Infinity, -Infinity];
  for (let n = count; n < 2 * count; n++) [low, high] = [Math.min(low, vertices[n]), Math.max(high, vertices[n])];
  return ((high - low) * focal_px) / tz;
}

/** What is beside the picture because it cannot be seen in it. */
export function pictureRemarks(state, { vertices, mesh, recovered }, others) {
  const outside = !inPicture(cameraOf(state, state.kind), vertices, mesh.corners);
  const moved = recovered && others.length > 0 && !sameCamera(cameraOf(state, recovered.kind), recovered);
  return [...(outside ? ["The body is outside the picture; Tx and Ty are kept in metres."] : []),
    ...(moved ? ["The camera is not the recovered one; the other people stay as they were recovered."] : [])].join(" ");
}

/** Whether the picture has anything of a body, by the boxes of its triangles. */
export function inPicture(camera, vertices, [i, j, k]) {
  const pixels = project(camera, vertices);
  const count = vertices.length / 3;
  const ends = [...camera.size_hw].reverse();
  const depth = camera.kind === "perspective" ? (n) => vertices[2 * count + n] + camera.t_camera_body_m[2] : () => Infinity;
  for (let n = 0; n < i.length; n++) {
    const three = [i[n], j[n], k[n]];
    if (three.every((point) => depth(point) <= NEAR_M)) continue;
    const crosses = (end, axis) => {
      const [a, b, c] = three.map((point) => pixels[axis * count + point]);
      return Math.max(a, b, c) > 0 && Math.min(a, b, c) < end;
    };
    if (ends.every(crosses)) return true;
  }
  return false;
}

/** Whether two cameras make the same picture, but for rounding. */
export function sameCamera(one, other) {
  const numbers = ({ focal_px, center_px, t_camera_body_m }) => [focal_px, ...center_px, ...t_camera_body_m];
  const theirs = numbers(other);
  return numbers(one).every((value, n) => Math.abs(value - theirs[n]) <= SAME_PART * Math.max(Math.abs(value), 1));
}

function pixelText(value) {
  return Number.isNaN(value) ? "—" : value.toFixed(1);
}

function signedText(value) {
  return `${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(1)}`;
}
