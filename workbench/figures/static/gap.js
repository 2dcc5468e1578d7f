// How far apart two projections of one body are.
//
// Perspective and weak perspective differ at a point (X, Y, Z) by  f/Tz * rho * |Z| / (Z + Tz)  pixels, rho being its
// distance from the optical axis: at a kept size f / Tz it falls with the distance Tz alone.

import { project } from "./cameras.js";

export const NEAR_M = 0.1; // nearer to the lens a point has no meaningful picture
const SAMPLES = 120;

/** Per point, the distance of its two pictures in pixels; NaN at or behind the lens. */
export function gaps(camera, other, points) {
  const [a, b] = [project(camera, points), project(other, points)];
  const count = points.length / 3;
  const tz = camera.t_camera_body_m[2];
  return Float64Array.from({ length: count }, (_, n) => (
    points[2 * count + n] + tz > NEAR_M ? Math.hypot(a[n] - b[n], a[count + n] - b[count + n]) : NaN));
}

/** Mean and largest of those that are numbers, and how many are. */
export function meanAndMost(values) {
  let [sum, most, count] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    most = Math.max(most, value);
    count += 1;
  }
  return { mean: count ? sum / count : NaN, most: count ? most : NaN, count };
}

/** Gap between perspective and weak perspective at many distances, in pixels, with the size f / Tz kept.
 *  Starts where the whole body is in front of the lens. */
export function gapCurve(points, { focal_px, t_camera_body_m: [tx, ty, tz] }, [low, high]) {
  const count = points.length / 3;
  const weights = new Float64Array(count);
  let nearest = Infinity;
  for (let n = 0; n < count; n++) {
    weights[n] = Math.hypot(points[n] + tx, points[count + n] + ty) * Math.abs(points[2 * count + n]);
    nearest = Math.min(nearest, points[2 * count + n]);
  }
  const start = Math.max(low, NEAR_M - nearest + 1e-3);
  const samples = start < high ? SAMPLES : 0;
  return Array.from({ length: samples }, (_, sample) => {
    const distance = start * (high / start) ** (sample / (SAMPLES - 1));
    let [sum, most] = [0, 0];
    for (let n = 0; n < count; n++) {
      const gap = weights[n] / (points[2 * count + n] + distance);
      sum += gap;
      if (gap > most) most = gap;
    }
    return { tz: distance, mean: ((focal_px / tz) * sum) / count, most: (focal_px / tz) * most };
  });
}
