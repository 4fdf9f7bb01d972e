// mote-validator/voter in Node, over stores in memory: the traces of the vote rules with their faults, what
// a store may do wrong, and what misuse gives.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  ClosedError, createVoter, exportVoteRecord, MalformedError, RecordUnusableError, RejectedError, StorageError,
} from "mote-validator/voter";
import {
  attestationDigests, kinds, recordChecksum, rootVoteDigest, soloCommittee, verifies,
} from "./chain_model.mjs";
import { FakeHandle, MemoryStore } from "./memory_store.mjs";
import { readmeCode, vectors } from "./support.mjs";

const read = (name) => JSON.parse(readFileSync(join(vectors, "consensus", name), "utf8"));
const votes = read("votes.json");
const records = read("records.json");
const chainId = votes.chain_id;
const secretKey = new Uint8Array(32).fill(3);
const committee = soloCommittee(new Uint8Array(32).fill(5));
const blockA = "aa".repeat(32);
const blockB = "bb".repeat(32);
const none = "00".repeat(32);

const options = (store, more = {}) => ({ secretKey, chainId, store, mode: "exact", ...more });
const fresh = async (more = {}) => {
  const store = new MemoryStore();
  const voter = await createVoter(options(store, { neverVoted: true, ...more }));
  await voter.useCommittee(0n, committee.source);
  return { store, voter };
};
const at = (epoch, view, more = {}) => ({ epoch: BigInt(epoch), view: BigInt(view), ...more });
const certificateOf = (kind, epoch, view, block) =>
  committee.certificate(chainId, { kind, epoch, view, block });

/** One step of a trace, as the voter's user would do it. */
async function apply(voter, step) {
  switch (step.event) {
    case "genesis":
      return voter.enterGenesis();
    case "proposal":
      return voter.notarize(at(step.epoch, step.view, { block: step.hash }));
    case "timer":
      return voter.nullify(at(step.epoch, step.view));
    case "certificate":
      await voter.useCommittee(BigInt(step.epoch), committee.source);
      return voter.certificate(certificateOf(step.kind, step.epoch, step.view, step.hash),
        { endsEpoch: step.last === true });
    default:
      throw new Error(step.event);
  }
}

/** The vectors are of another key: its name at 48, and of what is written the first 128 bytes. */
const sameRecord = (ours, theirs, keyName) =>
  assert.equal(ours.slice(0, 256), theirs.slice(0, 96) + keyName + theirs.slice(128, 256));

test("the traces of the vote rules, in both modes, with crashes and torn writes", async () => {
  let signatures = 0;
  let faults = 0;
  for (const trace of votes.traces) {
    const store = new MemoryStore();
    const more = { mode: trace.mode, reserveViews: trace.reserve };
    const start = (again) => createVoter(options(store, again ? more : { ...more, neverVoted: true }));
    let voter = await start(false);
    const { keyName } = voter;
    for (const [i, step] of trace.steps.entries()) {
      const what = `${trace.name}, ${trace.mode}, step ${i}: ${step.event}`;
      const before = store.writes.length;
      let signed = [];
      if (step.event === "crash") voter = null;
      else if (step.event === "start") {
        voter = await start(true);
        store.writes.length = before; // the record that counts, once more
      } else if (step.event === "stop") {
        await voter?.close();
        voter = null;
      } else if (voter !== null) {
        store.fault = step.fault ?? null;
        if (step.fault !== undefined) ++faults;
        try {
          const { vote } = await apply(voter, step);
          if (vote !== null) signed = [vote];
        } catch (error) {
          assert.ok(error instanceof StorageError, `${what}: ${error}`);
          assert.notEqual(step.fault, undefined, what);
          await assert.rejects(voter.repeat(), StorageError);
          voter = null;
        }
        // In a reservation nothing is written, and the process ends before the signature leaves.
        if (step.fault !== undefined && step.after === null) {
          if (voter !== null) assert.equal(store.writes.length, before, what);
          signed = [];
          voter = null;
        }
        store.fault = null;
      }
      assert.deepEqual(
        signed.map((v) => [kinds[v.kind], Number(v.epoch), Number(v.view), v.block]),
        step.signatures, what);
      for (const vote of signed) {
        ++signatures;
        assert.ok(verifies(voter.publicKey, rootVoteDigest(chainId, vote), vote.signature), what);
      }
      const written = store.writes.slice(before);
      assert.equal(written.length, step.writes.length, what);
      written.forEach((record, k) => sameRecord(record, step.writes[k], keyName));
      if (step.after === null) assert.equal(voter, null, what);
      else {
        const state = await voter.state();
        assert.deepEqual([state.epoch, state.view], [BigInt(step.after.epoch), BigInt(step.after.view)],
          what);
        const { nz, two } = step.after;
        assert.equal(state.first, nz === null ? "none" : nz === "used" ? "used" : "notarize", what);
        assert.equal(state.second, two === null ? "none" :
          two === "used" || two === "nullify" ? two : "finalize", what);
      }
    }
  }
  assert.ok(votes.traces.length >= 46 && signatures >= 120 && faults >= 19, `${signatures} ${faults}`);
});

