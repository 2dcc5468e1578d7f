// Meshes on the graphics card: vertices and normals, kept as long as they are shown.

export const ATTRIBUTES = ["x", "y", "z", "nx", "ny", "nz"];

/** Vertices and normals on the graphics card; a new pose goes into the place of one no longer shown. */
export function createMeshes(gl) {
  const held = new Map(); // vertices -> { buffer, box }
  const indices = new Map(); // corners -> { buffer, count, type }

  function keep(layers) {
    const wanted = new Map(layers.map((layer) => [layer.vertices, layer]));
    const free = [...held.keys()].filter((vertices) => !wanted.has(vertices)).map((vertices) => {
      const { buffer } = held.get(vertices);
      held.delete(vertices);
      return buffer;
    });
    for (const [vertices, { corners }] of wanted) {
      if (held.has(vertices)) continue;
      const buffer = free.pop() ?? gl.createBuffer();
      const data = new Float32Array(2 * vertices.length);
      data.set(vertices);
      data.set(vertexNormals(vertices, corners), vertices.length);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
      held.set(vertices, { buffer, box: boxAroundPoints(vertices) });
    }
    free.forEach((buffer) => gl.deleteBuffer(buffer));
  }

  function bind({ vertices, corners }, { attributes }) {
    gl.bindBuffer(gl.ARRAY_BUFFER, held.get(vertices).buffer);
    ATTRIBUTES.forEach((name, n) => {
      if (attributes[name] < 0) return;
      gl.enableVertexAttribArray(attributes[name]);
      gl.vertexAttribPointer(attributes[name], 1, gl.FLOAT, false, 0, (4 * n * vertices.length) / 3);
    });
    if (!indices.has(corners)) indices.set(corners, upload(corners));
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, indices.get(corners).buffer);
    return indices.get(corners);
  }

  function upload([i, j, k]) {
    const data = new i.constructor(3 * i.length); // of 16 or, where a body has more vertices, 32 bits
    for (let f = 0; f < i.length; f++) data.set([i[f], j[f], k[f]], 3 * f);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, data, gl.STATIC_DRAW);
    return { buffer, count: data.length, type: i.BYTES_PER_ELEMENT > 2 ? gl.UNSIGNED_INT : gl.UNSIGNED_SHORT };
  }

  return { keep, bind, boxOf: (vertices) => held.get(vertices).box };
}

/** Least and most of x, y and z. */
function boxAroundPoints(points) {
  const count = points.length / 3;
  return [0, 1, 2].map((axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let n = axis * count; n < (axis + 1) * count; n++) {
      if (points[n] < low) low = points[n];
      if (points[n] > high) high = points[n];
    }
    return [low, high];
  });
}

/** Per vertex, the mean of its faces' normals, larger faces counting more: all x, then y, then z. */
export function vertexNormals(points, [i, j, k]) {
  const count = points.length / 3;
  const normals = new Float32Array(points.length);
  for (let f = 0; f < i.length; f++) {
    const [a, b, c] = [i[f], j[f], k[f]];
    const ux = points[b] - points[a], uy = points[count + b] - points[count + a], uz = points[2 * count + b] - points[2 * count + a];
    const vx = points[c] - points[a], vy = points[count + c] - points[count + a], vz = points[2 * count + c] - points[2 * count + a];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    for (const v of [a, b, c]) {
      normals[v] += nx;
      normals[count + v] += ny;
      normals[2 * count + v] += nz;
    }
  }
  return normals;
}
