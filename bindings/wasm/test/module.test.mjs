// The files of the package: what they import, how large they are.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

const root = dirname(createRequire(import.meta.url).resolve("mote-validator/package.json"));
const wasm = readFileSync(join(root, "dist/mote.wasm"));

test("the module imports nothing it could do harm with", () => {
  const module = new WebAssembly.Module(wasm);
  const imports = WebAssembly.Module.imports(module).map((i) => `${i.module}.${i.name}`);
  const known = ["env.emscripten_notify_memory_growth", "mote.on_stage",
    "wasi_snapshot_preview1.proc_exit"];
  assert.deepEqual(imports.filter((name) => !known.includes(name)), []);
  const exports = WebAssembly.Module.exports(module).map((e) => e.name);
  for (const name of ["memory", "malloc", "free", "mote_wasm_verify"]) {
    assert.ok(exports.includes(name), name);
  }
});

test("the module stays small", (t) => {
  const packed = brotliCompressSync(wasm, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  }).length;
  t.diagnostic(`mote.wasm: ${wasm.length} bytes, ${packed} with brotli`);
  assert.ok(wasm.length <= 200_000, `${wasm.length} bytes`);
  assert.ok(packed <= 90_000, `${packed} bytes with brotli`);
});

test("the package stays small", (t) => {
  let bytes = 0;
  for (const entry of readdirSync(root, { recursive: true })) {
    const info = statSync(join(root, entry));
    if (info.isFile()) bytes += info.size;
  }
  t.diagnostic(`package: ${bytes} bytes`);
  assert.ok(bytes <= 2_000_000, `${bytes} bytes`);
});

test("browser files import nothing of Node", () => {
  const seen = new Set();
  const walk = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(join(root, "dist", name), "utf8");
    assert.ok(!/\bimport\(|"node:/.test(text), name);
    for (const [, from] of text.matchAll(/^(?:import|export)\b(?:[^"\n]* from)? "([^"]+)"/gm)) {
      assert.ok(from.startsWith("./"), `${name} imports ${from}`);
      walk(from.slice(2));
    }
  };
  for (const name of ["index.js", "inline.js", "worker.js", "svid.js", "state.js",
    "signatures.js", "voter.js", "voter_worker.js"]) walk(name);
});
