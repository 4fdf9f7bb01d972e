// Where a core runs: in a worker, or on the caller's own thread. Either is thrown away as a whole when
// a call is aborted or fails in a way it should not, and made anew for the next call.
import { Core } from "./core.js";
import { MoteError } from "./errors.js";
import { fromWire, toWire, type FromWorker, type Request, type ToWorker, type WasmSource } from "./messages.js";
import { compile, perform } from "./serve.js";

export interface Backend {
  /** Makes one call; the caller waits for it before the next. */
  call(request: Request, onStage: (stage: string) => void): Promise<unknown>;
  /** Ends it. What is still going on is rejected by `reason`. */
  stop(reason: unknown): void;
}

/** What differs between a browser's Worker and Node's. */
export interface Thread {
  post(message: ToWorker, transfer: ArrayBuffer[]): void;
  stop(): void;
}
export type StartThread = (
  onMessage: (message: FromWorker) => void,
  onFailure: (error: Error) => void,
) => Thread;

/** Starts a worker and waits until its core is ready. */
export async function workerBackend(start: StartThread, wasm: WasmSource | null): Promise<Backend> {
  let ready: { resolve: () => void; reject: (reason: unknown) => void } | null = null;
  let current: {
    id: number;
    onStage: (stage: string) => void;
    resolve: (value: unknown) => void;
    reject: (reason: unknown) => void;
  } | null = null;
  let ended: { reason: unknown } | null = null;
  let nextId = 1;

  const fail = (reason: unknown): void => {
    ended ??= { reason };
    ready?.reject(reason);
    current?.reject(reason);
    ready = current = null;
    thread.stop();
  };
  const thread = start(
    (message) => {
      if (message.type === "ready") {
        ready?.resolve();
        ready = null;
      } else if (message.type === "error" && message.id === null) {
        fail(fromWire(message.error));
      } else if (current !== null && message.id === current.id) {
        const call = current;
        if (message.type === "stage") {
          try {
            call.onStage(message.stage);
          } catch (error) {
            fail(error);
          }
          return;
        }
        current = null;
        if (message.type === "result") call.resolve(message.value);
        else call.reject(fromWire(message.error));
      }
    },
    (error) => fail(new MoteError("FAILED", `the worker failed: ${error.message}`, { cause: error })),
  );
  await new Promise<void>((resolve, reject) => {
    ready = { resolve, reject };
    // A source of bytes is needed again if the worker has to be replaced: it is not transferred.
    thread.post({ type: "start", wasm }, []);
  });
  return {
    call(request, onStage) {
      if (ended !== null) return Promise.reject(ended.reason);
      const id = nextId++;
      return new Promise((resolve, reject) => {
        current = { id, onStage, resolve, reject };
        thread.post({ type: "call", id, request }, buffersOf(request));
      });
    },
    stop: fail,
  };
}

/** Runs the core on this thread, which does nothing else meanwhile. */
export async function localBackend(
  wasm: WasmSource | null,
  load: () => Promise<WebAssembly.Module>,
): Promise<Backend> {
  const core = await Core.instantiate(await compile(wasm, load));
  let ended: { reason: unknown } | null = null;
  return {
    async call(request, onStage) {
      if (ended !== null) throw ended.reason;
      let thrown: { error: unknown } | null = null;
      try {
        return perform(core, request, (stage) => {
          try {
            onStage(stage);
          } catch (error) {
            thrown = { error };
            throw error;
          }
        });
      } catch (error) {
        // The callback's own error is the caller's; everything else is told as a worker would.
        const reason = thrown !== null ? (thrown as { error: unknown }).error : fromWire(toWire(error));
        if (thrown !== null || (reason instanceof MoteError && reason.code === "FAILED")) {
          ended = { reason };
        }
        throw reason;
      }
    },
    stop(reason) {
      ended ??= { reason };
    },
  };
}

/** The buffers of a request: copies made for it, so they can be handed over. */
function buffersOf(request: Request): ArrayBuffer[] {
  const arrays: (Uint8Array | null | undefined)[] =
    request.op === "openKey" || request.op === "openSetup"
      ? [request.bytes]
      : request.op === "parts" || request.op === "verifyBundle"
        ? [request.bytes]
        : request.op === "verify"
          ? [request.proof]
          : [];
  return arrays.flatMap((a) => (a ? [a.buffer as ArrayBuffer] : []));
}
