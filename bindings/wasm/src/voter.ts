/**
 * A voter: one key, its vote record in the browser's storage, one voter among all tabs of the origin. Loads
 * mote-signatures.wasm into a Worker of its own.
 *
 * @example
 * import { createVoter } from "mote-validator/voter";
 * const voter = await createVoter({ secretKey, chainId, wait: true });
 * await voter.useCommittee(epoch, { members, commitment });
 * const { vote, refusal } = await voter.notarize({ epoch, view, block }); // a block you have checked
 * if (vote) send(vote);
 * const next = await voter.certificate(bytes); // finalizes, enters the next view
 * await voter.close();
 *
 * @module
 */
import { loadSignaturesWasm } from "./load_signatures_web.js";
import { Voter, type MakeVoter } from "./voter_api.js";
import { localVoter, workerVoter } from "./voter_backend.js";
import type { VoterOptions } from "./voter_types.js";

const make: MakeVoter = (config, { store, wait, storage, signal }, wasm) => {
  if (store !== undefined) return localVoter(config, store, wasm, loadSignaturesWasm);
  return workerVoter(
    // Written like this, bundlers find the worker and bring it along.
    () => new Worker(new URL("./voter_worker.js", import.meta.url), { type: "module" }),
    config, wait ?? false, storage ?? "auto", wasm, signal,
  );
};

/** Starts a voter: takes the lock of its key, reads its record, and has it on the medium. */
export function createVoter(options: VoterOptions): Promise<Voter> {
  return Voter.create(make, options);
}

/** Ends a key on this device for good, if it is not, and gives what it voted: see `Voter.retire`. */
export function exportVoteRecord(options: VoterOptions): Promise<string> {
  return Voter.export(make, options);
}
export * from "./voter_exports.js";
