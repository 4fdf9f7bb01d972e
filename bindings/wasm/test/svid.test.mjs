// mote-validator/svid in Node: the shared cases, and what misuse gives.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { ClosedError, loadSvid, MoteError } from "mote-validator/svid";
import { differences, epochOf, expectedOf, messagesOf, requestOf } from "./svid_answer.mjs";
import { vectors } from "./support.mjs";

const cases = JSON.parse(readFileSync(join(vectors, "bindings/svid.json"), "utf8"));
const wasm = readFileSync(
  createRequire(import.meta.url).resolve("mote-validator/mote-svid.wasm"),
);
const honest = cases.shares.find((s) => s.name === "honest unequal, validator 0");
const header = Buffer.from(honest.header, "hex");
const svid = await loadSvid();
const openHonest = () => svid.openEpoch(epochOf(cases.epochs[honest.epoch]));
const openShare = (epoch) =>
  svid.openShare(epoch, expectedOf(honest.expected), requestOf(honest), header);

test("there are cases of every kind", () => {
  const answers = cases.shares.map(({ answer }) => answer.fault || answer.outcome);
  for (const kind of ["provisional", "incomplete", "E_HEADER", "E_PARAMS", "E_COMMIT", "E_Z",
    "E_ROW_SHAPE", "E_PATH", "E_FINGERPRINT"]) {
    assert.ok(answers.includes(kind), kind);
  }
  assert.ok(answers.length > 90);
});

test("every case gets its answer, again and again in the same memory", () => {
  assert.deepEqual(differences(svid, cases), []);
  const before = svid.memoryBytes;
  for (let i = 0; i < 3; ++i) assert.deepEqual(differences(svid, cases), []);
  assert.equal(svid.memoryBytes, before);
});

test("a module and bytes of one can be given", async () => {
  for (const given of [wasm, new WebAssembly.Module(wasm)]) {
    const other = await loadSvid({ wasm: given });
    assert.deepEqual(other.sampleRows(5, 9), [0, 1, 2, 3, 4]);
  }
  await assert.rejects(loadSvid({ wasm: 3 }), TypeError);
  await assert.rejects(loadSvid({ wasm: new Uint8Array(8) }), { code: "FAILED" });
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
  t.diagnostic(`mote-svid.wasm: ${wasm.length} bytes, ${packed} with brotli`);
  assert.ok(wasm.length <= 110_000, `${wasm.length} bytes`);
  assert.ok(packed <= 45_000, `${packed} bytes with brotli`);
});

test("two instances and two shares do not meet", async () => {
  const other = await loadSvid();
  const epoch = openHonest();
  assert.throws(() => other.openShare(epoch, expectedOf(honest.expected), requestOf(honest), header),
    { code: "INVALID_ARGUMENT" });
  const [a, b] = [openShare(epoch), openShare(epoch)];
  a.appendZ(Buffer.from(honest.z, "hex"));
  assert.equal(a.verdict().step, 4);
  assert.equal(b.verdict().step, 3);
  a.close();
  assert.equal(b.verdict().step, 3);
  b.close();
  epoch.close();
});

test("another source makes up for the first one", () => {
  const epoch = openHonest();
  const checker = openShare(epoch);
  const z = Buffer.from(honest.z, "hex");
  const bad = Buffer.from(z);
  bad[0] ^= 1;
  assert.equal(checker.appendZ(bad), "E_Z");
  assert.deepEqual(checker.verdict(), { outcome: "rejected", step: 4, fault: "E_Z", row: null });
  checker.beginSource();
  assert.equal(checker.appendZ(z), "");
  assert.equal(checker.endZ(), "");
  const [message] = messagesOf(honest);
  const { rows, ...head } = message;
  assert.equal(checker.holds(message.first), false);
  assert.equal(checker.beginRows({ ...head, rowsBytes: rows.length }), "");
  assert.equal(checker.appendRows(rows.subarray(0, 5)), "");
  assert.equal(checker.endRows(), "E_ROW_SHAPE");
  checker.beginSource();
  assert.equal(checker.beginRows({ ...head, rowsBytes: rows.length }), "");
  assert.equal(checker.appendRows(rows), "");
  assert.equal(checker.holds(message.first), true);
  assert.equal(checker.verdict().fault, "");
  checker.close();
});

test("a refused header is an answer, and so is everything after it", () => {
  const epoch = openHonest();
  const checker = svid.openShare(
    epoch, { ...expectedOf(honest.expected), zone: 1 }, requestOf(honest), header,
  );
  const answer = { outcome: "rejected", step: 1, fault: "E_HEADER", row: null };
  assert.deepEqual(checker.verdict(), answer);
  assert.equal(checker.appendZ(new Uint8Array(3)), "E_HEADER");
  checker.beginSource();
  assert.equal(checker.holds(0), false);
  assert.deepEqual(checker.verdict(), answer);
  checker.close();
  assert.throws(() => checker.verdict(), ClosedError);
});

