// The HMR lab: one person's guesses, from the mean body on, under a scrubber; the numbers that moved, what the prior
// objects to, and the losses; and sliders to pose the body badly and hear the prior about it.
//
//   const lab = createHmrLab(element, host, config);   also element.lab
//   lab.load(watched)    what workbench/figures/hmr_lab.py made of a person, or null: nobody
//   lab.state()          { step, body, betas, expression, theta, verdict }
//   lab.drawn()          whether what is drawn is the newest
//   lab.dispose()
//
// A pose that the network did not give is judged joint by joint as it bends (hmr_critic.js); what the whole pose, the
// shape and the losses say of it is asked of Python (hmr_verdict). Everything else is this browser's own.

import { openBody } from "./bodies.js";
import { oneAtATime } from "./camera_people.js";
import { jointScores } from "./hmr_critic.js";
import { hmrLabParts } from "./hmr_parts.js";
import { guessPicture, guessWorld } from "./hmr_scene.js";
import { createStore } from "./store.js";

export function createHmrLab(element, host, config) {
  const entry = config.bodies[0];
  const store = createStore({ step: 0, ...config.person, verdict: null });
  const view = createStore({ joint: entry.joints.indexOf(config.joint), objections: true, truth: false });
  const body = openBody(entry, host);
  const parts = hmrLabParts(element, host, config, { store, view, entry, goTo });
  let watched = null;
  let shown = null; // the state and looks that were drawn last
  let loads = 0;

  const draw = oneAtATime(async ([state, looks, of]) => {
    const opened = await body;
    const posed = { ...(await opened.pose(state)), mesh: opened.mesh, parts: opened.parts };
    const truth = looks.truth && of.truth ? { ...(await opened.pose(of.truth.person)), camera: of.truth.camera } : null;
    if (of !== watched) return;
    parts.plane.set(guessPicture(of, state, posed, truth));
    await parts.world.set(guessWorld(of, state, posed, truth, looks));
    shown = [state, looks];
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
  });

  const ask = oneAtATime(async ([state, of]) => {
    try {
      const { betas, theta } = state;
      const verdict = await host.call("hmr_verdict", { ...of.question, camera: of.steps[state.step].camera, betas, theta });
      if (of === watched && store.get().step === state.step && isEdited(of, store.get())) store.amend({ verdict });
      parts.said.set("");
    } catch (error) {
      parts.said.set(`The prior could not be asked: ${error.message}`, true);
    }
  });

  /** The joints' own factors at once, the rest when it comes. */
  function judge(state) {
    const { verdict, theta } = state;
    const joints = jointScores(watched.critic, theta);
    store.amend({ verdict: { ...verdict, scores: [...joints, ...verdict.scores.slice(joints.length)] } });
    ask([store.get(), watched]);
  }

  function request() {
    if (!watched) return;
    parts.show(watched, store.get(), view.get(), { edited: isEdited(watched, store.get()), canUndo: store.canUndo() });
    draw([store.get(), view.get(), watched]).catch((error) => parts.said.set(`The body could not be drawn: ${error.message}`, true));
  }

  function goTo(step) {
    if (watched) store.set(stateAt(watched, step), { key: "step" });
  }

  /** A new person starts at the network's answer; the same one with other channels, at the iteration that was looked at. */
  function load(next) {
    const step = watched && watched.asked === next?.asked ? store.get().step : next?.trained;
    watched = next && { ...next, factors: config.factors };
    element.hidden = !next;
    if (!next) return;
    parts.load(watched);
    store.restart(stateAt(watched, step));
    loads += 1;
  }

  const leave = [view.subscribe(request), store.subscribe((now, before) => {
    if (watched && now.theta !== before.theta && isEdited(watched, now)) judge(now);
    else request();
  })];

  function dispose() {
    leave.forEach((stop) => stop());
    watched = null;
    parts.dispose();
    element.replaceChildren();
  }

  const drawn = () => shown !== null && shown[0] === store.get() && shown[1] === view.get();
  return (element.lab = { load, state: store.get, set: store.set, goTo, drawn, loads: () => loads, dispose });
}

/** The lab's state at an iteration, as the network left it. */
function stateAt({ steps }, step) {
  const { betas, theta, verdict } = steps[step];
  return { step, betas, theta, verdict };
}

/** Whether hands have changed what the network said. */
function isEdited({ steps }, { step, theta }) {
  return steps[step].theta !== theta;
}
