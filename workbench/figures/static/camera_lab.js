// The Camera lab: one body, three projections, on the image plane and in 3D, under the same sliders.
//
//   const lab = createCameraLab(element, host, config, store);   also element.lab
//   lab.ready            a promise: the first body is posed
//   lab.state(), lab.set(state), lab.subscribe(state => ...)     see camera_state.js
//   lab.load(photo)      people recovered from a photo: see camera_people.js; `chosen` is who is looked at
//   lab.dispose()
//
// config: bodies, presets { name: { theta } }, first: the name of the first preset, or null for the store's person.
// The store holds the Body lab's person, whom this lab shows live when asked to. Everything but the table of methods
// is done in this browser.

import { jointMoves, pictureRemarks } from "./camera_numbers.js";
import { PROJECTION_COLORS, buildCameraLab } from "./camera_parts.js";
import { LAB_PERSON, createPeople, oneAtATime } from "./camera_people.js";
import {
  LIMITS, afterChange, boxAround, cameraOf, centred, firstState, limitsAround, stateOfCamera, withBox, withTz,
} from "./camera_state.js";
import { createSweep } from "./camera_sweep.js";
import { cameraWorld } from "./camera_world.js";
import { PROJECTIONS, project } from "./cameras.js";
import { perFrame } from "./frames.js";
import { gapCurve } from "./gap.js";
import { createStore } from "./store.js";

const CLOSE_RANGE = { tz: 1.2, text: "1.2 m: close range" };

