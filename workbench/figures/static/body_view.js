// A live 3D view of bodies: one file for every host (gr.HTML in the app, a widget in a notebook).
//
//   const view = createBodyView(element, host);   also element.bodyView
//   view.set(world);                              draw; when it is called faster than it draws, the newest wins
//   view.vertices();                              what is drawn of the first body: columns x, y, z
//   view.dispose();
//
// The host is that of host.js; it may have pick(joint, body), called when a joint is clicked. A world is
// { bodies, floor, camera, bounds, texts, description }:
//
//   bodies     see world_bodies.js; each may also have
//              name, color
//              values { of, low, high, title, unit }   a number per vertex as colour, on a scale of its own with
//                                                      stops [[share, color], ...], or
//              values { of, colors, names, title }     the number of a part per vertex, a colour per part
//              selected                                the joint to highlight
//   texts      [{ at: [x, y, z], text }], captions in the view's axes
//   focus      the number of the body whose face and hands can be looked at, and whose joints have names; by default the
//              first
//   landmarks  [{ found, model }], points [x, y, z] of the same landmarks, in the view's axes
//   camera     { kind, focal_px, center_px, size_hw, t_camera_body_m }, drawn with its picture's plane; for bodies in
//              the camera's frame
//   fill       how much larger than with room around it; by default 1
//   bounds     corners of the box to show, in the view's axes; without them one that follows what is shown
//
// The user's view is never touched by new data.

import { node } from "./dom.js";
import { createDrawQueue } from "./draw_queue.js";
import { pickJoints } from "./joint_picking.js";
import { createLabels } from "./view_labels.js";
import { createLooks } from "./view_looks.js";
import { createViewParts, showLegend } from "./view_parts.js";
import { skinOf } from "./world_bodies.js";
import { createDrawing, hasWebGL } from "./world_drawing.js";
import { labelsOf, legendOf } from "./world_traces.js";

const NO_3D = "This browser shows no 3D here: it has no WebGL. Switch on hardware acceleration, or use another " +
  "browser. Everything else on this page works without it.";

export function createBodyView(element, host) {
  const parts = createViewParts(element, { lookFrom: (name) => looks.from(name), lookAt: (part) => looks.at(part),
    toggle: () => queue.again() });
  const { plot, note, toggles } = parts;
  const { look, zoom } = element.dataset;
  const labels = createLabels(parts.frame);
  const drawing = createDrawing(plot, { look, zoom, onLost: forget, onFrame: () => labels.follow(drawing) });
  const looks = createLooks(plot, drawing, parts.target);
  const queue = createDrawQueue({ draw, misfit: drawing.misfit, fit: drawing.fit,
    failed: (error) => stopShowing(`The 3D view could not be drawn: ${error.message}`) });
  const resize = new ResizeObserver(() => queue.work());
  resize.observe(plot);
  let shown = []; // skins
  let chosen = []; // per body, its joint

  async function draw(world) {
    if (!hasWebGL()) return without3D(parts);
    const Plotly = await host.plotly();
    const skins = await Promise.all(world.bodies.map((body) => skinOf(body, host)));
    if (queue.stopped()) return;
    toggles.offer("camera", world.camera);
    toggles.offer("landmarks", world.landmarks?.length);
    shown = skins;
    chosen = world.bodies.map(({ selected }) => selected);
    labels.set(labelsOf(world, skins, toggles.values()));
    await drawing.draw(Plotly, world, skins, toggles.values());
    looks.follow(world, skins);
    showLegend(parts.legend, legendOf(world, toggles.values()));
    if (world.description) plot.setAttribute("aria-label", world.description);
    note.textContent = "";
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1; // lets tests wait for a frame
  }

  /** The browser took the drawing surface away: too many of them, or the graphics card was reset. */
  function forget() {
    if (queue.stopped()) return;
    stopShowing("The browser stopped the 3D view. Change something, and it is drawn again.");
  }

  function stopShowing(why) {
    drawing.clear();
    labels.set([]);
    parts.tag.hidden = true;
    note.textContent = why;
  }

  const skins = () => (drawing.drawn() && toggles.values().skeleton ? shown : []);
  pickJoints(plot, parts.tag, { skins, screen: drawing.screen,
    named: (joint, body) => chosen[body] === joint, pick: (joint, body) => host.pick?.(joint, body) });

  function vertices() {
    const { x, y, z } = plot.data[0];
    return [x, y, z];
  }

  function dispose() {
    queue.stop();
    resize.disconnect();
    drawing.clear();
    element.replaceChildren();
    delete element.bodyView;
  }

  return (element.bodyView = { set: queue.set, vertices, dispose });
}

function without3D({ plot, bar }) {
  plot.replaceChildren(node("p", { className: "hmr-instead", textContent: NO_3D }));
  plot.removeAttribute("role");
  bar.hidden = true;
}
