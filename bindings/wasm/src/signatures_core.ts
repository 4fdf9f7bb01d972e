// BLS signatures in one instance of mote-signatures.wasm: synchronous calls, which take milliseconds.
import { copyDigest, viewBytes } from "./bytes.js";
import { Committee, encodeMembers, type CommitteeSource } from "./committee.js";
import { MoteError } from "./errors.js";
import { integer } from "./instance.js";
import { status as statusCodes } from "./layout.js";
import {
  openSignatures, readAnswer, sized, type Exports, type Scope, type SignaturesInstance,
} from "./signatures_calls.js";
import * as layout from "./signatures_layout.js";
import type { Signed, SignaturesOptions } from "./signatures_types.js";
import type { Bytes } from "./verdict.js";

/** Fills bytes from the system's source of entropy. */
export type Random = (bytes: Uint8Array) => void;

type Secrets = Pick<Exports, "mote_wasm_public_key" | "mote_wasm_prove_possession">;

/** One instance of mote-signatures.wasm. */
export class Signatures {
  private readonly instance: SignaturesInstance;
  private readonly random: Random;

  private constructor(instance: SignaturesInstance, random: Random) {
    this.instance = instance;
    this.random = random;
  }

  /** @internal */
  static async load(
    options: SignaturesOptions, load: () => Promise<WebAssembly.Module>, random: Random,
  ): Promise<Signatures> {
    return new Signatures(await openSignatures(options.wasm, load), random);
  }

  /** The secret key of a seed of 32 random bytes or more (EIP-2333, derive_master_SK). */
  deriveMasterKey(seed: Bytes): Uint8Array {
    const bytes = viewBytes(seed, "seed");
    return this.withSecrets([bytes], layout.secretKeyBytes, (e, out, at) =>
      e.mote_wasm_derive_master(out, at, bytes.length),
    );
  }

  /** A child of a secret key (EIP-2333, derive_child_SK). */
  deriveChildKey(parent: Bytes, index: number): Uint8Array {
    const number = integer(index, 0xffffffff, "index");
    return this.withSecrets([secretOf(parent, "parent")], layout.secretKeyBytes, (e, out, at) =>
      e.mote_wasm_derive_child(out, at, number),
    );
  }

  /** The public key of a secret one: 48 bytes. */
  publicKey(secretKey: Bytes): Uint8Array {
    return this.ofSecret("mote_wasm_public_key", secretKey, layout.publicKeyBytes);
  }

  /** Shows that somebody holds the secret: what a key is registered with. */
  provePossession(secretKey: Bytes): Uint8Array {
    return this.ofSecret("mote_wasm_prove_possession", secretKey, layout.signatureBytes);
  }

  /**
   * Signs any message, remembering nothing. Not for votes: a validator's key belongs to a voter
   * (`mote-validator/voter`), which knows what it signed.
   */
  sign(secretKey: Bytes, message: Bytes): Uint8Array {
    const text = viewBytes(message, "message");
    return this.withSecrets(
      [secretOf(secretKey, "secretKey"), text], layout.signatureBytes,
      (e, out, secret, at) => e.mote_wasm_sign(out, secret, at, text.length),
    );
  }

