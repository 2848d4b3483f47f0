// A posed head to a picture, with WebGL 2: maps of what hides it from the light, its solid parts, then what lies over them.

import { ROW } from "./glb.js";
import { buffer, Canvas, depthMap, pictured, Program, white } from "./gpu.js";
import { turned } from "./pose.js";
import { DEPTH, HEAD, REACH, SHOW, SIDES } from "./shaders.js";
import { runs, Sheets } from "./strands.js";
import { ball, camera, COLOURS, fromLight, GROUND, LIGHTS, sides, SKY } from "./views.js";

const SHADOW = 256, SIDE = 128;
// Texels a side of the key light's map, and of each side's that ambient light comes from.

const FRONT = 2;
// Sides, the first, that look at the face from in front.

const HALF = 0.5, WHOLE = 0.92;
// Alpha from which on hair casts a shadow, and from which on it hides what is behind it.

const RESORT = 0.005;
// Metres that the camera moves, as the head sees it, before hair is sorted again.

const FLOAT = 4;

/** The pictures of a head's materials, unpacked: a list like `head.parts`, of `{colour, roughness}`. */
export async function unpack(head) {
  const options = { premultiplyAlpha: "none", colorSpaceConversion: "none" };
  const made = new Map();
  for (const { material } of head.parts) {
    if (made.has(material)) continue;
    const [colour, roughness] = [material.colour, material.roughness].map((file) => file && createImageBitmap(file, options));
    made.set(material, { colour: await colour, roughness: await roughness });
  }
  return head.parts.map(({ material }) => made.get(material));
}

