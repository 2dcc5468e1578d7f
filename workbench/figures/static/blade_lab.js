// The BLADE lab: distance, pose and camera of one person, side by side; a distance that is moved by hand, a mask that is
// painted over, and a camera that is solved again for both.
//
//   const lab = createBladeLab(element, host, config);   also element.lab
//   lab.load(watched)    what workbench/app/handlers_blade.py made of a person, or null: nobody
//   lab.state()          { tz, mask, answer }: where we are, and what was solved for it, or null while it is being solved
//   lab.points()         the scan of distances so far
//   lab.settled()        whether everything shown belongs to this distance and mask, the scan too
//   lab.dispose()
//
// Python solves (blade_camera, blade_scan); of several requests the newest wins. The browser poses and draws.

import { distortionWords, distortionWorld } from "./blade_distortion.js";
import { maskArea, maskFromData, maskToData } from "./blade_masks.js";
import { STAGE_COLORS, TRUTH_COLOR, bladeLabParts, bladeNumbers } from "./blade_parts.js";
import { valleyFigure, valleyWords } from "./blade_valley.js";
import { openBody } from "./bodies.js";
import { oneAtATime } from "./camera_people.js";

const QUICK_EVALUATIONS = 12; // evaluations while the distance moves, from the last camera
const ALL_EVALUATIONS = 50; // and where it stays
const SCANNED_AT_ONCE = 3;

