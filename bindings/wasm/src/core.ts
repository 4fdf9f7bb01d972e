// The core in one WebAssembly instance: synchronous calls of mote.h, its memory and its handles.
//
// Everything here runs on the thread that calls it. Objects of the core live in the instance's
// memory; a handle is a number that means nothing in another instance.
import {
  ClosedError,
  MalformedError,
  MoteError,
  RejectedError,
} from "./errors.js";
import * as layout from "./layout.js";
import {
  memoryLayoutFields,
  type BundleParts,
  type BundleVerdict,
  type MemoryLayout,
  type ProgramKeyInfo,
  type ProofVerdict,
  type PublicIo,
  type StageTime,
  type Verdict,
} from "./verdict.js";

/** What the module exports: mote.h, malloc and free. Pointers and sizes are numbers. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(bytes: number): number;
  free(pointer: number): void;
  mote_abi_version(): number;
  mote_arch_name(): number;
  mote_status_text(code: number): number;
  mote_stage_text(code: number): number;
  mote_reason_text(code: number): number;
  mote_field_text(code: number): number;
  mote_jolt_bundle_open(out: number, verdict: number, bundle: number, bytes: number): number;
  mote_jolt_key_size(size: number, verdict: number, key: number, bytes: number): number;
  mote_jolt_key_open(
    out: number, verdict: number, memory: number, memoryBytes: number, revision: number,
    key: number, bytes: number, digest: number,
  ): number;
  mote_jolt_key_describe(out: number, key: number): number;
  mote_dory_setup_size(size: number, verdict: number, setup: number, bytes: number): number;
  mote_dory_setup_open(
    out: number, verdict: number, memory: number, memoryBytes: number,
    setup: number, bytes: number, digest: number,
  ): number;
  mote_jolt_verify_size(size: number, key: number, setup: number): number;
  mote_wasm_verify(
    verdict: number, memory: number, memoryBytes: number, key: number, setup: number, io: number,
    proof: number, proofBytes: number, trustedAdvice: number,
  ): number;
}

type Opened = { kind: "key" | "setup"; memory: number; object: number };

/** Takes a stage's name when it begins. What it throws ends the instance. */
export type OnStage = (stage: string) => void;

export class Core {
  private readonly exports: Exports;
  private readonly opened = new Map<number, Opened>();
  private readonly stageNames = new Map<number, string>();
  private nextHandle = 1;
  private watcher: ((stage: number) => void) | null = null;

  private constructor(exports: Exports) {
    this.exports = exports;
  }

  /** Makes an instance of a compiled module. */
  static async instantiate(module: WebAssembly.Module): Promise<Core> {
    let core: Core | null = null;
    const imports = {
      mote: { on_stage: (stage: number): void => core?.watcher?.(stage) },
      // What the C library may ask for: nothing that could change an answer.
      env: { emscripten_notify_memory_growth: (): void => {} },
      wasi_snapshot_preview1: {
        proc_exit: (): never => {
          throw new MoteError("FAILED", "mote.wasm ended");
        },
      },
    };
    const instance = await WebAssembly.instantiate(module, imports);
    const exports = instance.exports as unknown as Exports;
    exports._initialize();
    if (exports.mote_abi_version() !== layout.abiVersion) {
      throw new MoteError("FAILED", "mote.wasm is of another version than its loader");
    }
    core = new Core(exports);
    return core;
  }

