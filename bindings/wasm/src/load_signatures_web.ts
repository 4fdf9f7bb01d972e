/** Fetches and compiles the module that lies beside this file. */
export async function loadSignaturesWasm(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL("./mote-signatures.wasm", import.meta.url));
  if (!response.ok) throw new Error(`mote-signatures.wasm: HTTP ${response.status}`);
  // Streaming wants the type application/wasm, which not every server sends.
  if (response.headers.get("content-type")?.startsWith("application/wasm") === true) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
