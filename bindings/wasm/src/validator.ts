// The validator: calls one after another, each of which can be aborted.
import { copyBytes, copyDigest } from "./bytes.js";
import type { Backend } from "./backend.js";
import { ClosedError, MoteError, RejectedError } from "./errors.js";
import type { Request, WasmSource } from "./messages.js";
import {
  memoryLayoutFields,
  type BundleParts,
  type BundleVerdict,
  type Bytes,
  type ProgramKeyInfo,
  type ProofVerdict,
  type PublicIo,
  type Verdict,
} from "./verdict.js";

/** Options of `createValidator`. */
export interface ValidatorOptions {
  /**
   * Where mote.wasm comes from: a compiled module, or its bytes. Without it the file of the package is
   * loaded.
   */
  readonly wasm?: WebAssembly.Module | Bytes;
  /** `false` runs the core on the calling thread, which stands still for each call. Default `true`. */
  readonly worker?: boolean;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of calls that verify a proof. */
export interface VerifyOptions extends CallOptions {
  /** Called with the name of each stage when it begins. What it throws ends the call. */
  readonly onStage?: (stage: string) => void;
}

export interface BundleOptions extends VerifyOptions {
  /** Digest the program key must have: 32 bytes or 64 hex digits. */
  readonly expectProgram?: Bytes | string;
  /** SHA-256 the Dory setup must have: 32 bytes or 64 hex digits. */
  readonly expectSetup?: Bytes | string;
}

/** Makes the place where the core runs; entries differ in nothing else. */
export type MakeBackend = (worker: boolean, wasm: WasmSource | null) => Promise<Backend>;

interface Job {
  run(backend: Backend): Promise<unknown>;
  readonly signal: AbortSignal | undefined;
  readonly leave: () => void;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** What a key or setup needs to be opened again after its core was thrown away. */
abstract class Opened {
  private readonly validator: Validator;
  private readonly bytes: Uint8Array;
  private where: { backend: Backend; handle: number } | null = null;
  private closed = false;

  /** @internal */
  constructor(validator: Validator, bytes: Uint8Array) {
    this.validator = validator;
    this.bytes = bytes;
  }

  /** @internal */
  protected abstract request(bytes: Uint8Array): Request;
  /** @internal */
  protected abstract readonly what: string;

  /** @internal The handle in this backend. */
  async handle(backend: Backend): Promise<number> {
    if (this.closed) throw new ClosedError(this.what);
    if (this.where?.backend !== backend) {
      const handle = await backend.call(this.request(this.bytes.slice()), () => {});
      this.where = { backend, handle: handle as number };
    }
    return this.where.handle;
  }

  /** @internal */
  owner(): Validator {
    return this.validator;
  }

  /** Gives its memory back. Closing twice does nothing. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const where = this.where;
    this.where = null;
    if (where !== null) this.validator.forget(where.backend, where.handle);
  }
}

/** A program key that was checked. Belongs to the validator that opened it. */
export class ProgramKey extends Opened {
  private readonly digest: Uint8Array;
  private readonly revision: string | null;
  /** @internal */
  protected readonly what = "this program key";

  /** @internal */
  constructor(validator: Validator, bytes: Uint8Array, digest: Uint8Array, revision: string | null) {
    super(validator, bytes);
    this.digest = digest;
    this.revision = revision;
  }

  /** @internal */
  protected request(bytes: Uint8Array): Request {
    return { op: "openKey", bytes, digest: this.digest, revision: this.revision };
  }

  /** Facts about the key. */
  describe(options: CallOptions = {}): Promise<ProgramKeyInfo> {
    return this.owner().describeKey(this, options);
  }
}

/** A Dory setup that was checked. Belongs to the validator that opened it. */
export class DorySetup extends Opened {
  private readonly digest: Uint8Array;
  /** @internal */
  protected readonly what = "this Dory setup";

  /** @internal */
  constructor(validator: Validator, bytes: Uint8Array, digest: Uint8Array) {
    super(validator, bytes);
    this.digest = digest;
  }

  /** @internal */
  protected request(bytes: Uint8Array): Request {
    return { op: "openSetup", bytes, digest: this.digest };
  }
}

/** Verifies proofs. Make one with `createValidator`, keep it, and `close` it. */
export class Validator {
  private readonly make: () => Promise<Backend>;
  private backend: Promise<Backend> | null = null;
  private readonly jobs: Job[] = [];
  private busy = false;
  private closed = false;

  private constructor(make: () => Promise<Backend>) {
    this.make = make;
  }

