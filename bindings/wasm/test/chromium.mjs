// A server for the package and headless Chromium, for the tests that need them.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize, resolve } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { requireTool, vectors } from "./support.mjs";

const chromiumPath = process.env.MOTE_CHROMIUM ?? "/usr/bin/chromium";
export const skip = existsSync(chromiumPath) ? false : `${chromiumPath} is not installed`;
const installed = dirname(createRequire(import.meta.url).resolve("mote-validator/package.json"));
const roots = {
  package: installed,
  vectors,
  fixtures: resolve("fixtures"),
  test: dirname(fileURLToPath(import.meta.url)),
};
const types = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".bin": "application/octet-stream",
};

export let browser, origin;
let server;
before(async () => {
  if (skip) return;
  // No headers for cross-origin isolation: none are needed.
  server = createServer((request, response) => {
    const [, space, ...rest] = normalize(decodeURIComponent(request.url.split("?")[0])).split("/");
    const file = roots[space] && join(roots[space], ...rest);
    if (request.url === "/empty") {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>test</title>");
    } else if (request.url === "/favicon.ico") {
      response.statusCode = 204;
      response.end();
    } else if (file && existsSync(file) && statSync(file).isFile()) {
      response.setHeader("content-type", types[extname(file)] ?? "text/plain");
      createReadStream(file).pipe(response);
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${server.address().port}`;
  const { chromium } = requireTool("playwright-core");
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(async () => {
  await browser?.close();
  server?.close();
});
