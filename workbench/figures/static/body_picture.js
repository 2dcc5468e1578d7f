// The Body lab's drawing: always of the newest person and look, one at a time, never more often than the screen shows.
//
//   const picture = createBodyPicture({ store, view, make, draw, said });
//       make(person)               a promise of the opened body with its stages
//       draw(made, person, looks)  a promise: it is on screen
//       said(text)                 what went wrong; "" when it goes well again
//   picture.request(), picture.drawn(), picture.made(), picture.cancel()

import { comparable } from "./body_scene.js";
import { perFrame } from "./frames.js";

export function createBodyPicture({ store, view, make, draw, said }) {
  const last = { made: null, person: null, looks: null }; // what was drawn last
  let drawing = false;
  let failed = false;
  const frames = perFrame(work);

  const drawn = () => last.person === store.get() && last.looks === view.get();

  async function work() {
    if (drawing || drawn()) return; // while drawing: it looks again when it is done
    drawing = true;
    const person = store.get();
    let looks = view.get();
    try {
      const made = await make(person);
      looks = fitting(made, looks);
      await draw(made, person, { ...looks, joint: Math.min(looks.joint, made.entry.joints.length - 1) });
      Object.assign(last, { made, person, looks });
      if (failed) said("");
      failed = false;
    } catch (error) {
      failed = true;
      said(`The body could not be posed: ${error.message}`);
    } finally {
      drawing = false;
    }
    if (store.get() !== person || view.get() !== looks) frames.request();
  }

  /** A body that cannot be compared with the kept one is plain, and the list of colourings says so. */
  function fitting(made, looks) {
    const lost = looks.coloring === "difference" && looks.kept && !comparable(made, looks.kept);
    if (!lost || view.get() !== looks) return looks;
    view.set({ coloring: "plain" });
    return view.get();
  }

  return { request: () => frames.request(), cancel: () => frames.cancel(), drawn, made: () => last.made };
}
