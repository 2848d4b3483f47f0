// Where camera and lights stand: 4 x 4 matrices row by row, from metres to WebGL's clip space; directions towards the lights.

import { ROW } from "./glb.js";

export const CAMERA = { distance: 1.05, fov: 0.33, target: [0, 0.035, 0.03] };
// The camera `portrait` of `animator.core.stage`.

export const LIGHTS = [[0.62, 0.5, 0.85], [-0.85, 0.15, 0.6], [-0.55, 0.55, -0.8]].map(unit);
export const COLOURS = [1.05, 0.99, 0.93, 0.15, 0.17, 0.2, 0.75, 0.77, 0.82];
export const SKY = [0.24, 0.25, 0.27], GROUND = [0.15, 0.12, 0.11];
// The lights of `Stage` there: the first casts shadows; linear red, green, blue of each; ambient light from above and below.

const CAP = (110 * Math.PI) / 180;
// How far from the front ambient light comes.

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

function unit(v) {
  const length = Math.hypot(...v);
  return v.map((x) => x / length);
}

function across(toward) {
  const aside = unit(cross(Math.abs(toward[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0], toward));
  return [aside, cross(toward, aside), toward];
}

/** The camera, `yaw` radians to the subject's left: where it stands, and its matrix for a picture so many times as wide as high. */
export function camera(yaw, aspect) {
  const { distance, fov, target } = CAMERA, near = 0.3, far = 3;
  const back = [Math.sin(yaw), 0, Math.cos(yaw)], eye = target.map((x, k) => x + distance * back[k]);
  const [right, up] = across(back), scale = 1 / Math.tan(fov / 2);
  const row = (axis, by) => [...axis.map((x) => x * by), -dot(axis, eye) * by];
  const deep = row(back, -(near + far) / (near - far) * -1);
  const matrix = [
    ...row(right, scale / aspect),
    ...row(up, scale),
    ...deep.map((x, k) => x + (k === 3 ? (2 * near * far) / (near - far) : 0)),
    ...row(back, -1),
  ];
  return { eye, matrix };
}

/** The matrix of a light from this direction for a ball, which just fits. */
export function fromLight(direction, { centre, radius }) {
  const [aside, up, toward] = across(direction);
  return [aside, up, toward.map((x) => -x)].flatMap((axis) => [...axis.map((x) => x / radius), -dot(axis, centre) / radius]).concat(0, 0, 0, 1);
}

/** `count` directions spread evenly (golden angle) over a sphere's cap about the front. */
export function sides(count) {
  return Array.from({ length: count }, (_, k) => {
    const height = 1 - ((1 - Math.cos(CAP)) * (k + 0.5)) / count, angle = k * Math.PI * (3 - Math.sqrt(5));
    const ring = Math.sqrt(1 - height * height);
    return [ring * Math.cos(angle), ring * Math.sin(angle), height];
  });
}

/** A ball around all of a head that turns, and a tenth more for when it does. */
export function ball({ rest, follow }) {
  const low = [Infinity, Infinity, Infinity], high = low.map((x) => -x);
  const turning = [...follow.keys()].filter((v) => follow[v] > 0.5).map((v) => rest.subarray(ROW * v, ROW * v + 3));
  for (const place of turning)
    for (let k = 0; k < 3; k++) {
      low[k] = Math.min(low[k], place[k]);
      high[k] = Math.max(high[k], place[k]);
    }
  const centre = low.map((x, k) => (x + high[k]) / 2);
  const radius = turning.reduce((most, place) => Math.max(most, Math.hypot(...centre.map((x, k) => place[k] - x))), 0);
  return { centre, radius: 1.1 * radius };
}