/** What draws one head into one canvas. */
export class Painter {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param head What `readHead` returns.
   * @param pictures What `unpack` makes of it.
   * @throws {Error} This browser has no WebGL 2, or cannot do this much.
   */
  constructor(canvas, head, pictures) {
    const gl = canvas.getContext("webgl2", { alpha: false, antialias: false });
    if (!gl) throw new Error("the head cannot be drawn here: this browser has no WebGL 2");
    this._gl = gl;
    this._programs = Object.fromEntries(
      Object.entries({ depth: DEPTH, reach: REACH, head: HEAD, show: SHOW }).map(([name, code]) => [name, new Program(gl, code)]),
    );
    gl.depthFunc(gl.LEQUAL);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA); // what is drawn carries its alpha already
    this._load(head, pictures);
    const around = ball(head);
    this._span = 2 * around.radius;
    this._key = fromLight(LIGHTS[0], around);
    this._sides = sides(SIDES);
    this._views = this._sides.map((side) => fromLight(side, around));
    this._shadow = depthMap(gl, SHADOW, SHADOW);
    this._around = depthMap(gl, SIDE * SIDES, SIDE);
    this._drawn = 0;
    /** Whether to draw more cheaply: without smooth edges, and with light that lags a little. */
    this.thrifty = false;
  }

  _load(head, pictures) {
    const gl = this._gl, plain = white(gl), made = new Map();
    const texture = (picture, colour) => {
      if (picture && !made.has(picture)) made.set(picture, pictured(gl, picture, colour));
      return made.get(picture) ?? plain;
    };
    this._parts = head.parts
      .map((part, p) => ({
        ...part,
        colour: texture(pictures[p].colour, true),
        roughness: texture(pictures[p].roughness, false),
        sheets: part.material.strands ? new Sheets(head, part) : null,
      }))
      .sort((one, other) => layer(one) - layer(other));
    this._casting = this._parts.filter(({ name, material }) => name === "skin" || material.strands);
    this._count = head.follow.length;
    this._given = gl.createVertexArray(); // what is known of a vertex at once
    this._lit = gl.createVertexArray(); // and how much light reaches it
    this._places = buffer(gl, gl.ARRAY_BUFFER, head.rest, gl.DYNAMIC_DRAW);
    this._reached = buffer(gl, gl.ARRAY_BUFFER, 2 * FLOAT * this._count, gl.DYNAMIC_COPY);
    this._kept = gl.createTransformFeedback();
    const [uv, follow, along] = [head.uv, head.follow, runs(head)].map((data) => buffer(gl, gl.ARRAY_BUFFER, data, gl.STATIC_DRAW));
    const corners = buffer(gl, gl.ELEMENT_ARRAY_BUFFER, head.triangles, gl.DYNAMIC_DRAW);
    for (const array of [this._given, this._lit]) {
      gl.bindVertexArray(array);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, corners);
      this._attribute(this._places, 0, 3, ROW, 0);
      this._attribute(this._places, 1, 3, ROW, 3);
      this._attribute(uv, 2, 2);
      this._attribute(follow, 3, 1);
      this._attribute(along, 4, 3);
      if (array === this._lit) this._attribute(this._reached, 5, 2);
    }
    gl.bindVertexArray(null);
  }

  _attribute(data, place, width, row = width, first = 0) {
    const gl = this._gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, data);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, width, gl.FLOAT, false, FLOAT * row, FLOAT * first);
  }

  /** Draw a `Pose`, seen from `yaw` radians to the subject's left. */
  draw(pose, yaw = 0) {
    const gl = this._gl, { width, height } = gl.canvas;
    const wanted = { width, height, samples: this.thrifty ? 0 : Math.min(4, gl.getParameter(gl.MAX_SAMPLES)) };
    if (!Object.entries(wanted).every(([name, value]) => this._canvas?.[name] === value)) {
      this._canvas?.release();
      this._canvas = new Canvas(gl, width, height, wanted.samples);
    }
    const { eye, matrix } = camera(yaw, width / height);
    gl.bindVertexArray(this._given);
    gl.bindBuffer(gl.ARRAY_BUFFER, this._places);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, pose.vertices);
    this._sort(pose, eye);
    gl.enable(gl.DEPTH_TEST);
    this._hide();
    this._reach();
    gl.bindVertexArray(this._lit);
    this._canvas.begin();
    this._paint(eye, matrix);
    this._canvas.end();
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.disable(gl.DEPTH_TEST);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this._canvas.texture);
    this._programs.show.use({ picture: 0 });
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Milliseconds that a picture of this pose takes, until it is there. */
  time(pose) {
    const gl = this._gl, one = new Uint8Array(4);
    const wait = () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, one);
    this.draw(pose); // what is slow the first time
    wait();
    const begun = performance.now();
    this.draw(pose);
    wait();
    return performance.now() - begun;
  }

  /** Lay the triangles of hair from the farthest to the nearest. */
  _sort(pose, eye) {
    const gl = this._gl, seen = turned(eye, pose.turn.map((x) => -x));
    if (this._seen && Math.hypot(...seen.map((s, k) => s - this._seen[k])) < RESORT) return;
    this._seen = seen;
    for (const { sheets, start } of this._parts)
      if (sheets) gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, FLOAT * start, sheets.from(seen));
  }

  /**
   * Draw the maps of depth: of skin, and of hair where it is thick. What is inside, or lies below, hides nothing that is seen.
   * When thrifty, of the sides that ambient light comes from those in front, which look into the mouth, and one other that takes
   * its turn.
   */
  _hide() {
    const gl = this._gl;
    const draw = (left, size, view) => {
      gl.viewport(left, 0, size, size);
      gl.scissor(left, 0, size, size);
      gl.clear(gl.DEPTH_BUFFER_BIT);
      this._casting.forEach((part) => this._depth(part, view, HALF));
    };
    gl.enable(gl.SCISSOR_TEST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this._shadow.target);
    draw(0, SHADOW, this._key);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this._around.target);
    const turn = FRONT + (this._drawn++ % (SIDES - FRONT)), all = !this.thrifty || this._drawn === 1;
    this._views.forEach((view, k) => {
      if (all || k < FRONT || k === turn) draw(SIDE * k, SIDE, view);
    });
    gl.disable(gl.SCISSOR_TEST);
  }

  _depth(part, camera, thick) {
    const gl = this._gl;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, part.colour);
    this._programs.depth.use({ camera, colour: 0, thick: part.material.strands ? thick : 0 });
    this._triangles(part);
  }

  /** Work out how much light reaches each vertex. */
  _reach() {
    const gl = this._gl;
    this._bind([this._shadow.texture, this._around.texture]);
    this._programs.reach.use({
      shadow: 0, around: 1, key: this._key, views: this._views.flat(), sides: this._sides.flat(), light: LIGHTS[0], span: this._span,
    });
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.bindBuffer(gl.ARRAY_BUFFER, null);
    gl.bindTransformFeedback(gl.TRANSFORM_FEEDBACK, this._kept);
    gl.bindBufferBase(gl.TRANSFORM_FEEDBACK_BUFFER, 0, this._reached);
    gl.enable(gl.RASTERIZER_DISCARD);
    gl.beginTransformFeedback(gl.POINTS);
    gl.drawArrays(gl.POINTS, 0, this._count);
    gl.endTransformFeedback();
    gl.disable(gl.RASTERIZER_DISCARD);
    gl.bindBufferBase(gl.TRANSFORM_FEEDBACK_BUFFER, 0, null);
    gl.bindTransformFeedback(gl.TRANSFORM_FEEDBACK, null);
  }

  _bind(textures) {
    const gl = this._gl;
    textures.forEach((texture, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    });
  }

  _paint(eye, matrix) {
    const gl = this._gl, { head } = this._programs;
    const sheets = this._parts.filter(({ material }) => material.strands);
    gl.colorMask(false, false, false, false);
    sheets.forEach((part) => this._depth(part, matrix, WHOLE));
    gl.colorMask(true, true, true, true);
    head.use({
      eye, camera: matrix, key: this._key, span: this._span, lights: LIGHTS.flat(), colours: COLOURS, sky: SKY, ground: GROUND,
      colour: 0, roughness: 1, shadow: 2, taps: this.thrifty ? 1 : 3,
    });
    for (const part of this._parts) {
      const { strands, veil, matter, colour } = part.material;
      this._bind([part.colour, part.roughness, this._shadow.texture]);
      head.use({ matter, strands, veil, clear: !colour });
      gl.depthMask(!veil);
      if (veil) gl.enable(gl.BLEND);
      else gl.disable(gl.BLEND);
      this._triangles(part);
    }
    gl.depthMask(true);
    gl.disable(gl.BLEND);
    gl.disable(gl.CULL_FACE);
  }

  _triangles({ start, count, material }) {
    const gl = this._gl;
    if (material.twoSided) gl.disable(gl.CULL_FACE);
    else gl.enable(gl.CULL_FACE);
    gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, FLOAT * start);
  }
}

/** What is drawn first: solids, glass, what lies on the skin, hair. */
function layer({ material }) {
  if (!material.veil) return 0;
  if (!material.colour) return 1;
  return material.strands ? 3 : 2;
}
