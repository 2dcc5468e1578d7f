// Masks in a browser: a byte per pixel, 1 inside, and never changed in place; on their way to Python eight pixels a byte.
//
//   const mask = maskFromData({ size_hw, bits });        { size: [w, h], of: Uint8Array }
//   const more = dabbed(mask, [[x, y], ...], radius, 1); a brush drawn along these points; 0 erases

import { bytesOf } from "./world_bodies.js";

const LOST_SHARE = 0.35; // of the person's height, by `withoutLower`
const GROWN_SHARE = 0.05; // of the person's longer side, by `grown`

export function maskFromData({ size_hw: [height, width], bits }) {
  const packed = new Uint8Array(bytesOf(bits));
  const of = Uint8Array.from({ length: width * height }, (_, n) => (packed[n >> 3] >> (7 - (n & 7))) & 1);
  return { size: [width, height], of };
}

export function maskToData({ size: [width, height], of }) {
  const packed = new Uint8Array(Math.ceil(of.length / 8));
  of.forEach((inside, n) => { packed[n >> 3] |= inside << (7 - (n & 7)); });
  let letters = "";
  packed.forEach((byte) => { letters += String.fromCharCode(byte); });
  return { size_hw: [height, width], bits: btoa(letters) };
}

export function emptied({ size, of }) {
  return { size, of: new Uint8Array(of.length) };
}

/** How many pixels are inside. */
export function maskArea({ of }) {
  return of.reduce((sum, inside) => sum + inside, 0);
}

/** A round brush along a line of points. */
export function dabbed({ size, of }, points, radius, inside) {
  const painted = Uint8Array.from(of);
  points.forEach((to, n) => {
    const from = points[n - 1] ?? to;
    const steps = Math.max(1, Math.ceil((2 * Math.hypot(to[0] - from[0], to[1] - from[1])) / radius));
    for (let step = n ? 1 : steps; step <= steps; step++) {
      const share = step / steps;
      disc(painted, size, from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]), radius, inside);
    }
  });
  return { size, of: painted };
}

/** The lower part of the person left out, as where legs are taken for the floor. */
export function withoutLower(mask) {
  const box = maskBox(mask);
  if (!box) return mask;
  const [, top, , bottom] = box;
  const first = Math.round(bottom - LOST_SHARE * (bottom - top)) * mask.size[0];
  return { size: mask.size, of: mask.of.map((inside, n) => (n >= first ? 0 : inside)) };
}

/** What is around the person taken for them, too. */
export function grown(mask) {
  const box = maskBox(mask);
  if (!box) return mask;
  const radius = Math.max(1, GROWN_SHARE * Math.max(box[2] - box[0], box[3] - box[1]));
  const edge = maskEdge(mask).map((n) => [n % mask.size[0] + 0.5, Math.floor(n / mask.size[0]) + 0.5]);
  const painted = Uint8Array.from(mask.of);
  edge.forEach(([x, y]) => disc(painted, mask.size, x, y, radius, 1));
  return { size: mask.size, of: painted };
}

/** Left, top, right, bottom of what is inside; null of an empty one. */
export function maskBox({ size: [width], of }) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  of.forEach((inside, n) => {
    if (!inside) return;
    const [x, y] = [n % width, Math.floor(n / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x + 1), Math.min(top, y), Math.max(bottom, y + 1)];
  });
  return right > left ? [left, top, right, bottom] : null;
}

/** The pixels inside that have a neighbour outside. */
export function maskEdge({ size: [width, height], of }) {
  const edge = [];
  of.forEach((inside, n) => {
    if (!inside) return;
    const [x, y] = [n % width, Math.floor(n / width)];
    const all = x > 0 && x < width - 1 && y > 0 && y < height - 1 && of[n - 1] && of[n + 1] && of[n - width] && of[n + width];
    if (!all) edge.push(n);
  });
  return edge;
}

function disc(of, [width, height], x, y, radius, inside) {
  for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(height, y + radius + 1); row++) {
    const room = radius ** 2 - (row + 0.5 - y) ** 2;
    if (room < 0) continue;
    const half = Math.sqrt(room);
    const [first, last] = [Math.max(0, Math.round(x - half)), Math.min(width, Math.round(x + half))];
    if (last > first) of.fill(inside, row * width + first, row * width + last);
  }
}
