import type { Bytes } from "./verdict.js";

/** Where a module comes from besides the package's own file. */
export interface SignaturesOptions {
  /** A compiled mote-signatures.wasm, or its bytes. */
  readonly wasm?: WebAssembly.Module | Bytes;
}

/** What a committee's signatures are about. */
export type CertificateKind = "notarize" | "nullify" | "finalize" | "avail" | "valid" | "ckpt";

/** A member of a committee, as the chain has it. Members own seats one after another, from 0. */
export interface Member {
  readonly validatorId: number;
  /** 48 bytes. Its proof of possession was checked when it was registered. */
  readonly publicKey: Bytes;
  readonly seats: number;
}

/** What a certificate says. */
export interface CertificateInfo {
  readonly kind: CertificateKind;
  /** The period for `"ckpt"`. */
  readonly epoch: bigint;
  /** The view of notarize, nullify and finalize, otherwise a height. */
  readonly viewOrHeight: bigint;
  readonly zone: number;
  /** 64 hex digits of a block, header or statement; zeros for nullify. */
  readonly subject: string;
  /** Seats that signed. */
  readonly seats: number;
}

/** The fields of a certificate, as a peer's message has them. */
export interface CertificateFields {
  readonly kind: CertificateKind;
  readonly epoch: bigint;
  readonly viewOrHeight: bigint;
  /** 0 unless told otherwise. */
  readonly zone?: number;
  /** 32 bytes or 64 hex digits; none for nullify. */
  readonly subject?: Bytes | string;
  /** The bitmap of seats. */
  readonly signers: Bytes;
  /** 96 bytes. */
  readonly signature: Bytes;
}

/** Why a certificate does not count; `""` is no fault. */
export type CertificateFault =
  | "" | "kind" | "zone" | "subject" | "committee_size" | "bitmap_length" | "spare_bits" | "quorum"
  | "partial_member" | "signature";

/** The answer about a certificate, and what it says. */
export type CertificateVerdict = CertificateInfo &
  (
    | { readonly accepted: true; readonly fault: "" }
    | { readonly accepted: false; readonly fault: Exclude<CertificateFault, ""> }
  );

/** One signature of a batch. */
export interface Signed {
  readonly publicKey: Bytes;
  readonly message: Bytes;
  readonly signature: Bytes;
}
