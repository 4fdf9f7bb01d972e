import type { CommitteeSource } from "./committee.js";
import type { RecordStore } from "./record_store.js";
import type { Bytes } from "./verdict.js";

/** Where a browser keeps the vote record. */
export type VoterStorage = "opfs" | "indexeddb";

/** Options of `createVoter`. */
export interface VoterOptions {
  /** 32 bytes. Copied; the caller's are the caller's to overwrite. */
  readonly secretKey: Bytes;
  /** Genesis hash of the chain: 32 bytes or 64 hex digits. */
  readonly chainId: Bytes | string;
  /**
   * `true` makes the record of a key that never signed anything on this chain, on no device, and fails if
   * there is a record. Register the key when `createVoter` has resolved. A lost record is a lost key: this
   * is no way to bring one back.
   */
  readonly neverVoted?: boolean;
  /**
   * What this key voted elsewhere: the text of an export, made when it was ended there. Makes the record, or
   * raises it; never lowers one.
   */
  readonly voteRecord?: string;
  /**
   * `"reserve"` (the default) flushes once for `reserveViews` views and is silent in them after a crash;
   * `"exact"` flushes before every vote and forgets nothing.
   */
  readonly mode?: "reserve" | "exact";
  /** 64 unless told otherwise. */
  readonly reserveViews?: number;
  /** `true` waits while another tab votes with this key; otherwise that is a `RecordLockedError`. */
  readonly wait?: boolean;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** One of the browser's stores instead of the one that has the record. */
  readonly storage?: VoterStorage;
  /** A store of your own; the voter runs on the calling thread then. Node needs one. */
  readonly store?: RecordStore;
  /** A compiled mote-signatures.wasm, or its bytes. */
  readonly wasm?: WebAssembly.Module | Bytes;
}

/** Options of every call. */
export interface VoterCallOptions {
  /** Ends the wait for an answer, not the vote: it may be recorded, and `repeat()` gives it. */
  readonly signal?: AbortSignal;
}

/** A vote and its signature, to be sent. */
export interface Vote {
  readonly kind: "notarize" | "nullify" | "finalize";
  readonly epoch: bigint;
  readonly view: bigint;
  /** 64 hex digits; zeros for nullify. */
  readonly block: string;
  /** 96 bytes. */
  readonly signature: Uint8Array;
}

/**
 * Why there is no vote. `"other_view"`: the voter stands in another one. `"already"`: it has voted otherwise
 * there, or may have. `"closed"`: stopped, retired, or a clone was found.
 */
export type Refusal = "" | "closed" | "busy" | "other_view" | "already" | "unknown_token";

/** What an event came to: a vote, a reason why not, or neither (a view was entered). */
export type Ballot =
  | { readonly refusal: ""; readonly vote: Vote | null }
  | { readonly refusal: Exclude<Refusal, "">; readonly vote: null };

/** Where a voter stands. `"used"`: perhaps voted, nobody knows what. */
export interface VoterState {
  readonly epoch: bigint;
  readonly view: bigint;
  readonly first: "none" | "notarize" | "used";
  readonly second: "none" | "nullify" | "finalize" | "used";
  readonly leaseNonce: bigint;
  /** Last view that the record reserves, or 0. */
  readonly reservedView: bigint;
  /** `false`: it signs nothing any more. */
  readonly open: boolean;
}

/** An attestation, which may be signed again at any time; its subject is what the caller checked. */
export type Attestation =
  | {
      readonly kind: "avail";
      readonly epoch: bigint;
      readonly zone: number;
      readonly height: bigint;
      /** Hash of the zone header. */
      readonly subject: Bytes | string;
    }
  | {
      readonly kind: "valid";
      readonly epoch: bigint;
      /** Hash of the statement. */
      readonly subject: Bytes | string;
    }
  | {
      readonly kind: "ckpt";
      readonly period: bigint;
      readonly height: bigint;
      /** Hash of the block. */
      readonly subject: Bytes | string;
    };

export type { CommitteeSource, RecordStore };
