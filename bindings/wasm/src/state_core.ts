// Proofs of the state in one instance of mote-state.wasm: synchronous calls of mote_state.h, which take
// microseconds.
import { copyDigest, viewBytes } from "./bytes.js";
import { ClosedError, MalformedError, MoteError, RejectedError } from "./errors.js";
import {
  align, instantiate, u64, type Instance, type ModuleExports, type Scope as ScopeOf,
} from "./instance.js";
import { status as statusCodes } from "./layout.js";
import * as layout from "./state_layout.js";
import type {
  BlockFault,
  BlockVerdict,
  Operation,
  StateAnswer,
  StateOptions,
  TrustedRoot,
} from "./state_types.js";
import type { Bytes, Verdict } from "./verdict.js";

/** What the module exports: mote_state.h. */
interface Exports extends ModuleExports {
  mote_wasm_state_version(): number;
  mote_state_fault_text(fault: number): number;
  mote_state_proof_size(size: number, proofBytes: number): number;
  mote_state_proof_open: Open;
  mote_state_witness_open: Open;
  mote_state_lookup(
    answer: number, value: number, proof: number, key: number, keyBytes: number,
  ): number;
  mote_state_lookup_after(
    answer: number, value: number, proof: number, key: number, keyBytes: number, height: bigint,
  ): number;
  mote_state_apply_size(size: number, witness: number, count: number): number;
  mote_state_apply(
    root: number, verdict: number, memory: number, memoryBytes: number, witness: number,
    height: bigint, operations: number, count: number,
  ): number;
}
type Open = (
  out: number, verdict: number, memory: number, memoryBytes: number, root: number, height: bigint,
  proof: number, proofBytes: number,
) => number;
type Scope = ScopeOf<Exports>;

const answers = ["unproven", "present", "absent"] as const;

/** An opened proof: everything in it is under the root. `close()` gives its memory back. */
export class StateProof {
  /** @internal */
  protected readonly instance: Instance<Exports>;
  private memory: number;
  private object: number;

  /** @internal */
  constructor(
    instance: Instance<Exports>, kind: "proof" | "witness", trusted: TrustedRoot, bytes: Bytes,
  ) {
    if (typeof trusted !== "object" || trusted === null) {
      throw new TypeError("trusted must be an object");
    }
    const root = copyDigest(trusted.root, "root");
    const height = trusted.height === undefined ? layout.noHeight : below(trusted.height, "height");
    const proof = viewBytes(bytes, kind);
    this.instance = instance;
    [this.memory, this.object] = instance.run((scope) => {
      const e = scope.exports;
      const out = scope.alloc(8);
      scope.demand(e.mote_state_proof_size(out, proof.length));
      const size = scope.view().getUint32(out, true);
      const rootAt = scope.put(root);
      const proofAt = scope.put(proof);
      const verdict = scope.struct(layout.verdict.size);
      const memory = scope.allocKept(size);
      let kept = false;
      try {
        const open = kind === "proof" ? e.mote_state_proof_open : e.mote_state_witness_open;
        const status = open(
          out, verdict, align(memory), size, rootAt, height, proofAt, proof.length,
        );
        demand(scope, status, verdict, kind);
        const object = scope.view().getUint32(out, true);
        if (object === 0) throw new RejectedError(readVerdict(scope, verdict, kind));
        kept = true;
        return [memory, object];
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) kept = true; // nothing is called any more
        throw error;
      } finally {
        if (!kept) e.free(memory);
      }
    });
  }

  /** Says what the proof shows about a key of 1 to 255 bytes, in the state of the root. */
  lookup(key: Bytes): StateAnswer {
    return this.ask(key, null);
  }

  /** The same for the state after the block of a height up to the root's, which must be known. */
  lookupAfter(key: Bytes, height: bigint): StateAnswer {
    return this.ask(key, below(height, "height"));
  }

  /** Gives its memory back. Closing twice does nothing. */
  close(): void {
    if (this.memory !== 0) this.instance.free(this.memory);
    this.memory = this.object = 0;
  }

  /** @internal */
  protected pointer(): number {
    if (this.object === 0) throw new ClosedError("this proof");
    return this.object;
  }

  private ask(key: Bytes, height: bigint | null): StateAnswer {
    const bytes = viewBytes(key, "key");
    const proof = this.pointer();
    return this.instance.run((scope) => {
      const e = scope.exports;
      const out = scope.alloc(4);
      const value = scope.alloc(layout.span.size);
      const keyAt = scope.put(bytes);
      scope.demand(
        height === null
          ? e.mote_state_lookup(out, value, proof, keyAt, bytes.length)
          : e.mote_state_lookup_after(out, value, proof, keyAt, bytes.length, height),
      );
      const view = scope.view();
      const answer = answers[view.getUint32(out, true)];
      if (answer === undefined) {
        throw new MoteError("FAILED", "mote-state.wasm answers with an unknown code");
      }
      if (answer !== "present") return { answer, value: null };
      const at = view.getUint32(value + layout.span.data, true);
      return { answer, value: scope.bytes(at, view.getUint32(value + layout.span.bytes, true)).slice() };
    });
  }
}

