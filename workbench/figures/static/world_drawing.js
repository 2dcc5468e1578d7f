// A world on Plotly's canvas, drawn anew when its form changes and in place when only its numbers do. The user's view
// stays: new data never moves it, and where the shown box changes, it goes on at the same place; but a look at the whole
// that has lost some of it is fitted anew.
//
//   const drawing = createDrawing(plot, { look, zoom, onLost });
//   await drawing.draw(Plotly, world, skins, shows);
//   drawing.move((camera, { reach, toScene, length, sight }) => camera, all);   see view_camera.js; `all`: at the whole
//   drawing.screen([x, y, z])                                         pixels, or null
//   await drawing.fit(); drawing.misfit(); drawing.strayed(); drawing.clear();

import {
  FIRST_STANDPOINT, STANDPOINTS, beyond, reachOf, reframed, standing, stillWhole, wholeSeen,
} from "./view_camera.js";
import {
  boxOf, cloudsOf, frameOf, onScreen, sceneLayout, sceneOf, seeThrough, stopPicking, swapTrace,
} from "./world_scene.js";
import { sceneTraces } from "./world_traces.js";

export function createDrawing(plot, { look, zoom, onLost, onFrame }) {
  let Plotly = null;
  let signature = ""; // of what Plotly holds; empty when it has to draw from the start
  let count = -1; // of bodies that it was drawn with
  let box = null;
  let frame = null;
  let left = null; // the view when the drawing surface was given back, in that frame
  let fill = 1;
  let clouds = []; // all points that are shown
  let whole = true; // whether everything is looked at
  let fitted = [0, 0]; // the size it was drawn for: kept, because asking costs the page a layout
  const size = () => [plot.clientWidth, plot.clientHeight];

  async function draw(drawer, world, skins, shows) {
    Plotly = drawer;
    const others = skins.length !== count;
    const next = boxOf(world, skins, shows, others ? null : box);
    const moved = String(next) !== String(box);
    box = next;
    clouds = cloudsOf(world, skins, shows);
    count = skins.length;
    fill = world.fill ?? 1;
    const { traces, signature: now } = sceneTraces({ ...world, bounds: box }, skins, shows);
    if (now === signature && traces.every((trace, index) => swapTrace(plot, index, trace))) {
      sceneOf(plot).glplot.redraw();
    } else {
      await drawAnew(traces, others, moved);
      signature = now;
    }
  }

  async function drawAnew(traces, others, moved) {
    const first = !plot.on;
    await Plotly.react(plot, traces, layOut(others, moved), { displayModeBar: false, responsive: false });
    seeThrough(plot, traces);
    stopPicking(plot, traces);
    if (first) listen(plot, onFrame, onLost);
    sceneOf(plot).glplot.redraw();
  }

  /** Plotly's layout for a frame as it now has to be. */
  function layOut(others, moved) {
    const [before, from] = [sceneOf(plot)?.getCamera() ?? left, frame];
    fitted = size();
    frame = frameOf(box, aspectOf(fitted), (Number(zoom) || 1) * fill);
    whole ||= !before;
    const camera = before ? kept(before, from, others, moved) : wholeSeen(standing(STANDPOINTS[look] ?? FIRST_STANDPOINT), sight());
    return sceneLayout(box, frame, camera);
  }

  /** The view in another frame. */
  function kept(view, from, others, moved) {
    if (whole && others) return wholeSeen(view, sight());
    if (whole && !moved) return view;
    const there = reframed(view, from, frame);
    return !whole || stillWhole(there, sight()) ? there : wholeSeen(view, sight());
  }

  const sight = () => ({ clouds, frame, aspect: aspectOf(fitted) });

  const misfit = () => Boolean(signature && plot.clientWidth && size().some((length, n) => length !== fitted[n]));

  /** Another size of the picture. */
  async function fit() {
    plot.layout.scene = layOut(true, true).scene;
    await Plotly.Plots.resize(plot);
  }

  /** Whether what is in the view's middle is no longer there. */
  const strayed = () => beyond(sceneOf(plot).getCamera(), reachOf(frame));

  /** Give the viewer another place. */
  function move(change, all = false) {
    if (!signature) return;
    const scene = sceneOf(plot);
    const toScene = (point) => point.map((value, axis) => (value - frame.middle[axis]) * frame.scale);
    const length = (metres) => metres * frame.scale;
    const camera = change(scene.getCamera(), { reach: reachOf(frame), toScene, length, sight: sight() });
    whole = all;
    scene.setViewport({ ...plot._fullLayout.scene, camera: { ...camera, projection: { type: "perspective" } } });
    scene.glplot.redraw();
  }

  function clear() {
    const surfaces = [...plot.querySelectorAll("canvas")];
    left = sceneOf(plot)?.getCamera() ?? left;
    if (plot.on) Plotly.purge(plot);
    for (const surface of surfaces) loseContext(surface);
    signature = "";
  }

  return { draw, fit, misfit, strayed, move, clear, drawn: () => signature !== "", screen: (point) => onScreen(plot, point, fitted),
    size: () => fitted };
}

function aspectOf([width, height]) {
  return width / Math.max(height, 1) || 1;
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
