/**
 * SVID: checks shares of blocks, draws samples, rebuilds blocks. Loads mote-svid.wasm, which needs
 * SIMD128.
 *
 * @example
 * import { loadSvid } from "mote-validator/svid";
 * const svid = await loadSvid();
 * const epoch = svid.openEpoch({ seed, stakes, publicKeys });
 * const verdict = svid.checkShare(epoch, expected, { validator }, { header, z, rows });
 * if (verdict.outcome === "provisional") console.log("every row holds");
 *
 * @module
 */
import { loadSvidWasm } from "./load_svid_web.js";
import { Svid } from "./svid_core.js";
import type { SvidOptions } from "./svid_types.js";

/** Loads the module. Everything after that is synchronous. */
export function loadSvid(options: SvidOptions = {}): Promise<Svid> {
  return Svid.load(options, loadSvidWasm, (bytes) => crypto.getRandomValues(bytes));
}
export { Epoch, ShareChecker, Svid } from "./svid_core.js";
export { ClosedError, MoteError, type MoteErrorCode } from "./errors.js";
export type * from "./svid_types.js";
export type { Bytes } from "./verdict.js";
