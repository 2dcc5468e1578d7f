// People's boxes as numbers, for those who type rather than draw.
//
//   const numbers = createBoxNumbers({draw, edit, remove});   handlers as in photo_view.js, and remove(index)
//   numbers.set(picture);                            the same picture as the photo shows
//   numbers.choose(index);                           whose box the fields hold
//
// Everything but the final change happens here, so that what is on screen is always the chosen person's box.

import { node } from "./dom.js";

const EDGES = ["left", "top", "right", "bottom"];
const SOMEBODY_NEW = -1;

export function createBoxNumbers({ draw, edit, remove }) {
  const who = node("select", { name: "who" });
  const fields = EDGES.map((name) => node("input", { type: "number", name, step: 1, required: true }));
  const apply = node("button", { type: "submit", textContent: "Set box" });
  const forget = node("button", { type: "button", textContent: "Remove person" });
  const form = node("form", { className: "hmr-bar" }, boxField("Whose box", who),
    ...fields.map((field) => boxField(`${field.name}, px`, field)), apply, forget);
  const element = node("details", { className: "hmr-numbers" },
    node("summary", { textContent: "A box in numbers" }), form);
  let shown = null;

  who.addEventListener("change", fill);
  forget.addEventListener("click", () => remove(Number(who.value)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const box = fields.map((field) => field.valueAsNumber);
    const index = Number(who.value);
    if (index === SOMEBODY_NEW) draw(box);
    else edit(index, box);
  });

  function set(picture) {
    const before = shown?.boxes.length;
    shown = picture;
    const people = picture.boxes.map((_, index) => new Option(`Person ${index + 1}`, index));
    const chosen = picture.boxes.length === before ? who.value : SOMEBODY_NEW; // numbers count from the front anew
    who.replaceChildren(new Option("A new person", SOMEBODY_NEW), ...people);
    choose(chosen);
  }

  function choose(index) {
    who.value = index;
    fill();
  }

  function fill() {
    const index = Number(who.value);
    const box = shown.boxes[index]?.box ?? middleBox(shown);
    fields.forEach((field, edge) => {
      field.value = Math.round(box[edge]);
      field.min = 0;
      field.max = edge % 2 ? shown.height : shown.width;
    });
    forget.disabled = index === SOMEBODY_NEW;
  }

  return { element, set, choose };
}

/** A box to start from. */
function middleBox({ width, height }) {
  return [width / 4, height / 4, (width * 3) / 4, (height * 3) / 4].map(Math.floor);
}

function boxField(text, field) {
  return node("label", {}, node("span", { textContent: text }), field);
}
