// mote-validator/signatures in Node: Ethereum's suite, the chain's certificates, and two other libraries on
// random inputs, in both directions.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import {
  ClosedError, encodeCertificate, loadSignatures, MalformedError, MoteError, RejectedError,
} from "mote-validator/signatures";
import { certificateBytes, commitmentOf, rootVoteDigest } from "./chain_model.mjs";
import { packageFolder, readmeCode, requireTool, vectors } from "./support.mjs";

const read = (name) => JSON.parse(readFileSync(join(vectors, name), "utf8"));
const hex = (text) => Buffer.from(text.replace(/^0x/, ""), "hex");
const wasm = readFileSync(
  createRequire(import.meta.url).resolve("mote-validator/mote-signatures.wasm"),
);
const suite = read("bls/ethereum_bls_v0.1.1.json");
const certificates = read("consensus/certificates.json");
const signatures = await loadSignatures();

const noblePath = join(packageFolder, "node_modules/@noble/curves/bls12-381.js");
const { bls12_381 } = await import(pathToFileURL(noblePath));
const blst = requireTool("@chainsafe/blst");

/** The same bytes in every run. */
const seeded = (label, size = 32) =>
  createHash("shake256", { outputLength: size }).update(label).digest();

/** What throws MalformedError or a wrong length is no: the suite does not tell them apart. */
function yes(body) {
  try {
    return body();
  } catch (error) {
    if (error instanceof MalformedError) return false;
    if (error instanceof TypeError && /must be \d+ bytes/.test(error.message)) return false;
    throw error;
  }
}

test("Ethereum's suite", () => {
  let cases = 0;
  for (const { name, input, output } of suite.sign) {
    ++cases;
    const sign = () => `0x${Buffer.from(
      signatures.sign(hex(input.privkey), hex(input.message))).toString("hex")}`;
    if (output === null) assert.throws(sign, { code: "INVALID_ARGUMENT" }, name);
    else assert.equal(sign(), output, name);
  }
  for (const { name, input, output } of suite.verify) {
    ++cases;
    const { pubkey, message, signature } = input;
    assert.equal(
      yes(() => signatures.verify(hex(pubkey), hex(message), hex(signature))), output, name);
  }
  for (const { name, input, output } of suite.fast_aggregate_verify) {
    ++cases;
    assert.equal(yes(() => signatures.verifyAggregate(
      input.pubkeys.map(hex), hex(input.message), hex(input.signature))), output, name);
  }
  for (const { name, input, output } of suite.aggregate) {
    ++cases;
    const aggregate = () => Buffer.from(signatures.aggregate(input.map(hex))).toString("hex");
    if (output === null) assert.throws(aggregate, MoteError, name);
    else assert.equal(`0x${aggregate()}`, output, name);
  }
  for (const { name, input, output } of suite.batch_verify) {
    ++cases;
    const batch = input.pubkeys.map((publicKey, i) => ({
      publicKey: hex(publicKey),
      message: hex(input.messages[i]),
      signature: hex(input.signatures[i]),
    }));
    assert.equal(yes(() => signatures.verifyBatch(batch)), output, name);
  }
  assert.ok(cases >= 50, `${cases}`);
});

test("points that do not decode are malformed, and say why", () => {
  const secret = seeded("secret of decode");
  secret[0] = 1;
  const key = signatures.publicKey(secret);
  const signature = signatures.sign(secret, Buffer.from("m"));
  let malformed = 0;
  for (const { name, input, output } of suite.deserialization_G1) {
    const bytes = hex(input.pubkey);
    if (bytes.length !== 48 || output || bytes[0] === 0xc0) continue;
    ++malformed;
    assert.throws(() => signatures.verify(bytes, Buffer.from("m"), signature), (error) =>
      error instanceof MalformedError && error.verdict.field === "public key" &&
      error.verdict.reason !== "" && error.verdict.codes.reason !== 0, name);
  }
  for (const { name, input, output } of suite.deserialization_G2) {
    const bytes = hex(input.signature);
    if (bytes.length !== 96 || output) continue;
    ++malformed;
    assert.throws(() => signatures.verify(key, Buffer.from("m"), bytes), (error) =>
      error instanceof MalformedError && error.verdict.field === "signature", name);
  }
  assert.ok(malformed >= 12, `${malformed}`);
  const list = [signature, Buffer.alloc(96), signature];
  assert.throws(() => signatures.aggregate(list), (error) => error.verdict.index === 1);
  const infinity = Buffer.alloc(48);
  infinity[0] = 0xc0;
  assert.throws(() => signatures.verify(infinity, Buffer.from("m"), signature),
    { message: /point at infinity/ });
});

