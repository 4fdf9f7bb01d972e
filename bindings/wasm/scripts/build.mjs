// Makes the npm package: build.mjs WASM_FOLDER FOLDER
//
// WASM_FOLDER has mote.wasm, mote-svid.wasm, mote-state.wasm and mote-signatures.wasm.
//
// FOLDER is a copy of this one with its node_modules installed (./dev build wasm does both); the
// package is complete in it afterwards, and `npm pack` leaves out what does not belong to it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, folder] = process.argv.slice(2).map((path) => resolve(path));
if (folder === undefined) {
  console.error("usage: build.mjs WASM_FOLDER FOLDER");
  process.exit(2);
}
const wasm = join(modules, "mote.wasm");
const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(here));
const require = createRequire(join(folder, "package.json"));
const esbuild = require("esbuild");

for (const name of ["src", "dist"]) rmSync(join(folder, name), { recursive: true, force: true });
cpSync(join(here, "src"), join(folder, "src"), { recursive: true });
for (const name of ["package.json", "tsconfig.json", "README.md"]) {
  cpSync(join(here, name), join(folder, name));
}
for (const name of ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"]) {
  cpSync(join(root, name), join(folder, name));
}

// inline.ts carries the module and its worker as text.
const bundled = esbuild.buildSync({
  entryPoints: [join(folder, "src/worker_inline.ts")],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2021",
  write: false,
});
writeFileSync(
  join(folder, "src/inlined.ts"),
  "// Made by scripts/build.mjs.\n" +
    `export const workerSource: string = ${JSON.stringify(bundled.outputFiles[0].text)};\n` +
    `export const wasmBase64: string = ${JSON.stringify(readFileSync(wasm).toString("base64"))};\n`,
);

const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
execFileSync(process.execPath, [tsc, "--project", folder], { stdio: "inherit" });
mkdirSync(join(folder, "dist"), { recursive: true });
cpSync(wasm, join(folder, "dist/mote.wasm"));
for (const name of ["mote-svid.wasm", "mote-state.wasm", "mote-signatures.wasm"]) {
  cpSync(join(modules, name), join(folder, "dist", name));
}
