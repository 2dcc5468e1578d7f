// The Camera lab's sliders and switches. They show a state and report what a visitor asks for; they keep nothing.

import { PROJECTIONS } from "./cameras.js";
import {
  LENS_UNITS, LIMITS, boxLimits, cameraOf, centred, focalLimits, withAside, withBox, withFocalPx, withScale, withSize, withTz,
} from "./camera_state.js";
import { button, checkbox, details, radio, row, section, select, slider } from "./controls.js";
import { node } from "./dom.js";

const UNIT_NAMES = [["mm", "mm"], ["px", "px"], ["degrees", "degrees"]];

/** `change(state => state, key)` moves the lab's state; `actions` are what buttons do. Limits hold until the
 *  controls are built anew. */
export function createCameraControls(state, limits, change, actions) {
  const [tz, unit, lock] = distanceControls(state, limits, change);
  const focal = createLens(limits, change);
  const [tx, ty] = placeControls(limits, change);
  const [follow, scale] = scaleControls(limits, change);
  const [width, height, keep] = sizeControls(change);
  const kind = radio({ label: "Shaded projection", options: Object.entries(PROJECTIONS).map(([its, text]) => [text, its]),
    value: state.kind, id: "camera-kind", onChange: (its) => change((now) => ({ ...now, kind: its })) });
  const play = button({ text: "Play", id: "camera-play", title: "Sweep the distance with f / Tz locked", onClick: actions.play });
  const centre = button({ text: "Centre the body", id: "camera-centre", title: "Set Tx and Ty so that it stands in the middle",
    onClick: () => change((now) => centred(now, actions.points(), limits)) });
  const undo = button({ text: "Undo", id: "camera-undo", onClick: actions.undo });
  const redo = button({ text: "Redo", id: "camera-redo", onClick: actions.redo });
  const reset = button({ text: "Reset", id: "camera-reset", title: "The lab's first camera", onClick: actions.reset });
  const sizes = details("Picture size", node("div", { className: "hmr-grid" }, width.element, height.element), keep.element,
    node("p", { className: "hmr-quiet", textContent: "The 35 mm lens kept: f in pixels follows the longer side. "
      + "f in pixels kept: a larger picture sees more." }));
  const element = section("Camera", kind.element, tz.element,
    node("div", { className: "hmr-lens" }, focal.element, unit.element), row(lock.element, play.element),
    node("div", { className: "hmr-grid" }, tx.element, ty.element), row(centre.element, undo.element, redo.element, reset.element),
    details("Orthographic scale", follow.element, scale.element), sizes);

  function set(now, { playing, canUndo, canRedo, photo, ready }) {
    const { camera } = now;
    const [x, y, z] = camera.t_camera_body_m;
    kind.set(now.kind);
    tz.set(z);
    focal.set(now);
    unit.set(now.unit);
    lock.set(now.locked);
    tx.set(x);
    ty.set(y);
    follow.set(now.scale === null);
    scale.set(cameraOf(now, "orthographic").focal_px);
    width.set(camera.size_hw[1]);
    height.set(camera.size_hw[0]);
    keep.set(now.keep);
    sizes.hidden = photo;
    play.element.textContent = playing ? "Stop" : "Play dolly zoom";
    play.enable(ready);
    centre.enable(ready);
    undo.enable(canUndo);
    redo.enable(canRedo);
  }

  return { element, set };
}

function distanceControls(state, limits, change) {
  const tz = slider({ label: "Distance Tz", unit: "m", min: limits.tz[0], max: limits.tz[1], step: 0.01, log: true,
    value: state.camera.t_camera_body_m[2], id: "camera-tz", onInput: (value) => change((now) => withTz(now, value, limits), "tz") });
  const unit = select({ label: "Unit", options: UNIT_NAMES, value: state.unit, id: "camera-unit",
    onChange: (its) => change((now) => ({ ...now, unit: its })) });
  const lock = checkbox({ label: "Dolly zoom: lock f / Tz", value: state.locked, id: "camera-lock",
    onChange: (locked) => change((now) => ({ ...now, locked })) });
  return [tz, unit, lock];
}

