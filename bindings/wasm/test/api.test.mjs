// What callers do wrong, and what they may do at any time.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createRequire } from "node:module";
import {
  ClosedError,
  createValidator,
  DorySetup,
  MalformedError,
  MoteError,
  ProgramKey,
  RejectedError,
  requireAccepted,
  verifyBundle,
} from "mote-validator";
import { readBundle } from "./support.mjs";

const bundle = readBundle("muldiv-bundle.bin");
const program = "e5d29b70951d11397d6501567e8a15c663a14e6981c1e69ee345c908a8ac01a9";
const setupDigest = "0728fc290a3913f6f185e8162ac65d28b68d3d589dab26ad423715bccbe7620f";

/** Runs a test with a validator of each kind. */
function both(name, body) {
  for (const worker of [true, false]) {
    test(`${name} (${worker ? "worker" : "calling thread"})`, async () => {
      const validator = await createValidator({ worker });
      try {
        await body(validator);
      } finally {
        validator.close();
      }
    });
  }
}

both("a bundle says what was proven", async (validator) => {
  const begun = [];
  const verdict = await validator.verifyBundle(bundle, {
    expectProgram: program,
    expectSetup: Buffer.from(setupDigest, "hex"),
    onStage: (stage) => begun.push(stage),
  });
  assert.equal(verdict.accepted, true);
  assert.deepEqual([...verdict.inputs], [9, 5, 3]);
  assert.deepEqual([...verdict.outputs], [15]);
  assert.equal(verdict.panic, false);
  assert.equal(verdict.programDigest, program);
  assert.equal(verdict.setupDigest, setupDigest);
  assert.deepEqual(verdict.stages.map((s) => s.stage), begun);
  assert.ok(begun.includes("stage 1") && begun.includes("dory"));
  requireAccepted(verdict);
});

both("parts, keys and setups", async (validator) => {
  const parts = await validator.openBundle(bundle);
  const key = await validator.openProgramKey(parts.key, program);
  const setup = await validator.openDorySetup(parts.setup, parts.setupDigest);
  assert.ok(key instanceof ProgramKey && setup instanceof DorySetup);
  const info = await key.describe();
  assert.equal(info.digest, program);
  assert.equal(info.committed, false);
  assert.deepEqual(info.memoryLayout, parts.io.memoryLayout);

  const inputs = Uint8Array.of(9, 5, 3);
  const outputs = Uint8Array.of(15);
  for (const io of [{ inputs, outputs }, { ...parts.io, outputs: Uint8Array.of(15, 0, 0) }]) {
    assert.equal((await validator.verify(key, setup, io, parts.proof)).accepted, true);
  }
  const other = await validator.verify(key, setup, { inputs, outputs: Uint8Array.of(16) }, parts.proof);
  assert.equal(other.accepted, false);
  assert.equal(other.stage, "stage 1 uniskip");
  assert.throws(() => requireAccepted(other), RejectedError);
  await assert.rejects(
    validator.verify(key, setup, { inputs, outputs }, parts.proof.subarray(0, 1000)),
    (error) => error instanceof MalformedError && error.verdict.offset > 0,
  );
  await assert.rejects(
    validator.openProgramKey(parts.key, "00".repeat(32)),
    (error) => error instanceof RejectedError && error.verdict.stage === "key",
  );
  await assert.rejects(validator.openProgramKey(parts.key.subarray(0, 9), program), MalformedError);
  await assert.rejects(
    validator.openProgramKey(parts.key, program, { revision: "jolt-of-tomorrow" }),
    MoteError,
  );

  key.close();
  key.close();
  await assert.rejects(validator.verify(key, setup, { inputs, outputs }, parts.proof), ClosedError);
  await assert.rejects(key.describe(), ClosedError);
});

both("arguments of the wrong type", async (validator) => {
  const wrong = [undefined, null, 7, "bytes", {}, [1, 2], () => {}];
  for (const value of wrong) await assert.rejects(validator.verifyBundle(value), TypeError);
  const detached = new Uint8Array(bundle).slice();
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  await assert.rejects(validator.verifyBundle(detached), TypeError);
  await assert.rejects(validator.verifyBundle(detached.buffer), TypeError);
  for (const digest of ["", "00", "zz".repeat(32), new Uint8Array(31), 5, null]) {
    await assert.rejects(validator.verifyBundle(bundle, { expectProgram: digest }), TypeError);
    await assert.rejects(validator.openProgramKey(bundle, digest), TypeError);
  }
  await assert.rejects(validator.verifyBundle(bundle, { onStage: 5 }), TypeError);
  await assert.rejects(validator.verify({}, {}, {}, bundle), TypeError);
  const parts = await validator.openBundle(bundle);
  const key = await validator.openProgramKey(parts.key, program);
  const setup = await validator.openDorySetup(parts.setup, setupDigest);
  await assert.rejects(validator.verify(setup, key, {}, parts.proof), TypeError);
  await assert.rejects(validator.verify(key, setup, null, parts.proof), TypeError);
  await assert.rejects(validator.verify(key, setup, { panic: 1 }, parts.proof), TypeError);
  await assert.rejects(validator.verify(key, setup, { inputs: "09" }, parts.proof), TypeError);
  await assert.rejects(validator.verify(key, setup, { memoryLayout: {} }, parts.proof), TypeError);
  await assert.rejects(
    validator.verify(key, setup, {}, parts.proof, { trustedAdvice: new Uint8Array(3) }),
    TypeError,
  );
  assert.equal((await validator.verifyBundle(bundle)).accepted, true);
});

