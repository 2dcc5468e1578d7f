// The Body lab: a person's shape and pose under the visitor's hands, and how SMPL makes the body of them.
//
//   const lab = createBodyLab(element, host, config, store);   also element.lab
//   lab.vertices()      of the person as drawn: a Float32Array, all x, then y, then z, metres, body axes
//   lab.drawn()         whether what is drawn is the newest
//   lab.dispose()
//
// config is made by workbench/figures/body_lab.py. The store holds the person and may be shared with other labs of the
// page; which joint, stage and colours are looked at is this lab's own.

import { bodySizes } from "./body_facts.js";
import { createKeepPart } from "./body_keep.js";
import { createPosePart } from "./body_pose.js";
import { bodyWorld } from "./body_scene.js";
import { createShapePart } from "./body_shape.js";
import { createStagesPart } from "./body_stages.js";
import { createBodyView } from "./body_view.js";
import { openBody } from "./bodies.js";
import { button, facts, row, section, select } from "./controls.js";
import { node } from "./dom.js";
import { perFrame } from "./frames.js";
import { asBody, restPerson } from "./person.js";
import { linkedPerson } from "./share.js";
import { createStore } from "./store.js";

const RESTING_MS = 300;
const FIRST_JOINT = "left shoulder";

export function createBodyLab(element, host, config, store) {
  const entryOf = (tag) => config.bodies.find((entry) => entry.tag === tag);
  const entry = () => entryOf(store.get().body);
  const view = createStore({ joint: Math.max(entry().joints.indexOf(FIRST_JOINT), 0), stage: "skinned", coloring: "plain" });
  const opened = new Map(); // by tag: the body, its entry, and its stages at rest
  let shownTag = "";
  let made = null; // what was drawn last
  let seen = []; // of which person and look
  let drawing = false;
  let failed = false;
  let resting = 0;

  const pose = createPosePart(config, store, view, entry);
  const shape = createShapePart(config, store, entry);
  const stages = createStagesPart(view);
  const keep = createKeepPart(config, host, store);
  const bodies = select({ label: "Body", id: "body-choice", value: store.get().body, onChange: chooseBody,
    options: config.bodies.map(({ tag, label }) => [label, tag]) });
  const undo = button({ text: "Undo", id: "body-undo", title: "Ctrl + Z", onClick: () => store.undo() });
  const redo = button({ text: "Redo", id: "body-redo", title: "Ctrl + Shift + Z", onClick: () => store.redo() });
  const reset = button({ text: "Reset all", id: "body-reset", onClick: () => store.set(restPerson(entry())) });
  const sizes = facts("body-facts");
  const place = node("div", { id: "body-scene" });
  place.dataset.label = "The body in 3D; drag to turn it, scroll or pinch to come closer, click a joint to choose it";
  place.dataset.show = "ground skeleton";
  const tools = section("Person", bodies.element, row(undo.element, redo.element, reset.element), sizes.element);
  element.classList.add("hmr-lab", "hmr-body-lab");
  element.replaceChildren(
    node("div", { className: "hmr-left" }, node("div", { className: "hmr-views" }, place), stages.element),
    node("div", { className: "hmr-controls" }, tools, pose.element, shape.element, keep.element));
  const frames = perFrame(draw);
  const bodyView = createBodyView(place, { ...host, pick: (joint) => view.set({ joint }) });

  async function chooseBody(tag) {
    try {
      await open(entryOf(tag)); // a body that cannot be opened is not chosen
      store.set(asBody(store.get(), entry(), entryOf(tag)));
    } catch (error) {
      bodies.set(store.get().body);
      keep.said.set(`This body could not be opened: ${error.message}`, true);
    }
  }

  async function open(wanted) {
    if (!opened.has(wanted.tag)) {
      const body = await openBody(wanted, host);
      opened.set(wanted.tag, { body, entry: wanted, rest: await body.stages(restPerson(wanted)) });
    }
    return opened.get(wanted.tag);
  }

  /** Controls and picture show the newest person. */
  function show(now, before) {
    if (now.body !== shownTag) renew(now.body);
    bodies.set(now.body);
    undo.enable(store.canUndo());
    redo.enable(store.canRedo());
    pose.show(now, view.get());
    shape.show(now);
    frames.request();
    clearTimeout(resting);
    if (before) resting = setTimeout(() => keep.settle(), RESTING_MS);
  }

  /** Another body has other joints and sliders; a joint that it shares stays chosen. */
  function renew(tag) {
    const name = shownTag ? entryOf(shownTag).joints[view.get().joint] : FIRST_JOINT;
    shownTag = tag;
    const joint = Math.max(entry().joints.indexOf(name), 0);
    shape.renew(entry());
    pose.renew(entry());
    view.set({ joint });
  }

  function drawn() {
    return seen[0] === store.get() && seen[1] === view.get();
  }

  async function draw() {
    if (drawing || drawn()) return; // while drawing: it looks again when it is done
    drawing = true;
    const [person, looks] = [store.get(), view.get()];
    try {
      const { body, rest } = await open(entryOf(person.body));
      made = { body, rest, entry: entryOf(person.body), stages: await body.stages(person) };
      const shown = { ...looks, joint: Math.min(looks.joint, made.entry.joints.length - 1) };
      const scene = bodyView.set(bodyWorld(made, shown));
      stages.show(made, shown);
      sizes.set(factsOf(made, person));
      await scene;
      seen = [person, looks];
      if (failed) keep.said.set("");
      failed = false;
      element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
    } catch (error) {
      failed = true;
      keep.said.set(`The body could not be posed: ${error.message}`, true);
    } finally {
      drawing = false;
    }
    if (store.get() !== person || view.get() !== looks) frames.request();
  }

  function onKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key)) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) store.redo();
    else store.undo();
  }

  function openLink() {
    if (!config.linked) return;
    try {
      const person = linkedPerson(location.hash, config);
      if (!person) return;
      store.set(person);
      keep.said.set("");
    } catch (error) {
      keep.said.set(`The link to a person could not be opened: ${error.message}. Everything stays as it was.`, true);
    }
  }

  element.addEventListener("keydown", onKey);
  window.addEventListener("hashchange", openLink);
  const leave = [store.subscribe(show), view.subscribe((looks) => {
    pose.show(store.get(), looks);
    frames.request();
  })];
  openLink();
  show(store.get());

  function dispose() {
    leave.forEach((stop) => stop());
    clearTimeout(resting);
    frames.cancel();
    element.removeEventListener("keydown", onKey);
    window.removeEventListener("hashchange", openLink);
    bodyView.dispose();
    element.replaceChildren();
  }

  return (element.lab = { store, view, vertices: () => made.stages.skinned, drawn, dispose });
}

function factsOf({ body, entry, stages }, { theta }) {
  const { height_m, arm_span_m, volume_litres } = bodySizes(stages, body.mesh.corners);
  const turned = theta.filter((turn) => turn.some((value) => Math.abs(value) > 1e-4)).length;
  const count = (number) => number.toLocaleString("en");
  return {
    height: `${height_m.toFixed(2)} m`,
    "arm span": `${arm_span_m.toFixed(2)} m`,
    "volume of the mesh": `${volume_litres.toFixed(1)} L`,
    "joints turned": `${turned} of ${entry.joints.length}`,
    mesh: `${count(body.parts.length)} vertices, ${count(body.mesh.corners[0].length)} triangles`,
  };
}
