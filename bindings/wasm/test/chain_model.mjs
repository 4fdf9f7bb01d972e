// Root votes, certificates and committees of one member, made from docs/formats/consensus.md with two other
// libraries: what the module is compared with. Node only.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageFolder, requireTool } from "./support.mjs";

const { blake3 } = await import(
  pathToFileURL(join(packageFolder, "node_modules/@noble/hashes/blake3.js")));
const blst = requireTool("@chainsafe/blst");

const derive = (context, ...parts) =>
  Buffer.from(blake3(Buffer.concat(parts), { context: Buffer.from(context) }));
const u16 = (x) => Buffer.from(Uint16Array.of(x).buffer);
const u32 = (x) => Buffer.from(Uint32Array.of(x).buffer);
const u64 = (x) => Buffer.from(BigUint64Array.of(BigInt(x)).buffer);
const hex = (text) => Buffer.from(text, "hex");

export const kinds = { notarize: 1, nullify: 2, finalize: 3, avail: 4, valid: 5, ckpt: 6 };

/** What a root vote signs. */
export function rootVoteDigest(chainId, { kind, epoch, view, block }) {
  return derive("mote root v1", hex(chainId), u64(epoch), u64(view),
    Buffer.from([kinds[kind] ?? kind]), hex(block));
}

export const attestationDigests = {
  avail: (chainId, a) => derive("mote avail v1", hex(chainId), u64(a.epoch), u32(a.zone),
    u64(a.height), hex(a.subject)),
  valid: (chainId, a) => derive("mote valid v1", hex(chainId), u64(a.epoch), hex(a.subject)),
  ckpt: (chainId, a) => derive("mote ckpt v1", hex(chainId), u64(a.period), u64(a.height),
    hex(a.subject)),
};

/** The last 32 bytes of a vote record. */
export const recordChecksum = (record) => derive("mote vote record v1", record.subarray(0, 128));

export const sign = (secret, digest) =>
  Buffer.from(blst.SecretKey.fromBytes(secret).sign(digest).toBytes());
export const verifies = (publicKey, digest, signature) =>
  blst.verify(digest, blst.PublicKey.fromBytes(publicKey), blst.Signature.fromBytes(signature));

/** The hashed layout of a certificate as the vectors give it. */
export function certificateBytes(c) {
  const signers = hex(c.signers);
  return Buffer.concat([Buffer.from([c.kind]), u64(c.epoch), u64(c.view_or_height), u32(c.zone),
    c.subject === "" ? Buffer.alloc(32) : hex(c.subject), u16(signers.length), signers, hex(c.sig)]);
}

/** The commitment to members of one seat each; a power of two of them. */
export function commitmentOf(publicKeys, sum) {
  let row = publicKeys.map((key, i) =>
    derive("mote merkle leaf v1", u32(i), key, u16(i), u16(1)));
  while (row.length > 1) {
    row = row.flatMap((left, i) =>
      i % 2 === 0 ? [derive("mote merkle node v1", left, row[i + 1])] : []);
  }
  const count = u32(publicKeys.length);
  return derive("mote committee v1", count, count, derive("mote merkle root v1", count, row[0]), sum);
}

/** A committee of one member with one seat, which signs whatever it is asked to. */
export function soloCommittee(secret) {
  const publicKey = Buffer.from(blst.SecretKey.fromBytes(secret).toPublicKey().toBytes());
  return {
    source: {
      members: [{ validatorId: 0, publicKey, seats: 1 }],
      commitment: commitmentOf([publicKey], publicKey),
    },
    certificate(chainId, { kind, epoch, view, block }) {
      const sig = sign(secret, rootVoteDigest(chainId, { kind, epoch, view, block }));
      return certificateBytes({
        kind: kinds[kind] ?? kind, epoch, view_or_height: view, zone: 0, subject: block,
        signers: "01", sig: sig.toString("hex"),
      });
    },
  };
}
