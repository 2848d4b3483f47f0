// What the graphics card does. Light is that of the renderer `soft` (`animator.raster.shade`, which names its sources), at each
// pixel; how open a point is to ambient light (`animator.raster.occlusion`) is worked out at the vertices.

export const SIDES = 6;
// Sides from which ambient light comes.

const HEADER = `#version 300 es
precision highp float;
precision highp sampler2DShadow;
`;

/** What hides what, from a light or the camera: depth alone. */
export const DEPTH = {
  vertex: `${HEADER}
layout(location = 0) in vec3 place;
layout(location = 2) in vec2 uv;
uniform mat4 camera;
invariant gl_Position; // so that a surface lies where its own depth says
out vec2 at;
void main() {
  gl_Position = camera * vec4(place, 1.0);
  at = uv;
}`,
  fragment: `${HEADER}
uniform sampler2D colour;
uniform float thick; // alpha from which on it hides what is behind
in vec2 at;
void main() {
  if (thick > 0.0 && texture(colour, at).a < thick) discard;
}`,
};

const SEEN = `
// Share of a square of texels around a place on a map whose surface is no nearer to the light; 1 outside. Whatever casts the
// shadow has thickness, so the place is taken \`off\` metres nearer.
float seen(sampler2DShadow map, vec4 tile, mat4 view, vec3 p, float off, float span, int taps) {
  vec3 to = 0.5 + 0.5 * (view * vec4(p, 1.0)).xyz;
  if (any(lessThan(to, vec3(0.0))) || any(greaterThan(to, vec3(1.0)))) return 1.0;
  vec2 texel = 1.0 / vec2(textureSize(map, 0));
  float share = 0.0, middle = 0.5 * float(taps - 1);
  for (int y = 0; y < taps; y++)
    for (int x = 0; x < taps; x++) {
      vec2 step = vec2(x, y) - middle;
      share += textureLod(map, vec3(tile.xy + tile.zw * to.xy + step * texel, to.z - off / span), 0.0);
    }
  return share / float(taps * taps);
}
`;

/** How much light reaches each vertex: of what comes from around, and of the key, a little way into hair. */
export const REACH = {
  vertex: `${HEADER}${SEEN}
layout(location = 0) in vec3 place;
layout(location = 1) in vec3 normal;
layout(location = 3) in float follow;
uniform sampler2DShadow around; // ${SIDES} maps in a row
uniform mat4 views[${SIDES}];
uniform vec3 sides[${SIDES}];
uniform sampler2DShadow shadow;
uniform mat4 key;
uniform vec3 light; // towards the key
uniform float span; // metres that a map is deep
out vec2 reached;
const float LEAST = 0.04; // of light that goes to and fro gets everywhere

void main() {
  vec3 n = normalize(normal);
  float lit = 0.0, whole = 1e-6, off = 1.5 * span / float(textureSize(around, 0).y);
  for (int k = 0; k < ${SIDES}; k++) {
    float cosine = dot(n, sides[k]);
    if (cosine <= 0.0) continue;
    whole += cosine;
    vec4 tile = vec4(float(k), 0.0, 1.0, float(${SIDES})) / float(${SIDES});
    lit += cosine * seen(around, tile, views[k], place + n * off, off, span, 2);
  }
  float open = mix(1.0, mix(LEAST, 1.0, lit / whole), smoothstep(0.3, 0.7, follow));
  float deep = 1.5 * span / float(textureSize(shadow, 0).x);
  reached = vec2(open, seen(shadow, vec4(0.0, 0.0, 1.0, 1.0), key, place + 0.008 * light + n * deep, deep, span, 3));
}`,
  fragment: `${HEADER}
void main() {}`,
  told: ["reached"],
};

