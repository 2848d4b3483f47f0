// Runs HeadAudio's own processor and classifier on sound, without a browser: one JSON line of [seconds, viseme] events.
//
//     node benchmarks/headaudio.mjs PACKAGE RATE < float32-samples
//
// PACKAGE is the unpacked npm package @met4citizen/headaudio. Settings are those of its README's example; blocks are of 128
// samples, as an AudioWorklet gets them. "ended" is an event of viseme 14, silence.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [folder, rate] = [process.argv[2], Number(process.argv[3])];
const module = (name) => import(pathToFileURL(join(folder, "modules", name)).href);
const P = await module("parameters.mjs");
const { Processor } = await module("processor.mjs");

const bytes = readFileSync(join(folder, "dist", "model-en-mixed.bin"));
const model = [];
for (let at = 0; at + P.RECORD_OFFSET <= bytes.length; at += P.RECORD_OFFSET) {
  const floats = (offset, count) => Float32Array.from({ length: count }, (_, i) => bytes.readFloatLE(at + offset + 4 * i));
  model.push({
    group: bytes[at + 5],
    viseme: bytes[at + 7],
    mu: floats(P.RECORD_MU_OFFSET, P.RECORD_MU_LEN),
    sigmaInvLower: floats(P.RECORD_SIGMAINVLOWER_OFFSET, P.RECORD_SIGMAINVLOWER_LEN),
  });
}

const events = [];
const port = {
  onmessage: null,
  postMessage: ({ event, t, viseme }) => {
    if (event === "viseme" && viseme !== null) events.push([t, viseme]);
    if (event === "ended") events.push([t, P.MODEL_VISEME_SIL]);
  },
};
const options = { sampleRate: rate, parameterData: { vadGateActiveDb: -40, vadGateInactiveDb: -60 } };
const processor = new Processor(options, { port });
processor._onmessage({ data: { event: "model", model, reset: true } });
const sound = readFileSync(0);
const samples = new Float32Array(sound.buffer, sound.byteOffset, sound.length / 4);
for (let at = 0; at < samples.length; at += 128) processor.process(samples.subarray(at, at + 128));
console.log(JSON.stringify(events));
