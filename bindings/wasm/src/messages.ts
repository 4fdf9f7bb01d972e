// What goes between a validator and the place where its core runs.
import {
  ClosedError,
  MalformedError,
  MoteError,
  RecordLockedError,
  RecordUnusableError,
  RejectedError,
  StorageError,
  type MoteErrorCode,
} from "./errors.js";
import type { PublicIo, Verdict } from "./verdict.js";

/** Where a core comes from; without it the worker loads the file that lies beside it. */
export type WasmSource = WebAssembly.Module | ArrayBuffer;

/** A call. Byte arrays are the receiver's to keep. */
export type Request =
  | { op: "openKey"; bytes: Uint8Array; digest: Uint8Array; revision: string | null }
  | { op: "openSetup"; bytes: Uint8Array; digest: Uint8Array }
  | { op: "describeKey"; key: number }
  | { op: "close"; handle: number }
  | { op: "parts"; bytes: Uint8Array }
  | { op: "memory" }
  | {
      op: "verify";
      key: number;
      setup: number;
      io: PublicIo;
      proof: Uint8Array;
      trustedAdvice: Uint8Array | null;
    }
  | {
      op: "verifyBundle";
      bytes: Uint8Array;
      expectProgram: Uint8Array | null;
      expectSetup: Uint8Array | null;
    };

export type ToWorker =
  | { type: "start"; wasm: WasmSource | null }
  | { type: "call"; id: number; request: Request };

export type FromWorker =
  | { type: "ready" }
  | { type: "stage"; id: number; stage: string }
  | { type: "result"; id: number; value: unknown }
  | { type: "error"; id: number | null; error: WireError };

/** An error on its way between threads. */
export interface WireError {
  readonly code: MoteErrorCode;
  readonly message: string;
  readonly verdict: Verdict | null;
}

export function toWire(error: unknown): WireError {
  if (error instanceof MalformedError || error instanceof RejectedError) {
    return { code: error.code, message: error.message, verdict: error.verdict };
  }
  if (error instanceof MoteError) return { code: error.code, message: error.message, verdict: null };
  if (error instanceof RangeError) {
    return { code: "OUT_OF_MEMORY", message: error.message, verdict: null };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "FAILED", message: `the core failed: ${message}`, verdict: null };
}

export function fromWire({ code, message, verdict }: WireError): MoteError {
  if (code === "MALFORMED" && verdict !== null) return new MalformedError(verdict);
  if (code === "REJECTED" && verdict !== null) return new RejectedError(verdict);
  if (code === "CLOSED") return new ClosedError(message.replace(/ is closed$/, ""));
  if (code === "RECORD_LOCKED") return new RecordLockedError();
  if (code === "RECORD_UNUSABLE") return new RecordUnusableError(message);
  if (code === "STORAGE") return new StorageError(message);
  return new MoteError(code, message);
}
