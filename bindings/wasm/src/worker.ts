// Entry of a browser's dedicated Worker.
import { loadWasm } from "./load_web.js";
import type { FromWorker, ToWorker } from "./messages.js";
import { serve } from "./serve.js";

const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};
const take = serve((message) => scope.postMessage(message), loadWasm);
scope.onmessage = (event) => take(event.data);