/** What a block needs of the state before it, under the root before it. */
export class StateWitness extends StateProof {
  /**
   * Computes the state root after a block; the witness stays as it is. `height` is above that of the
   * root. Of several operations on one key the last counts. A void block is a `MalformedError`, whose
   * `verdict.index` is the operation to blame.
   */
  apply(height: bigint, operations: readonly Operation[]): BlockVerdict {
    const at = below(height, "height");
    if (!Array.isArray(operations)) throw new TypeError("operations must be an array");
    const writes = (operations as readonly Operation[]).map((operation, i) => {
      if (typeof operation !== "object" || operation === null) {
        throw new TypeError(`operations[${i}] must be an object`);
      }
      const { key, value } = operation;
      return {
        key: viewBytes(key, `operations[${i}].key`),
        value: value === null ? null : viewBytes(value, `operations[${i}].value`),
      };
    });
    const witness = this.pointer();
    return this.instance.run((scope) => {
      const e = scope.exports;
      const out = scope.alloc(layout.rootBytes);
      scope.demand(e.mote_state_apply_size(out, witness, writes.length));
      const size = scope.view().getUint32(out, true);
      const list = scope.alloc(layout.operation.size * writes.length);
      const total = writes.reduce((sum, w) => sum + w.key.length + (w.value?.length ?? 0), 0);
      let content = scope.alloc(total);
      const memory = scope.alloc(size);
      const verdict = scope.struct(layout.verdict.size);
      const view = scope.view();
      const put = (bytes: Uint8Array | null): [number, number] => {
        if (bytes === null || bytes.length === 0) return [0, 0];
        const place = content;
        scope.bytes(place, bytes.length).set(bytes);
        content += bytes.length;
        return [place, bytes.length];
      };
      writes.forEach((write, i) => {
        const entry = list + layout.operation.size * i;
        const [key, keyBytes] = put(write.key);
        const [value, valueBytes] = put(write.value);
        view.setUint32(entry + layout.operation.key, key, true);
        view.setUint32(entry + layout.operation.keyBytes, keyBytes, true);
        view.setUint32(entry + layout.operation.value, value, true);
        view.setUint32(entry + layout.operation.valueBytes, valueBytes, true);
        view.setUint32(entry + layout.operation.erase, write.value === null ? 1 : 0, true);
      });
      const status = e.mote_state_apply(
        out, verdict, memory, size, witness, at, list, writes.length,
      );
      demand(scope, status, verdict, "block");
      const { accepted, reason } = readVerdict(scope, verdict, "block");
      if (accepted) return { accepted, fault: "", root: scope.hex(out) };
      return { accepted, fault: reason as Exclude<BlockFault, "">, root: null };
    });
  }
}

/** One instance of mote-state.wasm. */
export class State {
  private readonly instance: Instance<Exports>;

  private constructor(instance: Instance<Exports>) {
    this.instance = instance;
  }

  /** @internal */
  static async load(
    options: StateOptions, load: () => Promise<WebAssembly.Module>,
  ): Promise<State> {
    return new State(
      await instantiate<Exports>("mote-state.wasm", options.wasm, load, (exports) =>
        exports.mote_wasm_state_version(),
      ),
    );
  }

  /**
   * Checks that everything in a proof is under a root the caller trusts. Throws `MalformedError` for
   * bytes that do not parse (`verdict` has the reason and the offset), `RejectedError` for a proof that
   * leads to another root.
   */
  openProof(trusted: TrustedRoot, proof: Bytes): StateProof {
    return new StateProof(this.instance, "proof", trusted, proof);
  }

  /** The same for a witness, against the root before its block. */
  openWitness(trusted: TrustedRoot, witness: Bytes): StateWitness {
    return new StateWitness(this.instance, "witness", trusted, witness);
  }

  /** Bytes the instance holds at the moment. It grows and never shrinks. */
  get memoryBytes(): number {
    return this.instance.exports.memory.buffer.byteLength;
  }
}

function readVerdict(scope: Scope, at: number, stage: string): Verdict {
  const view = scope.view();
  const fault = view.getUint32(at + layout.verdict.fault, true);
  const accepted = view.getUint32(at + layout.verdict.accepted, true) === 1;
  return {
    accepted,
    stage: accepted ? "" : stage,
    reason: fault === 0 ? "" : scope.text(scope.exports.mote_state_fault_text(fault)),
    field: "",
    index: view.getUint32(at + layout.verdict.operation, true),
    offset: Number(view.getBigUint64(at + layout.verdict.offset, true)),
    codes: { stage: 0, reason: fault, field: 0 },
  };
}

function demand(scope: Scope, status: number, verdict: number, stage: string): void {
  if (status === statusCodes.malformed) throw new MalformedError(readVerdict(scope, verdict, stage));
  scope.demand(status);
}

/** A height: the largest number means that there is none. */
function below(value: unknown, what: string): bigint {
  const height = u64(value, what);
  if (height === layout.noHeight) throw new RangeError(`${what} must be below 2^64 - 1`);
  return height;
}
