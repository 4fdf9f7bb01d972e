import type { Bytes } from "./verdict.js";

/** Where a module comes from besides the package's own file. */
export interface StateOptions {
  /** A compiled mote-state.wasm, or its bytes. */
  readonly wasm?: WebAssembly.Module | Bytes;
}

/** A state root that the caller trusts. */
export interface TrustedRoot {
  /** 32 bytes or 64 hex digits, of a header the caller trusts. */
  readonly root: Bytes | string;
  /** Of that header's block. Without it nothing can be asked about the past. */
  readonly height?: bigint;
}

/**
 * What a proof says about a key. `"unproven"`: this proof does not say, another one may; it is not a kind
 * of absent.
 */
export type StateAnswer =
  | { readonly answer: "present"; readonly value: Uint8Array }
  | { readonly answer: "absent" | "unproven"; readonly value: null };

/** A write of a block: a key and its new value, or `null` to delete it. */
export interface Operation {
  readonly key: Bytes;
  readonly value: Bytes | null;
}

/** Why a witness is not enough for a block; `""` is no fault. */
export type BlockFault = "" | "missing" | "sn_space";

/** What a witness says about a block. */
export type BlockVerdict =
  | {
      readonly accepted: true;
      readonly fault: "";
      /** The state root after the block, 64 hex digits. */
      readonly root: string;
    }
  | {
      readonly accepted: false;
      /** `"missing"`: the witness leaves something out. `"sn_space"`: a shard is full. */
      readonly fault: Exclude<BlockFault, "">;
      readonly root: null;
    };
