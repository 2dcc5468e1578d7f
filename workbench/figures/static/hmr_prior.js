// What the adversarial prior says: a bar per factor, the joints in the order of the body, left and right beside each other.
//
//   const prior = createHmrPrior({ onPick });      onPick(joint): its name was pressed
//   prior.set(factors, scores, chosen);

import { withMinus } from "./controls.js";
import { node } from "./dom.js";
import { objection, objects } from "./hmr_scene.js";

const MOST_OBJECTING = 3;

export function createHmrPrior({ onPick }) {
  const said = node("p", { id: "hmr-objects", role: "status" });
  const list = node("div", { className: "hmr-factors", id: "hmr-factors" });
  const element = node("div", { className: "hmr-section" }, said, list);
  let known = null;
  let bars = [];

  /** One bar per factor, made once. */
  function renew(factors) {
    known = factors;
    bars = factors.map((factor) => factorBar(factor, onPick));
    const order = factors.map((_, n) => n).sort((one, other) => factors[one].place - factors[other].place);
    list.replaceChildren(...order.map((n) => bars[n].element));
  }

  function set(factors, scores, chosen) {
    if (factors !== known) renew(factors);
    bars.forEach((bar, n) => bar.set(scores[n], factors[n].joint !== null && factors[n].joint === chosen));
    const objecting = factors.map(({ name }, n) => ({ name, score: scores[n] })).filter(({ score }) => objects(score))
      .sort((one, other) => one.score - other.score);
    const names = objecting.slice(0, MOST_OBJECTING).map(({ name, score }) => `${name} (${scoreText(score)})`);
    const text = names.length ? `${objecting.length} of ${factors.length} object, most of all: ${names.join(", ")}.`
      : `None of the ${factors.length} objects.`;
    if (said.textContent !== text) said.textContent = text;
  }

  return { element, set };
}

function factorBar({ name, joint, side }, onPick) {
  const fill = node("i");
  const number = node("span", { className: "hmr-score" });
  const label = node("span", { className: "hmr-label", textContent: name });
  const tag = joint === null ? "div" : "button";
  const element = node(tag, { className: `hmr-factor hmr-of-${side}` }, label, number, node("span", { className: "hmr-track" }, fill));
  if (joint !== null) {
    element.type = "button";
    element.addEventListener("click", () => onPick(joint));
  }

  function set(score, chosen) {
    const share = objection(score);
    fill.style.width = `${Math.round(100 * share)}%`;
    fill.style.setProperty("--share", `${Math.round(100 * share)}%`);
    number.textContent = scoreText(score);
    element.classList.toggle("hmr-objects", objects(score));
    if (joint !== null) element.setAttribute("aria-pressed", String(chosen));
  }

  return { element, set };
}

function scoreText(score) {
  return withMinus((Math.abs(score) < 0.005 ? 0 : score).toFixed(2));
}
