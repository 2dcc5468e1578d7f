// What surrounds a 3D view's canvas: where to look from and at, what to show, the legend.

import { withMinus } from "./controls.js";
import { node } from "./dom.js";
import { CLOSE_UPS, WHOLE } from "./look_at.js";
import { STANDPOINTS } from "./view_camera.js";

const OWN_VIEW = "own view"; // where hands have taken it
const TOGGLES = ["Skeleton", "Names", "Ground", "Camera", "Landmarks"];

/** `actions` are what the bar does: lookFrom(standpoint), lookAt(part), toggle(). */
export function createViewParts(element, actions) {
  element.classList.add("hmr-view");
  const plot = node("div", { className: "hmr-plot" });
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", element.dataset.label || "3D view of the body; drag to turn it");
  const tag = node("span", { className: "hmr-tag", hidden: true, ariaHidden: "true" });
  const legend = node("div", { className: "hmr-legend", hidden: true });
  const note = node("p", { className: "hmr-note" });
  note.setAttribute("role", "status");
  const frame = node("div", { className: "hmr-frame" }, plot, tag);
  const standpoints = Object.keys(STANDPOINTS).map((name) => standpointButton(name, actions));
  const target = createTarget(actions.lookAt);
  const toggles = createToggles((element.dataset.show || "ground").split(" "), actions.toggle);
  const bar = node("div", { className: "hmr-bar" }, ...standpoints, target.element, ...toggles.elements);
  element.replaceChildren(frame, legend, bar, note);
  return { plot, frame, bar, legend, note, tag, toggles, target };
}

function standpointButton(name, { lookFrom }) {
  const button = node("button", { type: "button", textContent: name, title: `Look from the ${name.toLowerCase()}` });
  button.addEventListener("click", () => lookFrom(name));
  return button;
}

/** The part of the body that is looked at. */
function createTarget(onChoose) {
  const list = node("select", { ariaLabel: "Look at" });
  const options = [WHOLE, ...CLOSE_UPS, OWN_VIEW].map((name) => node("option", { value: name, textContent: name }));
  options.at(-1).hidden = true;
  list.append(...options);
  list.addEventListener("change", () => onChoose(list.value));
  const element = node("label", { className: "hmr-look" }, node("span", { textContent: "Look at" }), list);
  const offer = (parts) => {
    for (const option of options.slice(1, -1)) option.hidden = option.disabled = !parts.includes(option.value);
    element.hidden = !parts.length;
  };
  return { element, offer, get: () => list.value, set: (name) => { list.value = name ?? OWN_VIEW; } };
}

/** What is shown; each toggle can be taken away where there is nothing of its kind. */
function createToggles(shown, onToggle) {
  const boxes = Object.fromEntries(TOGGLES.map((title) => {
    const name = title.toLowerCase();
    const box = node("input", { type: "checkbox", name, checked: shown.includes(name) });
    box.addEventListener("change", () => {
      offer("names", boxes.skeleton.checked);
      onToggle();
    });
    return [name, box];
  }));
  const elements = TOGGLES.map((title) => node("label", {}, boxes[title.toLowerCase()], ` ${title}`));
  const offer = (name, there) => { boxes[name].parentElement.hidden = !there; };
  const values = () => Object.fromEntries(Object.entries(boxes).map(([name, { checked }]) => [name, checked]));
  offer("names", boxes.skeleton.checked);
  for (const name of ["camera", "landmarks"]) offer(name, false); // until a world has them
  return { elements, offer, values };
}

export function showLegend(holder, legend) {
  const known = JSON.stringify(legend);
  if (holder.dataset.shows === known) return;
  holder.dataset.shows = known;
  holder.hidden = !legend;
  if (!legend) return holder.replaceChildren();
  const title = node("b", { textContent: legend.title });
  if (legend.swatches) {
    const items = legend.swatches.map(([color, name]) => {
      const item = node("span", {}, node("i"), name);
      item.firstChild.style.background = color;
      return item;
    });
    return holder.replaceChildren(title, node("div", { className: "hmr-swatches" }, ...items));
  }
  const bar = node("i", { className: "hmr-scale" });
  bar.style.background = `linear-gradient(90deg, ${legend.stops.join(", ")})`;
  const number = (value) => withMinus(`${Number(value.toPrecision(3))}${legend.unit ? ` ${legend.unit}` : ""}`);
  holder.replaceChildren(title, node("span", { textContent: number(legend.low) }), bar, node("span", { textContent: number(legend.high) }));
}
