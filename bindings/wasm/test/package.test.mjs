// The package as tools see it: its description, its types, its bundles.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { packageFolder, requireTool } from "./support.mjs";

const fixtures = resolve("fixtures");
mkdirSync(fixtures, { recursive: true });
const toolFile = (name, path) => join(packageFolder, "node_modules", name, path);
const importTool = (name, path) => import(pathToFileURL(toolFile(name, path)));
function run(tool, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], {
    cwd: fixtures,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout + stderr);
}

test("publint", async () => {
  const { publint } = await importTool("publint", "src/index-node.js");
  const { messages } = await publint({ pkgDir: packageFolder, strict: true });
  assert.deepEqual(messages, []);
});

test("the types are those of the code", async () => {
  // Its command line reads only the last part of a larger package, so the files are given to it.
  const { checkPackage, Package } = await importTool("@arethetypeswrong/core", "dist/index.js");
  const root = dirname(createRequire(import.meta.url).resolve("mote-validator/package.json"));
  const files = {};
  for (const name of readdirSync(root, { recursive: true })) {
    if (!statSync(join(root, name)).isFile()) continue;
    const content = readFileSync(join(root, name));
    files[`/node_modules/mote-validator/${name}`] = /\.wasm$/.test(name) ? content : String(content);
  }
  const { version } = JSON.parse(files["/node_modules/mote-validator/package.json"]);
  const result = await checkPackage(new Package(files, "mote-validator", version), {
    excludeEntrypoints: ["./mote.wasm", "./mote-svid.wasm", "./mote-state.wasm",
      "./mote-signatures.wasm"],
  });
  assert.notEqual(result.types, false);
  // The package is for ES modules only, and says so.
  const wrong = result.problems.filter(
    (p) => !["node10", "node16-cjs"].includes(p.resolutionKind) && p.kind !== "CJSResolvesToESM",
  );
  assert.deepEqual(wrong, []);
});

test("a strict TypeScript program compiles", () => {
  writeFileSync(
    join(fixtures, "strict.mts"),
    `import { createValidator, MalformedError, type BundleVerdict, type Verdict } from "mote-validator";
import { verifyBundle } from "mote-validator/inline";
const validator = await createValidator({ worker: true });
const verdict: BundleVerdict = await validator.verifyBundle(new Uint8Array(3), {
  signal: new AbortController().signal,
  onStage: (stage: string) => console.log(stage),
});
const plain: Verdict = verdict;
if (plain.accepted) console.log(verdict.outputs.length, verdict.stages[0]?.milliseconds);
try {
  await verifyBundle(new ArrayBuffer(0));
} catch (error) {
  if (error instanceof MalformedError) console.log(error.verdict.offset, error.code);
}
// @ts-expect-error a number is no bundle
await validator.verifyBundle(7);
import { loadSignatures } from "mote-validator/signatures";
import { createVoter, StorageError, type RecordStore } from "mote-validator/voter";
const secretKey: Uint8Array = (await loadSignatures()).deriveMasterKey(new Uint8Array(32));
const store: RecordStore = {
  read: async () => null,
  create: async (offset: number, record: Uint8Array) => console.log(offset, record.length),
  write: async () => {},
  close: async () => {},
};
try {
  const voter = await createVoter({ secretKey, chainId: "00".repeat(32), neverVoted: true, store });
  const { vote, refusal } = await voter.nullify({ epoch: 0n, view: 1n });
  if (vote !== null) console.log(vote.kind, vote.signature.length);
  else if (refusal === "already") console.log("voted otherwise");
  // @ts-expect-error a view is a bigint
  await voter.nullify({ epoch: 0n, view: 1 });
} catch (error) {
  if (error instanceof StorageError) console.log(error.code);
}
`,
  );
  const tsc = toolFile("typescript", "bin/tsc");
  writeFileSync(join(fixtures, "package.json"), `{ "private": true, "type": "module" }`);
  for (const options of [
    ["--module", "nodenext"],
    ["--module", "esnext", "--moduleResolution", "bundler"],
  ]) {
    run(tsc, ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022",
      "--lib", "es2022,dom", "--typeRoots", "none", ...options, "strict.mts"]);
  }
});

const page = (entry) => `import { createValidator } from "${entry}";
globalThis.verify = async (bytes) => {
  const validator = await createValidator();
  try {
    return await validator.verifyBundle(bytes);
  } finally {
    validator.close();
  }
};
`;

test("esbuild bundles the inlined entry", async () => {
  const folder = join(fixtures, "esbuild");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.js"), page("mote-validator/inline"));
  writeFileSync(join(folder, "index.html"), `<!doctype html><script type="module" src="out.js"></script>`);
  const result = await requireTool("esbuild").build({
    entryPoints: [join(folder, "main.js")],
    bundle: true,
    format: "esm",
    outfile: join(folder, "out.js"),
    logLevel: "silent",
  });
  assert.deepEqual([...result.warnings, ...result.errors], []);
});

test("vite bundles the plain entry", async () => {
  const folder = join(fixtures, "vite");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.js"), page("mote-validator"));
  writeFileSync(join(folder, "index.html"), `<!doctype html><script type="module" src="./main.js"></script>`);
  const vite = await importTool("vite", "dist/node/index.js");
  await vite.build({
    root: folder,
    base: "./",
    configFile: false,
    logLevel: "error",
    build: { outDir: "dist", emptyOutDir: true, assetsInlineLimit: 0 },
  });
  const assets = readdirSync(join(folder, "dist/assets"));
  assert.equal(assets.filter((name) => name.endsWith(".wasm")).length, 1, assets.join());
  assert.ok(readFileSync(join(folder, "dist/index.html"), "utf8").includes("assets/"));
});

test("vite finds the voter's worker and module", async () => {
  const folder = join(fixtures, "vite-voter");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.js"),
    `import { createVoter } from "mote-validator/voter";\nglobalThis.createVoter = createVoter;\n`);
  writeFileSync(join(folder, "index.html"), `<!doctype html><script type="module" src="./main.js"></script>`);
  const vite = await importTool("vite", "dist/node/index.js");
  await vite.build({
    root: folder,
    base: "./",
    configFile: false,
    logLevel: "error",
    build: { outDir: "dist", emptyOutDir: true, assetsInlineLimit: 0 },
  });
  const assets = readdirSync(join(folder, "dist/assets"));
  assert.equal(assets.filter((name) => /mote-signatures.*\.wasm$/.test(name)).length >= 1, true, assets.join());
  assert.ok(assets.some((name) => /voter_worker.*\.js$/.test(name)), assets.join());
});
