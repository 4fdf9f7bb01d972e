import { readFile } from "node:fs/promises";

/** Reads and compiles the module that lies beside this file. */
export async function loadStateWasm(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("./mote-state.wasm", import.meta.url)));
}
