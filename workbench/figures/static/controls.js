// Native controls: labelled, usable by keyboard and finger, and heard through one callback each.
//
//   const tall = slider({ label: "β0", min: -3, max: 3, step: 0.05, value: 0, onInput: (value) => ... });
//   holder.append(tall.element);
//   tall.set(1.5);                                  shows it, and never calls onInput
//
// Whoever owns the state listens and calls `set`; a control keeps nothing but what it shows.

import { node } from "./dom.js";

const POSITIONS = 1000; // of a logarithmic range
const COARSE_STEPS = 20; // of a range, by Page Up and Page Down
const SAID_MS = 3000; // that a number was beyond its limit

/** A range and a number box that show the same number. Typed numbers are brought within the limits, and
 *  that is said for a moment.
 *  `digits` are the decimals shown. With `log`, equal ways of the range are equal factors. */
export function slider({ label, unit = "", min, max, step = 0.01, value = min, log = false, id = "", digits = decimals(step),
  onInput = () => {} }) {
  const name = unit ? `${label}, ${unit}` : label;
  const limits = log ? { min: 0, max: POSITIONS, step: 1 } : { min, max, step };
  const range = node("input", { type: "range", ariaLabel: name, ...limits });
  const box = node("input", { type: "number", min, max, step: "any", ariaLabel: `${name}, as a number` });
  const text = node("span", { className: "hmr-label", textContent: label });
  const limit = node("span", { className: "hmr-limit", role: "status" });
  const element = node("div", { className: "hmr-slider", id }, node("label", {}, text, range), limit, box);
  if (unit) element.append(node("span", { className: "hmr-unit", textContent: unit, ariaHidden: "true" }));
  const position = (number) => (log ? (POSITIONS * Math.log(number / min)) / Math.log(max / min) : number);
  const numberAt = (place) => rounded(log ? min * (max / min) ** (place / POSITIONS) : place, step);
  let shown = value;
  let saying = 0;

  function set(number) {
    shown = number;
    range.value = position(number);
    if (box.valueAsNumber !== number) box.value = Number(number.toFixed(digits)); // else it is being typed
    range.ariaValueText = `${box.value} ${unit}`.trim();
  }

  function take(number) {
    const before = shown;
    set(clamped(number, min, max));
    if (shown !== before) onInput(shown); // a typed number has been told already when the box is left
  }

  function takeTyped(number) {
    const kept = clamped(number, min, max);
    take(kept);
    if (kept === number) return;
    limit.textContent = withMinus(`limit ${Number(kept.toFixed(digits))}`);
    clearTimeout(saying);
    saying = setTimeout(() => { limit.textContent = ""; }, SAID_MS);
  }

  range.addEventListener("input", () => take(numberAt(Number(range.value))));
  range.addEventListener("keydown", (event) => {
    const ways = { PageUp: 1, PageDown: -1 }[event.key]; // the browser's own are a tenth of the range
    if (!ways) return;
    event.preventDefault();
    const from = Number(range.value) + (ways * (Number(range.max) - Number(range.min))) / COARSE_STEPS;
    take(numberAt(from));
  });
  box.addEventListener("input", () => {
    const number = box.valueAsNumber; // NaN while it is half typed
    if (!(number >= min && number <= max)) return;
    shown = number;
    range.value = position(number);
    onInput(number);
  });
  box.addEventListener("change", () => (Number.isNaN(box.valueAsNumber) ? set(shown) : takeTyped(box.valueAsNumber)));
  set(value);
  return { element, set };
}

/** One of a list; `options` are [text, value], and `choices` puts others in their place. */
export function select({ label, options, value, id = "", onChange = () => {} }) {
  const list = node("select", { ariaLabel: label });
  const text = node("span", { className: "hmr-label", textContent: label });
  let values = [];
  const set = (chosen) => { list.selectedIndex = values.indexOf(chosen); };
  const choices = (fresh, chosen) => {
    values = fresh.map(([, its]) => its);
    list.replaceChildren(...fresh.map(([name]) => node("option", { textContent: name })));
    set(chosen);
  };
  list.addEventListener("change", () => onChange(values[list.selectedIndex]));
  choices(options, value);
  return { element: node("label", { className: "hmr-select", id }, text, list), set, choices };
}

