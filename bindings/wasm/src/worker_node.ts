// Entry of a worker thread of Node.
import { parentPort } from "node:worker_threads";
import { loadWasm } from "./load_node.js";
import type { ToWorker } from "./messages.js";
import { serve } from "./serve.js";

if (parentPort === null) throw new Error("worker_node.js is for worker threads");
const port = parentPort;
const take = serve((message) => port.postMessage(message), loadWasm);
port.on("message", (message: ToWorker) => take(message));
