// A vote record in memory, behind the interface of a store and behind that of a file handle, with faults.

/** Two slots in a file of 8,192 bytes; `file` outlives the voters over it. */
export class MemoryStore {
  constructor(file = null) {
    this.file = file;
    this.writes = [];
    this.fault = null; // "before_write", "torn", "after_flush": the next write, once
    this.closed = 0;
  }
  async read() {
    if (this.file === null) return null;
    return [this.file.slice(0, 160), this.file.slice(4096, 4256)];
  }
  async create(offset, record) {
    if (this.file !== null) throw new Error("there is a record");
    this.file = new Uint8Array(8192);
    this.file.set(record, offset);
  }
  async write(offset, record) {
    const fault = this.fault;
    this.fault = null;
    if (fault === "before_write") throw new Error("power is gone");
    if (fault === "torn") {
      this.file.set(record.subarray(0, 80), offset);
      throw new Error("power is gone");
    }
    this.file.set(record, offset);
    this.writes.push(Buffer.from(record).toString("hex"));
    if (fault === "after_flush") throw new Error("power is gone");
  }
  async close() {
    ++this.closed;
  }
}

/** A file handle whose writes are in a cache until flush(). `fault` is done to the next call of its name. */
export class FakeHandle {
  constructor(medium = new Uint8Array(0)) {
    this.medium = medium;
    this.cache = medium.slice();
    this.fault = null;
    this.flushes = 0;
    this.closed = false;
  }
  take(name) {
    if (this.closed) throw new DOMException("closed", "InvalidStateError");
    const fault = this.fault?.[name];
    if (fault !== undefined) this.fault = null;
    if (fault instanceof Error || fault instanceof DOMException) throw fault;
    return fault;
  }
  getSize() {
    this.take("getSize");
    return this.cache.length;
  }
  read(buffer, { at }) {
    const count = this.take("read") ?? buffer.length;
    const bytes = this.cache.subarray(at, at + count);
    buffer.set(bytes);
    return bytes.length;
  }
  write(buffer, { at }) {
    const count = this.take("write") ?? buffer.length;
    if (this.cache.length < at + count) {
      const longer = new Uint8Array(at + count);
      longer.set(this.cache);
      this.cache = longer;
    }
    this.cache.set(buffer.subarray(0, count), at);
    return count;
  }
  flush() {
    this.take("flush");
    ++this.flushes;
    this.medium = this.cache.slice();
  }
  close() {
    this.closed = true;
  }
}