both("the caller's bytes are left alone", async (validator) => {
  const view = new Uint8Array(bundle.length + 7);
  view.set(bundle, 7);
  const verdict = validator.verifyBundle(view.subarray(7));
  view.fill(0); // after the call began
  assert.equal((await verdict).accepted, true);
  const shared = new SharedArrayBuffer(bundle.length);
  new Uint8Array(shared).set(bundle);
  assert.equal((await validator.verifyBundle(shared)).accepted, true);
  assert.equal((await validator.verifyBundle(new DataView(shared))).accepted, true);
});

both("calls at once are answered one after another", async (validator) => {
  const verdicts = await Promise.all(
    Array.from({ length: 4 }, (_, i) =>
      i % 2 === 0
        ? validator.verifyBundle(bundle).then((v) => v.accepted)
        : validator.verifyBundle(bundle.subarray(0, 5000)).catch((e) => e.code),
    ),
  );
  assert.deepEqual(verdicts, [true, "MALFORMED", true, "MALFORMED"]);
});

both("an aborted call ends, and the next one works", async (validator) => {
  const parts = await validator.openBundle(bundle);
  const key = await validator.openProgramKey(parts.key, program);
  const setup = await validator.openDorySetup(parts.setup, setupDigest);

  const before = new AbortController();
  before.abort(new Error("not today"));
  await assert.rejects(validator.verifyBundle(bundle, { signal: before.signal }), /not today/);

  const during = new AbortController();
  await assert.rejects(
    validator.verify(key, setup, parts.io, parts.proof, {
      signal: during.signal,
      onStage: (stage) => stage === "membership" && during.abort(),
    }),
    { name: "AbortError" },
  );

  const queued = new AbortController();
  const first = validator.verifyBundle(bundle);
  const second = validator.verifyBundle(bundle, { signal: queued.signal });
  queued.abort();
  const order = [];
  await Promise.all([
    first.then((verdict) => order.push(verdict.accepted)),
    second.catch((error) => order.push(error.name)),
  ]);
  assert.deepEqual(order, ["AbortError", true]); // it did not wait for its turn

  // Keys and setups outlive the core they were opened in.
  assert.equal((await validator.verify(key, setup, parts.io, parts.proof)).accepted, true);
});

both("an error thrown in onStage is the call's error", async (validator) => {
  const mine = new RangeError("mine");
  await assert.rejects(
    validator.verifyBundle(bundle, {
      onStage: () => {
        throw mine;
      },
    }),
    (error) => error === mine,
  );
  assert.equal((await validator.verifyBundle(bundle)).accepted, true);
});

both("a closed validator says so", async (validator) => {
  const other = await createValidator({ worker: false });
  const parts = await other.openBundle(bundle);
  const key = await other.openProgramKey(parts.key, program);
  const setup = await other.openDorySetup(parts.setup, setupDigest);
  await assert.rejects(
    validator.verify(key, setup, parts.io, parts.proof),
    (error) => error instanceof MoteError && error.code === "INVALID_ARGUMENT",
  );
  other.close();

  const running = validator.verifyBundle(bundle);
  const waiting = validator.verifyBundle(bundle);
  validator.close();
  validator.close();
  await assert.rejects(waiting, ClosedError);
  await assert.rejects(validator.verifyBundle(bundle), ClosedError);
  await running.then(
    () => {},
    (error) => assert.ok(error instanceof ClosedError),
  );
});

both("memory does not grow with the number of calls", async (validator) => {
  for (let i = 0; i < 3; ++i) await validator.verifyBundle(bundle);
  const before = await validator.memoryBytes();
  for (let i = 0; i < 40; ++i) {
    await validator.verifyBundle(bundle.subarray(0, 100_000)).catch(() => {});
    await validator.verifyBundle(readBundle("zk-muldiv-bundle.bin"));
  }
  assert.equal(await validator.memoryBytes(), before);
  assert.ok(before <= 8 << 20, `${before} bytes`);
});

both("more bytes than there is memory for", async (validator) => {
  const huge = new Uint8Array(300 << 20);
  await assert.rejects(
    validator.verifyBundle(huge),
    (error) => error instanceof MoteError && error.code === "OUT_OF_MEMORY",
  );
  assert.equal((await validator.verifyBundle(bundle)).accepted, true);
});

test("a module of the caller's own", async () => {
  const path = createRequire(import.meta.url).resolve("mote-validator/mote.wasm");
  const bytes = readFileSync(path);
  for (const wasm of [bytes, await WebAssembly.compile(bytes)]) {
    const validator = await createValidator({ wasm });
    assert.equal((await validator.verifyBundle(bundle)).accepted, true);
    validator.close();
  }
  await assert.rejects(createValidator({ wasm: Buffer.from("no module") }), MoteError);
  await assert.rejects(createValidator({ wasm: 5 }), TypeError);
  await assert.rejects(createValidator({ worker: "yes" }), TypeError);
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  await assert.rejects(createValidator({ wasm: empty }), MoteError);
});

test("one call without a validator", async () => {
  assert.equal((await verifyBundle(bundle)).accepted, true);
  await assert.rejects(verifyBundle(bundle.subarray(1)), MalformedError);
});
