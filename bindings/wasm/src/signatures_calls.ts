// What mote-signatures.wasm exports, and how its answers become values and errors.
import { MalformedError, MoteError } from "./errors.js";
import { instantiate, type Instance, type ModuleExports, type Scope as ScopeOf } from "./instance.js";
import { status as statusCodes } from "./layout.js";
import * as layout from "./signatures_layout.js";
import type { CertificateInfo } from "./signatures_types.js";
import { viewBytes } from "./bytes.js";
import type { Bytes, Verdict } from "./verdict.js";

/** Pointers and sizes are numbers, 64-bit values bigints; what returns a number returns a status. */
export interface Exports extends ModuleExports {
  mote_wasm_signatures_version(): number;
  mote_reason_text(code: number): number;
  mote_wasm_derive_master(out: number, seed: number, bytes: number): number;
  mote_wasm_derive_child(out: number, parent: number, index: number): number;
  mote_wasm_public_key(out: number, secret: number): number;
  mote_wasm_sign(out: number, secret: number, message: number, bytes: number): number;
  mote_wasm_prove_possession(out: number, secret: number): number;
  mote_wasm_verify(
    answer: number, key: number, message: number, bytes: number, signature: number,
  ): number;
  mote_wasm_verify_possession(answer: number, key: number, proof: number): number;
  mote_wasm_verify_sum(
    answer: number, keys: number, count: number, message: number, bytes: number, signature: number,
  ): number;
  mote_wasm_batch_size(): number;
  mote_wasm_verify_batch(
    answer: number, memory: number, keys: number, messages: number, lengths: number,
    signatures: number, factors: number, count: number,
  ): number;
  mote_wasm_aggregate(out: number, answer: number, signatures: number, count: number): number;
  mote_wasm_committee_size(size: number, list: number, bytes: number): number;
  mote_wasm_committee_open(
    out: number, memory: number, memoryBytes: number, list: number, bytes: number,
    commitment: number,
  ): number;
  mote_wasm_committee_verify(
    out: number, committee: number, chain: number, certificate: number, bytes: number,
  ): number;
  mote_wasm_certificate_epoch(epoch: number, certificate: number, bytes: number): number;
  mote_wasm_voter_size(): number;
  mote_wasm_voter_prepare(memory: number, secret: number, chain: number): number;
  mote_wasm_voter_close(voter: number): void;
  mote_wasm_voter_names(voter: number, publicKey: number, name: number): void;
  mote_wasm_voter_first_record(voter: number, out: number, epoch: bigint, view: bigint): void;
  mote_wasm_voter_raise(voter: number, out: number, epoch: bigint, view: bigint): void;
  mote_wasm_voter_loaded(voter: number, out: number): void;
  /** Answers why the record is not usable, 0 if it is. */
  mote_wasm_voter_start(voter: number, out: number, slot0: number, slot1: number): number;
  mote_wasm_voter_started(voter: number, reserve: number, reserveViews: bigint): number;
  mote_wasm_voter_state(voter: number, out: number): void;
  mote_wasm_voter_genesis(voter: number, out: number): number;
  mote_wasm_voter_proposal(
    voter: number, out: number, epoch: bigint, view: bigint, block: number,
  ): number;
  mote_wasm_voter_timeout(voter: number, out: number, epoch: bigint, view: bigint): number;
  mote_wasm_voter_certificate(
    voter: number, out: number, committee: number, committeeEpoch: bigint, bytes: number,
    count: number, endsEpoch: number,
  ): number;
  mote_wasm_voter_repeat(voter: number, out: number): number;
  mote_wasm_voter_lease(voter: number, out: number, nonce: bigint): number;
  mote_wasm_voter_finds_clone(voter: number, nonce: bigint): number;
  mote_wasm_voter_stop(voter: number, out: number): number;
  mote_wasm_voter_retire(voter: number, out: number): number;
  mote_wasm_voter_flushed(voter: number, out: number, token: bigint): number;
  mote_wasm_voter_write_failed(voter: number): void;
  mote_wasm_voter_attest(
    voter: number, out: number, kind: number, epoch: bigint, zone: number, height: bigint,
    subject: number,
  ): number;
}
export type Scope = ScopeOf<Exports>;
export type SignaturesInstance = Instance<Exports>;

/** Makes an instance of the module. */
export function openSignatures(
  wasm: WebAssembly.Module | Bytes | undefined, load: () => Promise<WebAssembly.Module>,
): Promise<SignaturesInstance> {
  return instantiate<Exports>("mote-signatures.wasm", wasm, load, (exports) =>
    exports.mote_wasm_signatures_version(),
  );
}

const parts = ["", "public key", "signature"] as const;

/** Reads an answer; throws `MalformedError` if a key or a signature does not decode. */
export function readAnswer(scope: Scope, status: number, at: number): boolean {
  const view = scope.view();
  if (status === statusCodes.malformed) {
    const reason = view.getUint32(at + layout.answer.reason, true);
    throw new MalformedError(
      malformed(
        scope.text(scope.exports.mote_reason_text(reason)), reason,
        parts[view.getUint32(at + layout.answer.part, true)] ?? "",
        view.getUint32(at + layout.answer.index, true),
      ),
    );
  }
  scope.demand(status);
  return view.getUint32(at + layout.answer.accepted, true) === 1;
}

/** The verdict of bytes that do not parse. */
export function malformed(reason: string, code: number, field: string, index: number): Verdict {
  return {
    accepted: false, stage: "decode", reason, field, index, offset: 0,
    codes: { stage: 0, reason: code, field: 0 },
  };
}

/** The verdict of a certificate, or of a committee, that is not good. */
export function rejected(stage: string, reason: string, code: number): Verdict {
  return {
    accepted: false, stage, reason, field: "", index: 0, offset: 0,
    codes: { stage: 0, reason: code, field: 0 },
  };
}

/** One of a list of names, by its code. */
export function named<T extends string>(names: readonly T[], code: number): T {
  const name = names[code];
  if (name === undefined) {
    throw new MoteError("FAILED", "mote-signatures.wasm answers with an unknown code");
  }
  return name;
}

/** `value` of exactly `count` bytes. */
export function sized(value: unknown, count: number, what: string): Uint8Array {
  const bytes = viewBytes(value, what);
  if (bytes.length !== count) throw new TypeError(`${what} must be ${count} bytes, not ${bytes.length}`);
  return bytes;
}

/** What the module describes of a certificate. */
export function readCertificate(scope: Scope, at: number): CertificateInfo & { faultCode: number } {
  const view = scope.view();
  return {
    kind: named(layout.kinds, view.getUint32(at + layout.described.kind, true) - 1),
    epoch: view.getBigUint64(at + layout.described.epoch, true),
    viewOrHeight: view.getBigUint64(at + layout.described.viewOrHeight, true),
    zone: view.getUint32(at + layout.described.zone, true),
    subject: scope.hex(at + layout.described.subject),
    seats: view.getUint32(at + layout.described.seats, true),
    faultCode: view.getUint32(at + layout.described.fault, true),
  };
}
