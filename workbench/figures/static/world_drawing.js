// A world on Plotly's canvas, drawn anew when its form changes and in place when only its numbers do. The user's view
// stays: new data never moves it, and where the shown box changes, a close look goes on at the same place.
//
//   const drawing = createDrawing(plot, { look, zoom, onLost });
//   await drawing.draw(Plotly, world, skins, shows);
//   drawing.move((camera, { reach, toScene, length }) => camera);     see view_camera.js
//   drawing.screen([x, y, z])                                         pixels, or null
//   await drawing.fit(); drawing.misfit(); drawing.clear();

import { FIRST_STANDPOINT, STANDPOINTS, reachOf, reframed, standing } from "./view_camera.js";
import {
  boxOf, frameOf, onScreen, sceneLayout, sceneOf, seeThrough, stopPicking, swapTrace,
} from "./world_scene.js";
import { sceneTraces } from "./world_traces.js";

export function createDrawing(plot, { look, zoom, onLost, onFrame }) {
  let Plotly = null;
  let signature = ""; // of what Plotly holds; empty when it has to draw from the start
  let count = -1; // of bodies that it was drawn with
  let box = null;
  let frame = null;
  let fill = 1;
  let fitted = [0, 0]; // the size it was drawn for: kept, because asking costs the page a layout
  const size = () => [plot.clientWidth, plot.clientHeight];

  async function draw(drawer, world, skins, shows) {
    Plotly = drawer;
    const same = skins.length === count;
    box = boxOf(world, skins, shows, same ? box : null);
    count = skins.length;
    fill = world.fill ?? 1;
    const { traces, signature: now } = sceneTraces({ ...world, bounds: box }, skins, shows);
    if (now === signature && traces.every((trace, index) => swapTrace(plot, index, trace))) {
      sceneOf(plot).glplot.redraw();
    } else {
      await drawAnew(traces, same);
      signature = now;
    }
  }

  async function drawAnew(traces, sameBodies) {
    const before = sceneOf(plot)?.getCamera();
    const [from, first] = [frame, !plot.on];
    fitted = size();
    frame = frameOf(box, fitted[0] / Math.max(fitted[1], 1) || 1, (Number(zoom) || 1) * fill);
    const close = before && sameBodies && Math.hypot(...Object.values(before.center)) > 0;
    const camera = close ? reframed(before, from, frame) : before ?? standing(STANDPOINTS[look] ?? FIRST_STANDPOINT);
    await Plotly.react(plot, traces, sceneLayout(box, frame, camera), { displayModeBar: false, responsive: false });
    stopPicking(plot, traces);
    seeThrough(plot, traces);
    if (first) listen(plot, onFrame, onLost);
    sceneOf(plot).glplot.redraw();
  }

  const misfit = () => Boolean(signature && plot.clientWidth && size().some((length, n) => length !== fitted[n]));

  async function fit() {
    fitted = size();
    plot.layout.scene.camera = sceneOf(plot).getCamera(); // or Plotly goes back to the one it knows
    await Plotly.Plots.resize(plot);
  }

  /** Give the viewer another place. */
  function move(change) {
    if (!signature) return;
    const scene = sceneOf(plot);
    const toScene = (point) => point.map((value, axis) => (value - frame.middle[axis]) * frame.scale);
    const camera = change(scene.getCamera(), { reach: reachOf(frame), toScene, length: (metres) => metres * frame.scale });
    scene.setViewport({ ...plot._fullLayout.scene, camera: { ...camera, projection: { type: "perspective" } } });
    scene.glplot.redraw();
  }

  function clear() {
    const surfaces = [...plot.querySelectorAll("canvas")];
    if (plot.on) Plotly.purge(plot);
    for (const surface of surfaces) loseContext(surface);
    signature = "";
  }

  return { draw, fit, misfit, move, clear, drawn: () => signature !== "", screen: (point) => onScreen(plot, point, fitted),
    size: () => fitted };
}

function listen(plot, onFrame, onLost) {
  const scene = sceneOf(plot);
  const { onrender } = scene.glplot;
  scene.glplot.onrender = () => { onrender(); onFrame(); };
  scene.recoverContext = () => {}; // Plotly's own way waits every frame, and breaks when purged meanwhile
  plot.on("plotly_webglcontextlost", onLost);
}

let webGL = null; // asked once: every answer costs a context

export function hasWebGL() {
  webGL ??= loseContext(document.createElement("canvas"));
  return webGL;
}

/** Give a drawing surface back at once: a page has some sixteen. Returns whether there was one. */
function loseContext(surface) {
  const context = surface.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}
