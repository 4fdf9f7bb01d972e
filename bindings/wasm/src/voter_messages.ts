// What goes between a voter and the worker in which it runs.
import type { WasmSource, WireError } from "./messages.js";
import type { VoterStorage } from "./voter_types.js";

/** What a voter is made of, besides its store. Byte arrays are the receiver's to keep. */
export interface VoterConfig {
  readonly secret: Uint8Array;
  readonly chainId: Uint8Array;
  readonly neverVoted: boolean;
  /** An export of another store, to raise the record to. */
  readonly voteRecord: string | null;
  /** For an export: a retired record is good enough. */
  readonly exporting: boolean;
  readonly reserve: boolean;
  readonly reserveViews: bigint;
}

export type VoterRequest =
  | { op: "state" | "genesis" | "repeat" | "close" | "retire" }
  | { op: "notarize"; epoch: bigint; view: bigint; block: Uint8Array }
  | { op: "nullify"; epoch: bigint; view: bigint }
  | { op: "committee"; epoch: bigint; list: Uint8Array; commitment: Uint8Array }
  | { op: "certificate"; bytes: Uint8Array; endsEpoch: boolean }
  | { op: "lease" | "leaseSeen"; nonce: bigint }
  | {
      op: "attest"; kind: number; epoch: bigint; zone: number; height: bigint; subject: Uint8Array;
    };

/** What a voter is called. */
export interface VoterNames {
  readonly publicKey: Uint8Array;
  readonly keyName: string;
}

export type ToVoterWorker =
  | {
      type: "start"; config: VoterConfig; wait: boolean; storage: VoterStorage | "auto";
      wasm: WasmSource | null;
    }
  | { type: "call"; id: number; request: VoterRequest };

export type FromVoterWorker =
  | { type: "ready"; names: VoterNames }
  | { type: "result"; id: number; value: unknown }
  | { type: "error"; id: number | null; error: WireError };
