// The worker's side: one core, one call after another.
import { Core } from "./core.js";
import { toWire, type FromWorker, type Request, type ToWorker, type WasmSource } from "./messages.js";

/** Makes one call of `core`. */
export function perform(core: Core, request: Request, onStage: (stage: string) => void): unknown {
  switch (request.op) {
    case "openKey":
      return core.openKey(request.bytes, request.digest, request.revision);
    case "openSetup":
      return core.openSetup(request.bytes, request.digest);
    case "describeKey":
      return core.describeKey(request.key);
    case "close":
      return core.close(request.handle);
    case "parts":
      return core.parts(request.bytes);
    case "memory":
      return core.memoryBytes;
    case "verify":
      return core.verify(
        request.key, request.setup, request.io, request.proof, request.trustedAdvice, onStage,
      );
    case "verifyBundle":
      return core.verifyBundle(request.bytes, request.expectProgram, request.expectSetup, onStage);
  }
}

/** Compiles what was given, or what `load` brings. */
export async function compile(
  wasm: WasmSource | null,
  load: () => Promise<WebAssembly.Module>,
): Promise<WebAssembly.Module> {
  if (wasm === null) return load();
  return wasm instanceof WebAssembly.Module ? wasm : WebAssembly.compile(wasm);
}

/** Answers the messages of a validator. Returns the function that takes them. */
export function serve(
  post: (message: FromWorker) => void,
  load: () => Promise<WebAssembly.Module>,
): (message: ToWorker) => void {
  let core: Core | null = null;
  const start = async (wasm: WasmSource | null): Promise<void> => {
    try {
      core = await Core.instantiate(await compile(wasm, load));
      post({ type: "ready" });
    } catch (error) {
      post({ type: "error", id: null, error: toWire(error) });
    }
  };
  return (message) => {
    if (message.type === "start") {
      void start(message.wasm);
      return;
    }
    const { id, request } = message;
    try {
      if (core === null) throw new Error("called before it was ready");
      const value = perform(core, request, (stage) => post({ type: "stage", id, stage }));
      post({ type: "result", id, value });
    } catch (error) {
      post({ type: "error", id, error: toWire(error) });
    }
  };
}
