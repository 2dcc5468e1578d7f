// What a lab shows, as one value that is replaced and never changed, with undo.
//
//   const store = createStore({ betas: [0, 0] });
//   store.subscribe((now, before) => draw(now));
//   store.set({ betas: [1, 0] }, { key: "beta 0" });
//   store.undo();
//
// Changes with the same key that follow each other closely, as in a drag, are undone in one step.

const DRAG_MS = 1000; // between two changes of one drag
const REMEMBERED = 200;

export function createStore(first, clock = () => performance.now()) {
  let now = first;
  let past = [];
  let future = [];
  let last = { key: "", time: -Infinity };
  const listeners = new Set();

  function show(next) {
    const before = now;
    now = next;
    for (const listener of [...listeners]) listener(now, before);
  }

  /** Put the fields of `patch` in place of the old ones. */
  function set(patch, { key = "" } = {}) {
    if (Object.keys(patch).every((name) => Object.is(now[name], patch[name]))) return;
    const time = clock();
    const sameDrag = key !== "" && key === last.key && time - last.time < DRAG_MS;
    if (!sameDrag) past = [...past.slice(1 - REMEMBERED), now];
    future = [];
    last = { key, time };
    show({ ...now, ...patch });
  }

  /** What follows from the last step, as an answer that came later does, is undone with it. */
  function amend(patch) {
    if (Object.keys(patch).some((name) => !Object.is(now[name], patch[name]))) show({ ...now, ...patch });
  }

  /** A new beginning: what was before cannot be gone back to. */
  function restart(first) {
    past = [];
    future = [];
    last = { key: "", time: -Infinity };
    show({ ...now, ...first });
  }

  function undo() {
    if (!past.length) return;
    future = [...future, now];
    const before = past.at(-1);
    past = past.slice(0, -1);
    last = { key: "", time: -Infinity };
    show(before);
  }

  function redo() {
    if (!future.length) return;
    past = [...past, now];
    const after = future.at(-1);
    future = future.slice(0, -1);
    last = { key: "", time: -Infinity };
    show(after);
  }

  function subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { get: () => now, set, amend, restart, undo, redo, canUndo: () => past.length > 0, canRedo: () => future.length > 0, subscribe };
}

const pageStores = new WeakMap(); // by document

/** The one store that all labs of a page share; who comes first says what it starts with. */
export function pageStore(first, page = document) {
  if (!pageStores.has(page)) pageStores.set(page, createStore(first));
  return pageStores.get(page);
}