  /** @internal */
  static async create(makeBackend: MakeBackend, options: ValidatorOptions): Promise<Validator> {
    const { wasm, worker } = options;
    if (worker !== undefined && typeof worker !== "boolean") {
      throw new TypeError("worker must be true or false");
    }
    const source =
      wasm === undefined
        ? null
        : wasm instanceof WebAssembly.Module
          ? wasm
          : (copyBytes(wasm, "wasm").buffer as ArrayBuffer);
    const validator = new Validator(() => makeBackend(worker ?? true, source));
    await validator.start();
    return validator;
  }

  /**
   * Decides about a bundle: program key, Dory setup, public input and output, proof.
   *
   * Resolves to the verdict, also when it is no. Rejects with `MalformedError` if the bytes do not
   * parse. Who made the bundle chose its key and setup: pin them with `expectProgram` and
   * `expectSetup` unless you trust them.
   */
  async verifyBundle(bundle: Bytes, options: BundleOptions = {}): Promise<BundleVerdict> {
    const bytes = copyBytes(bundle, "bundle");
    const { expectProgram, expectSetup } = options;
    const request: Request = {
      op: "verifyBundle",
      bytes,
      expectProgram:
        expectProgram === undefined ? null : copyDigest(expectProgram, "expectProgram"),
      expectSetup: expectSetup === undefined ? null : copyDigest(expectSetup, "expectSetup"),
    };
    return (await this.enqueue(options, (backend) =>
      backend.call(request, stageOf(options)),
    )) as BundleVerdict;
  }

  /** Takes a bundle apart without verifying anything. */
  async openBundle(bundle: Bytes, options: CallOptions = {}): Promise<BundleParts> {
    const bytes = copyBytes(bundle, "bundle");
    return (await this.enqueue(options, (backend) =>
      backend.call({ op: "parts", bytes }, () => {}),
    )) as BundleParts;
  }

  /**
   * Checks a program key, which must have `digest` (32 bytes or 64 hex digits). Rejects with
   * `MalformedError` or `RejectedError`.
   */
  async openProgramKey(
    key: Bytes,
    digest: Bytes | string,
    options: CallOptions & { readonly revision?: string } = {},
  ): Promise<ProgramKey> {
    const { revision } = options;
    if (revision !== undefined && (typeof revision !== "string" || revision.includes("\0"))) {
      throw new TypeError("revision must be a string without NUL");
    }
    const opened = new ProgramKey(
      this, copyBytes(key, "key"), copyDigest(digest, "digest"), revision ?? null,
    );
    await this.enqueue(options, (backend) => opened.handle(backend));
    return opened;
  }

  /**
   * Checks a Dory setup, which must have this SHA-256 (32 bytes or 64 hex digits). Rejects with
   * `MalformedError` or `RejectedError`.
   */
  async openDorySetup(
    setup: Bytes, digest: Bytes | string, options: CallOptions = {},
  ): Promise<DorySetup> {
    const opened = new DorySetup(this, copyBytes(setup, "setup"), copyDigest(digest, "digest"));
    await this.enqueue(options, (backend) => opened.handle(backend));
    return opened;
  }

  /**
   * Decides whether `proof` shows that the program of `key` does what `io` says. Resolves to the
   * verdict, also when it is no. Rejects with `MalformedError` if the bytes do not parse.
   */
  async verify(
    key: ProgramKey, setup: DorySetup, io: PublicIo, proof: Bytes,
    options: VerifyOptions & { readonly trustedAdvice?: Bytes } = {},
  ): Promise<ProofVerdict> {
    if (!(key instanceof ProgramKey)) throw new TypeError("key must be a ProgramKey");
    if (!(setup instanceof DorySetup)) throw new TypeError("setup must be a DorySetup");
    if (key.owner() !== this || setup.owner() !== this) {
      throw new MoteError("INVALID_ARGUMENT", "key and setup belong to another validator");
    }
    const publicIo = copyIo(io);
    const bytes = copyBytes(proof, "proof");
    const advice =
      options.trustedAdvice === undefined ? null : copyBytes(options.trustedAdvice, "trustedAdvice");
    if (advice !== null && advice.length !== 384) {
      throw new TypeError(`trustedAdvice must be 384 bytes, not ${advice.length}`);
    }
    return (await this.enqueue(options, async (backend) =>
      backend.call(
        {
          op: "verify",
          key: await key.handle(backend),
          setup: await setup.handle(backend),
          io: publicIo,
          proof: bytes,
          trustedAdvice: advice,
        },
        stageOf(options),
      ),
    )) as ProofVerdict;
  }

