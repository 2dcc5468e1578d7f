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

import { createCameraChoice } from "./camera_choice.js";
import { createCameraDrawing } from "./camera_drawing.js";
import { createCameraHistory } from "./camera_history.js";
import { buildCameraLab } from "./camera_parts.js";
import { LAB_PERSON, createPeople } from "./camera_people.js";
import { LIMITS, firstState, withTz } from "./camera_state.js";

export function createCameraLab(element, host, config, store) {
  const people = createPeople(config, host, store);
  const start = { ...firstState(), body: people.presetName(config.first), limits: LIMITS };
  const inSight = () => element.isConnected && element.clientWidth > 0;
  const listeners = new Set();
  const history = createCameraHistory(start, inSight, onState);
  const actions = { play, back: () => choice.back(), choose: (name) => choice.choose(name), undo: history.undo, redo: history.redo,
    reset: history.reset, amend: history.amend, points: () => choice.bodies.posed.vertices,
    goTo: (tz) => history.change((now) => withTz({ ...now, locked: true }, tz, now.limits), "tz") };
  const parts = buildCameraLab(element, host, history.change, actions, () => choice.bodies.posed);
  const choice = createCameraChoice({ people, history, parts, start, shown: request });
  const drawing = createCameraDrawing(element, parts, { history, bodies: choice.bodies, inSight,
    photo: () => people.photoOf(history.current().body) });
  const unfollow = followPerson(element, store, { inSight, appears: request,
    chosen: () => history.get().body === LAB_PERSON, look: () => choice.look(LAB_PERSON) });
  const ready = choice.begin();

  function request() {
    drawing.request();
  }

  function onState(now, before) {
    if (now.limits !== before?.limits) parts.renew(now);
    if (before && now.body !== before.body) choice.look(now.body);
    request();
    listeners.forEach((listener) => listener(now));
  }

  function play() {
    const { vertices } = choice.bodies.posed;
    history.play(vertices.subarray((2 * vertices.length) / 3).reduce((a, b) => Math.min(a, b)));
    request();
  }

  function subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  function dispose() {
    history.dispose();
    drawing.dispose();
    unfollow();
    for (const part of [parts.plane, parts.view, parts.chart, parts.crop]) part.dispose();
    element.replaceChildren();
  }

  return (element.lab = { load: choice.load, dispose, subscribe, ready, state: history.current,
    set: (state) => history.change(() => state), posed: () => choice.bodies.posed });
}

/** The Body lab's person is shown live: at once, or, changed while this lab was out of sight, when it appears. Returns
 *  what stops it. */
function followPerson(element, store, { inSight, chosen, look, appears }) {
  let stale = false;
  const forget = store.subscribe((now, before) => {
    if (!chosen() || now === before) return;
    if (inSight()) look();
    else stale = true;
  });
  const watch = new ResizeObserver(() => {
    if (stale && inSight() && chosen()) look();
    stale &&= !inSight();
    appears();
  });
  watch.observe(element);
  return () => {
    forget();
    watch.disconnect();
  };
}
