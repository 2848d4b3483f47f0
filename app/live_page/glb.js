// A head as `animator export --format glb` writes it (glTF 2.0, binary) to what is drawn: one list of vertices, runs of triangles.

const MAGIC = 0x46546c67, BINARY = 0x004e4942;
const ARRAYS = { 5121: Uint8Array, 5123: Uint16Array, 5125: Uint32Array, 5126: Float32Array };
const WIDTHS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 };

export const ROW = 6;
// Floats of a vertex that weights move: place (metres) and normal.

/**
 * Read a head.
 *
 * @param {ArrayBuffer} file
 * @returns {{rest: Float32Array, uv: Float32Array, follow: Float32Array, eye: Float32Array, triangles: Uint32Array,
 *   parts: {name: string, start: number, count: number, material: object}[],
 *   targets: Map<string, {vertices: Uint32Array, shifts: Float32Array}>, moving: number, eyes: number[][]}}
 *   `rest` has ROW floats a vertex, `follow` says how far (0 to 1) a vertex turns with the head, `eye` is 1 on the left
 *   eyeball, 2 on the right, else 0. A target's `shifts` are ROW floats for each of its `vertices`; only the first `moving`
 *   vertices have any. A part's `start` and `count` are in corners of `triangles`. `eyes` are the eyeballs' centres, left, right.
 * @throws {Error} It is no such file.
 */
export function readHead(file) {
  const { json, bytes } = chunks(file);
  const array = (index) => accessor(json, bytes, index);
  const materials = json.materials.map((material) => read(json, bytes, material));
  const names = json.skins[0].joints.map((node) => json.nodes[node].name);
  const primitives = json.meshes
    .flatMap((mesh) => mesh.primitives.map((primitive) => ({ ...primitive, names: mesh.extras?.targetNames ?? [] })))
    .sort((one, other) => other.names.length - one.names.length); // what moves comes first
  const sizes = primitives.map(({ attributes }) => json.accessors[attributes.POSITION].count);
  const corners = primitives.map(({ indices }) => json.accessors[indices].count);
  const [places, starts] = [sums(sizes), sums(corners)];
  const count = places.at(-1);
  const rest = new Float32Array(ROW * count), uv = new Float32Array(2 * count);
  const follow = new Float32Array(count), eye = new Float32Array(count), triangles = new Uint32Array(starts.at(-1));
  const moved = new Map();
  const parts = primitives.map((primitive, p) => {
    const { attributes } = primitive, first = places[p];
    lay(rest, first, 0, array(attributes.POSITION));
    lay(rest, first, 3, array(attributes.NORMAL));
    uv.set(array(attributes.TEXCOORD_0), 2 * first);
    const joints = array(attributes.JOINTS_0), weights = array(attributes.WEIGHTS_0);
    for (let v = 0; v < sizes[p]; v++) {
      eye[first + v] = { LeftEye: 1, RightEye: 2 }[names[joints[4 * v]]] ?? 0;
      for (let k = 0; k < 4; k++) if (names[joints[4 * v + k]] !== "Shoulders") follow[first + v] += weights[4 * v + k];
    }
    array(primitive.indices).forEach((v, i) => { triangles[starts[p] + i] = first + v; });
    (primitive.targets ?? []).forEach(({ POSITION, NORMAL }, t) => {
      const rows = moved.get(primitive.names[t]) ?? new Map();
      moved.set(primitive.names[t], rows);
      shift(json, bytes, POSITION, first, 0, rows);
      shift(json, bytes, NORMAL, first, 3, rows);
    });
    const material = materials[primitive.material];
    return { name: material.name, start: starts[p], count: corners[p], material };
  });
  const targets = new Map([...moved].map(([name, rows]) => [name, packed(rows)]));
  const moving = places[primitives.filter(({ names: told }) => told.length).length];
  const eyes = ["LeftEye", "RightEye"].map((name) => json.nodes.find((node) => node.name === name).translation);
  return { rest, uv, follow, eye, triangles, parts, targets, moving, eyes };
}

function chunks(file) {
  const view = new DataView(file);
  if (file.byteLength < 20 || view.getUint32(0, true) !== MAGIC) throw new Error("this is no GLB");
  const length = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 20, length)));
  if (view.getUint32(24 + length, true) !== BINARY) throw new Error("this GLB holds no vertices");
  return { json, bytes: new Uint8Array(file, 28 + length, view.getUint32(20 + length, true)) };
}

function slice(json, bytes, view, type, length, offset = 0) {
  const Kind = ARRAYS[type], start = bytes.byteOffset + (json.bufferViews[view].byteOffset ?? 0) + offset;
  return new Kind(bytes.buffer, start, length);
}

function accessor(json, bytes, index) {
  const { bufferView, componentType, count, type, byteOffset } = json.accessors[index];
  return slice(json, bytes, bufferView, componentType, count * WIDTHS[type], byteOffset);
}

/** Write what is not zero of a sparse accessor of three floats to rows of ROW, by vertex. */
function shift(json, bytes, index, first, column, rows) {
  const { sparse } = json.accessors[index];
  if (!sparse) return;
  const vertices = slice(json, bytes, sparse.indices.bufferView, sparse.indices.componentType, sparse.count);
  const values = slice(json, bytes, sparse.values.bufferView, 5126, 3 * sparse.count);
  vertices.forEach((v, i) => {
    const row = rows.get(first + v) ?? new Float32Array(ROW);
    row.set(values.subarray(3 * i, 3 * i + 3), column);
    rows.set(first + v, row);
  });
}

function packed(rows) {
  const vertices = Uint32Array.from(rows.keys()), shifts = new Float32Array(ROW * vertices.length);
  [...rows.values()].forEach((row, i) => shifts.set(row, ROW * i));
  return { vertices, shifts };
}

function lay(rest, first, column, values) {
  for (let v = 0; v < values.length / 3; v++) rest.set(values.subarray(3 * v, 3 * v + 3), ROW * (first + v) + column);
}

function sums(sizes) {
  return sizes.reduce((total, size) => [...total, total.at(-1) + size], [0]);
}

/** A material: its pictures as files, and roughness, specular strength and subsurface as `soft` takes them, which extras say. */
function read(json, bytes, { name, pbrMetallicRoughness: pbr, alphaMode, doubleSided, extras }) {
  const picture = (texture) => {
    if (!texture) return null;
    const { bufferView, mimeType } = json.images[json.textures[texture.index].source];
    const { byteOffset = 0, byteLength } = json.bufferViews[bufferView];
    return new Blob([bytes.slice(byteOffset, byteOffset + byteLength)], { type: mimeType });
  };
  const [rough, strength, through] = extras.surface;
  return {
    name,
    colour: picture(pbr.baseColorTexture),
    roughness: picture(pbr.metallicRoughnessTexture), // in green; where there is one it is the roughness
    matter: [pbr.metallicRoughnessTexture ? 1 : rough, strength, through],
    strands: alphaMode === "MASK",
    veil: alphaMode !== "OPAQUE",
    twoSided: Boolean(doubleSided),
  };
}
