// The dolly zoom as a film: the distance goes to and fro, f / Tz stays.
//
//   const sweep = createSweep(shown => ..., () => visible);
//   sweep.start(state, nearest)     from this state; `nearest` is the depth of the body's foremost point
//   sweep.state                     where it has come to; null when it rests
//   sweep.stop()                    the same, and it rests

import { withTz } from "./camera_state.js";

const SWEEP_MS = 9000; // there and back
const FARTHEST_SWEEP_M = 12;
const FRONT_ROOM_M = 0.15; // between the lens and the body

export function createSweep(show, inSight) {
  const sweep = { state: null, start, stop };
  let frame = 0;

  function start(from, nearest) {
    const first = { ...from, locked: true };
    const { limits, camera } = first;
    const [near, far] = [Math.max(limits.tz[0], FRONT_ROOM_M - nearest), Math.min(limits.tz[1], FARTHEST_SWEEP_M)];
    const share = Math.log(camera.t_camera_body_m[2] / near) / Math.log(far / near);
    const phase = Math.acos(Math.min(Math.max(2 * share - 1, -1), 1));
    const began = performance.now();
    const step = (time) => {
      const turn = phase + (2 * Math.PI * (time - began)) / SWEEP_MS;
      sweep.state = withTz(first, near * (far / near) ** ((1 + Math.cos(turn)) / 2), limits);
      frame = inSight() ? requestAnimationFrame(step) : 0;
      show(sweep.state);
    };
    sweep.state = first;
    frame = requestAnimationFrame(step);
  }

  function stop() {
    cancelAnimationFrame(frame);
    const { state } = sweep;
    sweep.state = null;
    return state;
  }

  return sweep;
}
