// Entry of the worker that inline.ts carries as text: it is always given its module.
import type { FromWorker, ToWorker } from "./messages.js";
import { serve } from "./serve.js";

const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};
const take = serve(
  (message) => scope.postMessage(message),
  () => Promise.reject(new Error("no module was given")),
);
scope.onmessage = (event) => take(event.data);