  /** Bytes the instance holds at the moment. It grows and never shrinks. */
  get memoryBytes(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /** The arithmetic in use; "portable" in WebAssembly. */
  get archName(): string {
    return this.text(this.exports.mote_arch_name());
  }

  /** Checks a program key and keeps it. */
  openKey(key: Uint8Array, digest: Uint8Array, revision: string | null): number {
    const name = revision === null ? null : new TextEncoder().encode(`${revision}\0`);
    return this.scoped((scope) =>
      this.keep(
        this.open(scope, "key", key, digest, name === null ? 0 : this.put(scope, name)),
      ),
    );
  }

  /** Checks a Dory setup and keeps it. */
  openSetup(setup: Uint8Array, digest: Uint8Array): number {
    return this.scoped((scope) => this.keep(this.open(scope, "setup", setup, digest, 0)));
  }

  describeKey(handle: number): ProgramKeyInfo {
    const key = this.get("key", handle).object;
    return this.scoped((scope) => {
      const out = this.struct(scope, layout.keyInfo.size);
      this.demand(this.exports.mote_jolt_key_describe(out, key));
      const view = this.view();
      return {
        committed: view.getUint32(out + layout.keyInfo.committed, true) === 1,
        digest: toHex(this.copy(out + layout.keyInfo.digest, layout.digestBytes)),
        maxTraceLength: view.getBigUint64(out + layout.keyInfo.maxTraceLength, true),
        bytecodeLength: view.getBigUint64(out + layout.keyInfo.bytecodeLength, true),
        imageWords: view.getBigUint64(out + layout.keyInfo.imageWords, true),
        entryAddress: view.getBigUint64(out + layout.keyInfo.entryAddress, true),
        memoryLayout: this.readMemoryLayout(out + layout.keyInfo.memoryLayout),
      };
    });
  }

  /** Gives the memory of a key or setup back. */
  close(handle: number): void {
    const opened = this.opened.get(handle);
    if (opened === undefined) return;
    this.opened.delete(handle);
    this.exports.free(opened.memory);
  }

  verify(
    key: number, setup: number, io: PublicIo, proof: Uint8Array, trustedAdvice: Uint8Array | null,
    onStage: OnStage | null,
  ): ProofVerdict {
    const k = this.get("key", key);
    const s = this.get("setup", setup);
    return this.scoped((scope) =>
      this.run(scope, k.object, s.object, this.putIo(scope, io), {
        proof: this.put(scope, proof),
        proofBytes: proof.length,
        proofBase: 0,
        advice: trustedAdvice === null ? 0 : this.put(scope, trustedAdvice),
        adviceBase: 0,
      }, onStage),
    );
  }

  /** Takes a bundle apart. */
  parts(bytes: Uint8Array): BundleParts {
    return this.scoped((scope) => {
      const b = this.openBundle(scope, bytes);
      const span = (at: number): Uint8Array => this.copy(...this.span(b.out + at));
      const view = this.view();
      const advice = span(layout.bundle.trustedAdvice);
      return {
        key: span(layout.bundle.key),
        setup: span(layout.bundle.setup),
        proof: span(layout.bundle.proof),
        trustedAdvice: advice.length === 0 ? null : advice,
        io: {
          inputs: span(layout.bundle.inputs),
          outputs: span(layout.bundle.outputs),
          panic: view.getUint32(b.out + layout.bundle.panic, true) !== 0,
          memoryLayout: this.readMemoryLayout(b.out + layout.bundle.memoryLayout),
        },
        keyDigest: this.copy(b.out + layout.bundle.keyDigest, layout.digestBytes),
        setupDigest: this.copy(b.out + layout.bundle.setupDigest, layout.digestBytes),
      };
    });
  }

  /** Bundle to verdict. The bundle's own digests stand in for those that are not given. */
  verifyBundle(
    bytes: Uint8Array, expectProgram: Uint8Array | null, expectSetup: Uint8Array | null,
    onStage: OnStage | null,
  ): BundleVerdict {
    return this.scoped((scope) => {
      let opened: { base: number; out: number };
      try {
        opened = this.openBundle(scope, bytes);
      } catch (error) {
        if (!(error instanceof RejectedError)) throw error;
        const nothing = new Uint8Array(0);
        return {
          ...error.verdict, stages: [], programDigest: "", setupDigest: "",
          inputs: nothing, outputs: nothing, panic: false,
        };
      }
      const { base, out } = opened;
      const view = this.view();
      const about = {
        programDigest: toHex(this.copy(out + layout.bundle.keyDigest, layout.digestBytes)),
        setupDigest: toHex(this.copy(out + layout.bundle.setupDigest, layout.digestBytes)),
        inputs: this.copy(...this.span(out + layout.bundle.inputs)),
        outputs: this.copy(...this.span(out + layout.bundle.outputs)),
        panic: view.getUint32(out + layout.bundle.panic, true) !== 0,
      };
      const part = (kind: "key" | "setup", digest: Uint8Array | null): Opened => {
        const [at, bytesOf] = this.span(out + layout.bundle[kind]);
        const pinned =
          digest === null
            ? out + layout.bundle[kind === "key" ? "keyDigest" : "setupDigest"]
            : this.put(scope, digest);
        const opened = this.openAt(scope, kind, at, bytesOf, pinned, 0, at - base);
        scope.push(opened.memory);
        return opened;
      };
      let verdict: ProofVerdict;
      try {
        const key = part("key", expectProgram);
        const setup = part("setup", expectSetup);
        const io = this.struct(scope, layout.publicIo.size);
        const v = this.view();
        v.setUint32(io + layout.publicIo.panic, about.panic ? 1 : 0, true);
        const [inputs, inputsBytes] = this.span(out + layout.bundle.inputs);
        const [outputs, outputsBytes] = this.span(out + layout.bundle.outputs);
        v.setUint32(io + layout.publicIo.inputs, inputs, true);
        v.setUint32(io + layout.publicIo.inputsBytes, inputsBytes, true);
        v.setUint32(io + layout.publicIo.outputs, outputs, true);
        v.setUint32(io + layout.publicIo.outputsBytes, outputsBytes, true);
        v.setUint32(io + layout.publicIo.memoryLayout, out + layout.bundle.memoryLayout, true);
        const [proof, proofBytes] = this.span(out + layout.bundle.proof);
        const [advice] = this.span(out + layout.bundle.trustedAdvice);
        verdict = this.run(scope, key.object, setup.object, io, {
          proof,
          proofBytes,
          proofBase: proof - base,
          advice,
          adviceBase: advice - base,
        }, onStage);
      } catch (error) {
        // A key or setup that is not the expected one is an answer about the bundle.
        if (!(error instanceof RejectedError)) throw error;
        verdict = { ...error.verdict, stages: [] };
      }
      return { ...verdict, ...about };
    });
  }

  // ---------------------------------------------------------------- calls

  private openBundle(scope: number[], bytes: Uint8Array): { base: number; out: number } {
    const base = this.put(scope, bytes);
    const out = this.struct(scope, layout.bundle.size);
    const v = this.struct(scope, layout.verdict.size);
    const status = this.exports.mote_jolt_bundle_open(out, v, base, bytes.length);
    this.judge(status, v, 0);
    return { base, out };
  }

  private open(
    scope: number[], kind: "key" | "setup", bytes: Uint8Array, digest: Uint8Array, revision: number,
  ): Opened {
    const at = this.put(scope, bytes);
    return this.openAt(scope, kind, at, bytes.length, this.put(scope, digest), revision, 0);
  }

  private openAt(
    scope: number[], kind: "key" | "setup", at: number, bytes: number, digest: number,
    revision: number, base: number,
  ): Opened {
    const e = this.exports;
    const v = this.struct(scope, layout.verdict.size);
    const out = this.alloc(scope, 8);
    const sizeOf = kind === "key" ? e.mote_jolt_key_size : e.mote_dory_setup_size;
    this.judge(sizeOf(out, v, at, bytes), v, base);
    const size = this.view().getUint32(out, true);
    const memory = this.allocKept(size);
    try {
      const aligned = align(memory);
      const status =
        kind === "key"
          ? e.mote_jolt_key_open(out, v, aligned, size, revision, at, bytes, digest)
          : e.mote_dory_setup_open(out, v, aligned, size, at, bytes, digest);
      this.judge(status, v, base);
      return { kind, memory, object: this.view().getUint32(out, true) };
    } catch (error) {
      e.free(memory);
      throw error;
    }
  }

  private run(
    scope: number[], key: number, setup: number, io: number,
    what: { proof: number; proofBytes: number; proofBase: number; advice: number; adviceBase: number },
    onStage: OnStage | null,
  ): ProofVerdict {
    const out = this.alloc(scope, 8);
    this.demand(this.exports.mote_jolt_verify_size(out, key, setup));
    const size = this.view().getUint32(out, true);
    const memory = align(this.alloc(scope, size + 16));
    const v = this.struct(scope, layout.verdict.size);

    const stages: { stage: string; milliseconds: number }[] = [];
    let begun = 0;
    const finish = (): void => {
      const last = stages[stages.length - 1];
      if (last !== undefined) last.milliseconds = performance.now() - begun;
    };
    this.watcher = (code) => {
      finish();
      const stage = this.stageName(code);
      stages.push({ stage, milliseconds: 0 });
      onStage?.(stage);
      begun = performance.now();
    };
    let status: number;
    try {
      status = this.exports.mote_wasm_verify(
        v, memory, size, key, setup, io, what.proof, what.proofBytes, what.advice,
      );
    } finally {
      this.watcher = null;
    }
    finish();
    const answer = this.readVerdict(status, v, what.proofBase, what.adviceBase);
    if (status === layout.status.malformed) throw new MalformedError(answer);
    this.demand(status);
    return { ...answer, stages: stages satisfies StageTime[] };
  }

  // ---------------------------------------------------------------- verdicts

  /** Throws what a status other than "accepted" means for something that is opened. */
  private judge(status: number, v: number, base: number): void {
    if (status === layout.status.ok && this.view().getUint32(v + layout.verdict.accepted, true) === 1) {
      return;
    }
    const verdict = this.readVerdict(status, v, base, base);
    if (status === layout.status.malformed) throw new MalformedError(verdict);
    this.demand(status);
    throw new RejectedError(verdict);
  }

  /** Throws if the call itself failed. */
  private demand(status: number): void {
    if (status === layout.status.ok) return;
    const text = this.text(this.exports.mote_status_text(status));
    if (status === layout.status.invalidArgument) throw new MoteError("INVALID_ARGUMENT", text);
    if (status === layout.status.limitExceeded) throw new MoteError("LIMIT_EXCEEDED", text);
    if (status === layout.status.unsupported) throw new MoteError("UNSUPPORTED", text);
    throw new MoteError("FAILED", text);
  }

  private readVerdict(status: number, v: number, base: number, adviceBase: number): Verdict {
    const view = this.view();
    const u32 = (at: number): number => view.getUint32(v + at, true);
    const accepted = status === layout.status.ok && u32(layout.verdict.accepted) === 1;
    const codes = {
      stage: u32(layout.verdict.stage),
      reason: u32(layout.verdict.reason),
      field: u32(layout.verdict.field),
    };
    const index = u32(layout.verdict.index);
    const field = this.text(this.exports.mote_field_text(codes.field));
    const offset = Number(view.getBigUint64(v + layout.verdict.offset, true));
    const placed = !accepted && (offset !== 0 || status === layout.status.malformed);
    // The advice commitment is a span of its own, behind the proof.
    const from = field === "trusted_advice_commitment" ? adviceBase : base;
    return {
      accepted,
      stage: accepted ? "" : this.stageName(codes.stage),
      reason: accepted ? "" : this.text(this.exports.mote_reason_text(codes.reason)),
      field: field.replace("[]", `[${index}]`),
      index,
      offset: placed ? from + offset : 0,
      codes,
    };
  }

  private stageName(code: number): string {
    let name = this.stageNames.get(code);
    if (name === undefined) {
      name = this.text(this.exports.mote_stage_text(code));
      this.stageNames.set(code, name);
    }
    return name;
  }

  // ---------------------------------------------------------------- memory

  /** Runs `body` and frees what it put into its scope. A trap leaves nothing to free. */
  private scoped<T>(body: (scope: number[]) => T): T {
    const scope: number[] = [];
    let trapped = false;
    try {
      return body(scope);
    } catch (error) {
      trapped = !(error instanceof MoteError);
      throw error;
    } finally {
      if (!trapped) for (const pointer of scope) this.exports.free(pointer);
    }
  }

  private allocKept(bytes: number): number {
    // 16 more, so that the core's alignment can be found inside.
    const pointer = this.exports.malloc(bytes + 16);
    if (pointer === 0) throw new MoteError("OUT_OF_MEMORY", `no memory for ${bytes} bytes`);
    return pointer;
  }

  private alloc(scope: number[], bytes: number): number {
    const pointer = this.allocKept(bytes);
    scope.push(pointer);
    return pointer;
  }

  private struct(scope: number[], size: number): number {
    const pointer = align(this.alloc(scope, size));
    new Uint8Array(this.exports.memory.buffer, pointer, size).fill(0);
    this.view().setUint32(pointer, size, true);
    return pointer;
  }

  private put(scope: number[], bytes: Uint8Array): number {
    const pointer = align(this.alloc(scope, bytes.length));
    new Uint8Array(this.exports.memory.buffer, pointer, bytes.length).set(bytes);
    return pointer;
  }

  private putIo(scope: number[], io: PublicIo): number {
    const pointer = this.struct(scope, layout.publicIo.size);
    const place = (at: number, bytesAt: number, bytes: Uint8Array | undefined): void => {
      if (bytes === undefined || bytes.length === 0) return;
      const data = this.put(scope, bytes);
      this.view().setUint32(pointer + at, data, true);
      this.view().setUint32(pointer + bytesAt, bytes.length, true);
    };
    place(layout.publicIo.inputs, layout.publicIo.inputsBytes, io.inputs as Uint8Array | undefined);
    place(layout.publicIo.outputs, layout.publicIo.outputsBytes, io.outputs as Uint8Array | undefined);
    if (io.memoryLayout !== undefined) {
      const map = align(this.alloc(scope, layout.memoryLayoutBytes));
      const given = io.memoryLayout;
      const view = this.view();
      memoryLayoutFields.forEach((name, i) => view.setBigUint64(map + 8 * i, given[name], true));
      view.setUint32(pointer + layout.publicIo.memoryLayout, map, true);
    }
    this.view().setUint32(pointer + layout.publicIo.panic, io.panic === true ? 1 : 0, true);
    return pointer;
  }

  private readMemoryLayout(at: number): MemoryLayout {
    const view = this.view();
    const entries = memoryLayoutFields.map((name, i) => [name, view.getBigUint64(at + 8 * i, true)]);
    return Object.fromEntries(entries) as MemoryLayout;
  }

  /** A fresh view: growing the memory detaches older ones. */
  private view(): DataView {
    return new DataView(this.exports.memory.buffer);
  }

  private span(at: number): [number, number] {
    const view = this.view();
    return [view.getUint32(at, true), view.getUint32(at + 4, true)];
  }

  private copy(at: number, bytes: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, at, bytes).slice();
  }

  private text(at: number): string {
    const bytes = new Uint8Array(this.exports.memory.buffer, at);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  private keep(opened: Opened): number {
    const handle = this.nextHandle++;
    this.opened.set(handle, opened);
    return handle;
  }

  private get(kind: "key" | "setup", handle: number): Opened {
    const opened = this.opened.get(handle);
    if (opened === undefined || opened.kind !== kind) throw new ClosedError(`this ${kind}`);
    return opened;
  }
}

function align(pointer: number): number {
  return (pointer + 15) & ~15;
}

/** Lower-case hex digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
