// One rotation, written in four ways. The Python twin is workbench/geometry/rotations.py.
//
//   axis-angle   [x, y, z]: axis times angle in radians; what theta holds
//   matrix       nine numbers, row by row
//   Euler        [a, b, c] in radians, order XYZ (intrinsic): matrix = Rx(a) · Ry(b) · Rz(c)
//   6D           the first two columns of the matrix, one after the other (Zhou et al., CVPR 2019)

export const EULER_ORDER = "Euler XYZ (intrinsic: Rx·Ry·Rz)";
const SMALL_RAD = 1e-6;
const LOCKED = 1 - 1e-7; // sine of the middle angle above which the outer two turn about one axis

/** Rodrigues' formula. */
export function matrixFromAxisAngle([x, y, z]) {
  const squared = x * x + y * y + z * z;
  const angle = Math.sqrt(squared);
  const small = angle < SMALL_RAD;
  const a = small ? 1 : Math.sin(angle) / angle;
  const b = small ? 0.5 : (1 - Math.cos(angle)) / squared;
  const c = Math.cos(angle);
  return [c + b * x * x, b * x * y - a * z, b * x * z + a * y,
    b * x * y + a * z, c + b * y * y, b * y * z - a * x,
    b * x * z - a * y, b * y * z + a * x, c + b * z * z];
}

/** The vector of length <= π, by way of the quaternion's largest entry: exact near 0 and near π. */
export function axisAngleFromMatrix(m) {
  const squares = [1 + m[0] + m[4] + m[8], 1 + m[0] - m[4] - m[8], 1 - m[0] + m[4] - m[8], 1 - m[0] - m[4] + m[8]];
  const rows = [
    [squares[0], m[7] - m[5], m[2] - m[6], m[3] - m[1]],
    [m[7] - m[5], squares[1], m[1] + m[3], m[2] + m[6]],
    [m[2] - m[6], m[1] + m[3], squares[2], m[5] + m[7]],
    [m[3] - m[1], m[2] + m[6], m[5] + m[7], squares[3]],
  ];
  const largest = squares.indexOf(Math.max(...squares));
  const sign = rows[largest][0] < 0 ? -1 : 1;
  const [w, ...axis] = rows[largest].map((entry) => sign * entry);
  const length = Math.hypot(...axis);
  const factor = length < SMALL_RAD * w ? 2 / w : (2 * Math.atan2(length, w)) / length;
  return axis.map((entry) => factor * entry);
}

/** The middle angle lies in [-π/2, π/2]; at its ends the last one is 0, as the first can do its work. */
export function eulerFromMatrix(m) {
  if (Math.abs(m[2]) > LOCKED) return [Math.atan2(m[7], m[4]), Math.sign(m[2]) * (Math.PI / 2), 0];
  return [Math.atan2(-m[5], m[8]), Math.asin(m[2]), Math.atan2(-m[1], m[0])];
}

export function matrixFromEuler([a, b, c]) {
  const about = [[a, 0, 0], [0, b, 0], [0, 0, c]].map(matrixFromAxisAngle);
  return matrixProduct(matrixProduct(about[0], about[1]), about[2]);
}

export function sixFromMatrix(m) {
  return [m[0], m[3], m[6], m[1], m[4], m[7]];
}

/** Gram-Schmidt: any six numbers whose two halves are not parallel make a rotation. */
export function matrixFromSix(six) {
  const first = unit(six.slice(0, 3));
  const along = six.slice(3).reduce((sum, value, n) => sum + value * first[n], 0);
  const second = unit(six.slice(3).map((value, n) => value - along * first[n]));
  const third = [0, 1, 2].map((n) => first[(n + 1) % 3] * second[(n + 2) % 3] - first[(n + 2) % 3] * second[(n + 1) % 3]);
  return [0, 1, 2].flatMap((n) => [first[n], second[n], third[n]]);
}

export function matrixProduct(p, q) {
  return Array.from({ length: 9 }, (_, n) => {
    const line = n - (n % 3);
    const column = n % 3;
    return p[line] * q[column] + p[line + 1] * q[3 + column] + p[line + 2] * q[6 + column];
  });
}

function unit(vector) {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