export const HEAD = {
  vertex: `${HEADER}
layout(location = 0) in vec3 place;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec2 uv;
layout(location = 4) in vec3 along; // which way hair runs
layout(location = 5) in vec2 reached;
uniform mat4 camera;
invariant gl_Position;
out vec3 where;
out vec3 facing;
out vec3 strand;
out vec2 at;
out vec2 reach;
void main() {
  where = place;
  facing = normalize(normal);
  strand = along;
  at = uv;
  reach = reached;
  gl_Position = camera * vec4(place, 1.0);
}`,
  fragment: `${HEADER}${SEEN}
uniform sampler2D colour;
uniform sampler2D roughness; // in green
uniform vec3 matter; // roughness, times that of the picture; specular strength, how far light bleeds
uniform bool strands;
uniform bool veil;
uniform bool clear; // glass has no colour
uniform vec3 eye;
uniform vec3 lights[3]; // towards each, the key first
uniform vec3 colours[3];
uniform vec3 sky;
uniform vec3 ground;
uniform sampler2DShadow shadow;
uniform mat4 key;
uniform float span;
uniform int taps; // on the shadow's map, a side
in vec3 where;
in vec3 facing;
in vec3 strand;
in vec2 at;
in vec2 reach; // how much of the light from around gets here, and of the key into hair
out vec4 sent;

const vec3 BLEED = vec3(0.50, 0.20, 0.12);
const vec3 LEAK = vec3(1.0, 0.3, 0.15);
const float GLASS = 0.3, LAMP = 60.0, SHOULDER = 0.55;
const float CORE = 0.003596, RIM = 0.016805; // squared sines of 0.06 and 0.13

float reached(vec3 n) {
  float off = 1.5 * span / float(textureSize(shadow, 0).x);
  return seen(shadow, vec4(0.0, 0.0, 1.0, 1.0), key, where + n * off, off, span, taps);
}

float lobe(float rough, float aslant) {
  float alpha = rough * rough + 0.05 * (1.0 - rough), square = alpha * alpha;
  float bump = aslant + square - aslant * square;
  return square / (bump * bump);
}

float shine(vec3 n, vec3 v, vec3 l, float rough) {
  vec3 h = normalize(l + v);
  float ndh = dot(n, h), ldh = dot(l, h), aslant = max(1.0 - ndh * ndh, 0.0), grazing = (1.0 - ldh) * (1.0 - ldh);
  float share = max(dot(n, l), 0.0) * (0.08 + 0.92 * grazing * grazing * (1.0 - ldh));
  if (rough < GLASS) {
    float spot = clamp((RIM - aslant) / (RIM - CORE), 0.0, 1.0);
    return share * LAMP * spot * spot;
  }
  return share * 0.25 / max(ldh * ldh, 0.05) * (0.85 * lobe(rough, aslant) + 0.15 * lobe(0.7 * rough, aslant));
}

void skin(vec3 albedo, vec3 n, vec3 v, float rough, out vec3 body, out vec3 gleam) {
  float open = reach.x, strength = matter.y, through = matter.z, ndv = max(dot(n, v), 0.02);
  body = mix(ground, sky, 0.5 + 0.5 * n.y) * open / (1.0 - 0.8 * albedo * (1.0 - open));
  float mirror = 0.08 * strength, glancing = (1.0 - ndv) * (1.0 - ndv);
  float fresnel = mirror + (max(1.0 - rough, mirror) - mirror) * strength * glancing * glancing * (1.0 - ndv);
  gleam = mix(ground, sky, clamp(0.5 + 1.5 * (2.0 * ndv * n.y - v.y), 0.0, 1.0)) * fresnel * open * open;
  for (int k = 0; k < 3; k++) {
    float here = k == 0 ? reached(n) : min(1.6 * open, 1.0);
    vec3 wrap = BLEED * through;
    vec3 lit = max(dot(n, lights[k]) + wrap, 0.0) / ((1.0 + wrap) * (1.0 + wrap));
    // Light that leaks through skin is red: a penumbra is wider in red than in blue.
    vec3 leak = k == 0 ? LEAK * (sqrt(here) - here) * through : vec3(0.0);
    body += colours[k] * lit * (here + leak);
    gleam += colours[k] * here * strength * shine(n, v, lights[k], rough);
  }
  body *= albedo;
}

float glint(float along, float sharp) {
  float base = max(1.0 - along * along * sharp * 0.125, 0.0);
  base *= base;
  return base * base;
}

void hair(vec3 albedo, vec3 n, vec3 v, vec3 t, float rough, out vec3 body, out vec3 gleam) {
  float opened = 0.3 + 0.7 * reach.x, sharp = 2.0 / (rough * rough * rough * rough + 0.01);
  body = mix(ground, sky, 0.5 + 0.5 * n.y) * opened;
  gleam = vec3(0.0);
  for (int k = 0; k < 3; k++) {
    vec3 l = lights[k], h = normalize(l + v);
    // A sheet stands for many strands, so some light always gets through.
    float here = k == 0 ? (0.4 + 0.6 * reach.y) * (0.5 + 0.5 * opened) : opened;
    float ndl = dot(n, l), tdl = dot(t, l), tdh = dot(t, h), ndh = dot(n, h);
    float diffuse = sqrt(max(1.0 - tdl * tdl, 0.0)) * clamp(0.35 + 0.65 * ndl, 0.0, 1.0);
    float seen = clamp(ndl + 0.3, 0.0, 1.0) * matter.y;
    body += colours[k] * here * (diffuse + seen * glint(tdh + 0.15 * ndh, 0.3 * sharp));
    gleam += colours[k] * here * seen * glint(tdh - 0.12 * ndh, sharp) * 0.12;
  }
  body *= albedo;
}

// Light as shown: itself up to the shoulder, then a smooth bend that never clips.
vec3 tone(vec3 light) {
  vec3 over = max((light - SHOULDER) / (1.0 - SHOULDER), 0.0);
  return min(light, SHOULDER) + (1.0 - SHOULDER) * over / (1.0 + over);
}

void main() {
  vec4 texel = clear ? vec4(0.0) : texture(colour, at);
  float rough = matter.x * texture(roughness, at).g;
  if (veil && texel.a < 1.0 / 255.0 && rough >= GLASS) {
    sent = vec4(0.0);
    return;
  }
  vec3 body, gleam, n = normalize(facing), v = normalize(eye - where);
  if (strands) hair(texel.rgb, n, v, normalize(strand), rough, body, gleam);
  else skin(texel.rgb, n, v, rough, body, gleam);
  if (!veil) {
    sent = vec4(tone(body + gleam), 1.0);
    return;
  }
  // What glass mirrors does not fade with what it hides.
  float strength = texel.a + (1.0 - texel.a) * clamp((GLASS - rough) * 6.0, 0.0, 1.0);
  sent = vec4(texel.a * tone(body) + strength * tone(gleam), texel.a);
}`,
};