test("of two slots the module takes the one that the vectors say", async () => {
  const { voter: any } = await fresh();
  const name = Buffer.from(any.keyName, "hex");
  await any.close();
  const theirs = Buffer.from(records.key_name, "hex");
  const taken = { true: 0, false: 0 };
  for (const { what, slot0, slot1, result } of records.loads) {
    // The vectors are of another key. A slot of theirs whose checksum is right becomes one of ours.
    const slots = [slot0, slot1].map((text) => {
      if (text === null) return null;
      const slot = Buffer.from(text, "hex");
      const good = recordChecksum(slot).equals(slot.subarray(128));
      if (!slot.subarray(48, 64).equals(theirs)) return slot;
      name.copy(slot, 48);
      if (good) recordChecksum(slot).copy(slot, 128);
      return slot;
    });
    const store = new MemoryStore(new Uint8Array(8192));
    store.read = async () => slots;
    if (result === null || result.state === 2) {
      await assert.rejects(createVoter(options(store)), RecordUnusableError, what);
      assert.deepEqual(store.writes, []);
      assert.equal(store.closed, 1);
      ++taken.false;
      continue;
    }
    const voter = await createVoter(options(store));
    const state = await voter.state();
    const reserved = result.state === 1;
    assert.deepEqual(
      [state.epoch, state.view, state.leaseNonce, state.reservedView],
      [result.epoch, reserved ? result.reserved : result.view, result.lease, result.reserved].map(BigInt),
      what);
    assert.equal(store.writes.length, 1, "the record that counts, once more");
    assert.equal(Buffer.from(store.writes[0], "hex").readBigUInt64LE(8), BigInt(result.seq), what);
    await voter.close();
    ++taken.true;
  }
  assert.ok(taken.true >= 8 && taken.false >= 8, JSON.stringify(taken));
});

test("a record that is missing, there already, unreadable or of another key", async () => {
  await assert.rejects(createVoter(options(new MemoryStore())), RecordUnusableError);
  const { store, voter } = await fresh();
  await voter.enterGenesis();
  await voter.notarize(at(0, 1, { block: blockA }));
  await voter.close();
  const file = store.file.slice();
  const none = async (broken, more) => {
    await assert.rejects(createVoter(options(broken, more)), (error) =>
      error instanceof RecordUnusableError && error.code === "RECORD_UNUSABLE");
    assert.deepEqual(broken.writes, []);
  };
  await none(new MemoryStore(file.slice()), { neverVoted: true });
  await none(new MemoryStore(file.slice()), { secretKey: new Uint8Array(32).fill(4) });
  await none(new MemoryStore(file.slice()), { chainId: "12".repeat(32) });
  for (const slot of [0, 1]) {
    const unreadable = new MemoryStore(file.slice());
    const slots = await unreadable.read();
    slots[slot] = null;
    unreadable.read = async () => slots;
    await none(unreadable);
  }
  // Each byte of the newer record counts. Without it the older one does, which has forgotten the vote:
  // a medium that loses what it flushed is outside of what a record can do.
  const newer = new DataView(file.buffer).getBigUint64(8, true) >
    new DataView(file.buffer).getBigUint64(4104, true) ? 0 : 4096;
  for (let i = 0; i < 160; i += 3) {
    const torn = file.slice();
    torn[newer + i] ^= 1;
    torn.fill(0, 4096 - newer, 4096 - newer + 160);
    await none(new MemoryStore(torn));
  }
});

