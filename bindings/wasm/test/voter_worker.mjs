// A worker for z_voter_browser.test.mjs: a voter over the real private file system whose medium can be
// stopped between write and flush, so that its tab can be killed there.
import { loadSignaturesWasm } from "/package/dist/load_signatures_web.js";
import { takeLock } from "/package/dist/record_browser.js";
import { OpfsStore } from "/package/dist/record_opfs.js";
import { openSignatures } from "/package/dist/signatures_calls.js";
import { VoterCore } from "/package/dist/voter_core.js";

let hang = null;

async function openSlow(name) {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("mote-voter", { create: true });
  const file = await folder.getFileHandle(`${name}.record`, { create: true });
  const handle = await file.createSyncAccessHandle();
  const never = () => {
    postMessage({ hanging: hang });
    return new Promise(() => {});
  };
  return new OpfsStore({
    read: (buffer, options) => handle.read(buffer, options),
    write: (buffer, options) => {
      if (hang === "half") handle.write(buffer.subarray(0, 80), options);
      else handle.write(buffer, options);
      return buffer.length;
    },
    flush: async () => {
      if (hang === "written" || hang === "half") await never();
      handle.flush();
      if (hang === "flushed") await never();
    },
    getSize: () => handle.getSize(),
    close: () => handle.close(),
  });
}

let core = null;
onmessage = async ({ data }) => {
  try {
    if (data.config !== undefined) {
      core = await VoterCore.open(
        await openSignatures(undefined, loadSignaturesWasm), data.config,
        async (name, onLost) => ({ release: await takeLock(name, false, onLost), store: await openSlow(name) }),
      );
      postMessage({ value: core.names });
    } else {
      hang = data.hang ?? null;
      postMessage({ value: await core.perform(data.request) });
    }
  } catch (error) {
    postMessage({ error: error.code ?? String(error) });
  }
};