/** The picture over a wall that is brightest behind the head (`animator.compositor.studio`), as sRGB. */
export const SHOW = {
  vertex: `${HEADER}
out vec2 at;
void main() {
  at = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0;
  gl_Position = vec4(at * 2.0 - 1.0, 0.0, 1.0);
}`,
  fragment: `${HEADER}
uniform sampler2D picture;
in vec2 at;
out vec4 shown;
void main() {
  vec2 p = 2.0 * vec2(at.x, 1.0 - at.y) - 1.0;
  vec2 q = vec2(0.9 * p.x, 0.8 * p.y + 0.15);
  float floor_ = clamp(p.y, 0.0, 1.0), pool = exp(-dot(q, q) / 0.75) * (1.0 - 0.35 * floor_ * floor_);
  vec3 wall = mix(vec3(0.012, 0.015, 0.021), vec3(0.150, 0.178, 0.208), pool);
  vec4 head = texture(picture, at);
  vec3 light = head.rgb + (1.0 - head.a) * wall;
  vec3 value = mix(12.92 * light, 1.055 * pow(light, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, light));
  shown = vec4(value + (fract(52.98 * fract(dot(gl_FragCoord.xy, vec2(0.067, 0.0058)))) - 0.5) / 255.0, 1.0);
}`,
};