test("no vote leaves before its record, and a failed write ends the voter", async () => {
  const { store, voter } = await fresh();
  await voter.enterGenesis();
  let written = false;
  const write = store.write.bind(store);
  let go;
  store.write = async (offset, record) => {
    await new Promise((resolve) => (go = resolve));
    await write(offset, record);
    written = true;
  };
  let vote = null;
  const pending = voter.notarize(at(0, 1, { block: blockA })).then((ballot) => (vote = ballot.vote));
  const conflicting = voter.notarize(at(0, 1, { block: blockB }));
  while (go === undefined) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(vote, null);
  go();
  await pending;
  assert.ok(written);
  assert.equal(vote.block, blockA);
  assert.deepEqual(await conflicting, { refusal: "already", vote: null });
  assert.deepEqual((await voter.repeat()).vote, vote);

  store.write = async () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  await assert.rejects(voter.nullify(at(0, 1)), (error) =>
    error instanceof StorageError && error.code === "STORAGE" && error.cause.name === "QuotaExceededError");
  store.write = write;
  for (const call of [
    () => voter.nullify(at(0, 1)), () => voter.repeat(), () => voter.state(),
    () => voter.attest({ kind: "valid", epoch: 1n, subject: blockA }), () => voter.renewLease(1n),
  ]) {
    await assert.rejects(call(), StorageError);
  }
  await assert.rejects(voter.close(), StorageError);
  assert.equal(store.closed, 1);
});

test("what a file handle can do wrong", async () => {
  const installed = dirname(createRequire(import.meta.url).resolve("mote-validator/package.json"));
  const { OpfsStore } = await import(pathToFileURL(join(installed, "dist/record_opfs.js")));
  const made = new FakeHandle();
  const first = await createVoter(options(new OpfsStore(made), { neverVoted: true }));
  assert.equal(made.medium.length, 8192);
  await first.enterGenesis();
  await first.close();
  assert.ok(made.closed);
  const faults = [
    { write: 0 }, { write: 80 }, { write: 159 },
    { write: new DOMException("full", "QuotaExceededError") },
    { flush: new DOMException("lost", "InvalidStateError") },
    { flush: new Error("disk") },
  ];
  for (const fault of faults) {
    const handle = new FakeHandle(made.medium.slice());
    const voter = await createVoter(options(new OpfsStore(handle)));
    await voter.enterGenesis();
    handle.fault = fault;
    await assert.rejects(voter.notarize(at(0, 1, { block: blockA })), StorageError);
    await assert.rejects(voter.notarize(at(0, 1, { block: blockA })), StorageError);
    await assert.rejects(voter.close(), StorageError);
    // Whether the record survived or not: what is signed afterwards is the only signature there is.
    for (const left of [handle.medium, handle.cache]) {
      const again = await createVoter(options(new OpfsStore(new FakeHandle(left.slice()))));
      await again.enterGenesis();
      const { vote, refusal } = await again.notarize(at(0, 1, { block: blockB }));
      assert.ok(vote?.block === blockB || refusal === "already", refusal);
      await again.close();
    }
  }
  // At the start: nothing is repeated that may be in a cache only.
  for (const fault of [{ flush: new Error("disk") }, { write: 10 }, { getSize: new Error("gone") }]) {
    const handle = new FakeHandle(made.medium.slice());
    handle.fault = fault;
    await assert.rejects(createVoter(options(new OpfsStore(handle))), StorageError);
    assert.ok(handle.closed);
  }
  for (const fault of [{ read: 100 }, { read: new Error("bad sector") }]) {
    const handle = new FakeHandle(made.medium.slice());
    handle.fault = fault;
    await assert.rejects(createVoter(options(new OpfsStore(handle))), RecordUnusableError);
  }
  const short = new FakeHandle(made.medium.slice(0, 8191));
  await assert.rejects(createVoter(options(new OpfsStore(short))), RecordUnusableError);
  await assert.rejects(
    createVoter(options(new OpfsStore(new FakeHandle(made.medium)), { neverVoted: true })),
    RecordUnusableError);
  // A record that could not be made is none: the same key may try again where nothing is left.
  const full = new FakeHandle();
  full.fault = { write: new DOMException("full", "QuotaExceededError") };
  await assert.rejects(createVoter(options(new OpfsStore(full), { neverVoted: true })), StorageError);
  assert.equal(full.medium.length, 0);
});

