// Which box of a world is shown and in which frame, and how the user's view goes on when these change: new data never
// moves it, and where the box changes, it goes on at the same place; but a look at the whole that has lost some of it is
// fitted anew.
//
//   const framing = createFraming({ look, zoom });
//   const moved = framing.take(world, skins, shows, others);      whether the box is another
//   framing.layOut([width, height], view, others, moved)          Plotly's scene; no view: where the viewer stands at first
//   framing.moved(view, (camera, { reach, toScene, length, sight }) => camera, all);   see view_camera.js; `all`: at the whole

import { FIRST_STANDPOINT, STANDPOINTS, beyond, reachOf, reframed, standing, stillWhole, wholeSeen } from "./view_camera.js";
import { boxOf, cloudsOf, frameOf, sceneLayout } from "./world_scene.js";

export function createFraming({ look, zoom }) {
  let box = null;
  let frame = null;
  let fill = 1;
  let clouds = []; // all points that are shown
  let whole = true; // whether everything is looked at
  let size = [0, 0]; // it was laid out for: kept, because asking costs the page a layout

  function take(world, skins, shows, others) {
    const before = String(box);
    box = boxOf(world, skins, shows, others ? null : box);
    clouds = cloudsOf(world, skins, shows);
    fill = world.fill ?? 1;
    return String(box) !== before;
  }

  function layOut(now, view, others, boxMoved) {
    const from = frame;
    size = now;
    frame = frameOf(box, aspectOf(size), (Number(zoom) || 1) * fill);
    whole ||= !view;
    const camera = view ? kept(view, from, others, boxMoved) : wholeSeen(standing(STANDPOINTS[look] ?? FIRST_STANDPOINT), sight());
    return sceneLayout(box, frame, camera);
  }

  /** The view in another frame. */
  function kept(view, from, others, boxMoved) {
    if (whole && others) return wholeSeen(view, sight());
    if (whole && !boxMoved) return view;
    const there = reframed(view, from, frame);
    return !whole || stillWhole(there, sight()) ? there : wholeSeen(view, sight());
  }

  const sight = () => ({ clouds, frame, aspect: aspectOf(size) });

  function moved(view, change, all) {
    const toScene = (point) => point.map((value, axis) => (value - frame.middle[axis]) * frame.scale);
    const length = (metres) => metres * frame.scale;
    const camera = change(view, { reach: reachOf(frame), toScene, length, sight: sight() });
    whole = all;
    return camera;
  }

  return { take, layOut, moved, box: () => box, size: () => size, strayed: (view) => beyond(view, reachOf(frame)) };
}

function aspectOf([width, height]) {
  return width / Math.max(height, 1) || 1;
}
