// Values of controls to posed vertices, as `animator.geometry.pose.Poser` has them: shapes add up, then eyes turn, then the head.

import { ROW } from "./glb.js";

const HEAD = ["headPitch", "headYaw", "headRoll"];
const EYES = [["leftEyePitch", "leftEyeYaw"], ["rightEyePitch", "rightEyeYaw"]];

/** One head, posed by rows of one list of controls. */
export class Pose {
  /**
   * @param head What `readHead` returns.
   * @param {string[]} names The controls of the rows. Those that the head lacks are passed over; angles that they lack are 0.
   */
  constructor(head, names) {
    this._head = head;
    this._targets = names.map((name, column) => ({ column, ...head.targets.get(name) })).filter(({ vertices }) => vertices);
    this._nod = HEAD.map((name) => names.indexOf(name));
    this._gaze = EYES.map((pair) => pair.map((name) => names.indexOf(name)));
    const count = head.follow.length, all = Array.from({ length: count }, (_, v) => v);
    this._balls = [1, 2].map((side) => Uint32Array.from(all.filter((v) => head.eye[v] === side)));
    this._turning = Uint32Array.from(all.filter((v) => head.follow[v] > 0));
    /** The head's rotation vector: axis times radians. */
    this.turn = [0, 0, 0];
    /** ROW floats a vertex; normals are of any length. */
    this.vertices = head.rest.slice();
  }

  /** Take the pose that a row of values says. */
  set(row) {
    const angle = (column) => (column < 0 ? 0 : row[column]);
    this.vertices.set(this._head.rest);
    this._blend(row);
    this._balls.forEach((ball, side) => {
      turn(this.vertices, ball, euler(...this._gaze[side].map(angle), 0), this._head.eyes[side]);
    });
    this.turn = rotationVector(euler(...this._nod.map(angle)));
    if (this.turn.some((x) => x !== 0)) this._bend();
  }

  _blend(row) {
    const out = this.vertices;
    for (const { column, vertices, shifts } of this._targets) {
      const weight = row[column];
      if (weight === 0) continue;
      for (let i = 0, at = 0; i < vertices.length; i++) {
        const place = ROW * vertices[i];
        for (let k = 0; k < ROW; k++) out[place + k] += weight * shifts[at++];
      }
    }
  }

  /** Turn each vertex by its share of the head's rotation vector (Rodrigues). */
  _bend() {
    const out = this.vertices, { follow } = this._head, angle = Math.hypot(...this.turn), [x, y, z] = this.turn.map((n) => n / angle);
    for (const v of this._turning) {
      const sine = Math.sin(follow[v] * angle), cosine = Math.cos(follow[v] * angle);
      for (let at = ROW * v; at < ROW * v + ROW; at += 3) {
        const a = out[at], b = out[at + 1], c = out[at + 2], along = (x * a + y * b + z * c) * (1 - cosine);
        out[at] = a * cosine + (y * c - z * b) * sine + x * along;
        out[at + 1] = b * cosine + (z * a - x * c) * sine + y * along;
        out[at + 2] = c * cosine + (x * b - y * a) * sine + z * along;
      }
    }
  }
}

/** Turn places and normals of some vertices about a centre. */
function turn(out, which, m, centre) {
  for (const v of which)
    for (let at = ROW * v, about = centre; at < ROW * v + ROW; at += 3, about = [0, 0, 0]) {
      const x = out[at] - about[0], y = out[at + 1] - about[1], z = out[at + 2] - about[2];
      for (let k = 0; k < 3; k++) out[at + k] = m[3 * k] * x + m[3 * k + 1] * y + m[3 * k + 2] * z + about[k];
    }
}

/** The rotation matrix, row by row, of roll about +Z, then pitch about +X, then yaw about +Y (radians). */
export function euler(pitch, yaw, roll) {
  const [a, b, c] = [pitch, yaw, roll].map(Math.cos), [p, y, r] = [pitch, yaw, roll].map(Math.sin);
  return [
    b * c + y * p * r, y * p * c - b * r, y * a,
    a * r, a * c, -p,
    b * p * r - y * c, y * r + b * p * c, b * a,
  ];
}

/** Axis times radians of a rotation matrix with an angle below pi. */
export function rotationVector(m) {
  const angle = Math.acos(Math.min(Math.max((m[0] + m[4] + m[8] - 1) / 2, -1), 1));
  const scale = angle < 1e-6 ? 0.5 : angle / (2 * Math.sin(angle));
  return [scale * (m[7] - m[5]), scale * (m[2] - m[6]), scale * (m[3] - m[1])];
}

/** A vector turned by axis times radians (Rodrigues). */
export function turned([a, b, c], [x, y, z]) {
  const angle = Math.hypot(x, y, z) || 1e-12, sine = Math.sin(angle) / angle, versine = (1 - Math.cos(angle)) / (angle * angle);
  const cosine = Math.cos(angle), along = (x * a + y * b + z * c) * versine;
  return [
    a * cosine + (y * c - z * b) * sine + x * along,
    b * cosine + (z * a - x * c) * sine + y * along,
    c * cosine + (x * b - y * a) * sine + z * along,
  ];
}
