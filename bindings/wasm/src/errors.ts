import type { Verdict } from "./verdict.js";

/** What kind of error it is, for programs that cannot use `instanceof` (several copies, other realms). */
export type MoteErrorCode =
  | "MALFORMED"
  | "REJECTED"
  | "INVALID_ARGUMENT"
  | "OUT_OF_MEMORY"
  | "LIMIT_EXCEEDED"
  | "UNSUPPORTED"
  | "CLOSED"
  | "RECORD_LOCKED"
  | "RECORD_UNUSABLE"
  | "STORAGE"
  | "FAILED";

/** Everything this package throws, but for `TypeError` on arguments of a wrong type and `AbortError`. */
export class MoteError extends Error {
  readonly code: MoteErrorCode;
  constructor(code: MoteErrorCode, message: string, options?: { cause?: unknown }) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    if (options?.cause !== undefined) Object.defineProperty(this, "cause", { value: options.cause });
  }
}

/** The bytes do not parse; `verdict` says which field, at which offset. Nothing was verified. */
export class MalformedError extends MoteError {
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super("MALFORMED", `malformed: ${describe(verdict)}`);
    this.verdict = verdict;
  }
}

/** The bytes parse, and the answer is no: another program, another setup, or a proof that does not hold. */
export class RejectedError extends MoteError {
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super("REJECTED", `rejected: ${describe(verdict)}`);
    this.verdict = verdict;
  }
}

/** A validator, key or setup was used after `close()`. */
export class ClosedError extends MoteError {
  constructor(what: string) {
    super("CLOSED", `${what} is closed`);
  }
}

/** Another tab, worker or process votes with this key. */
export class RecordLockedError extends MoteError {
  constructor() {
    super("RECORD_LOCKED", "another voter has the vote record of this key");
  }
}

/** The vote record is missing, unreadable or retired, or there is one where none may be: no votes. */
export class RecordUnusableError extends MoteError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("RECORD_UNUSABLE", message, options);
  }
}

/** The vote record may not be on the medium, or its lock is lost. The voter signs nothing any more. */
export class StorageError extends MoteError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("STORAGE", message, options);
  }
}

/** "stage 3: sumcheck round does not match, in proof.stage3_sumcheck[2], byte 1234". */
export function describe(verdict: Verdict): string {
  const where = verdict.field === "" ? "" : `, in ${verdict.field}`;
  const at = verdict.offset === 0 ? "" : `, byte ${verdict.offset}`;
  return `${verdict.stage}: ${verdict.reason}${where}${at}`;
}
