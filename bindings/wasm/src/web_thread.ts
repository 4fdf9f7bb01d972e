import type { StartThread } from "./backend.js";
import type { FromWorker } from "./messages.js";

/** A browser's Worker. */
export function webThread(make: () => Worker): StartThread {
  return (onMessage, onFailure) => {
    const worker = make();
    worker.onmessage = (event: MessageEvent<FromWorker>) => onMessage(event.data);
    worker.onmessageerror = () => onFailure(new Error("a message could not be read"));
    worker.onerror = (event) => {
      event.preventDefault();
      onFailure(new Error(event.message || "it could not be loaded"));
    };
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      stop: () => worker.terminate(),
    };
  };
}
