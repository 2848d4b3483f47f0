// A VMD as mmd-parser reads it: node mmd_parser.js FILE
import { readFile } from "node:fs/promises";
import { Parser } from "mmd-parser";

const { buffer, byteOffset, byteLength } = await readFile(process.argv[2]);
console.log(JSON.stringify(new Parser().parseVmd(buffer.slice(byteOffset, byteOffset + byteLength), true)));
