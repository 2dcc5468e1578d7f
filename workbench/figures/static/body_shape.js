// The Body lab's sliders for shape, expression, and single movements of hands and face.

import { button, details, row, section, slider } from "./controls.js";
import { node } from "./dom.js";
import { amountOf, randomCoefficients, withAmount } from "./person.js";

const SHAPE_STEP = 0.05;
const IDS = { betas: "beta", expression: "expression" };
const SYMBOLS = { betas: "β", expression: "ψ" };

export function createShapePart(config, store, entry) {
  const { beta: limit, random } = config.limits;
  const randomize = (name, count) => store.set({ [name]: randomCoefficients(count, random) });
  const clear = (name) => store.set({ [name]: store.get()[name].map(() => 0) });
  const betas = node("div", { className: "hmr-grid" });
  const shape = section("Shape β, in standard deviations",
    row(button({ text: "Random shape", id: "body-random-shape", onClick: () => randomize("betas", entry().betas) }).element,
      button({ text: "Mean shape", id: "body-mean-shape", onClick: () => clear("betas") }).element),
    betas);
  const fine = section("Hands and face");
  const element = node("div", { className: "hmr-controls" }, shape, fine);
  let sliders = []; // { shown: slider, read: (person) => number }

  /** A slider that changes one coefficient. */
  function coefficient(name, index) {
    const meaning = config.names[entry().tag]?.[name][index];
    const label = `${SYMBOLS[name]}${index}${meaning ? ` · ${meaning}` : ""}`;
    const id = `body-${IDS[name]}-${index}`;
    const shown = slider({ label, min: -limit, max: limit, step: SHAPE_STEP, value: 0, id,
      onInput: (value) => store.set({ [name]: store.get()[name].map((old, n) => (n === index ? value : old)) },
        { key: `${name} ${index}` }) });
    sliders.push({ shown, read: (person) => person[name][index] });
    return shown.element;
  }

  function movement(move) {
    const { joints } = entry();
    const id = `body-move-${move.group} ${move.name}`.replaceAll(" ", "-");
    const shown = slider({ label: move.name, unit: move.unit, min: move.low, max: move.high, step: 1, value: 0, id,
      onInput: (amount) => store.set({ theta: withAmount(move, amount, store.get().theta, joints) }, { key: id }) });
    sliders.push({ shown, read: ({ theta }) => Number(amountOf(move, theta, joints).toFixed(2)) });
    return shown.element;
  }

  /** The sliders of another body. */
  function renew({ betas: shapes, expressions, joints }) {
    sliders = [];
    betas.replaceChildren(...Array.from({ length: shapes }, (_, n) => coefficient("betas", n)));
    const possible = config.moves.filter((move) => Object.keys(move.turns).every((joint) => joints.includes(joint)));
    const groups = [...new Set(possible.map(({ group }) => group))];
    const parts = groups.map((group) => details(group[0].toUpperCase() + group.slice(1),
      node("div", { className: "hmr-grid" }, ...possible.filter((move) => move.group === group).map(movement))));
    if (expressions) parts.push(expressionPart(expressions));
    fine.replaceChildren(fine.firstElementChild, ...parts);
    fine.hidden = !parts.length;
  }

  function expressionPart(count) {
    return details("Expression, in standard deviations",
      row(button({ text: "Random expression", id: "body-random-expression",
        onClick: () => randomize("expression", count) }).element,
        button({ text: "Neutral face", id: "body-neutral", onClick: () => clear("expression") }).element),
      node("div", { className: "hmr-grid" },
        ...Array.from({ length: count }, (_, n) => coefficient("expression", n))));
  }

  function show(person) {
    for (const { shown, read } of sliders) shown.set(read(person));
  }

  return { element, show, renew };
}
