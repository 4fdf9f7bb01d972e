// One instance of a small module whose calls are synchronous (mote-svid.wasm, mote-state.wasm), and
// memory of the calls.
import { copyBytes } from "./bytes.js";
import { MoteError } from "./errors.js";
import { abiVersion, status as statusCodes } from "./layout.js";
import type { Bytes } from "./verdict.js";

/** What every module exports. Pointers and sizes are numbers. */
export interface ModuleExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(bytes: number): number;
  free(pointer: number): void;
  mote_status_text(code: number): number;
}

/**
 * Makes an instance of a module: `given` as a caller may give it, or what `load` brings. `version` says
 * which version of the C interface it is of.
 */
export async function instantiate<E extends ModuleExports>(
  name: string, given: WebAssembly.Module | Bytes | undefined,
  load: () => Promise<WebAssembly.Module>, version: (exports: E) => number,
): Promise<Instance<E>> {
  let exports: E;
  try {
    const module =
      given === undefined
        ? await load()
        : given instanceof WebAssembly.Module
          ? given
          : await WebAssembly.compile(copyBytes(given, "wasm").buffer as ArrayBuffer);
    const instance = await WebAssembly.instantiate(module, {
      env: { emscripten_notify_memory_growth: (): void => {} },
      wasi_snapshot_preview1: {
        proc_exit: (): never => {
          throw new MoteError("FAILED", `${name} ended`);
        },
      },
    });
    exports = instance.exports as unknown as E;
    exports._initialize();
  } catch (error) {
    if (error instanceof TypeError || error instanceof MoteError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new MoteError("FAILED", `${name} cannot be loaded: ${message}`, { cause: error });
  }
  if (version(exports) !== abiVersion) {
    throw new MoteError("FAILED", `${name} is of another version than its loader`);
  }
  return new Instance(exports);
}

/** The instance and its memory. What traps ends it. */
export class Instance<E extends ModuleExports> {
  readonly exports: E;
  private broken: MoteError | null = null;

  constructor(exports: E) {
    this.exports = exports;
  }

  /** Runs `body` with the module's functions and frees what it took through `scope`. */
  run<T>(body: (scope: Scope<E>) => T): T {
    if (this.broken !== null) throw this.broken;
    const scope = new Scope(this.exports);
    try {
      const value = body(scope);
      scope.end();
      return value;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) {
        this.broken = new MoteError("FAILED", `the core failed: ${error.message}`, { cause: error });
        throw this.broken;
      }
      scope.end();
      throw error;
    }
  }

  free(pointer: number): void {
    if (this.broken === null) this.exports.free(pointer);
  }
}

/** Memory of one call. */
export class Scope<E extends ModuleExports> {
  readonly exports: E;
  private readonly taken: number[] = [];

  constructor(exports: E) {
    this.exports = exports;
  }
  end(): void {
    for (const pointer of this.taken) this.exports.free(pointer);
  }
  /** A fresh view: growing the memory detaches older ones. */
  view(): DataView {
    return new DataView(this.exports.memory.buffer);
  }
  bytes(at: number, count: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, at, count);
  }
  /** Memory that the caller frees; the core's alignment can be found inside. */
  allocKept(bytes: number): number {
    const pointer = this.exports.malloc(bytes + 16);
    if (pointer === 0) throw new MoteError("OUT_OF_MEMORY", `no memory for ${bytes} bytes`);
    return pointer;
  }
  alloc(bytes: number): number {
    const pointer = this.allocKept(bytes);
    this.taken.push(pointer);
    return align(pointer);
  }
  struct(size: number): number {
    const pointer = this.alloc(size);
    this.bytes(pointer, size).fill(0);
    this.view().setUint32(pointer, size, true);
    return pointer;
  }
  put(bytes: Uint8Array): number {
    const pointer = this.alloc(bytes.length);
    this.bytes(pointer, bytes.length).set(bytes);
    return pointer;
  }
  hex(at: number): string {
    return Array.from(this.bytes(at, 32), (b) => b.toString(16).padStart(2, "0")).join("");
  }
  /** A text of C. */
  text(at: number): string {
    const bytes = new Uint8Array(this.exports.memory.buffer, at);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }
  /** Throws if a call could not be done. */
  demand(status: number): void {
    if (status === statusCodes.ok) return;
    const text = this.text(this.exports.mote_status_text(status));
    if (status === statusCodes.malformed) throw new MoteError("MALFORMED", text);
    if (status === statusCodes.invalidArgument) throw new MoteError("INVALID_ARGUMENT", text);
    if (status === statusCodes.limitExceeded) throw new MoteError("LIMIT_EXCEEDED", text);
    if (status === statusCodes.unsupported) throw new MoteError("UNSUPPORTED", text);
    throw new MoteError("FAILED", text);
  }
}

export function align(pointer: number): number {
  return (pointer + 15) & ~15;
}

export function integer(value: unknown, max: number, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError(`${what} must be an integer`);
  }
  if (value < 0 || value > max) throw new RangeError(`${what} must be from 0 to ${max}`);
  return value;
}

export function u64(value: unknown, what: string): bigint {
  if (typeof value !== "bigint") throw new TypeError(`${what} must be a bigint`);
  if (value < 0n || value >= 1n << 64n) throw new RangeError(`${what} must have 64 bits`);
  return value;
}
