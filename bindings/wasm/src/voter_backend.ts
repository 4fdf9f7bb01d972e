// Where a voter runs: in a worker of its own, which a browser's stores need, or on the caller's thread with
// the caller's store. Neither is ever started again: a new voter reads the record first.
import { MoteError } from "./errors.js";
import { fromWire, toWire, type WasmSource } from "./messages.js";
import type { RecordStore } from "./record_store.js";
import { openSignatures } from "./signatures_calls.js";
import { VoterCore } from "./voter_core.js";
import type {
  FromVoterWorker, ToVoterWorker, VoterConfig, VoterNames, VoterRequest,
} from "./voter_messages.js";
import type { VoterStorage } from "./voter_types.js";

export interface VoterBackend {
  readonly names: VoterNames;
  call(request: VoterRequest): Promise<unknown>;
  /** Ends it without a word. What is under way is rejected by `reason`. */
  stop(reason: unknown): void;
}

interface Call {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Runs a voter on this thread. */
export async function localVoter(
  config: VoterConfig, store: RecordStore, wasm: WasmSource | null,
  load: () => Promise<WebAssembly.Module>,
): Promise<VoterBackend> {
  const instance = await openSignatures(wasm ?? undefined, load);
  const core = await VoterCore.open(instance, config, () =>
    Promise.resolve({ store, release: () => {} }),
  );
  return { names: core.names, call: (request) => core.perform(request), stop: () => {} };
}

/** Runs a voter in a browser's worker. */
export async function workerVoter(
  make: () => Worker, config: VoterConfig, wait: boolean, storage: VoterStorage | "auto",
  wasm: WasmSource | null, signal: AbortSignal | undefined,
): Promise<VoterBackend> {
  const worker = make();
  const calls = new Map<number, Call>();
  let ready: { resolve(names: VoterNames): void; reject(reason: unknown): void } | null = null;
  let ended: { reason: unknown } | null = null;
  let nextId = 1;
  const stop = (reason: unknown): void => {
    ended ??= { reason };
    worker.terminate();
    ready?.reject(reason);
    for (const call of calls.values()) call.reject(reason);
    calls.clear();
    ready = null;
  };
  const settle = (id: number): Call | undefined => {
    const call = calls.get(id);
    calls.delete(id);
    return call;
  };
  worker.onmessage = ({ data }: MessageEvent<FromVoterWorker>) => {
    if (data.type === "ready") ready?.resolve(data.names);
    else if (data.type === "result") settle(data.id)?.resolve(data.value);
    else if (data.id === null) stop(fromWire(data.error));
    else settle(data.id)?.reject(fromWire(data.error));
  };
  const failed = (what: string): void =>
    stop(new MoteError("FAILED", `the voter's worker failed: ${what}`));
  worker.onmessageerror = () => failed("a message could not be read");
  worker.onerror = (event) => {
    event.preventDefault();
    failed(event.message || "it could not be loaded");
  };
  const aborted = (): void => stop(signal?.reason);
  signal?.addEventListener("abort", aborted);
  try {
    const names = await new Promise<VoterNames>((resolve, reject) => {
      ready = { resolve, reject };
      const start: ToVoterWorker = { type: "start", config, wait, storage, wasm };
      worker.postMessage(start, [config.secret.buffer as ArrayBuffer]);
    });
    ready = null;
    return {
      names,
      call(request) {
        if (ended !== null) return Promise.reject(ended.reason);
        const id = nextId++;
        return new Promise((resolve, reject) => {
          calls.set(id, { resolve, reject });
          worker.postMessage({ type: "call", id, request } satisfies ToVoterWorker);
        });
      },
      stop,
    };
  } finally {
    signal?.removeEventListener("abort", aborted);
  }
}

/** The worker's side: answers messages with a voter over what `open` brings. */
export function serveVoter(
  post: (message: FromVoterWorker) => void,
  open: (message: ToVoterWorker & { type: "start" }) => Promise<VoterCore>,
): (message: ToVoterWorker) => void {
  let core: VoterCore | null = null;
  return (message) => {
    if (message.type === "start") {
      open(message).then(
        (opened) => {
          core = opened;
          post({ type: "ready", names: opened.names });
        },
        (error) => post({ type: "error", id: null, error: toWire(error) }),
      );
      return;
    }
    const { id, request } = message;
    if (core === null) {
      post({ type: "error", id, error: toWire(new MoteError("FAILED", "there is no voter")) });
      return;
    }
    core.perform(request).then(
      (value) => post({ type: "result", id, value }),
      (error) => post({ type: "error", id, error: toWire(error) }),
    );
  };
}
