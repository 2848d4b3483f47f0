// A VRMA as @pixiv/three-vrm-animation loads it: node three_vrm_animation.js FILE
// Prints each expression's keys, the head's and the gaze's quaternions, and what the loader complained of.
import { readFile } from "node:fs/promises";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { VRMAnimationLoaderPlugin } from "@pixiv/three-vrm-animation";

const complaints = [];
console.warn = (...words) => complaints.push(words.join(" "));
console.error = console.warn;

const { buffer, byteOffset, byteLength } = await readFile(process.argv[2]);
const loader = new GLTFLoader();
loader.register((parser) => new VRMAnimationLoaderPlugin(parser));
const { userData } = await loader.parseAsync(buffer.slice(byteOffset, byteOffset + byteLength), "");
const [animation] = userData.vrmAnimations;

const keys = (track) => track && { times: [...track.times], values: [...track.values] };
const all = (tracks) => Object.fromEntries([...tracks].map(([name, track]) => [name, keys(track)]));
console.log(
  JSON.stringify({
    seconds: animation.duration,
    preset: all(animation.expressionTracks.preset),
    custom: all(animation.expressionTracks.custom),
    bones: all(animation.humanoidTracks.rotation),
    gaze: keys(animation.lookAtTrack),
    hips: animation.restHipsPosition.toArray(),
    complaints,
  }),
);