export function createCameraLab(element, host, config, store) {
  const people = createPeople(config, host, store);
  const start = { ...firstState(), body: people.presetName(config.first), limits: LIMITS };
  let home = start; // where Reset leads
  let cameras = createStore(start);
  let posed = null; // the body that is looked at, and those beside it
  let others = [];
  let failed = ""; // who could not be posed
  let stale = false; // the Body lab's person changed while this lab was out of sight
  let curve = { key: [], samples: [] };
  let worldInSight = false;
  let numbersFrame = 0;
  const listeners = new Set();
  const tell = (state) => listeners.forEach((listener) => listener(state));
  const frames = perFrame(draw);
  const request = () => frames.request();
  const inSight = () => element.isConnected && element.clientWidth > 0;
  const sweep = createSweep((state) => { request(); tell(state); }, inSight);
  const look = oneAtATime(pose);

  const current = () => sweep.state ?? cameras.get();
  const change = (step, key = "") => {
    halt();
    cameras.set(afterChange(cameras.get(), step(cameras.get())), { key });
  };
  const inHistory = (way) => () => {
    halt();
    cameras[way]();
  };
  const actions = { play, back, choose, undo: inHistory("undo"), redo: inHistory("redo"), reset: () => change(() => home),
    points: () => posed.vertices, goTo: (tz) => change((now) => withTz({ ...now, locked: true }, tz, now.limits), "tz") };
  const parts = buildCameraLab(element, host, change, actions, () => posed);
  const { plane, view, box, crop, chart, numbers, said } = parts;
  const sight = new IntersectionObserver(([entry]) => {
    worldInSight = entry.isIntersecting;
    request();
  });
  sight.observe(parts.worldElement);
  const appears = new ResizeObserver(() => {
    if (stale && inSight() && cameras.get().body === LAB_PERSON) look(LAB_PERSON);
    stale &&= !inSight();
    request();
  });
  appears.observe(element);

  function onState(now, before) {
    if (now.limits !== before.limits) parts.renew(now);
    if (now.body !== before.body) look(now.body);
    request();
    tell(now);
  }

  /** Pose whoever is chosen; if that cannot be done, whoever was there stays. */
  async function pose(name) {
    try {
      const [body, beside] = await Promise.all([people.pose(name), people.others(name)]);
      [posed, others] = [body, beside];
      if (failed === name) said.set("");
      request();
    } catch (error) {
      failed = name;
      said.set(`This body could not be shown: ${error.message}`, true);
      if (posed && cameras.get().body === name && posed.name !== name) cameras.set({ ...cameras.get(), body: posed.name });
    }
  }

  async function begin() {
    await look(start.body);
    if (posed) {
      const own = centred(start, posed.vertices);
      home = withBox(own, boxAround(project(own.camera, posed.vertices)));
    }
    open(home);
  }

  /** A history of its own for a new beginning. */
  function open(state) {
    halt();
    unsubscribe();
    cameras = createStore(state);
    unsubscribe = cameras.subscribe(onState);
    parts.renew(state);
    request();
    tell(state);
  }

  /** The picture first, for that is what the eye follows; numbers and 3D view with the page's next frame. */
  function draw() {
    const state = current();
    const photo = people.photoOf(state.body);
    if (posed) plane.set(pictureScene(state, posed, others, photo));
    parts.show(state, { playing: sweep.state !== null, canUndo: cameras.canUndo(), canRedo: cameras.canRedo(),
      photo: Boolean(photo), ready: posed !== null });
    numbersFrame ||= requestAnimationFrame(drawNumbers);
  }

  function drawNumbers() {
    numbersFrame = 0;
    if (!posed || !inSight()) return;
    const state = current();
    const [{ skin }] = numbers.set(state, posed);
    parts.remark(pictureRemarks(state, posed, others));
    box.set(state.crop ? state.box : null, [state.camera.size_hw[1], state.camera.size_hw[0]]);
    crop.set(state);
    const marks = [CLOSE_RANGE, ...(posed.recovered ? [{ tz: posed.recovered.t_camera_body_m[2], text: "recovered" }] : [])];
    chart.set({ curve: gapSamples(state), marks, limits: state.limits.tz,
      now: { tz: state.camera.t_camera_body_m[2], mean: skin.mean, most: skin.most } });
    if (worldInSight) view.set(cameraWorld(state, posed, others));
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
  }

  /** The curve at size one is computed anew only when the body, or where it stands aside, has changed. */
  function gapSamples({ camera, limits }) {
    const [tx, ty, tz] = camera.t_camera_body_m;
    const key = [posed.vertices, tx, ty, ...limits.tz];
    if (key.some((value, n) => value !== curve.key[n])) {
      curve = { key, samples: gapCurve(posed.vertices, { focal_px: 1, t_camera_body_m: [tx, ty, 1] }, limits.tz) };
    }
    const size = camera.focal_px / tz;
    return curve.samples.map((sample) => ({ tz: sample.tz, mean: size * sample.mean, most: size * sample.most }));
  }

  function play() {
    const nearest = posed.vertices.subarray((2 * posed.vertices.length) / 3).reduce((a, b) => Math.min(a, b));
    if (sweep.state) halt();
    else sweep.start({ ...cameras.get(), through: null }, nearest);
    request();
  }

  /** Where the sweep has come to is one step of the history, however long it took. */
  function halt() {
    const state = sweep.stop();
    if (state) cameras.set(state);
  }

  function back() {
    if (posed?.recovered) change((now) => ({ ...stateOfCamera(now, posed.recovered), limits: limitsAround(posed.recovered) }));
  }

  async function load(photo) {
    try {
      people.load(photo);
    } catch (error) {
      said.set(`The people of the photo could not be taken over: ${error.message}`, true);
      return;
    }
    await begun;
    const ofPhoto = people.isOfPhoto(cameras.get().body);
    parts.choices(people.choices(), cameras.get().body);
    if (!photo?.people.length) {
      if (ofPhoto) await choose(start.body);
    } else if (ofPhoto || Number.isInteger(photo.chosen)) await choose(people.photoName(photo.chosen ?? 0));
  }

  /** Somebody else; from a photo, or back from one, the camera is theirs. */
  async function choose(name) {
    halt();
    said.set("");
    const photo = people.photoOf(name);
    const before = cameras.get();
    if (!photo && !people.isOfPhoto(before.body)) {
      change((now) => ({ ...now, body: name }));
      return;
    }
    await look(name);
    if (!posed || posed.name !== name) return;
    const own = photo ? { ...stateOfCamera(before, posed.recovered), limits: limitsAround(posed.recovered) }
      : centred({ ...start, unit: before.unit }, posed.vertices);
    home = withBox({ ...own, body: name }, boxAround(project(own.camera, posed.vertices)));
    open(home);
  }

  const onPerson = (now, before) => {
    if (cameras.get().body !== LAB_PERSON || now === before) return;
    if (inSight()) look(LAB_PERSON);
    else stale = true;
  };
  const forget = store.subscribe(onPerson);
  let unsubscribe = cameras.subscribe(onState);
  parts.choices(people.choices(), start.body);
  const begun = begin();

  function dispose() {
    halt();
    frames.cancel();
    cancelAnimationFrame(numbersFrame);
    sight.disconnect();
    appears.disconnect();
    forget();
    unsubscribe();
    for (const part of [plane, view, chart, crop]) part.dispose();
    element.replaceChildren();
  }

  function subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return (element.lab = { load, dispose, subscribe, ready: begun, state: current, set: (state) => change(() => state),
    posed: () => posed });
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