test("certificates are verified before they move the voter", async () => {
  const { voter } = await fresh();
  await voter.enterGenesis();
  const good = certificateOf("notarize", 0, 1, blockA);
  for (const [bytes, type] of [
    [good.subarray(1), MalformedError], [new Uint8Array(3), MalformedError],
    [Buffer.concat([good, good]), MalformedError],
    [committee.certificate("77".repeat(32), { kind: "notarize", epoch: 0, view: 1, block: blockA }),
      RejectedError],
    [soloCommittee(new Uint8Array(32).fill(6)).certificate(
      chainId, { kind: "notarize", epoch: 0, view: 1, block: blockA }), RejectedError],
  ]) {
    await assert.rejects(voter.certificate(bytes), type);
  }
  await assert.rejects(voter.certificate(certificateOf("notarize", 9, 1, blockA)),
    { code: "INVALID_ARGUMENT" });
  await assert.rejects(voter.useCommittee(1n, { ...committee.source, commitment: none }), RejectedError);
  assert.equal((await voter.state()).view, 1n);
  const { vote } = await voter.certificate(good);
  assert.deepEqual([vote.kind, vote.block, (await voter.state()).view], ["finalize", blockA, 2n]);
  assert.deepEqual(await voter.certificate(good), { refusal: "other_view", vote: null });
  // The newest two committees are kept.
  for (const epoch of [1n, 2n]) await voter.useCommittee(epoch, committee.source);
  await assert.rejects(voter.certificate(good), { code: "INVALID_ARGUMENT" });
  await voter.close();
});

test("a reservation is written once, and lost by who does not close", async () => {
  const { store, voter } = await fresh({ mode: "reserve", reserveViews: 4 });
  await voter.enterGenesis();
  const before = store.writes.length;
  for (const view of [1, 2, 3]) {
    assert.equal((await voter.notarize(at(0, view, { block: blockA }))).vote.kind, "notarize");
    assert.equal((await voter.certificate(certificateOf("notarize", 0, view, blockA))).vote.kind,
      "finalize");
  }
  assert.equal(store.writes.length, before + 1);
  const crashed = await createVoter(options(new MemoryStore(store.file.slice()), { mode: "reserve" }));
  const state = await crashed.state();
  assert.deepEqual([state.view, state.first, state.second], [4n, "used", "used"]);
  assert.equal((await crashed.notarize(at(0, 4, { block: blockB }))).refusal, "already");
  await voter.close();
  const restarted = await createVoter(options(new MemoryStore(store.file.slice())));
  assert.equal((await restarted.notarize(at(0, 4, { block: blockB }))).vote.block, blockB);
});

test("leases, clones, retirement and attestations", async () => {
  const { store, voter } = await fresh();
  assert.equal((await voter.renewLease(7n)).refusal, "");
  assert.equal((await voter.renewLease(7n)).refusal, "already");
  assert.equal((await voter.state()).leaseNonce, 7n);
  const avail = { kind: "avail", epoch: 3n, zone: 2, height: 9n, subject: blockA };
  const valid = { kind: "valid", epoch: 3n, subject: blockB };
  const ckpt = { kind: "ckpt", period: 4n, height: 9n, subject: blockA };
  for (const a of [avail, valid, ckpt]) {
    const signature = await voter.attest(a);
    assert.ok(verifies(voter.publicKey, attestationDigests[a.kind](chainId, a), signature), a.kind);
  }
  await assert.rejects(voter.attest({ ...avail, kind: "notarize" }), TypeError);
  assert.equal(await voter.foundClone(7n), false);
  assert.equal(await voter.foundClone(8n), true);
  assert.equal((await voter.nullify(at(0, 1))).refusal, "closed");
  await assert.rejects(voter.attest(avail), ClosedError);
  await voter.close();

  const other = await createVoter(options(new MemoryStore(store.file.slice())));
  await other.retire();
  await assert.rejects(other.repeat(), ClosedError);
  const retired = await fresh();
  await retired.voter.retire();
  await assert.rejects(createVoter(options(new MemoryStore(retired.store.file))),
    { code: "RECORD_UNUSABLE", message: /retired/ });
});

