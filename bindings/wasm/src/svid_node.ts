/**
 * SVID in Node. The same interface as in a browser.
 *
 * @module
 */
import { webcrypto } from "node:crypto";
import { loadSvidWasm } from "./load_svid_node.js";
import { Svid } from "./svid_core.js";
import type { SvidOptions } from "./svid_types.js";

/** Loads the module. Everything after that is synchronous. */
export function loadSvid(options: SvidOptions = {}): Promise<Svid> {
  return Svid.load(options, loadSvidWasm, (bytes) => webcrypto.getRandomValues(bytes));
}
export { Epoch, ShareChecker, Svid } from "./svid_core.js";
export { ClosedError, MoteError, type MoteErrorCode } from "./errors.js";
export type * from "./svid_types.js";
export type { Bytes } from "./verdict.js";
