/**
 * State: checks proofs about keys of a chain's state, and blocks without the state. Loads
 * mote-state.wasm.
 *
 * @example
 * import { loadState } from "mote-validator/state";
 * const state = await loadState();
 * const proof = state.openProof({ root, height }, bytes);
 * const { answer, value } = proof.lookup(key);
 * if (answer === "present") console.log(value);
 *
 * @module
 */
import { loadStateWasm } from "./load_state_web.js";
import { State } from "./state_core.js";
import type { StateOptions } from "./state_types.js";

/** Loads the module. Everything after that is synchronous. */
export function loadState(options: StateOptions = {}): Promise<State> {
  return State.load(options, loadStateWasm);
}
export { State, StateProof, StateWitness } from "./state_core.js";
export {
  ClosedError, MalformedError, MoteError, RejectedError, type MoteErrorCode,
} from "./errors.js";
export type * from "./state_types.js";
export type { Bytes, Verdict } from "./verdict.js";
