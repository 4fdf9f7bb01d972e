/**
 * Verifies Jolt zkVM proofs in a browser, in a Worker of its own.
 *
 * @example
 * import { createValidator } from "mote-validator";
 * const validator = await createValidator();
 * const verdict = await validator.verifyBundle(bytes, { expectProgram, expectSetup });
 * if (verdict.accepted) console.log(verdict.outputs);
 * else console.log(verdict.stage, verdict.reason);
 * validator.close();
 *
 * @module
 */
import { localBackend, workerBackend } from "./backend.js";
import { entry } from "./entry.js";
import { loadWasm } from "./load_web.js";
import { webThread } from "./web_thread.js";

const functions = entry((worker, wasm) =>
  worker
    ? workerBackend(
        // Written like this, bundlers find the worker and bring it along.
        webThread(() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" })),
        wasm,
      )
    : localBackend(wasm, loadWasm),
);

/** Starts a validator: loads mote.wasm and, unless told otherwise, a Worker. */
export const createValidator = functions.createValidator;
/** One bundle, one verdict: starts a validator for it and closes it again. */
export const verifyBundle = functions.verifyBundle;
export * from "./api.js";
