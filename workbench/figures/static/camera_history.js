// The Camera lab's state with its undo steps, and the dolly zoom that plays over it.
//
//   const history = createCameraHistory(start, inSight, changed);
//       changed(now, before)    after every step; a new beginning has no before
//   history.current()           the state that is shown; history.get() that of the last step
//   history.change(step, key)   step(state) is the next one; see store.js for the key
//   history.amend(step)         the same, undone with the step before
//   history.open(state)         a new beginning, where Reset leads
//   history.play(nearest)       the dolly zoom, or its end; `nearest` is the depth of the body's foremost point
//   history.undo(), redo(), reset(), halt(), dispose(); canUndo(), canRedo(), playing()

import { afterChange } from "./camera_state.js";
import { createSweep } from "./camera_sweep.js";
import { createStore } from "./store.js";

export function createCameraHistory(start, inSight, changed) {
  let home = start;
  let steps = createStore(start);
  let unsubscribe = steps.subscribe(changed);
  const sweep = createSweep((state) => changed(state, state), inSight);

  /** Where the sweep has come to is one step, however long it took. */
  function halt() {
    const state = sweep.stop();
    if (state) steps.set(state);
  }

  function change(step, key = "") {
    halt();
    steps.set(afterChange(steps.get(), step(steps.get())), { key });
  }

  function amend(step) {
    if (!sweep.state) steps.amend(step(steps.get()));
  }

  function open(state) {
    halt();
    unsubscribe();
    home = state;
    steps = createStore(state);
    unsubscribe = steps.subscribe(changed);
    changed(state, null);
  }

  function play(nearest) {
    if (sweep.state) halt();
    else sweep.start({ ...steps.get(), through: null }, nearest);
  }

  const inHistory = (way) => () => {
    halt();
    steps[way]();
  };

  function dispose() {
    halt();
    unsubscribe();
  }

  return { current: () => sweep.state ?? steps.get(), get: () => steps.get(), playing: () => sweep.state !== null,
    canUndo: () => steps.canUndo(), canRedo: () => steps.canRedo(), undo: inHistory("undo"), redo: inHistory("redo"),
    reset: () => change(() => home), change, amend, open, play, halt, dispose };
}
