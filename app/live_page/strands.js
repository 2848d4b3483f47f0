// Hair, whose sheets cover one another only in part: which way it runs, and its triangles from the farthest to the nearest.

import { ROW } from "./glb.js";

/** Unit directions in which v grows at each vertex of the parts that are hair, three floats a vertex; zeros elsewhere. */
export function runs({ rest, uv, triangles, parts }) {
  const out = new Float32Array((rest.length / ROW) * 3);
  for (const { start, count, material } of parts)
    for (let t = start; material.strands && t < start + count; t += 3) {
      const [a, b, c] = triangles.subarray(t, t + 3);
      const ub = uv[2 * b] - uv[2 * a], uc = uv[2 * c] - uv[2 * a];
      const sign = ub * (uv[2 * c + 1] - uv[2 * a + 1]) > uc * (uv[2 * b + 1] - uv[2 * a + 1]) ? 1 : -1;
      for (let k = 0; k < 3; k++) {
        const at = (v) => rest[ROW * v + k];
        const step = sign * (ub * (at(c) - at(a)) - uc * (at(b) - at(a)));
        for (const v of [a, b, c]) out[3 * v + k] += step;
      }
    }
  for (let v = 0; v < out.length; v += 3) {
    const length = Math.hypot(out[v], out[v + 1], out[v + 2]) || 1;
    for (let k = 0; k < 3; k++) out[v + k] /= length;
  }
  return out;
}

/** One part's triangles in the order in which they are laid over one another. */
export class Sheets {
  constructor({ rest, triangles }, { start, count }) {
    this._corners = triangles.slice(start, start + count);
    this._middles = new Float32Array(count);
    for (let i = 0; i < count; i += 3)
      for (let k = 0; k < 3; k++)
        for (let corner = 0; corner < 3; corner++) this._middles[i + k] += rest[ROW * this._corners[i + corner] + k] / 3;
    this._order = Uint32Array.from({ length: count / 3 }, (_, t) => t);
    this._far = new Float32Array(count / 3);
    this._sorted = new Uint32Array(count);
  }

  /** Its corners, the farthest triangle from `eye` first; `eye` is in the space of the head at rest. */
  from(eye) {
    for (let t = 0; t < this._far.length; t++) {
      const [x, y, z] = [0, 1, 2].map((k) => this._middles[3 * t + k] - eye[k]);
      this._far[t] = x * x + y * y + z * z;
    }
    this._order.sort((one, other) => this._far[other] - this._far[one]);
    this._order.forEach((t, i) => this._sorted.set(this._corners.subarray(3 * t, 3 * t + 3), 3 * i));
    return this._sorted;
  }
}
