// Which of a browser's stores has the vote record, and the lock that makes a worker the only voter of a key
// among all tabs of the origin.
import { MoteError, RecordLockedError, RecordUnusableError, StorageError } from "./errors.js";
import { openIdb } from "./record_idb.js";
import { openOpfs } from "./record_opfs.js";
import type { RecordStore } from "./record_store.js";
import type { VoterStorage } from "./voter_types.js";

/**
 * Takes the lock of a key. Without `wait` another holder means `RecordLockedError`.
 *
 * @returns a function that releases it; so does the end of this worker, however it ends.
 */
export function takeLock(
  name: string, wait: boolean, onLost: (reason: unknown) => void,
): Promise<() => void> {
  if (navigator.locks === undefined) {
    throw new MoteError("UNSUPPORTED", "a voter needs Web Locks, which only secure contexts have");
  }
  return new Promise((resolve, reject) => {
    let held = false;
    let released = false;
    const end = (reason: unknown): void => {
      if (!held) reject(reason);
      else if (!released) onLost(reason);
    };
    navigator.locks
      .request(`mote-voter ${name}`, { mode: "exclusive", ifAvailable: !wait }, (lock) => {
        if (lock === null) throw new RecordLockedError();
        held = true;
        return new Promise<void>((release) =>
          resolve(() => {
            released = true;
            release();
          }),
        );
      })
      // Somebody stole it ({ steal: true }).
      .then(() => end(new Error("the lock ended")), end);
  });
}

/**
 * Opens the store that has the record of a key; if none has, the best there is. Both are looked at, so that
 * a private file system that comes or goes cannot make a second record.
 */
export async function openStore(name: string, storage: VoterStorage | "auto"): Promise<RecordStore> {
  const opened: RecordStore[] = [];
  const withRecord: RecordStore[] = [];
  const closeBut = async (kept: RecordStore | null): Promise<void> => {
    for (const store of opened) if (store !== kept) await store.close();
  };
  try {
    if (storage !== "indexeddb") push(opened, await openOpfs(name));
    if (storage !== "opfs") push(opened, await openIdb(name));
    for (const store of opened) if ((await store.read()) !== null) withRecord.push(store);
    if (withRecord.length > 1) {
      throw new RecordUnusableError("there are two vote records of this key");
    }
    const chosen = withRecord[0] ?? opened[0];
    if (chosen === undefined) {
      throw new MoteError("UNSUPPORTED", "there is no storage here that can flush");
    }
    await closeBut(chosen);
    return chosen;
  } catch (error) {
    await closeBut(null).catch(() => {});
    if (error instanceof MoteError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new StorageError(`the vote record cannot be opened: ${message}`, { cause: error });
  }
}

function push(list: RecordStore[], store: RecordStore | null): void {
  if (store !== null) list.push(store);
}
