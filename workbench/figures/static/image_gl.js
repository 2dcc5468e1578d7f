// Meshes on an image plane by WebGL, through cameras with true intrinsics.
//
//   const painter = createPainter(canvas);     null when this browser has no WebGL
//   painter.paint(layers, size, { unit, fine });
//                                              everything drawn anew; unit: canvas pixels per pixel of the page;
//                                              fine: outlines at their best
//   painter.dispose();                         gives the context back
//
// A pixel lands where workbench/geometry/camera.py puts it. What is behind the lens is cut off by the near plane.
// Outlines: each layer's silhouette goes into one channel of a hidden picture, and a second pass draws its edge.

import { project } from "./cameras.js";
import { ATTRIBUTES, createMeshes } from "./gl_meshes.js";

const NEAREST_M = 0.01; // nothing nearer to the lens is drawn
const CHANNELS = 4; // of a colour
const OUTLINE_PX = 2;

const VERTEX = `#version 300 es
in float x, y, z, nx, ny, nz;
uniform vec3 shift;
uniform vec2 focal, center, span;
uniform int kind;
out vec3 normal;
void main() {
  vec3 p = vec3(x, y, z) + shift;
  float w = kind == 0 ? p.z : 1.0;
  vec2 q = focal * p.xy + center * w;
  float depth = kind == 0 ? (p.z * (span.y + span.x) - 2.0 * span.x * span.y) / (span.y - span.x)
                          : 2.0 * (p.z - span.x) / (span.y - span.x) - 1.0;
  gl_Position = vec4(q.x, -q.y, depth, w);
  gl_PointSize = 3.0;
  normal = vec3(nx, ny, nz);
}`;

const SHADE = `#version 300 es
precision highp float;
in vec3 normal;
uniform vec4 color;
out vec4 pixel;
void main() {
  vec3 n = normalize(normal) * (gl_FrontFacing ? 1.0 : -1.0);
  float key = max(dot(n, normalize(vec3(-0.45, -0.7, -0.75))), 0.0);
  float fill = max(dot(n, normalize(vec3(0.8, 0.1, -0.6))), 0.0);
  vec3 lit = color.rgb * (0.55 + 0.52 * key + 0.16 * fill) * (gl_FrontFacing ? 1.0 : 0.45);
  pixel = vec4(min(lit, 1.0), 1.0) * color.a;
}`;

const FLAT = `#version 300 es
precision highp float;
uniform vec4 color;
out vec4 pixel;
void main() { pixel = color; }`;

const SCREEN = `#version 300 es
void main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }`;

/** Where masks change. Looked at from all sides, or, several times cheaper and while things move, from four.
 *  Channels are written out: in a loop, drawing without a graphics card takes three times as long. */
const edgeProgram = (sides) => `#version 300 es
precision highp float;
uniform sampler2D masks;
uniform float radius;
uniform vec2 texel;
uniform vec4 colors[${CHANNELS}]; // alpha: the share of a dash that is drawn, 1 for a whole line
out vec4 pixel;
vec4 at(vec2 place) { return textureLod(masks, place, 0.0); }
vec4 around(vec2 place, vec2 far) {
  vec4 sum = at(place + vec2(far.x, 0)) + at(place - vec2(far.x, 0)) + at(place + vec2(0, far.y)) + at(place - vec2(0, far.y));
  ${sides === 4 ? "" : `vec2 near = 0.7 * far;
  sum += at(place + near) + at(place - near) + at(place + vec2(near.x, -near.y)) + at(place + vec2(-near.x, near.y));`}
  return sum;
}
void main() {
  vec2 place = gl_FragCoord.xy * texel;
  vec4 sum = around(place, radius * texel);
  ${sides === 4 ? "vec4 edge = min(sum * (4.0 - sum), 1.0);" : `if (sum == 8.0 * at(place)) discard; // nearly everywhere
  sum += around(place, 0.5 * radius * texel);
  vec4 edge = smoothstep(0.0, 0.5, 1.0 - abs(sum / 8.0 - 1.0));`}
  float dash = fract((gl_FragCoord.x + gl_FragCoord.y) / (8.0 * radius));
  vec4 over;
  pixel = vec4(0.0);
  ${["r", "g", "b", "a"].map((channel, n) => `over = vec4(colors[${n}].rgb, 1.0) * edge.${channel} * step(dash, colors[${n}].a);
  pixel = over + pixel * (1.0 - over.a);`).join("\n  ")}
}`;

