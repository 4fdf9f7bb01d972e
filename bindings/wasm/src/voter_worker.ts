// Entry of a voter's worker: the only place that has a private file system's handle, and the lock.
import { loadSignaturesWasm } from "./load_signatures_web.js";
import { openStore, takeLock } from "./record_browser.js";
import { openSignatures } from "./signatures_calls.js";
import { serveVoter } from "./voter_backend.js";
import { VoterCore } from "./voter_core.js";
import type { FromVoterWorker, ToVoterWorker } from "./voter_messages.js";

const scope = self as unknown as {
  postMessage(message: FromVoterWorker): void;
  onmessage: ((event: MessageEvent<ToVoterWorker>) => void) | null;
};
const take = serveVoter(
  (message) => scope.postMessage(message),
  async ({ config, wait, storage, wasm }) =>
    VoterCore.open(
      await openSignatures(wasm ?? undefined, loadSignaturesWasm),
      config,
      async (name, onLost) => {
        const release = await takeLock(name, wait, onLost);
        try {
          return { store: await openStore(name, storage), release };
        } catch (error) {
          release();
          throw error;
        }
      },
    ),
);
scope.onmessage = (event) => take(event.data);
