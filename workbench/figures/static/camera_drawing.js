// The Camera lab's drawing: the picture first, for that is what the eye follows; numbers and 3D view with the page's next
// frame, where they are in sight.
//
//   const drawing = createCameraDrawing(element, parts, { history, bodies, photo, inSight });
//   drawing.request(); drawing.dispose();

import { jointMoves, pictureRemarks } from "./camera_numbers.js";
import { PROJECTION_COLORS } from "./camera_parts.js";
import { cameraOf } from "./camera_state.js";
import { cameraWorld } from "./camera_world.js";
import { PROJECTIONS } from "./cameras.js";
import { perFrame } from "./frames.js";
import { gapCurve } from "./gap.js";

const CLOSE_RANGE = { tz: 1.2, text: "1.2 m: close range" };

export function createCameraDrawing(element, parts, { history, bodies, photo, inSight }) {
  const samplesOf = createGapSamples();
  const frames = perFrame(draw);
  let worldInSight = false;
  let numbersFrame = 0;
  const sight = new IntersectionObserver(([entry]) => {
    worldInSight = entry.isIntersecting;
    frames.request();
  });
  sight.observe(parts.worldElement);

  function draw() {
    const state = history.current();
    const { posed, others } = bodies;
    if (posed) parts.plane.set(pictureScene(state, posed, others, photo()));
    parts.show(state, { playing: history.playing(), canUndo: history.canUndo(), canRedo: history.canRedo(),
      photo: Boolean(photo()), ready: posed !== null });
    numbersFrame ||= requestAnimationFrame(drawNumbers);
  }

  function drawNumbers() {
    numbersFrame = 0;
    const { posed, others } = bodies;
    if (!posed || !inSight()) return;
    const state = history.current();
    const [{ skin }] = parts.numbers.set(state, posed);
    parts.remark(pictureRemarks(state, posed, others));
    parts.box.set(state.crop ? state.box : null, [state.camera.size_hw[1], state.camera.size_hw[0]]);
    parts.crop.set(state);
    const marks = [CLOSE_RANGE, ...(posed.recovered ? [{ tz: posed.recovered.t_camera_body_m[2], text: "recovered" }] : [])];
    parts.chart.set({ curve: samplesOf(state, posed), marks, limits: state.limits.tz,
      now: { tz: state.camera.t_camera_body_m[2], mean: skin.mean, most: skin.most } });
    if (worldInSight) parts.view.set(cameraWorld(state, posed, others));
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
  }

  function dispose() {
    frames.cancel();
    cancelAnimationFrame(numbersFrame);
    sight.disconnect();
  }

  return { request: () => frames.request(), dispose };
}

/** The curve at size one is computed anew only when the body, or where it stands aside, has changed. */
function createGapSamples() {
  let curve = { key: [], samples: [] };
  return ({ camera, limits }, { vertices }) => {
    const [tx, ty, tz] = camera.t_camera_body_m;
    const key = [vertices, tx, ty, ...limits.tz];
    if (key.some((value, n) => value !== curve.key[n])) {
      curve = { key, samples: gapCurve(vertices, { focal_px: 1, t_camera_body_m: [tx, ty, 1] }, limits.tz) };
    }
    const size = camera.focal_px / tz;
    return curve.samples.map((sample) => ({ tz: sample.tz, mean: size * sample.mean, most: size * sample.most }));
  };
}

/** What the image plane draws. */
function pictureScene(state, posed, others, photo) {
  const { camera, kind, outlines } = state;
  const opacity = photo ? 0.9 : 1;
  const { vertices } = posed;
  const { corners } = posed.mesh;
  const layers = others.map((other) => ({ vertices: other.vertices, corners: other.mesh.corners, camera: other.recovered,
    color: other.color, style: "shaded", opacity: 0.55 }));
  layers.push({ vertices, corners, camera: cameraOf(state, kind), color: posed.color, style: "shaded", opacity });
  for (const its of Object.keys(PROJECTIONS).filter((name) => name !== kind && outlines[name])) {
    layers.push({ vertices, corners, camera: cameraOf(state, its), color: PROJECTION_COLORS[its], style: "outline", dashed: its === "orthographic" });
  }
  const moves = state.joints ? jointMoves(state, posed.joints).filter(({ from }) => Number.isFinite(from[0])) : [];
  const [height, width] = camera.size_hw;
  const [, , tz] = camera.t_camera_body_m;
  return { size: [width, height], background: photo ? photo.photo : "checker", layers,
    segments: moves.map(({ from, to }) => ({ from, to, color: PROJECTION_COLORS.weak, width: 2.5 })),
    marks: moves.map(({ to }) => ({ at: to, color: PROJECTION_COLORS.perspective, size: 2.5 })),
    description: `A body ${tz.toFixed(2)} m away, shaded in ${PROJECTIONS[kind].toLowerCase()}, with the outlines of the other projections.` };
}