const KIND_NUMBERS = { perspective: 0, weak: 1, orthographic: 2 };

export function createPainter(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true, alpha: true });
  if (!gl) return null;
  const programs = { shade: linked(gl, VERTEX, SHADE), flat: linked(gl, VERTEX, FLAT), edge: linked(gl, SCREEN, edgeProgram(4)),
    fineEdge: linked(gl, SCREEN, edgeProgram(8)) };
  const meshes = createMeshes(gl);
  const masks = createMasks(gl);

  function paint(layers, size, { unit, fine }) {
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    meshes.keep(layers);
    const span = depthSpan(layers, meshes.boxOf);
    gl.enable(gl.DEPTH_TEST);
    gl.disable(gl.BLEND);
    if (fine || span.lens[0] <= NEAREST_M) gl.disable(gl.CULL_FACE);
    else gl.enable(gl.CULL_FACE); // bodies are closed: nobody sees the inside of one that the lens does not cut
    for (const layer of layers.filter(({ style }) => style !== "outline")) {
      const program = layer.style === "points" ? programs.flat : programs.shade;
      draw(program, layer, size, span, [...channels(layer.color), layer.opacity ?? 1], layer.style === "points");
    }
    const outlines = layers.filter(({ style }) => style === "outline");
    for (let n = 0; n < outlines.length; n += CHANNELS) outline(outlines.slice(n, n + CHANNELS), size, span, Math.max(1, OUTLINE_PX * unit), fine ? programs.fineEdge : programs.edge);
  }

  function draw(program, layer, size, span, color, points = false) {
    gl.useProgram(program.handle);
    setCamera(gl, program, layer.camera, size, span);
    gl.uniform4fv(program.at.color, color);
    const { count, type } = meshes.bind(layer, program);
    if (points) gl.drawArrays(gl.POINTS, 0, layer.vertices.length / 3);
    else gl.drawElements(gl.TRIANGLES, count, type, 0);
  }

  function outline(layers, size, span, radius, edge) {
    masks.begin(canvas.width, canvas.height); // all of it: edges are looked for beyond the box
    gl.enable(gl.SCISSOR_TEST); // most of the picture has no outline
    gl.scissor(...pictureBox(layers, meshes.boxOf, [canvas.width / size[0], canvas.height / size[1]], canvas, radius + 1));
    gl.disable(gl.DEPTH_TEST);
    const first = layers.map((layer) => layers.findIndex((other) => samePicture(other, layer)));
    for (const n of new Set(first)) { // one drawing serves all channels that would get the same
      gl.colorMask(...[0, 1, 2, 3].map((channel) => first[channel] === n));
      draw(programs.flat, layers[n], size, span, [1, 1, 1, 1]);
    }
    gl.colorMask(true, true, true, true);
    masks.end();
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.useProgram(edge.handle);
    const colors = new Float32Array(4 * CHANNELS);
    layers.forEach((layer, n) => colors.set([...channels(layer.color), layer.dashed ? 0.5 : 1], 4 * n));
    gl.uniform4fv(edge.at["colors[0]"], colors);
    gl.uniform1f(edge.at.radius, radius);
    gl.uniform2f(edge.at.texel, 1 / canvas.width, 1 / canvas.height);
    gl.uniform1i(edge.at.masks, 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.disable(gl.SCISSOR_TEST);
  }

  return { paint, dispose: () => gl.getExtension("WEBGL_lose_context")?.loseContext() };
}

/** Pixels per metre of a projection that knows no depth. */
function scaleOf({ kind, focal_px, t_camera_body_m: [, , tz] }) {
  return kind === "weak" ? focal_px / Math.max(tz, NEAREST_M) : focal_px;
}

/** Whether two layers cover the same pixels: an orthographic camera and a weak one of its scale do. */
function samePicture(one, other) {
  if (one.vertices !== other.vertices || one.corners !== other.corners) return false;
  const [a, b] = [one.camera, other.camera];
  const lens = [a, b].filter(({ kind }) => kind === "perspective").length;
  const numbers = ({ center_px, t_camera_body_m: t }) => [...center_px, t[0], t[1], lens ? t[2] : 0];
  const close = (p, q) => Math.abs(p - q) <= 1e-9 * Math.max(Math.abs(p), 1);
  return lens !== 1 && close(scaleOf(a), scaleOf(b)) && numbers(a).every((value, n) => close(value, numbers(b)[n]));
}

