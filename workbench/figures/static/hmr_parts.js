// The HMR lab's page: the two views under one scrubber, the numbers, the prior, the pose, and what the losses say.

import { createBodyView } from "./body_view.js";
import { createPosePart } from "./body_pose.js";
import { createChart } from "./chart.js";
import { button, checkbox, details, notice, radio, row, section, slider, table } from "./controls.js";
import { node } from "./dom.js";
import { createHmrNumbers, hmrNumbers } from "./hmr_numbers.js";
import { createHmrPrior } from "./hmr_prior.js";
import { FOUND_LANDMARK, GUESS_COLOR } from "./hmr_scene.js";
import { createImagePlane } from "./image_plane.js";
import { axisAngleFromMatrix, matrixFromAxisAngle, matrixProduct } from "./rotations.js";

const FACING = [1, 0, 0, 0, -1, 0, 0, 0, -1]; // turns a body that looks along its z to the camera; its own inverse
const ABOUT_POSE = "Start from the guess and bend a joint: the prior judges the pose at once, whatever the photo shows.";
const ABOUT_PRIOR = "The discriminator scores each factor: 1 where it sees a real person, 0 where it sees the network's invention, about ½ "
  + "where it cannot tell. Bars and colours are objections: none from 0.4 on, full at 0. Press a joint to bend it.";
const ABOUT_WHOLE = "The whole pose's score tells how alike a pose is to those that the prior was shown as real, the named poses "
  + "among them; not whether a person could stand so. A guess has less of the noise that people have, so the prior often knows it for one.";
const ABOUT_SHAPE = "The shape's score is no measure of beauty: the network answers with shapes near the mean, so those are suspected.";

/** `goTo(step)` shows an iteration. */
export function hmrLabParts(element, host, config, { store, view, entry, goTo }) {
  const holder = node("div");
  const plane = createImagePlane(holder);
  const place = node("div", { id: "hmr-world" });
  Object.assign(place.dataset, { label: "The guess in 3D; drag to turn it, click a joint to bend it", show: "ground skeleton" });
  const scrubber = createScrubber(config, goTo);
  const numbers = createHmrNumbers();
  const looks = createLooksPart(view);
  const prior = createHmrPrior({ onPick: (joint) => view.set({ joint }) });
  const pose = createPosePart(config, facingStore(store), view, () => entry, "hmr");
  const undo = button({ text: "Undo", id: "hmr-undo", onClick: () => store.undo() });
  const back = button({ text: "Back to the network's guess", id: "hmr-back", onClick: () => goTo(store.get().step) });
  const said = notice("hmr-said");
  const losses = createLossPart(host);
  const errors = createMarkedChart("hmr-errors", host);
  const charts = [losses.chart, errors];
  arrange(element, { views: [node("div", { className: "hmr-picture" }, holder, looks.key), place], scrubber, looks, said, numbers,
    prior, pose, steps: row(undo.element, back.element), errors, losses });
  const world = createBodyView(place, { ...host, pick: (joint) => view.set({ joint }) });
  pose.renew(entry);

  function load(watched) {
    scrubber.renew(watched);
    looks.offer(watched);
    errors.load(watched.errors, watched.errors_text);
    losses.load(watched);
  }

  function show(watched, state, shown, { edited, canUndo }) {
    const { steps } = watched;
    const now = { ...steps[state.step], betas: state.betas, theta: state.theta };
    const before = edited ? steps[state.step] : steps[state.step - 1] ?? null;
    scrubber.set(watched, state.step, edited);
    numbers.set(hmrNumbers(now, before, entry.joints), state.step === 0 && !edited);
    prior.set(watched.factors, state.verdict.scores, shown.joint);
    pose.show(facingStore(store).get(), shown);
    looks.set(shown);
    losses.set(state.verdict.losses);
    charts.forEach((chart) => chart.mark(state.step));
    undo.enable(canUndo);
    back.enable(edited);
  }

  function dispose() {
    world.dispose();
    plane.dispose();
    charts.forEach((chart) => chart.dispose());
  }

  return { plane, world, said, load, show, dispose };
}

/** Views, scrubber and numbers on the left, the prior and the pose on the right, charts below. */
function arrange(element, { views, scrubber, looks, said, numbers, prior, pose, steps, errors, losses }) {
  const quiet = (text) => node("p", { className: "hmr-quiet", textContent: text });
  const left = node("div", { className: "hmr-left" },
    node("div", { className: "hmr-views hmr-pair" }, ...views),
    node("div", { className: "hmr-section" }, scrubber.element, looks.element, said.element),
    section("What the network says: HMR's 85 numbers", numbers.element));
  const right = node("div", { className: "hmr-controls" },
    section("The prior's objections", quiet(ABOUT_PRIOR), prior.element, quiet(ABOUT_WHOLE), quiet(ABOUT_SHAPE)),
    details("Pose it badly", quiet(ABOUT_POSE), steps, pose.element));
  const below = node("div", { className: "hmr-lab hmr-lower" },
    section("What if it iterated more often?", errors.element, errors.note),
    section("What training would say", losses.element));
  element.classList.add("hmr-hmr-lab");
  element.hidden = true;
  element.replaceChildren(node("div", { className: "hmr-lab hmr-upper" }, left, right), below);
}

