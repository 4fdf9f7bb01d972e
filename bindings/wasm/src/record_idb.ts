// The vote record in IndexedDB, where there is no private file system: each slot an entry of its own, each
// write a transaction that asks for strict durability. The default is relaxed: it completes before the
// bytes are on the medium. Nothing here excludes another writer as a file's handle does, so each write
// compares in its transaction what is there with what it knows.
import { RecordUnusableError, StorageError } from "./errors.js";
import type { RecordSlots, RecordStore } from "./record_store.js";
import { recordBytes, slotOffsets } from "./signatures_layout.js";

const records = "records";

export class IdbStore implements RecordStore {
  private readonly database: IDBDatabase;
  private readonly name: string;
  private known: RecordSlots | null = null;
  private lost = false;

  constructor(database: IDBDatabase, name: string) {
    this.database = database;
    this.name = name;
    // Deleted by the user, or upgraded by somebody else.
    database.onclose = () => (this.lost = true);
    database.onversionchange = () => {
      this.lost = true;
      database.close();
    };
  }

  async read(): Promise<RecordSlots | null> {
    const transaction = this.database.transaction(records, "readonly");
    const entries = transaction.objectStore(records);
    const [first, second] = slotOffsets.map((at) => entries.get(this.key(at)));
    await ended(transaction);
    const slots = [slotOf(first?.result), slotOf(second?.result)] as const;
    if (first?.result === undefined && second?.result === undefined) return null;
    this.known = slots;
    return slots;
  }

  async create(offset: number, record: Uint8Array): Promise<void> {
    const transaction = this.strict();
    const entries = transaction.objectStore(records);
    for (const at of slotOffsets) {
      entries.add(at === offset ? record : new Uint8Array(recordBytes), this.key(at));
    }
    try {
      await ended(transaction);
    } catch (error) {
      if (error instanceof DOMException && error.name === "ConstraintError") {
        throw new RecordUnusableError("there is a vote record", { cause: error });
      }
      throw error;
    }
  }

  async write(offset: number, record: Uint8Array): Promise<void> {
    const { known } = this;
    if (known === null) throw new StorageError("the vote record was not read");
    const transaction = this.strict();
    const entries = transaction.objectStore(records);
    let foreign = false;
    slotOffsets.forEach((at, i) => {
      const request = entries.get(this.key(at));
      request.onsuccess = () => {
        if (foreign || same(slotOf(request.result), known[i] ?? null)) return;
        foreign = true;
        transaction.abort();
      };
    });
    entries.put(record, this.key(offset)); // after both
    try {
      await ended(transaction);
    } catch (error) {
      if (foreign) throw new StorageError("another voter has written the vote record");
      throw error;
    }
    this.known = offset === slotOffsets[0] ? [record, known[1]] : [known[0], record];
  }

  async close(): Promise<void> {
    this.lost = true;
    this.database.close();
  }

  private key(at: number): string {
    return `${this.name}/${at}`;
  }

  private strict(): IDBTransaction {
    if (this.lost) throw new StorageError("the database of the vote record was closed");
    const transaction = this.database.transaction(records, "readwrite", { durability: "strict" });
    // A browser that does not know the option ignores it.
    if (transaction.durability !== "strict") {
      transaction.abort();
      throw new StorageError("this browser's IndexedDB cannot flush");
    }
    return transaction;
  }
}

/** Opens the database, or gives `null` where there is none. */
export async function openIdb(name: string): Promise<RecordStore | null> {
  if (typeof indexedDB === "undefined") return null;
  const database = await new Promise<IDBDatabase | null>((resolve) => {
    try {
      const request = indexedDB.open("mote-voter", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(records);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null); // forbidden here
    }
  });
  return database === null ? null : new IdbStore(database, name);
}

/** Settles when all of a transaction is done. */
function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () =>
      reject(transaction.error ?? new StorageError("the transaction was aborted"));
  });
}

function slotOf(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array && value.length === recordBytes ? value : null;
}

function same(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.every((byte, i) => byte === b[i]);
}
