/** The answer about a proof, a key or a setup. */
export interface Verdict {
  /** True only if every check was made and every check held. */
  readonly accepted: boolean;
  /** Where it ended, such as "stage 3"; empty if accepted. */
  readonly stage: string;
  /** Why; empty if accepted. */
  readonly reason: string;
  /** Which part of the bytes, such as "proof.stage3_sumcheck[2]"; empty if it has none. */
  readonly field: string;
  /** Which element of that part, or which round. */
  readonly index: number;
  /** Byte of the bytes that were passed; 0 if the answer has no place in them. */
  readonly offset: number;
  /** Stable numbers of stage, reason and field, as in mote.h. */
  readonly codes: { readonly stage: number; readonly reason: number; readonly field: number };
}

/** How long a stage took. */
export interface StageTime {
  readonly stage: string;
  readonly milliseconds: number;
}

/** The verdict on a proof. */
export interface ProofVerdict extends Verdict {
  /** What was gone through, in order; the last one is where it ended. */
  readonly stages: readonly StageTime[];
}

/**
 * The verdict on a bundle, and what it says about itself. Trust these values only if `accepted`; they
 * are empty for a bundle of a kind that is not supported.
 */
export interface BundleVerdict extends ProofVerdict {
  /** Digest of the program key, 64 hex digits. */
  readonly programDigest: string;
  /** SHA-256 of the Dory setup, 64 hex digits. */
  readonly setupDigest: string;
  readonly inputs: Uint8Array;
  readonly outputs: Uint8Array;
  /** Whether the program ended in a panic. */
  readonly panic: boolean;
}

/** The twenty fields of the guest's memory map, in the order the proof system hashes them. */
export const memoryLayoutFields = [
  "programSize",
  "maxTrustedAdviceSize",
  "trustedAdviceStart",
  "trustedAdviceEnd",
  "maxUntrustedAdviceSize",
  "untrustedAdviceStart",
  "untrustedAdviceEnd",
  "maxInputSize",
  "maxOutputSize",
  "inputStart",
  "inputEnd",
  "outputStart",
  "outputEnd",
  "stackSize",
  "stackEnd",
  "heapSize",
  "heapEnd",
  "panic",
  "termination",
  "ioEnd",
] as const;
export type MemoryLayout = Readonly<Record<(typeof memoryLayoutFields)[number], bigint>>;

/** What the caller believes the program read and wrote. Trailing zero bytes of outputs mean nothing. */
export interface PublicIo {
  readonly inputs?: Bytes;
  readonly outputs?: Bytes;
  readonly panic?: boolean;
  /** Must equal the key's; without it the key's is taken. */
  readonly memoryLayout?: MemoryLayout;
}

/** Facts about a program key. */
export interface ProgramKeyInfo {
  /** Committed-program mode, or the full program. */
  readonly committed: boolean;
  /** 64 hex digits. */
  readonly digest: string;
  /** Padded cycles. */
  readonly maxTraceLength: bigint;
  readonly bytecodeLength: bigint;
  readonly imageWords: bigint;
  readonly entryAddress: bigint;
  readonly memoryLayout: MemoryLayout;
}

/** A bundle taken apart. Nothing in it is verified. */
export interface BundleParts {
  readonly key: Uint8Array;
  readonly setup: Uint8Array;
  readonly proof: Uint8Array;
  readonly trustedAdvice: Uint8Array | null;
  readonly io: Required<PublicIo>;
  /** As the bundle states it; opening the key recomputes it. */
  readonly keyDigest: Uint8Array;
  readonly setupDigest: Uint8Array;
}

/** Bytes as callers have them. They are copied, never changed and never transferred away. */
export type Bytes = ArrayBuffer | ArrayBufferView;