export function createBladeLab(element, host, config) {
  const opened = new Map(); // bodies by tag
  const parts = bladeLabParts(element, host, config, { onTz: moveTo, onMask: paint, onTruth: (on) => { showTruth = on; draw(); },
    back: () => moveTo(watched.tz_m) });
  let watched = null;
  let bodies = null; // posed: person, mean, truth
  let now = { tz: 1, mask: null };
  let answer = null; // of Python, to the newest question that it has answered
  let answered = null; // that question
  let points = [];
  let scanned = null; // the mask that `points` are of, when they are all there
  let showTruth = false;
  let solving = false;
  let loads = 0;

  const open = (tag) => {
    if (!opened.has(tag)) {
      const body = openBody(config.bodies.find((entry) => entry.tag === tag), host);
      body.catch(() => opened.delete(tag)); // the next person tries again
      opened.set(tag, body);
    }
    return opened.get(tag);
  };

  async function posed(person) {
    const body = await open(person.body);
    return { ...(await body.pose(person)), mesh: body.mesh, parts: body.parts };
  }

  const question = ({ mask }) => ({ ...watched.question, mask: maskToData(mask) });

  const solve = oneAtATime(async ([at, of]) => {
    try {
      const before = answer?.solved ? knownOf(answer) : null;
      for (const evaluations of before ? [QUICK_EVALUATIONS, ALL_EVALUATIONS] : [ALL_EVALUATIONS]) {
        const found = await host.call("blade_camera", { ...question(at), tz_m: at.tz, evaluations, known: before });
        if (of !== watched) return;
        answer = found;
        answered = at;
        parts.said.set(found.said, true);
        parts.remarks.set(found.remarks.join(" "));
        draw();
        if (at !== now) return;
      }
      solving = false;
      parts.status.set("");
      element.dataset.solved = Number(element.dataset.solved || 0) + 1; // lets tests wait for an answer
    } catch (error) {
      if (at !== now || of !== watched) return;
      solving = false;
      parts.said.set(`The camera could not be solved: ${error.message}`, true);
      parts.status.set("");
    }
  });

  /** Distance by distance, each beginning at its neighbour's camera; another mask begins anew. */
  const scan = oneAtATime(async ([mask, of]) => {
    const current = () => of === watched && mask === now.mask;
    if (!current()) return;
    points = [];
    drawChart();
    if (!maskArea(mask)) {
      scanned = mask;
      parts.chart.words.textContent = "Without a mask there is nothing to agree with, at any distance.";
      return;
    }
    try {
      const all = [...config.scan].reverse(); // from far to near: far away, the start is nearly right
      for (let n = 0; n < all.length && current(); n += SCANNED_AT_ONCE) {
        parts.chart.words.textContent = `Solving at ${all.length} distances: ${n} done.`;
        const row = all.slice(n, n + SCANNED_AT_ONCE);
        const more = await host.call("blade_scan", { ...question({ mask }), row_m: row, known: points[0] ?? null });
        if (!current()) return;
        points = [...points, ...more].sort((one, other) => one.tz - other.tz);
        drawChart();
      }
      if (!current()) return;
      parts.chart.words.textContent = valleyWords(points);
      scanned = mask;
    } catch (error) {
      parts.chart.words.textContent = `The distances could not be compared: ${error.message}`;
    }
  });

  function request() {
    solving = true;
    parts.status.set("Solving …");
    parts.home.enable(now.tz !== watched.tz_m);
    solve([now, watched]);
  }

  function moveTo(tz) {
    if (!watched || tz === now.tz) return;
    now = { ...now, tz };
    parts.distance.set(tz);
    drawWorld();
    request();
  }

  function paint(mask) {
    if (!watched || mask === now.mask) return;
    now = { ...now, mask };
    drawStages();
    request();
    scan([mask, watched]);
  }

  function draw() {
    drawStages();
    drawChart();
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1;
  }

  function drawStages() {
    if (!answer || !bodies) return;
    const { distance, pose, solved, tz_m: tz } = answer;
    const truth = showTruth && bodies.truth ? [layer(bodies.truth, watched.truth.camera, TRUTH_COLOR, "outline")] : [];
    const show = (name, body, { camera }, numbers, description) => {
      const { picture, numbers: tell } = parts.stages[name];
      picture.set({ layers: [layer(body, camera, STAGE_COLORS[name]), ...truth], mask: now.mask, description });
      tell(numbers);
    };
    show("distance", bodies.mean, distance, bladeNumbers({ tz }), `Stage 1: the mean body ${tz.toFixed(2)} m away`);
    show("pose", bodies.person, pose, bladeNumbers({ tz, ...pose }), `Stage 2: the posed body ${tz.toFixed(2)} m away through its own lens`);
    const last = solved ?? pose;
    show("solved", bodies.person, last, solved ? bladeNumbers({ tz, ...solved }) : bladeNumbers({ tz }),
      solved ? "Stage 3: the posed body before the solved camera" : "Stage 3 has no answer; the camera of stage 2 is shown");
    parts.editor.set([layer(bodies.person, last.camera, STAGE_COLORS.solved, "outline")]);
  }

  function drawChart() {
    if (!watched) return;
    const solved = answered && answered.mask === now.mask ? answer.solved : null;
    const tz = solved ? answer.tz_m : now.tz;
    parts.chart.set(valleyFigure(points, { tz, answer: watched.tz_m, solved, truth: watched.truth }));
  }

  function drawWorld() {
    if (!bodies) return;
    parts.world.set(distortionWorld(bodies.person, now.tz));
    parts.distortion.textContent = distortionWords(bodies.person, now.tz);
  }

  async function load(next) {
    const kept = next && watched?.asked === next.asked ? now.mask : null; // of the same person, as it was painted
    watched = next;
    element.hidden = !next;
    bodies = answer = answered = scanned = null;
    points = [];
    if (!next) return;
    now = { tz: next.tz_m, mask: kept ?? maskFromData(next.mask) };
    element.style.setProperty("--aspect", next.picture.size[0] / next.picture.size[1]);
    parts.pictures.load(next.picture);
    parts.truth.set(next.truth);
    parts.distance.set(next.tz_m);
    parts.said.set("");
    if (!kept) parts.editor.load(now.mask, next.mask_text);
    request();
    scan([now.mask, next]);
    try {
      const people = [next.question.person, next.mean, next.truth?.person];
      const [person, mean, truth] = await Promise.all(people.map((each) => each && posed(each)));
      if (next !== watched) return;
      bodies = { person, mean, truth };
      drawWorld();
      draw();
      loads += 1; // lets tests wait for a person
    } catch (error) {
      if (next === watched) parts.said.set(`The body could not be drawn: ${error.message}`, true);
    }
  }

  const solvedNow = () => Boolean(watched && bodies && answered === now && !solving);
  const settled = () => solvedNow() && scanned === now.mask;

  function dispose() {
    watched = null;
    parts.dispose();
    element.replaceChildren();
  }

  return (element.lab = { load, moveTo, state: () => ({ ...now, answer: answered === now ? answer : null }), points: () => points, solved: solvedNow,
    settled, loads: () => loads, mask: () => parts.editor.mask(), dispose });
}

function layer({ vertices, mesh }, camera, color, style = "shaded") {
  return { vertices, corners: mesh.corners, camera, color, style, opacity: 0.82 };
}

/** A solved camera as the next question's start. */
function knownOf({ solved: { focal_px: focal, t: [tx, ty, tz] } }) {
  return { focal, tx, ty, tz };
}
