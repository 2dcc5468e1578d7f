// What can be measured on a body, in the units that people use. The Python twin is workbench/body/measures.py.
// Points are Float32Arrays, all x before all y before all z, in metres.

/** Height and arm span of the person in rest pose, and what the posed mesh encloses. */
export function bodySizes({ shaped, skinned }, [i, j, k]) {
  const count = shaped.length / 3;
  return {
    height_m: extentOf(shaped.subarray(count, 2 * count)),
    arm_span_m: extentOf(shaped.subarray(0, count)),
    volume_litres: 1000 * enclosed(skinned, i, j, k),
  };
}

/** Per vertex, how far it went from one stage to another, in mm. */
export function offsetsMm(before, after) {
  const count = before.length / 3;
  const lengths = new Float32Array(count);
  for (let v = 0; v < count; v++) {
    const x = after[v] - before[v];
    const y = after[count + v] - before[count + v];
    const z = after[2 * count + v] - before[2 * count + v];
    lengths[v] = 1000 * Math.sqrt(x * x + y * y + z * z);
  }
  return lengths;
}

/** The largest and the mean. */
export function maxAndMean(values) {
  let max = 0;
  let sum = 0;
  for (const value of values) {
    if (value > max) max = value;
    sum += value;
  }
  return { max, mean: values.length ? sum / values.length : 0 };
}

function extentOf(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

/** The sum of signed tetrahedra from the origin to each triangle, m³. */
function enclosed(points, i, j, k) {
  const count = points.length / 3;
  const [x, y, z] = [0, 1, 2].map((axis) => points.subarray(axis * count, (axis + 1) * count));
  let sum = 0;
  for (let n = 0; n < i.length; n++) {
    const a = i[n], b = j[n], c = k[n];
    sum += x[a] * (y[b] * z[c] - z[b] * y[c]) + y[a] * (z[b] * x[c] - x[b] * z[c]) + z[a] * (x[b] * y[c] - y[b] * x[c]);
  }
  return sum / 6;
}
