/**
 * Signatures: BLS12-381 keys, signatures, sums of them and certificates of committees. Loads
 * mote-signatures.wasm. The ciphersuite is Ethereum's.
 *
 * @example
 * import { loadSignatures } from "mote-validator/signatures";
 * const signatures = await loadSignatures();
 * const committee = signatures.openCommittee({ members, commitment });
 * const { accepted, kind, subject } = committee.verifyCertificate(chainId, bytes);
 *
 * @module
 */
import { loadSignaturesWasm } from "./load_signatures_web.js";
import { Signatures } from "./signatures_core.js";
import type { SignaturesOptions } from "./signatures_types.js";

/** Loads the module. Everything after that is synchronous. */
export function loadSignatures(options: SignaturesOptions = {}): Promise<Signatures> {
  return Signatures.load(options, loadSignaturesWasm, (bytes) => crypto.getRandomValues(bytes));
}
export { encodeCertificate } from "./certificate.js";
export { Committee, type CommitteeSource } from "./committee.js";
export { Signatures } from "./signatures_core.js";
export {
  ClosedError, MalformedError, MoteError, RejectedError, type MoteErrorCode,
} from "./errors.js";
export type * from "./signatures_types.js";
export type { Bytes, Verdict } from "./verdict.js";
