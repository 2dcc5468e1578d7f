// The Camera lab's scene in 3D: the bodies, and the camera with its rays and its picture, which moves instead of them.

import { cameraOf } from "./camera_state.js";
import { pictureFrustum } from "./world_bodies.js";

/** What body_view.js draws, with the origin of the body that is looked at in the middle. */
export function cameraWorld(state, posed, others) {
  const camera = cameraOf(state, state.kind);
  const [tx, ty, tz] = camera.t_camera_body_m;
  const away = others.map(({ recovered: { t_camera_body_m: [x, y, z] } }) => [x - tx, y - ty, z - tz]);
  const bodies = [posed, ...others].map(({ name, vertices, joints, mesh, color }, n) => ({ name: n ? name : "body", color, mesh,
    points: vertices, joints, frame: "camera", shift: n ? away[n - 1] : [0, 0, 0] }));
  const beside = (points) => points.map(([x, y, z]) => [x - tx, y - tz, z + ty]); // the view's axes are x, z, -y
  const { starts, corners } = pictureFrustum(camera);
  return { bodies, floor: true, camera: { starts: beside(starts), corners: beside(corners) },
    description: `The camera stands ${tz.toFixed(2)} m in front of the body.` };
}