/** The iterations: a scrubber, and the counts that are worth comparing. */
function createScrubber(config, goTo) {
  const text = node("p", { className: "hmr-quiet", id: "hmr-step-text" });
  const holder = node("div");
  const counts = radio({ label: "What if it iterated", id: "hmr-counts", onChange: goTo, value: 0,
    options: config.iterations.map((count) => [count === 1 ? "once" : `${count} times`, count]) });
  let range = null;
  let last = -1;

  function renew({ steps }) {
    if (steps.length - 1 === last) return;
    last = steps.length - 1;
    range = slider({ label: "Iteration", min: 0, max: last, step: 1, value: 0, id: "hmr-step", onInput: goTo });
    holder.replaceChildren(range.element);
  }

  function set({ steps, trained }, step, edited) {
    range.set(step);
    counts.set(step);
    const beyond = `: it was trained for ${trained}, so nobody taught it what to do here`;
    const remark = edited ? ", changed by hand" : step > trained ? beyond : step === trained ? ": the network's answer" : "";
    text.textContent = `${steps[step].name}${remark}.`;
  }

  return { element: node("div", { className: "hmr-section" }, holder, text, counts.element), renew, set };
}

/** What is drawn besides the body. */
function createLooksPart(view) {
  const objections = checkbox({ label: "Colour joints that the prior objects to", value: true, id: "hmr-objections",
    onChange: (on) => view.set({ objections: on }) });
  const truth = checkbox({ label: "Show the truth", id: "hmr-show-truth", onChange: (on) => view.set({ truth: on }) });
  const swatch = (color, text) => {
    const made = node("span", {}, node("i"), text);
    made.firstChild.style.background = color;
    return made;
  };
  const key = node("p", { className: "hmr-swatches" }, swatch("#f59e0b", "what the network sees"), swatch(FOUND_LANDMARK, "found"),
    swatch("#e11d48", "from found to the body's"), swatch(GUESS_COLOR, "guess"));

  function offer({ truth: known }) {
    truth.element.hidden = !known;
    truth.element.lastElementChild.textContent = known ? `Show ${known.name}, green` : "";
  }

  function set({ objections: colored, truth: on }) {
    objections.set(colored);
    truth.set(on);
  }

  return { element: row(objections.element, truth.element), key, offer, set };
}

/** The losses of the shown guess in numbers, and of all iterations as a chart. */
function createLossPart(host) {
  const numbers = table({ head: ["loss", "value", "weight", "in the sum"], id: "hmr-losses", caption: "The shown guess" });
  const chart = createMarkedChart("hmr-loss-chart", host);
  const element = node("div", { className: "hmr-section" }, chart.element, chart.note, numbers.element);
  let weights = {};

  function load({ losses, losses_text: text, weights: given }) {
    weights = given;
    chart.load(losses, text);
  }

  function set(values) {
    const terms = Object.entries(values).map(([name, value]) => ({ name, value, weight: weights[name], part: weights[name] * value }));
    const sum = terms.reduce((total, { part }) => total + part, 0);
    const rows = terms.map(({ name, value, weight, part }) => [name, value.toPrecision(3), String(weight), part.toPrecision(3)]);
    numbers.set([...rows, ["sum", "", "", sum.toPrecision(3)]]);
  }

  return { element, chart, load, set };
}

/** A figure of Python's over the iterations, with a line where we are. */
function createMarkedChart(id, host) {
  const element = node("div", { id });
  const note = node("p", { className: "hmr-quiet" });
  const chart = createChart(element, host);
  let figure = null;
  let marked = null;

  function load(made, text) {
    figure = made;
    note.textContent = text;
    marked = null;
  }

  function mark(step) {
    if (marked === step || !figure) return;
    marked = step;
    const { layout } = figure;
    const look = { dash: "dot", color: "#4f6bed", width: 2 };
    const line = { type: "line", x0: step, x1: step, yref: "paper", y0: 0, y1: 1, line: look };
    chart.set({ ...figure, layout: { ...layout, shapes: [...layout.shapes, line] } });
  }

  return { element, note, load, mark, dispose: () => chart.dispose() };
}

/** The lab's state as the Body tab's pose controls know persons: a root at rest looks at the viewer, here as there. */
function facingStore(store) {
  const turned = (theta) => [axisAngleFromMatrix(matrixProduct(FACING, matrixFromAxisAngle(theta[0]))), ...theta.slice(1)];
  return { get: () => ({ ...store.get(), theta: turned(store.get().theta) }),
    set: ({ theta }, how) => store.set({ theta: turned(theta) }, how) };
}
