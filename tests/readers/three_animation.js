// A GLB's animation as three.js plays it: node three_animation.js FILE [SECONDS ...]
// Prints the clip's name and length, the nodes that hold weights with their targets' names, and at each instant asked for
// the weights and the quaternions of all nodes by name.
import { readFile } from "node:fs/promises";
import { AnimationMixer, Texture } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const { buffer, byteOffset, byteLength } = await readFile(process.argv[2]);
const loader = new GLTFLoader();
// Pictures need a browser.
loader.register((parser) => ((parser.loadTexture = async () => new Texture()), { name: "no pictures" }));
const { scene, animations } = await loader.parseAsync(buffer.slice(byteOffset, byteOffset + byteLength), "");
const [clip] = animations;
const mixer = new AnimationMixer(scene);
mixer.clipAction(clip).play();

const faces = [];
const nodes = [];
scene.traverse((node) => {
  if (node.morphTargetInfluences) faces.push(node);
  nodes.push(node);
});
const targets = faces.map((face) =>
  Object.entries(face.morphTargetDictionary)
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => name),
);
const moments = process.argv.slice(3).map((seconds) => {
  mixer.setTime(Number(seconds));
  return {
    weights: faces.map((face) => [...face.morphTargetInfluences]),
    turns: Object.fromEntries(nodes.map((node) => [node.name, node.quaternion.toArray()])),
  };
});
console.log(JSON.stringify({ name: clip.name, seconds: clip.duration, targets, moments }));
