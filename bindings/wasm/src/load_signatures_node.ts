import { readFile } from "node:fs/promises";

/** Reads and compiles the module that lies beside this file. */
export async function loadSignaturesWasm(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("./mote-signatures.wasm", import.meta.url)));
}
