// What the demo's Live page makes of a head: node live_page.js GLB POSES, a JSON object of `names` and `rows`. Prints, for each
// row, the corners of each part's triangles as they are posed; and what the page would call late, of sound that comes unevenly.
import { readFile } from "node:fs/promises";
import { readHead, ROW } from "../../app/live_page/glb.js";
import { Lateness } from "../../app/live_page/lateness.js";
import { Pose } from "../../app/live_page/pose.js";
import { Sheets } from "../../app/live_page/strands.js";

const [file, poses] = process.argv.slice(2);
const bytes = await readFile(file);
const head = readHead(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const { names, rows, heard, shown, rate } = JSON.parse(await readFile(poses, "utf8"));
const pose = new Pose(head, names);
const posed = rows.map((row) => {
  pose.set(row);
  const corner = (v) => [...pose.vertices.subarray(ROW * v, ROW * v + 3)];
  return head.parts.map(({ start, count }) => [...head.triangles.subarray(start, start + count)].map(corner));
});
const hair = head.parts.find(({ material }) => material.strands);
const sheets = new Sheets(head, hair).from([0, 0, 1]);
const lateness = new Lateness(rate);
heard.forEach((chunk) => lateness.heard(...chunk));
shown.forEach((picture) => lateness.shown(...picture));
const places = [...sheets].map((v) => [...head.rest.subarray(ROW * v, ROW * v + 3)]);
const parts = head.parts.map(({ name, material }) => ({ name, ...material, colour: material.colour?.type ?? null }));
console.log(JSON.stringify({ parts, posed, sheets: places, late: lateness.told }));
