// The bodies of a world, whatever form they come in, as what is drawn: points and joints in the view's axes (x right,
// y away from the viewer, z up, metres).
//
//   { points, joints, mesh, frame, shift }   posed already (bodies.js): Float32Arrays, all x before all y before all
//                                            z, in the axes of `frame`, "body" (default) or "camera"; or both as
//                                            columns [x, y, z], in the view's axes already
//   { vertices, low, step, joints }          sent by Python (figures/world.py), in the view's axes already

const sentTopologies = new Map(); // by tag, shared by all views of the page

/** A body to draw: { points: [x, y, z], joints: [[x, y, z], ...], mesh: { corners, parents, joints: names } }. */
export async function skinOf(body, host) {
  if (body.points) return Array.isArray(body.points) ? shownSkin(body) : displayedSkin(body);
  return { points: dequantised(body), joints: body.joints, mesh: await sentTopology(body.topology, host) };
}

function displayedSkin({ points, joints, mesh, frame = "body", shift = [0, 0, 0] }) {
  return shownSkin({ points: displayed(points, frame, shift), joints: displayed(joints, frame, shift), mesh });
}

function shownSkin({ points, joints: [x, y, z], mesh }) {
  return { points, joints: Array.from(x, (_, n) => [x[n], y[n], z[n]]), mesh };
}

/** From a body's or a camera's axes to the view's, in columns. */
function displayed(points, frame, shift) {
  const count = points.length / 3;
  const column = (axis, sign) => {
    const values = points.subarray(axis * count, (axis + 1) * count);
    return sign > 0 && shift[axis] === 0 ? values : values.map((value) => sign * (value + shift[axis]));
  };
  return frame === "camera" ? [column(0, 1), column(2, 1), column(1, -1)] : [column(0, 1), column(2, -1), column(1, 1)];
}

/** The picture's pyramid in the view's axes: where rays start, and the picture's corners at the body's depth. */
export function pictureFrustum(camera) {
  if (camera.starts) return camera;
  const { kind, focal_px: focal, center_px: center, size_hw: [height, width], t_camera_body_m: t } = camera;
  const scale = kind === "orthographic" ? 1 / focal : t[2] / focal;
  const pixels = [[0, 0], [width, 0], [width, height], [0, height]];
  const aside = pixels.map(([x, y]) => [(x - center[0]) * scale, (y - center[1]) * scale]);
  const corners = aside.map(([x, y]) => [x, t[2], -y]);
  return { corners, starts: kind === "orthographic" ? aside.map(([x, y]) => [x, 0, -y]) : corners.map(() => [0, 0, 0]) };
}

function sentTopology(tag, host) {
  if (!sentTopologies.has(tag)) {
    const mesh = host.call("topology", tag).then(({ faces, parents, joints }) => {
      const flat = new Uint16Array(bytesOf(faces));
      const corners = [0, 1, 2].map((corner) => Uint16Array.from({ length: flat.length / 3 }, (_, f) => flat[3 * f + corner]));
      return { corners, parents, joints };
    });
    mesh.catch(() => sentTopologies.delete(tag)); // the next change tries again
    sentTopologies.set(tag, mesh);
  }
  return sentTopologies.get(tag);
}

/** 16-bit steps from the lowest corner to metres, as three columns. */
function dequantised({ vertices, low, step }) {
  const flat = new Uint16Array(bytesOf(vertices));
  return low.map((start, axis) => {
    const column = new Float32Array(flat.length / 3);
    for (let row = 0; row < column.length; row++) column[row] = start + step[axis] * flat[3 * row + axis];
    return column;
  });
}

export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
