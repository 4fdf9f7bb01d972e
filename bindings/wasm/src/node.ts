/**
 * Verifies Jolt zkVM proofs in Node, in a worker thread. The same interface as in a browser.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { localBackend, workerBackend } from "./backend.js";
import { entry } from "./entry.js";
import { loadWasm } from "./load_node.js";
import type { FromWorker } from "./messages.js";

const functions = entry((worker, wasm) =>
  worker
    ? workerBackend((onMessage, onFailure) => {
        const thread = new Worker(new URL("./worker_node.js", import.meta.url));
        // An idle validator does not keep the process alive.
        thread.unref();
        thread.on("message", (message: FromWorker) => {
          if (message.type === "ready" || message.type !== "stage") thread.unref();
          onMessage(message);
        });
        thread.on("error", onFailure);
        thread.on("exit", () => onFailure(new Error("it ended")));
        return {
          post: (message, transfer) => {
            thread.ref();
            thread.postMessage(message, transfer);
          },
          stop: () => void thread.terminate(),
        };
      }, wasm)
    : localBackend(wasm, loadWasm),
);

/** Starts a validator: loads mote.wasm and, unless told otherwise, a worker thread. */
export const createValidator = functions.createValidator;
/** One bundle, one verdict: starts a validator for it and closes it again. */
export const verifyBundle = functions.verifyBundle;
export * from "./api.js";
