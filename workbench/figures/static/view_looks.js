// What of a world is looked at, and from where: by buttons, by a list of close looks, by hand.
//
//   const looks = createLooks(plot, drawing, target);     target: the list, see view_parts.js
//   looks.follow(world, skins);                           after something has been drawn
//   looks.from(standpoint), looks.at(part)

import { CHOSEN, CLOSE_UPS, WHOLE, closeUp } from "./look_at.js";
import { STANDPOINTS, aimedAt, seenFrom, slid, wholeSeen, zoomed } from "./view_camera.js";
import { takeHands } from "./view_hands.js";

export function createLooks(plot, drawing, target) {
  let skin = null; // of the body that is looked at
  let chosen = null; // its joint
  let count = 0; // of bodies
  const ballOf = (part) => (skin ? closeUp(part, skin, chosen) : null);

  /** The view stays, unless what is looked at is no longer there, or is another: another joint, another body, or another
   *  body's hand. */
  function follow({ bodies, focus = 0 }, skins) {
    const before = { chosen, count, mesh: skin?.mesh };
    [skin, chosen, count] = [skins[focus], bodies[focus]?.selected, skins.length];
    const parts = CLOSE_UPS.filter(ballOf);
    target.offer(parts);
    const part = target.get();
    if (!before.count || part === WHOLE) return;
    const gone = CLOSE_UPS.includes(part) && !parts.includes(part);
    const lost = count !== before.count && (skin?.mesh !== before.mesh || drawing.strayed());
    if (gone || lost) at(WHOLE);
    else if (parts.includes(part) && (skin.mesh !== before.mesh || (part === CHOSEN && chosen !== before.chosen))) at(part);
  }

  function from(name) {
    const whole = target.get() === WHOLE;
    drawing.move((camera, { sight }) => {
      const turned = seenFrom(camera, STANDPOINTS[name]);
      return whole ? wholeSeen(turned, sight) : turned;
    }, whole);
  }

  function at(part) {
    const ball = ballOf(part);
    target.set(part);
    drawing.move((camera, { toScene, length, sight }) => (
      ball ? aimedAt(camera, toScene(ball.center), length(ball.radius)) : wholeSeen(camera, sight)), !ball);
  }

  /** Towards what is looked at closely, else towards the pointer. */
  function zoom(factor, place) {
    const aimed = CLOSE_UPS.includes(target.get());
    drawing.move((camera, { reach }) => zoomed(camera, factor, aimed ? [0, 0] : place, reach));
    if (!aimed) target.set(null);
  }

  function slide(place) {
    drawing.move((camera, { reach }) => slid(camera, place, reach));
    target.set(null);
  }

  takeHands(plot, { zoom, slide });
  return { follow, from, at };
}