/** x_ndc = (2 (f X + cx Z) / W - Z) / Z, and so for y: the pinhole with its principal point, exactly. */
function setCamera(gl, { at }, camera, [width, height], span) {
  const { kind, center_px: [cx, cy], t_camera_body_m: t } = camera;
  const scale = scaleOf(camera);
  gl.uniform3fv(at.shift, t);
  gl.uniform2f(at.focal, (2 * scale) / width, (2 * scale) / height);
  gl.uniform2f(at.center, (2 * cx) / width - 1, (2 * cy) / height - 1);
  gl.uniform2fv(at.span, span[kind === "perspective" ? "lens" : "all"]);
  gl.uniform1i(at.kind, KIND_NUMBERS[kind]);
}

/** Nearest and farthest depth of all layers; in front of the lens, and with parallel rays, which have no near plane. */
function depthSpan(layers, boxOf) {
  const depths = layers.flatMap(({ vertices, camera }) => boxOf(vertices)[2].map((z) => z + camera.t_camera_body_m[2]));
  const [low, high] = [Math.min(...depths), Math.max(...depths)];
  const far = Math.max(high, 2 * NEAREST_M) * 1.01;
  return { lens: [Math.max(NEAREST_M, 0.99 * low), far], all: [low - 0.01, high + 0.01] };
}

/** Where in the canvas layers may be seen, from below: left, bottom, width, height. All of it if one reaches the lens. */
function pictureBox(layers, boxOf, [sx, sy], { width, height }, margin) {
  const [xs, ys] = [[], []];
  for (const { vertices, camera } of layers) {
    const [x, y, z] = boxOf(vertices);
    if (camera.kind === "perspective" && z[0] + camera.t_camera_body_m[2] < NEAREST_M) return [0, 0, width, height];
    const corners = Float64Array.from({ length: 24 }, (_, n) => [x, y, z][n >> 3][((n & 7) >> (n >> 3)) & 1]);
    const pixels = project(camera, corners);
    xs.push(...pixels.subarray(0, 8).map((value) => value * sx));
    ys.push(...pixels.subarray(8).map((value) => height - value * sy));
  }
  const range = (values, most) => [Math.floor(Math.max(Math.min(...values) - margin, 0)), Math.ceil(Math.min(Math.max(...values) + margin, most))];
  const [[left, right], [bottom, top]] = [range(xs, width), range(ys, height)];
  return [left, bottom, Math.max(right - left, 0), Math.max(top - bottom, 0)];
}

/** The hidden picture that silhouettes go into. */
function createMasks(gl) {
  let [size, buffers, texture] = ["", [], null];

  function begin(width, height) {
    if (size !== `${width} ${height}`) resize(width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, buffers[0]);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  function resize(width, height) {
    size = `${width} ${height}`;
    gl.deleteTexture(texture);
    buffers.forEach((buffer) => gl.deleteFramebuffer(buffer));
    texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    buffers = [gl.createFramebuffer()];
    gl.bindFramebuffer(gl.FRAMEBUFFER, buffers[0]);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  }

  function end() {
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.bindTexture(gl.TEXTURE_2D, texture);
  }

  return { begin, end };
}

function linked(gl, vertex, fragment) {
  const handle = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(handle, shader);
  }
  gl.linkProgram(handle);
  if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the graphics card refused a program: ${gl.getProgramInfoLog(handle)}`);
  }
  const count = gl.getProgramParameter(handle, gl.ACTIVE_UNIFORMS) || 0;
  const names = Array.from({ length: count }, (_, n) => gl.getActiveUniform(handle, n).name);
  return {
    handle,
    at: Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(handle, name)])),
    attributes: Object.fromEntries(ATTRIBUTES.map((name) => [name, gl.getAttribLocation(handle, name)])),
  };
}

/** "#8fb4d6" to red, green and blue in 0..1. */
function channels(hex) {
  return [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255);
}
