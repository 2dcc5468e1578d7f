// Hands on a 3D view. The wheel and two fingers come closer to what they point at; the right button, or the left one
// with Ctrl or Shift, takes the view along, as two fingers do. Turning by one finger or the left button is Plotly's.
//
//   takeHands(plot, { zoom, slide });      zoom(factor, place), slide(place); see view_camera.js
//
// Plotly's own wheel and right button depend on how fast events come, and throw the body out of the picture.

const WHEEL = 0.0016; // of a pixel of the wheel
const PINCH = 0.01; // of a trackpad's pinch, which comes as a wheel with Ctrl
const LINE_PX = 16;
const PLOTLYS = ["mousedown", "mousemove", "mouseup", "mouseover", "mouseout", "mouseenter", "mouseleave",
  "touchstart", "touchmove", "touchend", "touchcancel"]; // what Plotly listens to

export function takeHands(plot, { zoom, slide }) {
  const fingers = new Map(); // by pointer: where it is
  let sliding = null; // the pointer that takes the view along
  let pinched = false; // until the last finger has left

  const placeOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = plot.getBoundingClientRect();
    return [(clientX - left - width / 2) / height, (height / 2 - clientY + top) / height];
  };

  function onWheel(event) {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return; // turns the body
    event.preventDefault();
    event.stopPropagation();
    const step = event.deltaY * (event.deltaMode ? LINE_PX : 1) * (event.ctrlKey ? PINCH : WHEEL);
    zoom(Math.exp(step), placeOf(event));
  }

  function onDown(event) {
    if (event.pointerType === "touch") {
      fingers.set(event.pointerId, placeOf(event));
      pinched ||= fingers.size > 1;
    } else if (event.button === 2 || (event.button === 0 && (event.ctrlKey || event.shiftKey || event.metaKey))) {
      sliding = { pointer: event.pointerId, place: placeOf(event) };
      plot.setPointerCapture(event.pointerId);
    }
  }

  function onMove(event) {
    const place = placeOf(event);
    if (sliding?.pointer === event.pointerId) {
      slide(way(sliding.place, place));
      sliding.place = place;
    } else if (fingers.has(event.pointerId)) {
      const before = pairOf(fingers);
      fingers.set(event.pointerId, place);
      const after = pairOf(fingers);
      if (!before) return;
      slide(way(before.middle, after.middle));
      zoom(before.apart / Math.max(after.apart, 1e-3), after.middle);
    }
  }

  function onUp(event) {
    fingers.delete(event.pointerId);
    if (sliding?.pointer === event.pointerId) sliding = null;
  }

  /** What these hands do is not for Plotly. */
  function keep(event) {
    if (!sliding && !pinched) return;
    event.stopPropagation();
    if (event.type === "touchmove") event.preventDefault();
    if (event.type.startsWith("touch") && !event.touches.length) pinched = false;
  }

  const listened = [["wheel", onWheel], ["pointerdown", onDown], ["pointermove", onMove], ["pointerup", onUp],
    ["pointercancel", onUp], ["contextmenu", (event) => event.preventDefault()], ...PLOTLYS.map((type) => [type, keep])];
  for (const [type, listener] of listened) plot.addEventListener(type, listener, { capture: true, passive: false });
}

function way(from, to) {
  return to.map((value, axis) => value - from[axis]);
}

/** Two fingers: the middle between them, and how far they are apart. */
function pairOf(fingers) {
  if (fingers.size !== 2) return null;
  const [one, other] = fingers.values();
  return { middle: one.map((value, axis) => (value + other[axis]) / 2), apart: Math.hypot(...way(one, other)) };
}