test("what is closed stays closed", () => {
  const epoch = openHonest();
  const checker = openShare(epoch);
  epoch.close();
  epoch.close();
  for (const call of [() => epoch.params(1), () => openShare(epoch)]) {
    assert.throws(call, ClosedError);
  }
  // A check does not need its epoch any more.
  assert.equal(checker.appendZ(Buffer.from(honest.z, "hex")), "");
  checker.close();
  checker.close();
  for (const call of [
    () => checker.verdict(), () => checker.appendZ(new Uint8Array(1)), () => checker.endZ(),
    () => checker.beginRows({ first: 0, count: 1, rowsBytes: 1 }), () => checker.endRows(),
    () => checker.appendRows(new Uint8Array(1)), () => checker.holds(0), () => checker.beginSource(),
  ]) {
    assert.throws(call, ClosedError);
  }
});

test("values of other types and sizes", () => {
  const good = epochOf(cases.epochs[honest.epoch]);
  const epoch = openHonest();
  const expected = expectedOf(honest.expected);
  const typeErrors = [
    () => svid.openEpoch(), () => svid.openEpoch(null), () => svid.openEpoch({}),
    () => svid.openEpoch({ ...good, seed: "00" }), () => svid.openEpoch({ ...good, stakes: 3 }),
    () => svid.openEpoch({ ...good, stakes: [1, 2, 3, 4, 5, 6, 7] }),
    () => svid.openEpoch({ ...good, publicKeys: new Uint8Array(47) }),
    () => svid.openEpoch({ ...good, publicKeys: "text" }),
    () => epoch.params("5"), () => epoch.params(1.5), () => epoch.params(NaN),
    () => svid.openShare({}, expected, { validator: 0 }, header),
    () => svid.openShare(epoch, null, { validator: 0 }, header),
    () => svid.openShare(epoch, expected, null, header),
    () => svid.openShare(epoch, expected, {}, header),
    () => svid.openShare(epoch, expected, { validator: 0, rows: [] }, header),
    () => svid.openShare(epoch, expected, { rows: ["1"] }, header),
    () => svid.openShare(epoch, expected, { validator: 0 }, "header"),
    () => svid.openShare(epoch, { ...expected, height: 5 }, { validator: 0 }, header),
    () => svid.openShare(epoch, { ...expected, chainId: new Uint8Array(31) }, { validator: 0 }, header),
    () => svid.checkShare(epoch, expected, { validator: 0 }, null),
    () => svid.checkShare(epoch, expected, { validator: 0 }, { header, rows: 5 }),
    () => svid.checkShare(epoch, expected, { validator: 0 }, { header, rows: [{ first: 0 }] }),
    () => svid.sampleRows("5"), () => svid.sampleRows(5, 2, new Uint8Array(31)),
    () => svid.failureBound({ dataRows: 1 }, 3),
    () => svid.describeHeader(5), () => svid.reconstruct(header, {}),
    () => svid.reconstruct(header, [{ number: 0, bytes: "x" }]),
  ];
  for (const call of typeErrors) assert.throws(call, TypeError, call.toString());
  const rangeErrors = [
    () => svid.openEpoch({ ...good, stakes: [-1n, 1n, 1n, 1n, 1n, 1n, 1n] }),
    () => svid.openEpoch({ ...good, stakes: [1n << 64n, 1n, 1n, 1n, 1n, 1n, 1n] }),
    () => svid.openShare(epoch, expected, { validator: 7 }, header),
    () => svid.openShare(epoch, { ...expected, zone: -1 }, { validator: 0 }, header),
    () => svid.openShare(epoch, { ...expected, epoch: 1n << 64n }, { validator: 0 }, header),
    () => svid.sampleRows(-1), () => svid.sampleRows(2 ** 32),
  ];
  for (const call of rangeErrors) assert.throws(call, RangeError, call.toString());
  const { publicKeys, ...keyless } = good;
  const invalid = [
    () => svid.openEpoch({ seed: good.seed, stakes: [1n, 1n, 1n] }),
    () => svid.openEpoch({ seed: good.seed, stakes: [0n, 1n, 1n, 1n] }),
    () => svid.openEpoch({ seed: good.seed, stakes: [1n << 63n, 1n << 63n, 1n, 1n] }),
    () => svid.openShare(svid.openEpoch(keyless), expected, { validator: 0 }, header),
    () => svid.openShare(epoch, expected, { rows: [2, 1] }, header),
    () => svid.openShare(epoch, expected, { rows: [18] }, header),
    () => svid.failureBound({ dataRows: 3, rows: 2 }, 1),
  ];
  for (const call of invalid) assert.throws(call, { code: "INVALID_ARGUMENT" }, call.toString());
  assert.throws(() => epoch.params(2 ** 30 + 1), { code: "LIMIT_EXCEEDED" });
  assert.throws(() => svid.describeHeader(new Uint8Array(176)),
    (error) => error instanceof MoteError && error.code === "MALFORMED");
  assert.equal(publicKeys.length, 7 * 48);
  epoch.close();
});

test("samples without given entropy differ and are in order", () => {
  const draws = Array.from({ length: 20 }, () => svid.sampleRows(13000));
  for (const rows of draws) {
    assert.equal(rows.length, 16);
    assert.ok(rows.every((row, i) => row < 13000 && (i === 0 || row > rows[i - 1])));
  }
  assert.equal(new Set(draws.map(String)).size, 20);
});