  /** Whether `signature` is that of `message`. Throws `MalformedError` if one of the points is none. */
  verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
    const key = sized(publicKey, layout.publicKeyBytes, "publicKey");
    const text = viewBytes(message, "message");
    const point = sized(signature, layout.signatureBytes, "signature");
    return this.ask((scope, answer) =>
      scope.exports.mote_wasm_verify(
        answer, scope.put(key), scope.put(text), text.length, scope.put(point),
      ),
    );
  }

  /** Whether `proof` shows that somebody holds the secret of a key: else it may not be added to others. */
  verifyPossession(publicKey: Bytes, proof: Bytes): boolean {
    const key = sized(publicKey, layout.publicKeyBytes, "publicKey");
    const point = sized(proof, layout.signatureBytes, "proof");
    return this.ask((scope, answer) =>
      scope.exports.mote_wasm_verify_possession(answer, scope.put(key), scope.put(point)),
    );
  }

  /** Adds signatures up. */
  aggregate(signatures: readonly Bytes[]): Uint8Array {
    const points = list(signatures, layout.signatureBytes, "signatures");
    return this.instance.run((scope) => {
      const out = scope.alloc(layout.signatureBytes);
      const answer = scope.alloc(layout.answer.size);
      const count = points.length / layout.signatureBytes;
      readAnswer(
        scope, scope.exports.mote_wasm_aggregate(out, answer, scope.put(points), count), answer,
      );
      return scope.bytes(out, layout.signatureBytes).slice();
    });
  }

  /**
   * Whether `signature` is the sum of everybody's signature of one message. Every key must have shown its
   * possession. No keys: no.
   */
  verifyAggregate(publicKeys: readonly Bytes[], message: Bytes, signature: Bytes): boolean {
    const keys = list(publicKeys, layout.publicKeyBytes, "publicKeys");
    const text = viewBytes(message, "message");
    const point = sized(signature, layout.signatureBytes, "signature");
    return this.ask((scope, answer) =>
      scope.exports.mote_wasm_verify_sum(
        answer, scope.put(keys), keys.length / layout.publicKeyBytes, scope.put(text), text.length,
        scope.put(point),
      ),
    );
  }

  /** Whether all signatures are good, in less time than one by one. Which is not, it does not say. */
  verifyBatch(batch: readonly Signed[]): boolean {
    if (!Array.isArray(batch)) throw new TypeError("batch must be an array");
    const entries = (batch as readonly Signed[]).map((entry, i) => {
      if (typeof entry !== "object" || entry === null) {
        throw new TypeError(`batch[${i}] must be an object`);
      }
      return {
        key: sized(entry.publicKey, layout.publicKeyBytes, `batch[${i}].publicKey`),
        message: viewBytes(entry.message, `batch[${i}].message`),
        signature: sized(entry.signature, layout.signatureBytes, `batch[${i}].signature`),
      };
    });
    return this.ask((scope, answer) => {
      const e = scope.exports;
      const lengths = Uint32Array.from(entries, (entry) => entry.message.length);
      const memory = scope.alloc(e.mote_wasm_batch_size());
      return e.mote_wasm_verify_batch(
        answer, memory,
        scope.put(concatenate(entries.map((entry) => entry.key))),
        scope.put(concatenate(entries.map((entry) => entry.message))),
        scope.put(new Uint8Array(lengths.buffer)),
        scope.put(concatenate(entries.map((entry) => entry.signature))),
        scope.put(factors(entries.length, this.random)),
        entries.length,
      );
    });
  }

  /**
   * Decodes a committee's keys. Throws `MalformedError` for a list that is none, `RejectedError` for one
   * with another commitment, or with a key that is none.
   */
  openCommittee(source: CommitteeSource): Committee {
    if (typeof source !== "object" || source === null) {
      throw new TypeError("source must be an object");
    }
    const commitment = copyDigest(source.commitment, "commitment");
    return new Committee(this.instance, encodeMembers(source.members), commitment);
  }

  /** Bytes the instance holds at the moment. It grows and never shrinks. */
  get memoryBytes(): number {
    return this.instance.exports.memory.buffer.byteLength;
  }

  private ofSecret(name: keyof Secrets, secretKey: Bytes, size: number): Uint8Array {
    return this.withSecrets([secretOf(secretKey, "secretKey")], size, (e, out, at) =>
      e[name](out, at),
    );
  }

  /** Makes bytes from secrets, and overwrites what the module's memory has of either. */
  private withSecrets(
    inputs: Uint8Array[], size: number,
    call: (e: Exports, out: number, first: number, second: number) => number,
  ): Uint8Array {
    return this.instance.run((scope) => {
      const out = scope.alloc(size);
      const places = inputs.map((bytes) => scope.put(bytes));
      try {
        const status = call(scope.exports, out, places[0] ?? 0, places[1] ?? 0);
        if (status === statusCodes.invalidArgument) {
          throw new MoteError("INVALID_ARGUMENT", "no secret key, or a seed of less than 32 bytes");
        }
        scope.demand(status);
        return scope.bytes(out, size).slice();
      } finally {
        places.forEach((at, i) => scope.bytes(at, inputs[i]?.length ?? 0).fill(0));
        scope.bytes(out, size).fill(0);
      }
    });
  }

  private ask(call: (scope: Scope, answer: number) => number): boolean {
    return this.instance.run((scope) => {
      const answer = scope.alloc(layout.answer.size);
      return readAnswer(scope, call(scope, answer), answer);
    });
  }
}

function secretOf(value: unknown, what: string): Uint8Array {
  return sized(value, layout.secretKeyBytes, what);
}

function list(values: readonly Bytes[], size: number, what: string): Uint8Array {
  if (!Array.isArray(values)) throw new TypeError(`${what} must be an array`);
  return concatenate((values as readonly Bytes[]).map((value, i) => sized(value, size, `${what}[${i}]`)));
}

function concatenate(arrays: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(arrays.reduce((sum, bytes) => sum + bytes.length, 0));
  let at = 0;
  for (const bytes of arrays) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

/** Factors of 64 bits that nobody could know before, none of them 0. */
function factors(count: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(count * 8);
  // Browsers give at most 65,536 bytes at once.
  for (let at = 0; at < bytes.length; at += 65536) random(bytes.subarray(at, at + 65536));
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 8) {
    if (view.getBigUint64(at, true) === 0n) view.setBigUint64(at, 1n, true);
  }
  return bytes;
}
