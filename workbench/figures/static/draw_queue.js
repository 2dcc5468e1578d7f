// What a view is asked to draw, one thing at a time and of several the newest: Plotly breaks when it is resized while it
// draws.
//
//   const queue = createDrawQueue({ draw, misfit, fit, failed });     draw(world) and fit() are promises
//   queue.set(world), queue.work(), queue.again(), queue.stop()

export function createDrawQueue({ draw, misfit, fit, failed }) {
  let asked = null; // the newest world
  let waiting = null; // the same, until its drawing begins
  let busy = false;
  let stopped = false;

  async function work() {
    if (busy || stopped) return;
    busy = true;
    while ((waiting || misfit()) && !stopped) {
      try {
        await step();
      } catch (error) {
        failed(error);
      }
    }
    busy = false;
  }

  async function step() {
    if (misfit()) await fit();
    const next = waiting;
    waiting = null;
    if (next) await draw(next);
  }

  function set(world) {
    asked = waiting = world;
    return work();
  }

  return { set, work, again: () => asked && set(asked), stop: () => { stopped = true; }, stopped: () => stopped };
}
