// Joints of a 3D view under the pointer: they tell their names, and a click that is no drag picks them.

const NEAR_PX = 14; // a click this close to a joint means it
const SLIP_PX = 5; // a longer way between press and release is a drag

/** `skins()` are those with joints to pick from, `screen(point)` is where a point is, in pixels or null, and
 *  `named(joint, body)` whether its name stands beside it anyway. */
export function pickJoints(plot, tag, { skins, screen, named, pick }) {
  let pressed = null;

  /** [joint, body, name], of the body it is nearest in; null if there is none. */
  function jointAt({ clientX, clientY }) {
    const { left, top } = plot.getBoundingClientRect();
    let nearest = null;
    let least = NEAR_PX;
    skins().forEach(({ joints, mesh }, body) => joints.forEach((point, joint) => {
      const place = screen(point);
      const distance = place ? Math.hypot(clientX - left - place[0], clientY - top - place[1]) : Infinity;
      if (distance < least) [nearest, least] = [[joint, body, mesh.joints[joint]], distance];
    }));
    return nearest;
  }

  plot.addEventListener("pointerdown", (event) => { pressed = event.button === 0 ? event : null; }, true);
  plot.addEventListener("pointerup", (event) => {
    const still = pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < SLIP_PX;
    pressed = null;
    const found = still && jointAt(event);
    if (!found) return;
    tag.hidden = true; // the chosen joint gets its name
    pick(found[0], found[1]);
  }, true);
  plot.addEventListener("pointermove", (event) => {
    const found = event.buttons ? null : jointAt(event);
    tag.hidden = !found || named(found[0], found[1]);
    plot.style.cursor = found ? "pointer" : "";
    if (!found) return;
    const { left, top } = plot.getBoundingClientRect();
    tag.textContent = found[2];
    tag.style.translate = `${event.clientX - left + 12}px ${event.clientY - top - 10}px`;
  });
  plot.addEventListener("pointerleave", () => { tag.hidden = true; });
}