test("keys of EIP-2333", () => {
  const { cases } = read("bls/eip2333.json");
  assert.ok(cases.length >= 4);
  const decimalOrHex = (text) => BigInt(text).toString(16).padStart(64, "0");
  for (const entry of cases) {
    const master = signatures.deriveMasterKey(hex(entry.seed));
    assert.equal(Buffer.from(master).toString("hex"), decimalOrHex(entry.master_SK));
    const child = signatures.deriveChildKey(master, entry.child_index);
    assert.equal(Buffer.from(child).toString("hex"), decimalOrHex(entry.child_SK));
  }
  assert.throws(() => signatures.deriveMasterKey(new Uint8Array(31)), { code: "INVALID_ARGUMENT" });
});

test("@noble/curves and @chainsafe/blst sign and verify the same, in both directions", () => {
  const long = bls12_381.longSignatures;
  const dst = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
  const points = [];
  const keys = [];
  const common = seeded("common message");
  for (let i = 0; i < 12; ++i) {
    const secret = signatures.deriveMasterKey(seeded(`seed ${i}`));
    const message = seeded(`message ${i}`, (i * 37) % 200);
    const key = signatures.publicKey(secret);
    const signature = signatures.sign(secret, message);
    const theirs = blst.SecretKey.fromBytes(secret);
    assert.deepEqual(Buffer.from(theirs.toPublicKey().toBytes()), Buffer.from(key));
    assert.deepEqual(Buffer.from(theirs.sign(message).toBytes()), Buffer.from(signature));
    assert.deepEqual(Buffer.from(long.getPublicKey(secret).toBytes(true)), Buffer.from(key));
    const hashed = long.hash(message, dst);
    assert.deepEqual(
      Buffer.from(long.Signature.toBytes(long.sign(hashed, secret))), Buffer.from(signature));
    assert.ok(signatures.verify(key, message, signature));
    assert.ok(blst.verify(message, blst.PublicKey.fromBytes(key), blst.Signature.fromBytes(signature)));
    if (i < 4) assert.ok(long.verify(signature, hashed, key));
    // One bit off in the message: nobody accepts.
    const other = Buffer.concat([message, Buffer.from([i])]);
    assert.equal(signatures.verify(key, other, signature), false);
    assert.equal(
      blst.verify(other, blst.PublicKey.fromBytes(key), blst.Signature.fromBytes(signature)), false);
    keys.push(key);
    points.push(signatures.sign(secret, common));
  }
  const sum = signatures.aggregate(points);
  assert.deepEqual(
    Buffer.from(blst.aggregateSignatures(points.map((p) => blst.Signature.fromBytes(p))).toBytes()),
    Buffer.from(sum));
  assert.deepEqual(
    Buffer.from(long.Signature.toBytes(long.aggregateSignatures(points))), Buffer.from(sum));
  assert.ok(signatures.verifyAggregate(keys, common, sum));
  assert.ok(blst.fastAggregateVerify(
    common, keys.map((k) => blst.PublicKey.fromBytes(k)), blst.Signature.fromBytes(sum)));
  assert.equal(signatures.verifyAggregate(keys.slice(1), common, sum), false);
});

test("encodings that were changed are refused by all three", () => {
  const secret = signatures.deriveMasterKey(seeded("changed"));
  const key = Buffer.from(signatures.publicKey(secret));
  const message = Buffer.from("message");
  const signature = Buffer.from(signatures.sign(secret, message));
  const refuses = (body) => {
    try {
      return body() === false;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      return true;
    }
  };
  for (let i = 0; i < 24; ++i) {
    const changed = Buffer.from(i % 2 === 0 ? key : signature);
    changed[(i * 5) % changed.length] ^= 1 << (i % 8);
    const [k, s] = i % 2 === 0 ? [changed, signature] : [key, changed];
    assert.ok(refuses(() => signatures.verify(k, message, s)), `ours ${i}`);
    assert.ok(refuses(() => blst.verify(
      message, blst.PublicKey.fromBytes(k, true), blst.Signature.fromBytes(s, true))), `blst ${i}`);
    if (i < 6) {
      assert.ok(refuses(() => bls12_381.longSignatures.verify(
        s, bls12_381.longSignatures.hash(message, "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"), k,
      )), `noble ${i}`);
    }
  }
});

