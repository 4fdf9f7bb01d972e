import type { Bytes } from "./verdict.js";

/** Where a module comes from besides the package's own file. */
export interface SvidOptions {
  /** A compiled mote-svid.wasm, or its bytes. */
  readonly wasm?: WebAssembly.Module | Bytes;
}

/** The validators of an epoch that have stake, in the order of its list. */
export interface EpochInput {
  /** 32 bytes or 64 hex digits. */
  readonly seed: Bytes | string;
  /** None zero, their sum below 2^64. */
  readonly stakes: readonly bigint[];
  /** 48 bytes each, one after the other. Without them there are samples, but nobody's rows. */
  readonly publicKeys?: Bytes;
}

/** The shape of one dispersal. */
export interface SvidParams {
  readonly blockBytes: number;
  readonly rowBytes: number;
  /** k: so many rows rebuild the block. */
  readonly dataRows: number;
  readonly codeRows: number;
  /** N. */
  readonly rows: number;
  readonly zBytes: number;
}

/** Rows first, first + 1, ... modulo N. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
}

/** What the receiver knows before a byte arrives. */
export interface Expected {
  /** 32 bytes or 64 hex digits. */
  readonly chainId: Bytes | string;
  readonly zone: number;
  readonly height: bigint;
  readonly epoch: bigint;
  /** The root asked for: 32 bytes or 64 hex digits. */
  readonly svidRoot: Bytes | string;
  /** The chain's limit; without it that of every chain, 1 GiB. */
  readonly blockBytesMax?: bigint;
}

/** Which rows are asked for: those of a validator, a position in the list, or a sampler's. */
export type RowRequest = { readonly validator: number } | { readonly rows: readonly number[] };

/** Rows as one message has them. */
export interface RowMessage {
  readonly first: number;
  readonly count: number;
  /** One after the other. */
  readonly rows: Bytes;
  readonly dataPath?: Bytes;
  readonly parityPath?: Bytes;
}

/** A share that is complete. */
export interface Share {
  readonly header: Bytes;
  /** Without it none was received. */
  readonly z?: Bytes;
  readonly rows: readonly RowMessage[];
}

/** Steps 1 to 6 condemn what was received, step 7 the dispersal; `""` is no fault. */
export type Fault =
  | ""
  | "E_HEADER"
  | "E_PARAMS"
  | "E_COMMIT"
  | "E_Z"
  | "E_ROW_SHAPE"
  | "E_PATH"
  | "E_FINGERPRINT";

/** The answer about a share. */
export interface ShareVerdict {
  /**
   * `"provisional"`: every row asked for holds against a Z that no proof has bound to the block yet.
   * `"incomplete"`: nothing wrong, something missing.
   */
  readonly outcome: "incomplete" | "rejected" | "provisional";
  /** The failing step, or the last one finished. */
  readonly step: number;
  readonly fault: Fault;
  /** Of `E_FINGERPRINT`: the row that is not the code's; otherwise `null`. */
  readonly row: number | null;
}

/** What a header says. Nothing in it was checked. Digests are 64 hex digits. */
export interface SvidHeader {
  readonly zone: number;
  readonly height: bigint;
  readonly epoch: bigint;
  readonly blockBytes: number;
  readonly dataRows: number;
  readonly rows: number;
  readonly rowBytes: number;
  readonly chainId: string;
  readonly dataRoot: string;
  readonly parityRoot: string;
  readonly zDigest: string;
  readonly svidRoot: string;
  /** What the scheduled producer signs. */
  readonly announceDigest: string;
}

/** A row that a checker holds. */
export interface HeldRow {
  readonly number: number;
  readonly bytes: Bytes;
}

/**
 * `"insufficient"`: fewer than k rows. `"mismatch"`: they do not lead to the header's data root, nor
 * do they without any one of them.
 */
export type Reconstruction =
  | { readonly result: "rebuilt"; readonly block: Uint8Array }
  | { readonly result: "insufficient" | "mismatch"; readonly block: null };
