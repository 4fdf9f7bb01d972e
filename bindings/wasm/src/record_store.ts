// Where a vote record lies: two slots of 160 bytes in 8,192, and what writing one means. Which bytes, and
// when, is the core's business.
import { MoteError, StorageError } from "./errors.js";
import { recordBytes } from "./signatures_layout.js";

/** The slots at 0 and 4096, 160 bytes each; `null` for one that cannot be read. */
export type RecordSlots = readonly [Uint8Array | null, Uint8Array | null];

/**
 * Keeps the vote record of one key. A store of your own must be the only one that writes, until it is
 * closed or its process ends: hold a lock that a crash releases, not a file that it leaves behind.
 */
export interface RecordStore {
  /** Both slots as they are on the medium, or `null` if there is no record. */
  read(): Promise<RecordSlots | null>;
  /** Makes a record of 8,192 bytes, zero but for `record` at `offset`. Rejects if there is one. */
  create(offset: number, record: Uint8Array): Promise<void>;
  /**
   * Writes 160 bytes at 0 or 4096. Resolves when they are on the medium (`fsync`, not only written) and
   * rejects if they may not be.
   */
  write(offset: number, record: Uint8Array): Promise<void>;
  /** Ends the use of it and gives up its lock. */
  close(): Promise<void>;
}

/**
 * A store that stops at the first failure. After one nobody knows what is on the medium, and a second
 * flush that succeeds says nothing about the first one's bytes: opening again finds out.
 */
export class GuardedStore {
  private readonly store: RecordStore;
  private failure: MoteError | null = null;

  constructor(store: RecordStore) {
    this.store = store;
  }

  read(): Promise<RecordSlots | null> {
    return this.attempt("the vote record cannot be read", () => this.store.read());
  }

  create(offset: number, record: Uint8Array): Promise<void> {
    return this.attempt("the vote record cannot be made", () =>
      this.store.create(offset, record.slice()),
    );
  }

  async write(offset: number, record: Uint8Array): Promise<void> {
    if (record.length !== recordBytes) throw new MoteError("FAILED", "no vote record");
    await this.attempt("the vote record may not be on the medium", () =>
      this.store.write(offset, record.slice()),
    );
  }

  /** Takes the news that somebody else may write from now on. */
  lose(message: string, cause?: unknown): void {
    this.failure ??= new StorageError(message, { cause });
  }

  /** Throws what ended it. */
  demandGood(): void {
    if (this.failure !== null) throw this.failure;
  }

  async close(): Promise<void> {
    this.lose("the vote record is closed");
    await this.store.close();
  }

  private async attempt<T>(message: string, body: () => Promise<T>): Promise<T> {
    this.demandGood();
    let value: T;
    try {
      value = await body();
    } catch (error) {
      const typed =
        error instanceof MoteError && error.code !== "FAILED"
          ? error
          : new StorageError(`${message}: ${error instanceof Error ? error.message : String(error)}`, {
              cause: error,
            });
      this.failure ??= typed;
      throw typed;
    }
    // The lock may have been lost while it was written: another voter may have written after us.
    this.demandGood();
    return value;
  }
}