test("possession", () => {
  const secret = signatures.deriveMasterKey(seeded("possession"));
  const key = signatures.publicKey(secret);
  const proof = signatures.provePossession(secret);
  assert.ok(signatures.verifyPossession(key, proof));
  assert.equal(signatures.verifyPossession(key, signatures.sign(secret, key)), false);
});

const sourceOf = (c) => ({
  members: c.members.map((m) => ({ validatorId: m.validator_id, publicKey: hex(m.pk), seats: m.seats })),
  commitment: c.commitment,
});

test("certificates of the chain", () => {
  const counts = { true: 0, false: 0, malformed: 0 };
  for (const c of certificates.committees) {
    const source = sourceOf(c);
    const committee = signatures.openCommittee(source);
    for (const { what, follower, member_form: expected } of c.certs) {
      if (expected === null) continue;
      // The vectors change the chain by changing the digest that was signed.
      const bytes = certificateBytes(follower.cert);
      const { kind, epoch, view_or_height: viewOrHeight, zone, subject, signers, sig } = follower.cert;
      assert.deepEqual(Buffer.from(encodeCertificate({
        kind: ["notarize", "nullify", "finalize", "avail", "valid", "ckpt"][kind - 1],
        epoch: BigInt(epoch), viewOrHeight: BigInt(viewOrHeight), zone,
        ...(subject === "" ? {} : { subject }), signers: hex(signers), signature: hex(sig),
      })), bytes, what);
      let accepted = false;
      try {
        const verdict = committee.verifyCertificate(certificates.chain_id, bytes);
        ({ accepted } = verdict);
        assert.equal(verdict.fault === "", accepted);
        assert.equal(verdict.epoch, BigInt(follower.cert.epoch), what);
        assert.equal(verdict.subject, follower.cert.subject || "00".repeat(32), what);
        assert.equal(committee.verifyCertificate("11".repeat(32), bytes).accepted, false);
        if (what === "below quorum") assert.equal(verdict.fault, "quorum");
      } catch (error) {
        assert.ok(error instanceof MalformedError, `${what}: ${error}`);
        ++counts.malformed;
      }
      assert.equal(accepted, expected, `${c.name}: ${what}`);
      ++counts[expected];
    }
    assert.throws(() => signatures.openCommittee({ ...source, commitment: "00".repeat(32) }),
      RejectedError);
    const fewer = { ...source, members: source.members.slice(1) };
    assert.throws(() => signatures.openCommittee(fewer), MoteError);
    if (source.members.length > 1) {
      const turned = { ...source, members: [...source.members].reverse() };
      assert.throws(() => signatures.openCommittee(turned), MalformedError);
    }
    committee.close();
    committee.close();
    assert.throws(() => committee.verifyCertificate(certificates.chain_id, new Uint8Array(151)),
      ClosedError);
  }
  assert.ok(counts.true >= 18 && counts.false >= 14, JSON.stringify(counts));
});

test("a committee of 2,048 seats, and times, not asserted", (t) => {
  const count = 2048;
  const chain = certificates.chain_id;
  const median = (times) => times.sort((a, b) => a - b)[times.length >> 1].toFixed(2);
  const clock = (rounds, body) => Array.from({ length: rounds }, () => {
    const begun = performance.now();
    body();
    return performance.now() - begun;
  });
  const secrets = Array.from({ length: count }, (_, i) => {
    const secret = seeded(`member ${i}`);
    secret[0] = 0;
    return secret;
  });
  const keys = secrets.map((secret) => blst.SecretKey.fromBytes(secret).toPublicKey());
  const publicKeys = keys.map((key) => Buffer.from(key.toBytes()));
  const commitment = commitmentOf(publicKeys, Buffer.from(blst.aggregatePublicKeys(keys).toBytes()));
  const members = publicKeys.map((publicKey, validatorId) => ({ validatorId, publicKey, seats: 1 }));
  let committee;
  const [opened] = clock(1, () => (committee = signatures.openCommittee({ members, commitment })));
  // Just above the quorum: more keys than those of a third are never added or taken away.
  const voters = members.filter((_, i) => i % 3 !== 1 || i < 6);
  const signers = Buffer.alloc(count / 8);
  for (const { validatorId } of voters) signers[validatorId >> 3] |= 1 << (validatorId & 7);
  const fields = { kind: 1, epoch: 8, view_or_height: 21, zone: 0, subject: "ce".repeat(32) };
  const digest = rootVoteDigest(chain, {
    kind: "notarize", epoch: fields.epoch, view: fields.view_or_height, block: fields.subject,
  });
  const sum = blst.aggregateSignatures(
    voters.map(({ validatorId }) => blst.SecretKey.fromBytes(secrets[validatorId]).sign(digest)));
  const bytes = certificateBytes({
    ...fields, signers: signers.toString("hex"), sig: Buffer.from(sum.toBytes()).toString("hex"),
  });
  const certificate = clock(30, () => assert.ok(committee.verifyCertificate(chain, bytes).accepted));
  const other = Buffer.from(bytes);
  other[55] ^= 1; // a seat less or more
  assert.equal(committee.verifyCertificate(chain, other).accepted, false);
  const signature = signatures.sign(secrets[1], digest);
  const sign = clock(30, () => signatures.sign(secrets[1], digest));
  const verify = clock(30, () => assert.ok(signatures.verify(publicKeys[1], digest, signature)));
  t.diagnostic(`medians: sign ${median(sign)} ms, verify with both points decoded ${median(verify)} ms, ` +
    `certificate of ${voters.length} of ${count} ${median(certificate)} ms, ` +
    `committee opened in ${opened.toFixed(0)} ms, memory ${signatures.memoryBytes} bytes`);
  committee.close();
});

