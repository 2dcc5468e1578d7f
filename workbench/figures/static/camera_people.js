// Whom the Camera lab looks at: a preset pose, the Body lab's person, or somebody recovered from a photo.
//
//   const people = createPeople(config, host, store);
//   people.choices()              [text, name] to pick from
//   await people.pose(name)       { name, vertices, joints, mesh, color, recovered: camera or null }
//   people.load(photo)            { photo: { url }, size_hw, people: [{ name, color, person, camera }] }, or null
//   await people.others(name)     those who are in the same photo
//
// Vertices and joints are in the camera's axes about the body's origin. A recovered person's pose faces the camera
// already; the others look along their own z and are turned around.

import { openBody } from "./bodies.js";
import { checkedCamera } from "./camera_state.js";
import { faceCamera } from "./cameras.js";

export const LAB_PERSON = "lab";
const PRESET = "preset: ";
const PHOTO = "photo: ";
const BODY_COLOR = "#8fb4d6";

export function createPeople(config, host, store) {
  const opened = new Map(); // by tag
  let photo = null;

  function choices() {
    const recovered = (photo?.people ?? []).map(({ name }, place) => [`${name}, from the photo`, PHOTO + place]);
    const presets = Object.keys(config.presets ?? {}).map((name) => [upperFirst(name), PRESET + name]);
    return [...recovered, [config.labName ?? "The Body tab's person", LAB_PERSON], ...presets];
  }

  function open(tag) {
    if (!opened.has(tag)) {
      const entry = config.bodies.find((its) => its.tag === tag);
      if (!entry) throw new Error(`this page does not have the body "${tag}".`);
      const body = openBody(entry, host);
      body.catch(() => opened.delete(tag)); // the next choice tries again
      opened.set(tag, body);
    }
    return opened.get(tag);
  }

  async function pose(name) {
    const recovered = isOfPhoto(name) ? photo?.people[Number(name.slice(PHOTO.length))] : null;
    if (isOfPhoto(name) && !recovered) throw new Error("the photo has changed; choose somebody else.");
    const person = recovered?.person ?? personOf(name);
    const body = await open(person.body);
    const { vertices, joints } = await body.pose(person);
    const turned = recovered ? { vertices, joints } : { vertices: faceCamera(vertices), joints: faceCamera(joints) };
    return { name, ...turned, mesh: body.mesh, color: recovered?.color ?? BODY_COLOR, recovered: recovered?.camera ?? null };
  }

  function personOf(name) {
    if (!name.startsWith(PRESET)) return store.get();
    const { theta } = config.presets[name.slice(PRESET.length)];
    return { body: config.bodies[0].tag, betas: [], expression: [], theta };
  }

  function load(data) {
    data?.people.forEach(({ camera }) => checkedCamera(camera));
    photo = data?.people.length ? data : null;
  }

  function others(name) {
    if (!isOfPhoto(name) || !photo) return Promise.resolve([]);
    return Promise.all(photo.people.map((_, place) => PHOTO + place).filter((its) => its !== name).map(pose));
  }

  const isOfPhoto = (name) => name.startsWith(PHOTO);
  return { choices, pose, load, others, isOfPhoto, photoOf: (name) => (isOfPhoto(name) ? photo : null),
    photoName: (place) => PHOTO + place, presetName: (name) => (name === null ? LAB_PERSON : PRESET + name) };
}

/** Work on one thing at a time, and of those that came meanwhile on the newest; resolves when nothing is left. */
export function oneAtATime(work) {
  let waiting = [];
  let busy = null;

  async function run() {
    while (waiting.length) {
      const newest = waiting.at(-1);
      waiting = [];
      await work(newest);
    }
    busy = null;
  }

  return (item) => {
    waiting.push(item);
    busy ??= run();
    return busy;
  };
}

function upperFirst(text) {
  return text[0].toUpperCase() + text.slice(1);
}
