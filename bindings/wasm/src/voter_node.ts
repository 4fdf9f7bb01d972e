/**
 * A voter in Node, over a store of yours: Node has no lock that a crash releases.
 *
 * @module
 */
import { loadSignaturesWasm } from "./load_signatures_node.js";
import { Voter, type MakeVoter } from "./voter_api.js";
import { localVoter } from "./voter_backend.js";
import type { VoterOptions } from "./voter_types.js";

const make: MakeVoter = async (config, { store }, wasm) => {
  if (store === undefined) throw new TypeError("store: Node has none of its own");
  return localVoter(config, store, wasm, loadSignaturesWasm);
};

/** Starts a voter: reads the record of its key, and has it on the medium. */
export function createVoter(options: VoterOptions): Promise<Voter> {
  return Voter.create(make, options);
}

/** Ends a key on this device for good, if it is not, and gives what it voted: see `Voter.retire`. */
export function exportVoteRecord(options: VoterOptions): Promise<string> {
  return Voter.export(make, options);
}
export * from "./voter_exports.js";
