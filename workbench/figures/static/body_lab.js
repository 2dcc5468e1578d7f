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
import { createBodyPicture } from "./body_picture.js";
import { createPosePart } from "./body_pose.js";
import { bodyWorld } from "./body_scene.js";
import { createShapePart } from "./body_shape.js";
import { createStagesPart } from "./body_stages.js";
import { createBodyView } from "./body_view.js";
import { openBody } from "./bodies.js";
import { button, facts, row, section, select } from "./controls.js";
import { node } from "./dom.js";
import { asBody, restPerson } from "./person.js";
import { linkedPerson } from "./share.js";
import { createStore } from "./store.js";

const RESTING_MS = 300;
const FIRST_JOINT = "left shoulder";
const TITLES = { "volume of the mesh": "What the skinned mesh encloses. Linear blend skinning averages rotations, so bends and "
  + "twists lose volume; where parts of the mesh overlap, it is counted twice." };

export function createBodyLab(element, host, config, store) {
  const entryOf = (tag) => config.bodies.find((entry) => entry.tag === tag);
  const entry = () => entryOf(store.get().body);
  const view = createStore({ joint: jointNamed(FIRST_JOINT, entry()), stage: "skinned", coloring: "plain", kept: null });
  const bodies = openedBodies(host);
  const parts = bodyLabParts(element, host, config, store, { view, entry, chooseBody: (tag) => choose(tag),
    keep: () => picture.made() && view.set({ kept: picture.made(), coloring: "difference" }),
    reset: () => store.set(restPerson(entry())) });
  const picture = createBodyPicture({ store, view, make, draw, said: (text) => parts.keep.said.set(text, text !== "") });
  const choose = bodyChooser(store, bodies, entryOf, parts);
  let shownTag = "";
  let resting = 0;

  async function make(person) {
    const opened = await bodies.open(entryOf(person.body));
    return { ...opened, stages: await opened.body.stages(person) };
  }

  async function draw(...given) {
    await parts.draw(...given);
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
  }

  /** Controls and picture show the newest person. */
  function show(now, before) {
    if (now.body !== shownTag) renew(now.body);
    parts.show(now);
    picture.request();
    clearTimeout(resting);
    if (before) resting = setTimeout(() => parts.keep.settle(), RESTING_MS);
  }

  /** Another body has other joints and sliders; a joint that it shares stays chosen. */
  function renew(tag) {
    const name = shownTag ? entryOf(shownTag).joints[view.get().joint] : FIRST_JOINT;
    shownTag = tag;
    parts.shape.renew(entry());
    parts.pose.renew(entry());
    view.set({ joint: jointNamed(name, entry()) });
  }

  const leave = [undoneByKeys(element, store), store.subscribe(show), view.subscribe((looks) => {
    parts.pose.show(store.get(), looks);
    picture.request();
  })];
  if (config.linked) leave.push(openedByLinks(config, store, parts.keep.said));
  show(store.get());

  function dispose() {
    leave.forEach((stop) => stop());
    clearTimeout(resting);
    picture.cancel();
    parts.bodyView.dispose();
    element.replaceChildren();
  }

  return (element.lab = { store, view, vertices: () => picture.made().stages.skinned, drawn: picture.drawn, dispose });
}

/** Another body, with the same person as far as it goes; one that cannot be opened is not chosen. */
function bodyChooser(store, bodies, entryOf, parts) {
  return async (tag) => {
    try {
      await bodies.open(entryOf(tag));
      const person = store.get();
      store.set(asBody(person, entryOf(person.body), entryOf(tag)));
    } catch (error) {
      parts.choice.set(store.get().body);
      parts.keep.said.set(`This body could not be opened: ${error.message}`, true);
    }
  };
}

/** The joint's place in the body's list; the root's if it has no such joint. */
function jointNamed(name, { joints }) {
  return Math.max(joints.indexOf(name), 0);
}

