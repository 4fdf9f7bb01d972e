/**
 * The browser entry in one file: mote.wasm and the worker are inside, so no file has to be found at run
 * time. Costs a third more bytes to load. A page with a Content-Security-Policy needs `worker-src blob:`.
 *
 * @module
 */
import { localBackend, workerBackend } from "./backend.js";
import { entry } from "./entry.js";
import { wasmBase64, workerSource } from "./inlined.js";
import { webThread } from "./web_thread.js";

function wasmBytes(): ArrayBuffer {
  const text = atob(wasmBase64);
  return Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer as ArrayBuffer;
}

let compiled: Promise<WebAssembly.Module> | null = null;
const loadWasm = (): Promise<WebAssembly.Module> => (compiled ??= WebAssembly.compile(wasmBytes()));

const functions = entry(async (worker, wasm) => {
  // Without Workers (Node, some embedded browsers) it runs on the calling thread.
  if (!worker || typeof Worker === "undefined") return localBackend(wasm, loadWasm);
  return workerBackend(
    webThread(() => {
      const url = URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
      const made = new Worker(url);
      URL.revokeObjectURL(url);
      return made;
    }),
    wasm ?? (await loadWasm()),
  );
});

/** Starts a validator, in a Worker unless told otherwise. */
export const createValidator = functions.createValidator;
/** One bundle, one verdict: starts a validator for it and closes it again. */
export const verifyBundle = functions.verifyBundle;
export * from "./api.js";