/** The focal length's slider, made anew for another unit or picture size, on which its ends depend. */
function createLens(limits, change) {
  const element = node("div");
  let made = null;
  let key = "";

  function set({ unit, camera }) {
    const lens = LENS_UNITS[unit];
    if (key !== `${unit} ${camera.size_hw}`) {
      key = `${unit} ${camera.size_hw}`;
      const ends = focalLimits(camera.size_hw, limits).map((focal_px) => lens.of({ ...camera, focal_px })).sort((a, b) => a - b);
      made = slider({ ...lens, min: ends[0], max: ends[1], value: lens.of(camera), id: "camera-focal",
        onInput: (value) => change((now) => withFocalPx(now, lens.focal(value, now.camera.size_hw), limits), "focal") });
      element.replaceChildren(made.element);
    }
    made.set(lens.of(camera));
  }

  return { element, set };
}

function placeControls(limits, change) {
  return [["Tx, to the right", "camera-tx"], ["Ty, down", "camera-ty"]].map(([label, id], axis) => slider({
    label, unit: "m", id, min: limits.aside[0], max: limits.aside[1], step: 0.01, value: 0,
    onInput: (value) => change((now) => withAside(now, axis, value, limits), id) }));
}

function scaleControls(limits, change) {
  const follow = checkbox({ label: "Follows f / Tz, so that all three sizes agree", value: true, id: "camera-follow",
    onChange: (on) => change((now) => withScale(now, on ? null : cameraOf(now, "orthographic").focal_px, limits)) });
  const scale = slider({ label: "Scale", unit: "px/m", id: "camera-scale", min: limits.scale[0], max: limits.scale[1], step: 1,
    log: true, value: 100, onInput: (value) => change((now) => withScale(now, value, limits), "scale") });
  return [follow, scale];
}

function sizeControls(change) {
  const side = (label, id, resized) => slider({ label, unit: "px", id, min: LIMITS.side[0], max: LIMITS.side[1], step: 1, log: true,
    value: 64, onInput: (value) => change((now) => withSize(now, resized(now.camera.size_hw, value)), id) });
  const width = side("Width", "camera-width", ([height], value) => [height, value]);
  const height = side("Height", "camera-height", ([, wide], value) => [value, wide]);
  const keep = radio({ label: "Another size keeps", options: [["the 35 mm lens", "lens"], ["f in pixels", "focal"]], value: "lens",
    id: "camera-keep", onChange: (its) => change((now) => ({ ...now, keep: its })) });
  return [width, height, keep];
}

/** The crop's numbers, within and around a picture of this size. */
export function createCropControls([height, width], change, actions) {
  const put = (patch) => (value) => change((now) => ({ ...withBox(now, patch(now.box, value)), crop: true }), "box");
  const number = (label, id, [min, max], patch) => slider({ label, unit: "px", id, min, max, step: 1, value: min, onInput: put(patch) });
  const x = number("Middle, x", "crop-x", [0, width], (box, value) => ({ ...box, center_px: [value, box.center_px[1]] }));
  const y = number("Middle, y", "crop-y", [0, height], (box, value) => ({ ...box, center_px: [box.center_px[0], value] }));
  const side = number("Side b", "crop-side", boxLimits([height, width]), (box, value) => ({ ...box, side_px: value }));
  const around = button({ text: "Around the body", id: "crop-around", title: "Its box, made square, 1.2 times as large",
    onClick: actions.around });
  const element = node("div", { className: "hmr-grid" }, x.element, y.element, side.element, row(around.element));

  function set({ box }) {
    x.set(box.center_px[0]);
    y.set(box.center_px[1]);
    side.set(box.side_px);
  }

  return { element, set };
}
