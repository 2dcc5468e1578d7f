// Drawing at once, but never more often than the screen shows.
//
//   const frames = perFrame(draw);
//   frames.request();      draws now, or, if this frame has been drawn, with the next; of many requests the newest
//   frames.cancel();

export function perFrame(draw) {
  let frame = 0;
  let again = false;

  function request() {
    if (frame) {
      again = true;
      return;
    }
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (again) request();
    });
    again = false;
    draw();
  }

  function cancel() {
    cancelAnimationFrame(frame);
    frame = 0;
    again = false;
  }

  return { request, cancel };
}
