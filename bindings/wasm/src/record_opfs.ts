// The vote record as a file of the origin's private file system, through a handle that only a dedicated
// worker has: its flush() returns when the bytes are on the medium.
import { RecordLockedError, RecordUnusableError, StorageError } from "./errors.js";
import type { RecordSlots, RecordStore } from "./record_store.js";
import { recordBytes, recordFileBytes, slotOffsets } from "./signatures_layout.js";

/** FileSystemSyncAccessHandle; some functions gave promises in early versions. */
export interface SyncHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  flush(): void | Promise<void>;
  getSize(): number | Promise<number>;
  close(): void | Promise<void>;
}

interface SyncFile {
  createSyncAccessHandle?(): Promise<SyncHandle>;
}

export class OpfsStore implements RecordStore {
  private readonly handle: SyncHandle;

  constructor(handle: SyncHandle) {
    this.handle = handle;
  }

  async read(): Promise<RecordSlots | null> {
    const size = await this.handle.getSize();
    if (size === 0) return null; // made and never written
    if (size !== recordFileBytes) {
      throw new RecordUnusableError(`the vote record has ${size} bytes, not ${recordFileBytes}`);
    }
    return [this.slot(slotOffsets[0]), this.slot(slotOffsets[1])];
  }

  async create(offset: number, record: Uint8Array): Promise<void> {
    if ((await this.handle.getSize()) !== 0) throw new RecordUnusableError("there is a vote record");
    const file = new Uint8Array(recordFileBytes);
    file.set(record, offset);
    await this.put(file, 0);
  }

  write(offset: number, record: Uint8Array): Promise<void> {
    return this.put(record, offset);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private slot(at: number): Uint8Array | null {
    const bytes = new Uint8Array(recordBytes);
    try {
      return this.handle.read(bytes, { at }) === recordBytes ? bytes : null;
    } catch {
      return null; // what it holds might be the newer record, so the other one does not count alone
    }
  }

  private async put(bytes: Uint8Array, at: number): Promise<void> {
    const written = this.handle.write(bytes, { at });
    if (written !== bytes.length) {
      throw new StorageError(`${written} of ${bytes.length} bytes of the vote record were written`);
    }
    await this.handle.flush();
  }
}

/** Opens the record file of a key, or gives `null` where there is no such file system. */
export async function openOpfs(name: string): Promise<RecordStore | null> {
  let folder: FileSystemDirectoryHandle;
  try {
    const root = await navigator.storage.getDirectory();
    folder = await root.getDirectoryHandle("mote-voter", { create: true });
  } catch {
    return null; // private windows of some browsers
  }
  const file = (await folder.getFileHandle(`${name}.record`, { create: true })) as SyncFile;
  if (file.createSyncAccessHandle === undefined) return null;
  // The handle of a tab that was killed outlives its lock by a moment.
  for (let attempt = 0; ; ++attempt) {
    try {
      return new OpfsStore(await file.createSyncAccessHandle());
    } catch (error) {
      const taken = error instanceof DOMException && error.name === "NoModificationAllowedError";
      if (!taken) throw error;
      if (attempt === 20) throw new RecordLockedError();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
