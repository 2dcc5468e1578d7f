// Who the Camera lab looks at: chosen from its list, or come from a photo with a camera of their own.
//
//   const choice = createCameraChoice({ people, history, parts, start, shown });    shown(): somebody else is posed
//   choice.bodies             { posed, others }: who is looked at (null before the first), and those beside
//   choice.begin()            a promise: the first body is posed
//   choice.choose(name), choice.look(name), choice.load(photo), choice.back()

import { oneAtATime } from "./camera_people.js";
import { boxAround, centred, limitsAround, stateOfCamera, withBox } from "./camera_state.js";
import { project } from "./cameras.js";

export function createCameraChoice({ people, history, parts, start, shown }) {
  const { bodies, look } = createPosing({ people, history, parts, shown });
  let begun = null;

  function begin() {
    parts.choices(people.choices(), start.body);
    begun = look(start.body).then(() => {
      history.open(bodies.posed ? around(centred(start, bodies.posed.vertices)) : start);
    });
    return begun;
  }

  /** With the crop around the body. */
  function around(state) {
    return withBox(state, boxAround(project(state.camera, bodies.posed.vertices)));
  }

  /** Somebody else; from a photo, or back from one, the camera is theirs. */
  async function choose(name) {
    history.halt();
    parts.said.set("");
    const photo = people.photoOf(name);
    const before = history.get();
    if (!photo && !people.isOfPhoto(before.body)) {
      history.change((now) => ({ ...now, body: name }));
      return;
    }
    await look(name);
    const { posed } = bodies;
    if (!posed || posed.name !== name) return;
    const own = photo ? recoveredState(before) : centred({ ...start, unit: before.unit }, posed.vertices);
    history.open(around({ ...own, body: name }));
  }

  function recoveredState(state) {
    const { recovered } = bodies.posed;
    return { ...stateOfCamera(state, recovered), limits: limitsAround(recovered) };
  }

  function back() {
    if (bodies.posed?.recovered) history.change(recoveredState);
  }

  async function load(photo) {
    try {
      people.load(photo);
    } catch (error) {
      parts.said.set(`The people of the photo could not be taken over: ${error.message}`, true);
      return;
    }
    await begun;
    const ofPhoto = people.isOfPhoto(history.get().body);
    parts.choices(people.choices(), history.get().body);
    if (!photo?.people.length) {
      if (ofPhoto) await choose(start.body);
    } else if (ofPhoto || Number.isInteger(photo.chosen)) await choose(people.photoName(photo.chosen ?? 0));
  }

  return { bodies, begin, choose, look, load, back };
}

/** Whoever is chosen, posed with those beside them; if that cannot be done, whoever was there stays. */
function createPosing({ people, history, parts, shown }) {
  const bodies = { posed: null, others: [] };
  let failed = ""; // who could not be posed

  async function pose(name) {
    try {
      const [posed, others] = await Promise.all([people.pose(name), people.others(name)]);
      Object.assign(bodies, { posed, others });
      if (failed === name) parts.said.set("");
      shown();
    } catch (error) {
      failed = name;
      parts.said.set(`This body could not be shown: ${error.message}`, true);
      const { posed } = bodies;
      if (posed && history.get().body === name && posed.name !== name) history.change((now) => ({ ...now, body: posed.name }));
      shown(); // the list too says who is there
    }
  }

  return { bodies, look: oneAtATime(pose) };
}
