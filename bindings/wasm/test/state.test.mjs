// mote-validator/state in Node: the shared cases, and what misuse gives.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import {
  ClosedError, loadState, MalformedError, MoteError, RejectedError,
} from "mote-validator/state";
import { differences, openOf, operationsOf, trustedOf } from "./state_answer.mjs";
import { vectors } from "./support.mjs";

const cases = JSON.parse(readFileSync(join(vectors, "bindings/state.json"), "utf8"));
const wasm = readFileSync(createRequire(import.meta.url).resolve("mote-validator/mote-state.wasm"));
const [present] = cases.proofs;
const bytes = Buffer.from(present.bytes, "hex");
const key = Buffer.from(present.questions[0].key, "hex");
const state = await loadState();

test("there are cases of every kind", () => {
  const kinds = new Set(cases.proofs.map(({ answer }) => answer.fault || answer.verdict));
  for (const kind of ["accepted", "root", "truncated", "trailing", "magic", "shard_mask", "next_sn",
    "entry_count", "chunk_count", "entry", "entry_order", "entry_padding"]) {
    assert.ok(kinds.has(kind), kind);
  }
  assert.ok(cases.proofs.length > 250);
  const blocks = new Set(cases.blocks.map(({ answer }) => answer.fault || answer.verdict));
  for (const kind of ["accepted", "missing", "batch_key", "batch_value", "invalid_argument"]) {
    assert.ok(blocks.has(kind), kind);
  }
});

test("every case gets its answer, again and again in the same memory", () => {
  assert.deepEqual(differences(state, cases), []);
  const before = state.memoryBytes;
  for (let i = 0; i < 3; ++i) assert.deepEqual(differences(state, cases), []);
  assert.equal(state.memoryBytes, before);
});

test("a module and bytes of one can be given", async () => {
  for (const given of [wasm, new WebAssembly.Module(wasm)]) {
    const other = await loadState({ wasm: given });
    assert.equal(other.openProof(trustedOf(present), bytes).lookup(key).answer, "present");
  }
  await assert.rejects(loadState({ wasm: 3 }), TypeError);
  await assert.rejects(loadState({ wasm: new Uint8Array(8) }), { code: "FAILED" });
});

test("the module imports nothing it could do harm with and stays small", (t) => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).map(
    (i) => `${i.module}.${i.name}`,
  );
  const known = ["env.emscripten_notify_memory_growth", "wasi_snapshot_preview1.proc_exit"];
  assert.deepEqual(imports.filter((name) => !known.includes(name)), []);
  const packed = brotliCompressSync(wasm, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  }).length;
  t.diagnostic(`mote-state.wasm: ${wasm.length} bytes, ${packed} with brotli`);
  assert.ok(wasm.length <= 32_000, `${wasm.length} bytes`);
  assert.ok(packed <= 15_000, `${packed} bytes with brotli`);
});

test("roots and bytes in every form, and what changes afterwards does not matter", () => {
  const root = Buffer.from(present.root, "hex");
  const changing = new Uint8Array(bytes);
  const proof = state.openProof({ root, height: BigInt(present.height) }, changing.buffer);
  changing.fill(0);
  root.fill(0);
  const answer = proof.lookup(key);
  assert.equal(answer.answer, "present");
  assert.equal(Buffer.from(answer.value).toString("hex"), present.questions[0].value);
  answer.value.fill(0);
  assert.equal(Buffer.from(proof.lookup(key).value).toString("hex"), present.questions[0].value);
  proof.close();
});

test("errors say why and where", () => {
  const root = "00".repeat(32);
  assert.throws(() => state.openProof({ root }, bytes), (error) =>
    error instanceof RejectedError && error.code === "REJECTED" && error.verdict.reason === "root" &&
    error.verdict.codes.reason === 32 && error.message === "rejected: proof: root");
  assert.throws(() => state.openProof(trustedOf(present), Buffer.concat([bytes, bytes])), (error) =>
    error instanceof MalformedError && error.verdict.reason === "trailing" &&
    error.message === `malformed: proof: trailing, byte ${bytes.length}`);
  assert.throws(() => state.openWitness(trustedOf(present), bytes), (error) =>
    error instanceof MalformedError && error.message === "malformed: witness: magic");
  const block = cases.blocks.find(({ answer }) => answer.fault === "batch_key");
  const witness = openOf(state, cases.proofs[block.witness]);
  assert.throws(() => witness.apply(BigInt(block.height), operationsOf(block)), (error) =>
    error instanceof MalformedError && error.verdict.stage === "block" && error.verdict.index === 2);
  witness.close();
});

