// The numbers that the network answers with, as a picture: one bar per number from zero to its value, with what this
// iteration changed upon it.
//
//   const numbers = createHmrNumbers();
//   numbers.set(groups, now, before);      groups: see hmrNumbers()

import { withMinus } from "./controls.js";
import { node, svg } from "./dom.js";

const MOST_NAMED = 4;
const LEAST_SHARE = 0.01; // of a group's limit: less is no move
const CUT_MARK = 0.09; // of a half's height
const AXES = ["x", "y", "z"];
const GROUP_LIMITS = { camera: 1.5, root: Math.PI, joints: 2, shape: 3 };
const ABOUT_NUMBERS = "Grey: the number as it is now. Orange: what this step changed of it. Captions say how far a half goes.";

/** The numbers in their groups: `now` of what is shown, `before` of the iteration before it, or null. */
export function hmrNumbers(now, before, joints) {
  const turns = (names) => names.flatMap((joint) => AXES.map((axis) => `${joint} ${axis}`));
  const group = (name, limit, unit, names, read) => ({ name, limit, unit, names, now: read(now), before: before && read(before) });
  return [
    group("camera", GROUP_LIMITS.camera, "", ["s", "tx", "ty"], ({ crop }) => crop),
    group("root", GROUP_LIMITS.root, "rad", turns([joints[0]]), ({ theta }) => theta[0]),
    group("shape β", GROUP_LIMITS.shape, "standard deviations", now.betas.map((_, n) => `β${n}`), ({ betas }) => betas),
    group("joints θ", GROUP_LIMITS.joints, "rad", turns(joints.slice(1)), ({ theta }) => theta.slice(1).flat()),
  ];
}

/** The changes, largest first as shares of their group's limit. */
export function movesOf(groups) {
  const moves = groups.flatMap(({ names, now, before, limit }) => (
    names.map((name, n) => ({ name, change: before ? now[n] - before[n] : 0, limit }))));
  const share = ({ change, limit }) => Math.abs(change) / limit;
  return moves.filter((move) => share(move) > LEAST_SHARE).sort((one, other) => share(other) - share(one));
}

/** Names of the numbers that are larger than their group's picture. */
export function cutNumbers(groups) {
  return groups.flatMap(({ names, now, limit }) => names.filter((_, n) => isCut(now[n], limit)));
}

export function createHmrNumbers() {
  const strip = node("div", { className: "hmr-strip", id: "hmr-strip" });
  const moved = node("p", { className: "hmr-quiet", id: "hmr-moved" });
  const about = node("p", { className: "hmr-quiet" });
  strip.setAttribute("role", "img");
  const element = node("div", { className: "hmr-section" }, strip, about, moved);

  function set(groups, first) {
    strip.replaceChildren(...groups.map(groupOf));
    const moves = movesOf(groups);
    moved.textContent = first ? "The mean of all people: where every answer begins, whatever the photo shows." : movesText(moves);
    about.textContent = `${ABOUT_NUMBERS}${cutText(cutNumbers(groups))}`;
    const counts = groups.map(({ name, names }) => `${names.length} ${name}`).join(", ");
    strip.setAttribute("aria-label", `The numbers of this guess: ${counts}. ${moved.textContent}`);
  }

  return { element, set };
}

function movesText(moves) {
  if (!moves.length) return "Nothing moved.";
  const named = moves.slice(0, MOST_NAMED).map(({ name, change }) => withMinus(`${name} ${change > 0 ? "+" : ""}${change.toFixed(2)}`));
  const rest = moves.length > MOST_NAMED ? `, and ${moves.length - MOST_NAMED} more` : "";
  return `Moved most: ${named.join(" · ")}${rest}.`;
}

function cutText(names) {
  if (!names.length) return "";
  const rest = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : "";
  return ` Red ends: larger than that, so cut (${names.slice(0, MOST_NAMED).join(", ")}${rest}).`;
}

function groupOf({ name, names, now, before, limit, unit }) {
  const bars = names.flatMap((its, n) => barsOf(its, n, now[n], before ? before[n] : now[n], limit));
  const zero = svg("line", { x1: 0, x2: names.length, y1: 0, y2: 0, class: "hmr-zero" });
  const picture = svg("svg", { viewBox: `0 -1 ${names.length} 2`, preserveAspectRatio: "none" }, ...bars, zero);
  const scale = `±${Number(limit.toFixed(2))} ${unit}`.trimEnd();
  const made = node("figure", {}, picture, node("figcaption", { textContent: `${name} · ${names.length} · ${scale}` }));
  made.style.setProperty("--count", names.length);
  return made;
}

/** From zero to the value, and from the value before to this one. */
function barsOf(name, place, value, before, limit) {
  const bar = (from, to, look, [left, width]) => svg("rect", { x: place + left, width, class: look,
    y: -Math.max(clipped(from / limit), clipped(to / limit)), height: Math.abs(clipped(to / limit) - clipped(from / limit)) });
  const title = svg("title", {});
  title.textContent = withMinus(`${name}: ${value.toFixed(3)}${value === before ? "" : `, before ${before.toFixed(3)}`}`);
  const target = svg("rect", { x: place, y: -1, width: 1, height: 2, class: "hmr-over" }, title);
  const bars = [bar(0, value, "hmr-value", [0.12, 0.76]), bar(before, value, "hmr-change", [0.3, 0.4])];
  if (isCut(value, limit)) bars.push(cutMark(place, value));
  return [...bars, target];
}

/** At the end of a bar that would go on. */
function cutMark(place, value) {
  return svg("rect", { x: place, width: 1, y: value > 0 ? -1 : 1 - CUT_MARK, height: CUT_MARK, class: "hmr-cut" });
}

function isCut(value, limit) {
  return Math.abs(value) > limit;
}

function clipped(share) {
  return Math.min(Math.max(share, -1), 1);
}
