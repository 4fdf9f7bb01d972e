/**
 * Signatures in Node. The same interface as in a browser.
 *
 * @module
 */
import { randomFillSync } from "node:crypto";
import { loadSignaturesWasm } from "./load_signatures_node.js";
import { Signatures } from "./signatures_core.js";
import type { SignaturesOptions } from "./signatures_types.js";

/** Loads the module. Everything after that is synchronous. */
export function loadSignatures(options: SignaturesOptions = {}): Promise<Signatures> {
  return Signatures.load(options, loadSignaturesWasm, (bytes) => randomFillSync(bytes));
}
export { encodeCertificate } from "./certificate.js";
export { Committee, type CommitteeSource } from "./committee.js";
export { Signatures } from "./signatures_core.js";
export {
  ClosedError, MalformedError, MoteError, RejectedError, type MoteErrorCode,
} from "./errors.js";
export type * from "./signatures_types.js";
export type { Bytes, Verdict } from "./verdict.js";
