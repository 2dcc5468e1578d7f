// A world on Plotly's canvas, drawn anew when its form changes and in place when only its numbers do; the user's view
// stays, see world_framing.js.
//
//   const drawing = createDrawing(plot, { look, zoom, onLost, onFrame });
//   await drawing.draw(Plotly, world, skins, shows);
//   drawing.move((camera, { reach, toScene, length, sight }) => camera, all);   see view_camera.js; `all`: at the whole
//   drawing.screen([x, y, z])                                         pixels, or null
//   await drawing.fit(); drawing.misfit(); drawing.strayed(); drawing.clear();

import { createFraming } from "./world_framing.js";
import { onScreen, sceneOf, seeThrough, stopPicking, swapTrace } from "./world_scene.js";
import { sceneTraces } from "./world_traces.js";

export function createDrawing(plot, { look, zoom, onLost, onFrame }) {
  const framing = createFraming({ look, zoom });
  let Plotly = null;
  let signature = ""; // of what Plotly holds; empty when it has to draw from the start
  let count = -1; // of bodies that it was drawn with
  let left = null; // the view when the drawing surface was given back, in that frame
  const size = () => [plot.clientWidth, plot.clientHeight];

  async function draw(drawer, world, skins, shows) {
    Plotly = drawer;
    const others = skins.length !== count;
    const moved = framing.take(world, skins, shows, others);
    count = skins.length;
    const { traces, signature: now } = sceneTraces({ ...world, bounds: framing.box() }, skins, shows);
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

  const layOut = (others, moved) => framing.layOut(size(), sceneOf(plot)?.getCamera() ?? left, others, moved);
  const misfit = () => Boolean(signature && plot.clientWidth && size().some((length, n) => length !== framing.size()[n]));

  /** Another size of the picture. */
  async function fit() {
    plot.layout.scene = layOut(true, true).scene;
    await Plotly.Plots.resize(plot);
  }

  /** Give the viewer another place. */
  function move(change, all = false) {
    if (!signature) return;
    const scene = sceneOf(plot);
    const camera = framing.moved(scene.getCamera(), change, all);
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

  return { draw, fit, misfit, move, clear, size: framing.size, drawn: () => signature !== "", screen: (point) => onScreen(plot, point, framing.size()),
    strayed: () => framing.strayed(sceneOf(plot).getCamera()) }; // whether what is in the view's middle is no longer there
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
