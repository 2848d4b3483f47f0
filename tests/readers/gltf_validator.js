// What Khronos' validator finds in a GLB: node gltf_validator.js FILE
import { readFile } from "node:fs/promises";
import { validateBytes } from "gltf-validator";

const report = await validateBytes(new Uint8Array(await readFile(process.argv[2])), { maxIssues: 0 });
console.log(JSON.stringify(report));