/** Everything on the lab's page; `actions` are what its controls do. */
function bodyLabParts(element, host, config, store, { view, entry, chooseBody, reset, keep: keepForLater }) {
  const pose = createPosePart(config, store, view, entry);
  const shape = createShapePart(config, store, entry);
  const stages = createStagesPart(view, keepForLater);
  const keep = createKeepPart(config, host, store);
  const choice = select({ label: "Body", id: "body-choice", value: store.get().body, onChange: chooseBody,
    options: config.bodies.map(({ tag, label }) => [label, tag]) });
  const undo = button({ text: "Undo", id: "body-undo", title: "Ctrl + Z", onClick: () => store.undo() });
  const redo = button({ text: "Redo", id: "body-redo", title: "Ctrl + Shift + Z", onClick: () => store.redo() });
  const clear = button({ text: "Reset all", id: "body-reset", onClick: reset });
  const sizes = facts("body-facts", TITLES);
  const place = node("div", { id: "body-scene" });
  place.dataset.label = "The body in 3D; drag to turn it, scroll or pinch to come closer, click a joint to choose it";
  place.dataset.show = "ground skeleton";
  const tools = section("Person", choice.element, row(undo.element, redo.element, clear.element), sizes.element);
  element.classList.add("hmr-lab", "hmr-body-lab");
  element.replaceChildren(
    node("div", { className: "hmr-left" }, node("div", { className: "hmr-views" }, place, keep.said.element), stages.element),
    node("div", { className: "hmr-controls" }, tools, pose.element, shape.element, keep.element));
  const bodyView = createBodyView(place, { ...host, pick: (joint) => view.set({ joint }) });

  function show(person) {
    choice.set(person.body);
    undo.enable(store.canUndo());
    redo.enable(store.canRedo());
    pose.show(person, view.get());
    shape.show(person);
  }

  function draw(made, person, looks) {
    const scene = bodyView.set(bodyWorld(made, looks)); // first: the numbers can wait a millisecond
    stages.show(made, looks);
    sizes.set(factsOf(made, person));
    return scene;
  }

  return { pose, shape, keep, choice, bodyView, show, draw };
}

/** Bodies by their entries, each opened once, with its stages at rest. */
function openedBodies(host) {
  const opened = new Map();
  async function open(entry) {
    if (!opened.has(entry.tag)) {
      const body = await openBody(entry, host);
      opened.set(entry.tag, { body, entry, rest: await body.stages(restPerson(entry)) });
    }
    return opened.get(entry.tag);
  }
  return { open };
}

/** Ctrl + Z and Ctrl + Shift + Z (or Y) anywhere in the lab; returns what stops it. */
function undoneByKeys(element, store) {
  const onKey = (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key)) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) store.redo();
    else store.undo();
  };
  element.addEventListener("keydown", onKey);
  return () => element.removeEventListener("keydown", onKey);
}

/** The person in the page's address, now and whenever it is changed; returns what stops it. */
function openedByLinks(config, store, said) {
  const open = (show) => {
    try {
      const person = linkedPerson(location.hash, config);
      if (!person) return;
      show(person);
      said.set("");
    } catch (error) {
      said.set(`The link to a person could not be opened: ${error.message}. Everything stays as it was.`, true);
    }
  };
  const onLink = () => open(store.set);
  window.addEventListener("hashchange", onLink);
  open(store.amend); // the page's first person: there is nobody to go back to
  return () => window.removeEventListener("hashchange", onLink);
}

function factsOf({ body, entry, stages }, { theta }) {
  const { height_m, arm_span_m, volume_litres } = bodySizes(stages, body.mesh.corners);
  const turned = theta.filter((turn) => turn.some((value) => Math.abs(value) > 1e-4)).length;
  const count = (number) => number.toLocaleString("en");
  return {
    "height at rest": `${height_m.toFixed(2)} m`,
    "arm span": `${arm_span_m.toFixed(2)} m`,
    "volume of the mesh": `${volume_litres.toFixed(1)} L`,
    "joints turned": `${turned} of ${entry.joints.length}`,
    mesh: `${count(body.parts.length)} vertices, ${count(body.mesh.corners[0].length)} triangles`,
  };
}