export function checkbox({ label, value = false, id = "", onChange = () => {} }) {
  const box = node("input", { type: "checkbox", checked: value });
  box.addEventListener("change", () => onChange(box.checked));
  const element = node("label", { className: "hmr-check", id }, box, node("span", { textContent: label }));
  return { element, set: (checked) => { box.checked = checked; } };
}

/** One of a few, all in sight. */
export function radio({ label, options, value, id = "", onChange = () => {} }) {
  const group = `hmr-${Math.random().toString(36).slice(2)}`; // no other list of the page has it
  const boxes = options.map(([, its]) => {
    const box = node("input", { type: "radio", name: group, checked: its === value });
    box.addEventListener("change", () => box.checked && onChange(its));
    return box;
  });
  const labels = options.map(([text], index) => node("label", {}, boxes[index], node("span", { textContent: text })));
  const legend = node("legend", { className: "hmr-label", textContent: label });
  const element = node("fieldset", { className: "hmr-radio", id }, legend, node("div", { className: "hmr-choices" }, ...labels));
  const set = (chosen) => boxes.forEach((box, index) => { box.checked = options[index][1] === chosen; });
  return { element, set };
}

export function button({ text, title = "", id = "", onClick = () => {} }) {
  const element = node("button", { type: "button", className: "hmr-button", textContent: text, title, id });
  element.addEventListener("click", () => onClick());
  return { element, enable: (usable) => { element.disabled = !usable; } };
}

/** A button that asks for a file; `accept` as in HTML. */
export function fileButton({ text, accept = "", title = "", id = "", onFile = () => {} }) {
  const input = node("input", { type: "file", accept, id });
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = ""; // or the same file could not be opened again
    if (file) onFile(file);
  });
  return { element: node("label", { className: "hmr-button hmr-file", title }, text, input) };
}

/** A line that is read out when it changes; `bad` for what went wrong. */
export function notice(id = "") {
  const element = node("p", { className: "hmr-note", id, role: "status" });
  const set = (text, bad = false) => {
    element.textContent = text;
    element.classList.toggle("hmr-bad", bad);
  };
  return { element, set };
}

/** Names and values, quietly side by side; `titles` say more on some of them. */
export function facts(id = "", titles = {}) {
  const element = node("dl", { className: "hmr-facts", id });
  const set = (values) => {
    const rows = Object.entries(values).map(([name, text]) => (
      node("div", { title: titles[name] ?? "" }, node("dt", { textContent: name }), node("dd", { textContent: withMinus(text) }))));
    element.replaceChildren(...rows);
  };
  return { element, set };
}

/** Rows of cells, each a text or an element; `head` names the columns. */
export function table({ head, caption = "", id = "" }) {
  const body = node("tbody");
  const top = node("thead", {}, node("tr", {}, ...head.map((text) => node("th", { scope: "col", textContent: text }))));
  const made = node("table", {}, ...(caption ? [node("caption", { textContent: caption })] : []), top, body);
  const cell = (content, column) => node(column ? "td" : "th", column ? {} : { scope: "row" },
    typeof content === "string" ? withMinus(content) : content);
  const set = (rows) => body.replaceChildren(...rows.map((row) => node("tr", {}, ...row.map(cell))));
  const frame = { className: "hmr-table", id, tabIndex: 0, role: "region", ariaLabel: caption || head.join(", ") };
  return { element: node("div", frame, made), set };
}

/** What can be folded away. */
export function details(title, ...children) {
  return node("details", { className: "hmr-details" }, node("summary", { textContent: title }), node("div", {}, ...children));
}

/** A part of a lab's controls, under its heading. */
export function section(title, ...children) {
  return node("section", { className: "hmr-section", ariaLabel: title }, node("h3", { textContent: title }), ...children);
}

/** Buttons and the like, side by side. */
export function row(...children) {
  return node("div", { className: "hmr-row" }, ...children);
}

export function clamped(number, min, max) {
  return Math.min(Math.max(number, min), max);
}

/** With real minus signs before numbers. */
export function withMinus(text) {
  return text.replace(/(?<!\w)-(?=\d)/g, "−");
}

function rounded(number, step) {
  return Number((Math.round(number / step) * step).toFixed(decimals(step)));
}

function decimals(step) {
  return String(step).split(".")[1]?.length ?? 0;
}
