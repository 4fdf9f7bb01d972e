import { readFile } from "node:fs/promises";

/** Reads and compiles the module that lies beside this file. */
export async function loadSvidWasm(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("./mote-svid.wasm", import.meta.url)));
}
