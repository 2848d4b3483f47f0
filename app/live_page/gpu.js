// What WebGL 2 lacks for comfort: programs whose uniforms are set by name, textures from files, maps of depth.

/** A program of two shaders; what is `told` of the first may be kept in a buffer. */
export class Program {
  constructor(gl, { vertex, fragment, told }) {
    this._gl = gl;
    this._program = gl.createProgram();
    for (const [kind, code] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, code);
      gl.compileShader(shader);
      gl.attachShader(this._program, shader);
    }
    if (told) gl.transformFeedbackVaryings(this._program, told, gl.INTERLEAVED_ATTRIBS);
    gl.linkProgram(this._program);
    if (!gl.getProgramParameter(this._program, gl.LINK_STATUS) && !gl.isContextLost()) {
      const told = gl.getAttachedShaders(this._program).map((shader) => gl.getShaderInfoLog(shader));
      throw new Error(`the head cannot be drawn here: ${[...told, gl.getProgramInfoLog(this._program)].filter(Boolean).join(" ")}`);
    }
    this._uniforms = new Map();
    for (let i = 0; i < gl.getProgramParameter(this._program, gl.ACTIVE_UNIFORMS); i++) {
      const { name, type } = gl.getActiveUniform(this._program, i);
      this._uniforms.set(name.replace("[0]", ""), { type, place: gl.getUniformLocation(this._program, name) });
    }
  }

  /** Make it the one that draws, with these uniforms: numbers, vectors, arrays of them end to end, matrices row by row. */
  use(values = {}) {
    this._gl.useProgram(this._program);
    for (const [name, value] of Object.entries(values)) this._set(name, value);
  }

  _set(name, value) {
    const gl = this._gl, { type, place } = this._uniforms.get(name);
    if (type === gl.FLOAT) gl.uniform1f(place, value);
    else if (type === gl.FLOAT_VEC3) gl.uniform3fv(place, value);
    else if (type === gl.FLOAT_MAT4) gl.uniformMatrix4fv(place, true, value);
    else gl.uniform1i(place, value); // a truth, or the unit of a texture
  }
}

/** A buffer of the data. */
export function buffer(gl, target, data, usage) {
  const made = gl.createBuffer();
  gl.bindBuffer(target, made);
  gl.bufferData(target, data, usage);
  return made;
}

/** A texture of a picture, in linear light when `colour`, with mipmaps. */
export function pictured(gl, picture, colour) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, colour ? gl.SRGB8_ALPHA8 : gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  gl.generateMipmap(gl.TEXTURE_2D);
  clamped(gl, gl.LINEAR, gl.LINEAR_MIPMAP_LINEAR);
  return texture;
}

/** A texture of one white texel, for surfaces without a picture. */
export function white(gl) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4).fill(255));
  clamped(gl, gl.NEAREST, gl.NEAREST);
  return texture;
}

function clamped(gl, near, far) {
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, near);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, far);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}

/** Depth as a light sees it, to draw into and to compare with. */
export function depthMap(gl, width, height) {
  const texture = gl.createTexture(), target = gl.createFramebuffer();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.DEPTH_COMPONENT24, width, height);
  clamped(gl, gl.LINEAR, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE);
  gl.bindFramebuffer(gl.FRAMEBUFFER, target);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, texture, 0);
  return { texture, target, width, height };
}

/** Where a picture is drawn with some samples a pixel (0 is one), and the texture that they become, both in linear light. */
export class Canvas {
  constructor(gl, width, height, samples) {
    this._gl = gl;
    Object.assign(this, { width, height, samples });
    this._kept = [gl.SRGB8_ALPHA8, gl.DEPTH_COMPONENT24].map((format) => {
      const kept = gl.createRenderbuffer();
      gl.bindRenderbuffer(gl.RENDERBUFFER, kept);
      gl.renderbufferStorageMultisample(gl.RENDERBUFFER, samples, format, width, height);
      return kept;
    });
    this._samples = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this._samples);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, this._kept[0]);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, this._kept[1]);
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.SRGB8_ALPHA8, width, height);
    clamped(gl, gl.NEAREST, gl.NEAREST);
    this._whole = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this._whole);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
  }

  /** Draw here from now on, on nothing. */
  begin() {
    const gl = this._gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this._samples);
    gl.viewport(0, 0, this.width, this.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  }

  /** Let the samples become the texture. */
  end() {
    const gl = this._gl, span = [0, 0, this.width, this.height];
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this._samples);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, this._whole);
    gl.blitFramebuffer(...span, ...span, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  }

  /** Give its memory back. */
  release() {
    const gl = this._gl;
    this._kept.forEach((kept) => gl.deleteRenderbuffer(kept));
    [this._samples, this._whole].forEach((target) => gl.deleteFramebuffer(target));
    gl.deleteTexture(this.texture);
  }
}
