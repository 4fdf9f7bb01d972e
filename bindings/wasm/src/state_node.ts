/**
 * State in Node. The same interface as in a browser.
 *
 * @module
 */
import { loadStateWasm } from "./load_state_node.js";
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