test("what is closed stays closed", () => {
  const proof = state.openProof(trustedOf(present), bytes);
  const other = state.openProof(trustedOf(present), bytes);
  proof.close();
  proof.close();
  assert.throws(() => proof.lookup(key), ClosedError);
  assert.throws(() => proof.lookupAfter(key, 1n), ClosedError);
  assert.equal(other.lookup(key).answer, "present");
  other.close();
  const block = cases.blocks[0];
  const witness = openOf(state, cases.proofs[block.witness]);
  witness.close();
  assert.throws(() => witness.apply(BigInt(block.height), operationsOf(block)), ClosedError);
});

test("values of other types and sizes", () => {
  const trusted = trustedOf(present);
  const proof = state.openProof(trusted, bytes);
  const block = cases.blocks[0];
  const witness = openOf(state, cases.proofs[block.witness]);
  const height = BigInt(block.height);
  const operations = operationsOf(block);
  for (const call of [
    () => state.openProof(), () => state.openProof(null, bytes), () => state.openProof({}, bytes),
    () => state.openProof({ ...trusted, root: "00" }, bytes),
    () => state.openProof({ ...trusted, root: new Uint8Array(31) }, bytes),
    () => state.openProof({ ...trusted, height: 5 }, bytes),
    () => state.openProof(trusted, "bytes"), () => state.openProof(trusted, null),
    () => state.openWitness(trusted, [1, 2]),
    () => proof.lookup("key"), () => proof.lookup(), () => proof.lookupAfter(key, 5),
    () => proof.lookupAfter(key),
    () => witness.apply(5, operations), () => witness.apply(height), () => witness.apply(height, [5]),
    () => witness.apply(height, [{ key }]), () => witness.apply(height, [{ key: "k", value: null }]),
    () => witness.apply(height, [null]),
  ]) {
    assert.throws(call, TypeError, call.toString());
  }
  for (const call of [
    () => state.openProof({ ...trusted, height: -1n }, bytes),
    () => state.openProof({ ...trusted, height: (1n << 64n) - 1n }, bytes),
    () => state.openProof({ ...trusted, height: 1n << 64n }, bytes),
    () => proof.lookupAfter(key, 1n << 64n), () => witness.apply((1n << 64n) - 1n, operations),
  ]) {
    assert.throws(call, RangeError, call.toString());
  }
  for (const call of [
    () => proof.lookup(new Uint8Array(0)), () => proof.lookup(new Uint8Array(256)),
    () => proof.lookupAfter(key, BigInt(present.height) + 1n),
    () => witness.apply(height - 1n, operations),
  ]) {
    assert.throws(call, (error) => error instanceof MoteError && error.code === "INVALID_ARGUMENT",
      call.toString());
  }
  assert.throws(() => state.openProof(trusted, new Uint8Array((1 << 27) + 1)),
    { code: "LIMIT_EXCEEDED" });
  witness.close();
  proof.close();
});

test("the code of README.md runs", async () => {
  const readme = readFileSync(
    createRequire(import.meta.url).resolve("mote-validator/package.json").replace("package.json", "README.md"),
    "utf8",
  );
  const section = readme.split("## Proofs of the state")[1].split("\n## ")[0];
  const codes = [...section.matchAll(/```js\n([^]*?)```/g)].map(([, code]) =>
    code.replace(/^import .*$/m, ""));
  assert.equal(codes.length, 2);
  const run = async (code, names) => {
    const said = [];
    const scope = { console: { log: (...words) => said.push(words.join(" ")) }, ...names };
    const AsyncFunction = (async () => {}).constructor;
    await new AsyncFunction(...Object.keys(scope), code)(...Object.values(scope));
    return said;
  };
  const height = BigInt(present.height);
  const names = { loadState, RejectedError, root: present.root, height, bytes, key };
  const said = await run(codes[0], names);
  assert.equal(said[0], `the value is ${[...Buffer.from(present.questions[0].value, "hex")]}`);
  assert.equal(said.length, 2);
  assert.deepEqual(await run(codes[0], { ...names, root: "00".repeat(32) }),
    ["the proof is of another state"]);
  assert.deepEqual(await run(codes[0], { ...names, key: Buffer.from("another") }),
    ["this proof does not say", "ten blocks ago: unproven"]);

  const block = cases.blocks.find(({ answer, operations }) =>
    answer.verdict === "accepted" && operations.some(([, value]) => value === null));
  const before = cases.proofs[block.witness];
  const [put] = operationsOf(block);
  const blockNames = {
    state, oldRoot: before.root, height: BigInt(block.height), value: Buffer.from("aa", "hex"),
    witnessBytes: Buffer.from(before.bytes, "hex"), key: put.key, otherKey: put.key,
  };
  const [text] = await run(codes[1], blockNames);
  assert.match(text, /^the root after the block is [0-9a-f]{64}$/);
});