test("every byte of a certificate counts", () => {
  const [c] = certificates.committees;
  const committee = signatures.openCommittee(sourceOf(c));
  const bytes = certificateBytes(c.certs[0].follower.cert);
  const accepted = (candidate) => yes(
    () => committee.verifyCertificate(certificates.chain_id, candidate).accepted);
  assert.ok(accepted(bytes));
  for (let i = 0; i < bytes.length; i += i < 56 ? 1 : 7) {
    const changed = Buffer.from(bytes);
    changed[i] ^= 1;
    assert.ok(!accepted(changed), `${i}`);
  }
  assert.ok(!accepted(bytes.subarray(1)) && !accepted(Buffer.concat([bytes, bytes])));
  committee.close();
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
  t.diagnostic(`mote-signatures.wasm: ${wasm.length} bytes, ${packed} with brotli`);
  assert.ok(wasm.length <= 170_000, `${wasm.length} bytes`);
  assert.ok(packed <= 75_000, `${packed} bytes with brotli`);
});

test("no memory is lost, and values of other types and sizes are refused", () => {
  const secret = signatures.deriveMasterKey(seeded("misuse"));
  const key = signatures.publicKey(secret);
  const signature = signatures.sign(secret, key);
  signatures.verify(key, key, signature);
  const before = signatures.memoryBytes;
  for (let i = 0; i < 50; ++i) {
    assert.throws(() => signatures.aggregate([signature, Buffer.alloc(96)]), MalformedError);
    signatures.sign(secret, Buffer.alloc(1000));
  }
  assert.equal(signatures.memoryBytes, before);
  assert.throws(() => signatures.sign(Buffer.alloc(32), key), { code: "INVALID_ARGUMENT" });
  assert.throws(() => signatures.sign(Buffer.alloc(32, 255), key), { code: "INVALID_ARGUMENT" });
  for (const call of [
    () => signatures.publicKey(new Uint8Array(31)), () => signatures.publicKey("aa"),
    () => signatures.sign(secret), () => signatures.verify(key, key, new Uint8Array(95)),
    () => signatures.verify(key.slice(1), key, signature), () => signatures.verifyBatch(7),
    () => signatures.verifyBatch([null]), () => signatures.aggregate(signature),
    () => signatures.openCommittee(null), () => signatures.deriveChildKey(secret, -1.5),
    () => signatures.openCommittee({ members: [null], commitment: "00".repeat(32) }),
    () => signatures.openCommittee({ members: [], commitment: "00" }),
  ]) {
    assert.throws(call, TypeError, String(call));
  }
  assert.throws(() => signatures.deriveChildKey(secret, 2 ** 32), RangeError);
  assert.throws(() => signatures.aggregate([]), { code: "INVALID_ARGUMENT" });
  assert.equal(signatures.verifyAggregate([], key, signature), false);
  assert.equal(signatures.verifyBatch([]), true);
});

test("the code of README.md runs", async () => {
  const [c] = certificates.committees;
  const { cert } = c.certs[0].follower;
  const said = await readmeCode("Signatures and certificates")({
    loadSignatures, ...sourceOf(c), chainId: certificates.chain_id, bytes: certificateBytes(cert),
  }, "{ accepted, fault, kind, subject }");
  assert.deepEqual(said, { accepted: true, fault: "", kind: "notarize", subject: cert.subject });
});