test("a key moves: the record is retired here, and raised there", async () => {
  const { store, voter } = await fresh();
  await voter.enterGenesis();
  await voter.certificate(certificateOf("nullify", 0, 6, none));
  await voter.notarize(at(0, 7, { block: blockA }));
  await voter.nullify(at(0, 7));
  const text = await voter.retire();
  const hex = (bytes) => `0x${Buffer.from(bytes).toString("hex")}`;
  assert.deepEqual(JSON.parse(text), {
    format: "1", chain_id: `0x${chainId}`,
    records: [{ pubkey: hex(voter.publicKey), epoch: "0", view: "7", two: "nullify" }],
  });
  await assert.rejects(createVoter(options(new MemoryStore(store.file.slice()))), { message: /retired/ });
  // A text that was lost is the same again.
  assert.equal(await exportVoteRecord(options(new MemoryStore(store.file.slice()))), text);
  await assert.rejects(exportVoteRecord(options(new MemoryStore())), RecordUnusableError);
  // Nothing leaves if it may not be on the medium, and the record is given back.
  const failing = await fresh();
  await failing.voter.close();
  const { store: full } = failing;
  const write = full.write.bind(full);
  let writes = 0;
  full.write = async (...record) => {
    if (++writes === 2) throw new Error("disk"); // after the one of the start
    await write(...record);
  };
  full.closed = 0;
  await assert.rejects(exportVoteRecord(options(full)), StorageError);
  assert.equal(full.closed, 1);
  assert.match(await exportVoteRecord(options(full)), /"view": "0"/);

  // A device that has no record, one whose record is lower, and one whose record is higher.
  const other = await fresh();
  await other.voter.enterGenesis();
  await other.voter.close();
  const higher = await fresh();
  await higher.voter.enterGenesis();
  await higher.voter.certificate(certificateOf("nullify", 0, 8, none));
  await higher.voter.notarize(at(0, 9, { block: blockA }));
  await higher.voter.close();
  for (const [file, view, first] of [
    [null, 7n, "used"], [other.store.file, 7n, "used"], [higher.store.file, 9n, "notarize"],
  ]) {
    const there = new MemoryStore(file?.slice() ?? null);
    const moved = await createVoter(options(there, { voteRecord: text }));
    const state = await moved.state();
    assert.deepEqual([state.epoch, state.view, state.first], [0n, view, first]);
    assert.equal((await moved.notarize(at(0, view, { block: blockB }))).refusal, "already");
    await moved.useCommittee(0n, committee.source);
    await moved.certificate(certificateOf("nullify", 0, Number(view), none));
    assert.equal((await moved.notarize(at(0, view + 1n, { block: blockB }))).vote.block, blockB);
    await moved.close();
    // What was raised stays raised.
    const again = await createVoter(options(new MemoryStore(there.file)));
    assert.equal((await again.state()).view, view + 1n);
    await again.close();
  }
  // A retired record stays so.
  await assert.rejects(
    createVoter(options(new MemoryStore(store.file.slice()), { voteRecord: text })), RecordUnusableError);

  const record = JSON.parse(text).records[0];
  const changed = (change) => JSON.stringify({ ...JSON.parse(text), ...change });
  for (const wrong of [
    "", "[]", "null", text.slice(0, -3), changed({ format: "2" }), changed({ chain_id: `0x${none}` }),
    changed({ records: [] }), changed({ records: {} }), changed({ more: 1 }),
    changed({ records: [{ ...record, view: 7 }] }), changed({ records: [{ ...record, view: "07" }] }),
    changed({ records: [{ ...record, view: "18446744073709551616" }] }),
    changed({ records: [{ ...record, view: "-1" }] }), changed({ records: [{ ...record, two: "used" }] }),
    changed({ records: [{ ...record, pubkey: record.pubkey.replace(/.$/, "z") }] }),
    changed({ records: [{ ...record, pubkey: `0x${"ab".repeat(48)}` }] }),
    text.replace('"view": "7"', '"view": "7", "view": "1"'),
    " ".repeat((1 << 20) + 1),
  ]) {
    const untouched = new MemoryStore();
    await assert.rejects(createVoter(options(untouched, { voteRecord: wrong })), RecordUnusableError,
      wrong.slice(0, 200));
    assert.equal(untouched.file, null);
  }
  const two = changed({ records: [record, { ...record, view: "30" }, { ...record, view: "20" }] });
  const most = await createVoter(options(new MemoryStore(), { voteRecord: two }));
  assert.equal((await most.state()).view, 30n);
});

