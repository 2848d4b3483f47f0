// What ExifTool, run by Perl, reads in files: node exiftool.js FILE...
import { execFileSync } from "node:child_process";
import exiftool from "exiftool-vendored.pl";

process.stdout.write(execFileSync("perl", [exiftool, "-json", "-G1", "-a", "-ee", ...process.argv.slice(2)]));