  /** Bytes of the core's memory: grows to what the largest call needs. */
  async memoryBytes(): Promise<number> {
    return (await this.enqueue({}, (b) => b.call({ op: "memory" }, () => {}))) as number;
  }

  /** Ends it and its worker. Calls that are under way reject with `ClosedError`. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const reason = new ClosedError("the validator");
    for (const job of this.jobs.splice(0)) job.reject(reason);
    this.drop(reason);
  }

  /** @internal */
  async describeKey(key: ProgramKey, options: CallOptions): Promise<ProgramKeyInfo> {
    return (await this.enqueue(options, async (backend) =>
      backend.call({ op: "describeKey", key: await key.handle(backend) }, () => {}),
    )) as ProgramKeyInfo;
  }

  /** @internal Frees a handle, if its core is still there. */
  forget(backend: Backend, handle: number): void {
    if (this.closed) return;
    void this.enqueue({}, async (current) => {
      if (current === backend) await backend.call({ op: "close", handle }, () => {});
    }).catch(() => {});
  }

  private async start(): Promise<Backend> {
    this.backend ??= this.make();
    try {
      return await this.backend;
    } catch (error) {
      this.backend = null;
      throw error;
    }
  }

  private drop(reason: unknown): void {
    const backend = this.backend;
    this.backend = null;
    void backend?.then((b) => b.stop(reason)).catch(() => {});
  }

  private enqueue(
    options: CallOptions, run: (backend: Backend) => Promise<unknown>,
  ): Promise<unknown> {
    if (this.closed) return Promise.reject(new ClosedError("the validator"));
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      // Before its turn an aborted call leaves the queue; runJob sees to it afterwards.
      const leave = (): void => {
        const place = this.jobs.indexOf(job);
        if (place < 0) return;
        this.jobs.splice(place, 1);
        reject(signal?.reason);
      };
      const job: Job = { run, signal, leave, resolve, reject };
      signal?.addEventListener("abort", leave);
      this.jobs.push(job);
      void this.work();
    });
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let job = this.jobs.shift(); job !== undefined; job = this.jobs.shift()) {
        await this.runJob(job);
      }
    } finally {
      this.busy = false;
    }
  }

  private async runJob(job: Job): Promise<void> {
    const { signal } = job;
    signal?.removeEventListener("abort", job.leave);
    if (signal?.aborted === true) {
      job.reject(signal.reason);
      return;
    }
    // A running call cannot be asked to stop; its worker is ended, and the next call gets a new one.
    const abort = (): void => this.drop(signal?.reason);
    signal?.addEventListener("abort", abort);
    try {
      const backend = await this.start();
      throwIfAborted(signal);
      job.resolve(await job.run(backend));
    } catch (error) {
      if (!(error instanceof MoteError) || error.code === "FAILED") this.drop(error);
      job.reject(error);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }
}

/** Throws `RejectedError` unless the verdict is yes. */
export function requireAccepted(verdict: Verdict): void {
  if (!verdict.accepted) throw new RejectedError(verdict);
}

/** Not `signal.throwIfAborted()`, which older browsers lack. */
function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason;
}

/** The stages of a call; in between, an aborted signal ends it where no worker can be ended. */
function stageOf(options: VerifyOptions): (stage: string) => void {
  const { onStage, signal } = options;
  if (onStage !== undefined && typeof onStage !== "function") {
    throw new TypeError("onStage must be a function");
  }
  return (stage) => {
    throwIfAborted(signal);
    onStage?.(stage);
  };
}

function copyIo(io: PublicIo): PublicIo {
  if (typeof io !== "object" || io === null) throw new TypeError("io must be an object");
  const { inputs, outputs, panic, memoryLayout } = io;
  if (panic !== undefined && typeof panic !== "boolean") {
    throw new TypeError("io.panic must be true or false");
  }
  if (memoryLayout !== undefined) {
    for (const name of memoryLayoutFields) {
      const value: unknown = memoryLayout[name];
      if (typeof value !== "bigint" || value < 0n || value >= 1n << 64n) {
        throw new TypeError(`io.memoryLayout.${name} must be a bigint of 64 bits`);
      }
    }
  }
  return {
    ...(inputs === undefined ? {} : { inputs: copyBytes(inputs, "io.inputs") }),
    ...(outputs === undefined ? {} : { outputs: copyBytes(outputs, "io.outputs") }),
    ...(panic === undefined ? {} : { panic }),
    ...(memoryLayout === undefined ? {} : { memoryLayout: { ...memoryLayout } }),
  };
}