test("bytes of strangers: every one is refused, and the voter goes on", async () => {
  const { voter } = await fresh();
  await voter.enterGenesis();
  const good = certificateOf("notarize", 0, 1, blockA);
  let state = 12345;
  const random = (below) => (state = (Math.imul(state, 1103515245) + 12345) >>> 1) % below;
  for (let i = 0; i < 300; ++i) {
    const bytes = Buffer.from(good);
    for (let k = random(3); k >= 0; --k) bytes[random(bytes.length)] ^= 1 + random(255);
    const candidate = i % 3 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
    if (candidate.equals(good)) continue;
    await assert.rejects(voter.certificate(candidate), (error) =>
      error instanceof MalformedError || error instanceof RejectedError ||
      error.code === "INVALID_ARGUMENT", candidate.toString("hex"));
  }
  assert.equal((await voter.state()).view, 1n);
  assert.equal((await voter.certificate(good)).vote.kind, "finalize");
  await voter.close();
});

test("abort: before a call nothing happens, during one the record stands", async () => {
  const { store, voter } = await fresh();
  await voter.enterGenesis();
  const count = store.writes.length;
  await assert.rejects(
    voter.notarize(at(0, 1, { block: blockA }), { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(store.writes.length, count);
  const controller = new AbortController();
  const write = store.write.bind(store);
  store.write = async (offset, record) => {
    controller.abort();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await write(offset, record);
  };
  await assert.rejects(
    voter.notarize(at(0, 1, { block: blockA }), { signal: controller.signal }), { name: "AbortError" });
  assert.equal((await voter.repeat()).vote.block, blockA);
  assert.equal((await voter.notarize(at(0, 1, { block: blockB }))).refusal, "already");
  store.write = write;
  await voter.close();
  await voter.close();
  await assert.rejects(voter.state(), ClosedError);
  await assert.rejects(createVoter(options(new MemoryStore(), { signal: AbortSignal.abort() })),
    { name: "AbortError" });
});

test("values of other types and sizes", async () => {
  for (const wrong of [
    undefined, { ...options(new MemoryStore()), secretKey: new Uint8Array(31) },
    { ...options(new MemoryStore()), chainId: "00" }, options(new MemoryStore(), { mode: "fast" }),
    options(new MemoryStore(), { neverVoted: 1 }), options(new MemoryStore(), { reserveViews: 1.5 }),
    options(undefined), options(new MemoryStore(), { voteRecord: 7 }),
    options(new MemoryStore(), { neverVoted: true, voteRecord: "{}" }),
  ]) {
    await assert.rejects(createVoter(wrong), TypeError);
  }
  await assert.rejects(createVoter(options(new MemoryStore(), { reserveViews: 0 })), RangeError);
  await assert.rejects(
    createVoter(options(new MemoryStore(), { neverVoted: true, secretKey: new Uint8Array(32) })),
    { code: "INVALID_ARGUMENT" });
  const { voter } = await fresh();
  for (const call of [
    () => voter.notarize(at(0, 1)), () => voter.notarize({ epoch: 0, view: 1, block: blockA }),
    () => voter.nullify({ epoch: 0n }), () => voter.certificate("bytes"),
    () => voter.useCommittee(0n, null), () => voter.renewLease(7),
    () => voter.certificate(new Uint8Array(151), { endsEpoch: 1 }),
  ]) {
    await assert.rejects(call(), TypeError, String(call));
  }
  const copied = new Uint8Array(secretKey);
  const store = new MemoryStore();
  const other = await createVoter(options(store, { neverVoted: true, secretKey: copied }));
  assert.deepEqual(copied, secretKey, "the caller's key is the caller's");
  await other.close();
  await voter.close();
});

test("the code of README.md runs", async () => {
  const store = new MemoryStore();
  let persistent = false;
  const sent = [];
  const said = await readmeCode("Votes: ")({
    navigator: { storage: { persist: async () => (persistent = true) } },
    createVoter: async (given) => {
      const voter = await createVoter({ ...given, store, neverVoted: true });
      await voter.enterGenesis();
      return voter;
    },
    secretKey, chainId, epoch: 0n, view: 1n, block: blockA, ...committee.source,
    bytes: certificateOf("notarize", 0, 1, blockA), send: (vote) => sent.push(vote.kind), console,
  }, "{ refusal, next: next.vote.kind }");
  assert.ok(persistent);
  assert.deepEqual([sent, said], [["notarize"], { refusal: "", next: "finalize" }]);
  assert.equal(store.closed, 1);
});
