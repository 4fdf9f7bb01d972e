// SVID in one instance of mote-svid.wasm: synchronous calls of mote_svid.h. A share is checked in
// less time than a message to a Worker and back may take; who rebuilds large blocks does it in one.
import { copyDigest, viewBytes } from "./bytes.js";
import { ClosedError, MoteError } from "./errors.js";
import {
  align, instantiate, integer, u64, type Instance, type ModuleExports, type Scope as ScopeOf,
} from "./instance.js";
import * as layout from "./svid_layout.js";
import type {
  EpochInput,
  Expected,
  Fault,
  HeldRow,
  Reconstruction,
  RowRange,
  RowRequest,
  Share,
  ShareVerdict,
  SvidHeader,
  SvidOptions,
  SvidParams,
} from "./svid_types.js";
import type { Bytes } from "./verdict.js";

/** What the module exports: mote_svid.h. */
interface Exports extends ModuleExports {
  mote_wasm_svid_version(): number;
  mote_svid_epoch_size(size: number, count: number): number;
  mote_svid_epoch_open(out: number, memory: number, memoryBytes: number, validators: number): number;
  mote_svid_params_of(out: number, epoch: number, blockBytes: bigint): number;
  mote_svid_assigned_rows(
    out: number, epoch: number, blockBytes: bigint, zone: number, height: bigint, validator: number,
  ): number;
  mote_svid_header_describe(out: number, header: number, headerBytes: number): number;
  mote_svid_share_size(
    size: number, verdict: number, epoch: number, expected: number, request: number, header: number,
    headerBytes: number,
  ): number;
  mote_svid_share_open(
    out: number, verdict: number, memory: number, memoryBytes: number, epoch: number,
    expected: number, request: number, header: number, headerBytes: number,
  ): number;
  mote_svid_share_begin_source(share: number): number;
  mote_svid_share_append_z(fault: number, share: number, z: number, zBytes: number): number;
  mote_svid_share_end_z(fault: number, share: number): number;
  mote_svid_share_begin_rows(
    fault: number, share: number, first: number, count: number, rowsBytes: bigint,
    dataPath: number, dataPathBytes: number, parityPath: number, parityPathBytes: number,
  ): number;
  mote_svid_share_append_rows(fault: number, share: number, rows: number, rowsBytes: number): number;
  mote_svid_share_end_rows(fault: number, share: number): number;
  mote_svid_share_verdict(out: number, share: number): number;
  mote_svid_share_holds(holds: number, share: number, row: number): number;
  mote_svid_sample_rows(
    rows: number, rowCount: number, totalRows: number, entropy: number, entropyBytes: number,
  ): number;
  mote_svid_sample_bound(bound: number, dataRows: number, rows: number, samples: number): number;
  mote_svid_reconstruct_size(size: number, header: number, headerBytes: number): number;
  mote_svid_reconstruct(
    result: number, block: number, blockBytes: number, memory: number, memoryBytes: number,
    header: number, headerBytes: number, rows: number, rowCount: number,
  ): number;
}

const outcomes = ["incomplete", "rejected", "provisional"] as const;
const faults: readonly Fault[] = [
  "", "E_HEADER", "E_PARAMS", "E_COMMIT", "E_Z", "E_ROW_SHAPE", "E_PATH", "E_FINGERPRINT",
];

type Scope = ScopeOf<Exports>;

/** Fills bytes from the system's generator. */
type FillRandom = (bytes: Uint8Array) => Uint8Array;

/** A module with nothing but the type of a function that returns a vector. */
const usesVectors = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123);

/** Bytes that go into the module at once. */
const pieceBytes = 1 << 16;

/** The validators of an epoch, put in order once. `close()` gives the memory back. */
export class Epoch {
  private readonly instance: Instance<Exports>;
  private memory: number;
  private readonly count: number;
  private readonly assigned: boolean;

  /** @internal */
  constructor(instance: Instance<Exports>, input: EpochInput) {
    if (typeof input !== "object" || input === null) throw new TypeError("epoch must be an object");
    const seed = copyDigest(input.seed, "seed");
    const { stakes } = input;
    if (!Array.isArray(stakes)) throw new TypeError("stakes must be an array");
    const keys = input.publicKeys === undefined ? null : viewBytes(input.publicKeys, "publicKeys");
    if (keys !== null && keys.length !== layout.publicKeyBytes * stakes.length) {
      throw new TypeError(`publicKeys must be ${layout.publicKeyBytes} bytes for each stake`);
    }
    const amounts = stakes.map((stake: unknown, i) => u64(stake, `stakes[${i}]`));
    this.instance = instance;
    this.count = stakes.length;
    this.assigned = keys !== null;
    this.memory = instance.run((scope) => {
      const out = scope.alloc(8);
      scope.demand(scope.exports.mote_svid_epoch_size(out, amounts.length));
      const size = scope.view().getUint32(out, true);
      const list = scope.alloc(8 * amounts.length);
      const keysAt = keys === null || keys.length === 0 ? 0 : scope.put(keys);
      const struct = scope.struct(layout.validators.size);
      const memory = scope.allocKept(size);
      try {
        const view = scope.view();
        amounts.forEach((amount, i) => view.setBigUint64(list + 8 * i, amount, true));
        view.setUint32(struct + layout.validators.count, amounts.length, true);
        view.setUint32(struct + layout.validators.stakes, list, true);
        view.setUint32(struct + layout.validators.publicKeys, keysAt, true);
        view.setUint32(struct + layout.validators.publicKeysBytes, keys?.length ?? 0, true);
        scope.bytes(struct + layout.validators.seed, 32).set(seed);
        scope.demand(scope.exports.mote_svid_epoch_open(out, align(memory), size, struct));
        return memory;
      } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError)) scope.exports.free(memory);
        throw error;
      }
    });
  }

  /** The only parameters a block of so many bytes may have. */
  params(blockBytes: number): SvidParams {
    const bytes = BigInt(integer(blockBytes, Number.MAX_SAFE_INTEGER, "blockBytes"));
    const epoch = this.pointer(this.instance);
    return this.instance.run((scope) => {
      const out = scope.struct(layout.params.size);
      scope.demand(scope.exports.mote_svid_params_of(out, epoch, bytes));
      const u32 = (at: number): number => scope.view().getUint32(out + at, true);
      return {
        blockBytes,
        rowBytes: u32(layout.params.rowBytes),
        dataRows: u32(layout.params.dataRows),
        codeRows: u32(layout.params.codeRows),
        rows: u32(layout.params.rows),
        zBytes: u32(layout.params.zBytes),
      };
    });
  }

  /** The rows of one validator, a position in the list. The epoch needs public keys. */
  assignedRows(where: {
    readonly blockBytes: number;
    readonly zone: number;
    readonly height: bigint;
    readonly validator: number;
  }): RowRange {
    const bytes = BigInt(integer(where.blockBytes, Number.MAX_SAFE_INTEGER, "blockBytes"));
    const zone = integer(where.zone, 0xffffffff, "zone");
    const height = u64(where.height, "height");
    const validator = this.member(where.validator);
    const epoch = this.pointer(this.instance);
    return this.instance.run((scope) => {
      const out = scope.struct(layout.range.size);
      scope.demand(
        scope.exports.mote_svid_assigned_rows(out, epoch, bytes, zone, height, validator),
      );
      const view = scope.view();
      return {
        first: view.getUint32(out + layout.range.first, true),
        count: view.getUint32(out + layout.range.count, true),
      };
    });
  }

  /** Gives its memory back; checks that were opened with it go on. Closing twice does nothing. */
  close(): void {
    if (this.memory !== 0) this.instance.free(this.memory);
    this.memory = 0;
  }

  /** @internal A position in the list. */
  member(validator: unknown): number {
    const position = integer(validator, 0xffffffff, "validator");
    if (!this.assigned) throw new MoteError("INVALID_ARGUMENT", "this epoch has no public keys");
    if (position >= this.count) throw new RangeError(`validator must be below ${this.count}`);
    return position;
  }

  /** @internal */
  pointer(instance: Instance<Exports>): number {
    if (this.memory === 0) throw new ClosedError("this epoch");
    if (this.instance !== instance) {
      throw new MoteError("INVALID_ARGUMENT", "the epoch belongs to another instance");
    }
    return align(this.memory);
  }
}

/**
 * The check of one share, in pieces of any size and in any order. Each method that takes something
 * returns what is wrong with it, or `""`; `verdict()` has the answer at any time.
 */
export class ShareChecker {
  private readonly instance: Instance<Exports>;
  private share = 0;
  private memory = 0;
  private staging = 0;
  private closed = false;
  /** Of a header that failed: nothing more can be said about its share. */
  private readonly refused: ShareVerdict | null;

  /** @internal */
  constructor(
    instance: Instance<Exports>, epoch: Epoch, expected: Expected, request: RowRequest, header: Bytes,
  ) {
    if (!(epoch instanceof Epoch)) throw new TypeError("epoch must be an Epoch");
    if (typeof expected !== "object" || expected === null) {
      throw new TypeError("expected must be an object");
    }
    if (typeof request !== "object" || request === null) {
      throw new TypeError("request must be an object");
    }
    const epochAt = epoch.pointer(instance);
    const chainId = copyDigest(expected.chainId, "chainId");
    const svidRoot = copyDigest(expected.svidRoot, "svidRoot");
    const zone = integer(expected.zone, 0xffffffff, "zone");
    const height = u64(expected.height, "height");
    const number = u64(expected.epoch, "epoch");
    const limit = u64(expected.blockBytesMax ?? layout.blockBytesMax, "blockBytesMax");
    let rows: number[] | null = null;
    let validator = layout.noValidator;
    if ("validator" in request) {
      if ("rows" in request) throw new TypeError("request has a validator or rows, not both");
      validator = epoch.member(request.validator);
    } else {
      if (!Array.isArray(request.rows)) throw new TypeError("rows must be an array");
      rows = request.rows.map((row: unknown, i) => integer(row, 0xffffffff, `rows[${i}]`));
    }
    const bytes = viewBytes(header, "header");
    this.instance = instance;
    this.refused = instance.run((scope) => {
      const e = scope.exports;
      const list = rows === null || rows.length === 0 ? 0 : scope.alloc(4 * rows.length);
      const known = scope.struct(layout.expected.size);
      const asked = scope.struct(layout.request.size);
      const verdict = scope.struct(layout.verdict.size);
      const out = scope.alloc(8);
      const headerAt = scope.put(bytes);
      const view = scope.view();
      rows?.forEach((row, i) => view.setUint32(list + 4 * i, row, true));
      view.setUint32(known + layout.expected.zone, zone, true);
      view.setBigUint64(known + layout.expected.height, height, true);
      view.setBigUint64(known + layout.expected.epoch, number, true);
      view.setBigUint64(known + layout.expected.blockBytesMax, limit, true);
      scope.bytes(known + layout.expected.chainId, 32).set(chainId);
      scope.bytes(known + layout.expected.svidRoot, 32).set(svidRoot);
      view.setUint32(asked + layout.request.validator, validator, true);
      view.setUint32(asked + layout.request.rows, list, true);
      view.setUint32(asked + layout.request.rowCount, rows?.length ?? 0, true);
      scope.demand(
        e.mote_svid_share_size(out, verdict, epochAt, known, asked, headerAt, bytes.length),
      );
      const size = scope.view().getUint32(out, true);
      if (size === 0) return readVerdict(scope, verdict);
      const memory = scope.allocKept(size);
      try {
        this.staging = scope.allocKept(pieceBytes);
        scope.demand(
          e.mote_svid_share_open(
            out, verdict, align(memory), size, epochAt, known, asked, headerAt, bytes.length,
          ),
        );
        this.share = scope.view().getUint32(out, true);
        this.memory = memory;
        return null;
      } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError)) {
          e.free(memory);
          if (this.staging !== 0) e.free(this.staging);
        }
        throw error;
      }
    });
  }

  /**
   * Another peer begins: what its predecessors got wrong in steps 4 to 6 counts no longer, what they
   * left unfinished is dropped, and what they proved stays.
   */
  beginSource(): void {
    this.call((scope, share) => {
      scope.demand(scope.exports.mote_svid_share_begin_source(share));
      return "";
    });
  }

  /** Takes the next bytes of Z. */
  appendZ(part: Bytes): Fault {
    const bytes = viewBytes(part, "part");
    return this.call((scope, share, fault) =>
      this.inPieces(scope, fault, bytes, (at, count) =>
        scope.exports.mote_svid_share_append_z(fault, share, at, count),
      ),
    );
  }

  /** No more of Z comes from this source: one that is too short is wrong. */
  endZ(): Fault {
    return this.call((scope, share, fault) => {
      scope.demand(scope.exports.mote_svid_share_end_z(fault, share));
      return readFault(scope, fault);
    });
  }

  /** Announces rows, `rowsBytes` in all. After a fault `appendRows` ignores what comes. */
  beginRows(head: {
    readonly first: number;
    readonly count: number;
    readonly rowsBytes: number;
    readonly dataPath?: Bytes;
    readonly parityPath?: Bytes;
  }): Fault {
    const first = integer(head.first, 0xffffffff, "first");
    const count = integer(head.count, 0xffffffff, "count");
    const total = BigInt(integer(head.rowsBytes, Number.MAX_SAFE_INTEGER, "rowsBytes"));
    const none = new Uint8Array(0);
    const data = head.dataPath === undefined ? none : viewBytes(head.dataPath, "dataPath");
    const parity = head.parityPath === undefined ? none : viewBytes(head.parityPath, "parityPath");
    return this.call((scope, share, fault) => {
      scope.demand(
        scope.exports.mote_svid_share_begin_rows(
          fault, share, first, count, total, scope.put(data), data.length, scope.put(parity),
          parity.length,
        ),
      );
      return readFault(scope, fault);
    });
  }

  /** Takes the next bytes of the announced rows; the last one checks the paths. */
  appendRows(part: Bytes): Fault {
    const bytes = viewBytes(part, "part");
    return this.call((scope, share, fault) =>
      this.inPieces(scope, fault, bytes, (at, count) =>
        scope.exports.mote_svid_share_append_rows(fault, share, at, count),
      ),
    );
  }

  /** The announced rows end here; if some are missing, all of this message is dropped. */
  endRows(): Fault {
    return this.call((scope, share, fault) => {
      scope.demand(scope.exports.mote_svid_share_end_rows(fault, share));
      return readFault(scope, fault);
    });
  }

  verdict(): ShareVerdict {
    this.demandOpen();
    if (this.refused !== null) return this.refused;
    return this.instance.run((scope) => {
      const out = scope.struct(layout.verdict.size);
      scope.demand(scope.exports.mote_svid_share_verdict(out, this.share));
      return readVerdict(scope, out);
    });
  }

  /** Whether a row passed steps 5 to 7: what `reconstruct` may be given. */
  holds(row: number): boolean {
    const number = integer(row, 0xffffffff, "row");
    this.demandOpen();
    if (this.refused !== null) return false;
    return this.instance.run((scope) => {
      const out = scope.alloc(4);
      scope.demand(scope.exports.mote_svid_share_holds(out, this.share, number));
      return scope.view().getUint32(out, true) === 1;
    });
  }

  /** Gives its memory back. Closing twice does nothing. */
  close(): void {
    this.closed = true;
    if (this.memory === 0) return;
    this.instance.free(this.memory);
    this.instance.free(this.staging);
    this.memory = this.staging = this.share = 0;
  }

  private demandOpen(): void {
    if (this.closed) throw new ClosedError("this share checker");
  }

  private call(body: (scope: Scope, share: number, fault: number) => Fault): Fault {
    this.demandOpen();
    if (this.refused !== null) return this.refused.fault;
    return this.instance.run((scope) => body(scope, this.share, scope.alloc(4)));
  }

  private inPieces(
    scope: Scope, fault: number, bytes: Uint8Array, take: (at: number, count: number) => number,
  ): Fault {
    let first: Fault = "";
    const staging = align(this.staging);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      scope.bytes(staging, piece.length).set(piece);
      scope.demand(take(staging, piece.length));
      if (first === "") first = readFault(scope, fault);
    }
    return first;
  }
}

/** One instance of mote-svid.wasm. */
export class Svid {
  private readonly instance: Instance<Exports>;
  private readonly random: FillRandom;

  private constructor(instance: Instance<Exports>, random: FillRandom) {
    this.instance = instance;
    this.random = random;
  }

  /** @internal */
  static async load(
    options: SvidOptions, load: () => Promise<WebAssembly.Module>, random: FillRandom,
  ): Promise<Svid> {
    if (!WebAssembly.validate(usesVectors)) {
      throw new MoteError("UNSUPPORTED", "this machine's WebAssembly has no SIMD128");
    }
    const instance = await instantiate<Exports>("mote-svid.wasm", options.wasm, load, (exports) =>
      exports.mote_wasm_svid_version(),
    );
    return new Svid(instance, random);
  }

  /** Puts the validators of an epoch in order. */
  openEpoch(input: EpochInput): Epoch {
    return new Epoch(this.instance, input);
  }

  /** Begins the check of a share: steps 1 to 3. */
  openShare(epoch: Epoch, expected: Expected, request: RowRequest, header: Bytes): ShareChecker {
    return new ShareChecker(this.instance, epoch, expected, request, header);
  }

  /** Checks a share that is complete. */
  checkShare(epoch: Epoch, expected: Expected, request: RowRequest, share: Share): ShareVerdict {
    if (typeof share !== "object" || share === null) throw new TypeError("share must be an object");
    if (!Array.isArray(share.rows)) throw new TypeError("share.rows must be an array");
    const checker = this.openShare(epoch, expected, request, share.header);
    try {
      if (share.z !== undefined) {
        checker.appendZ(share.z);
        checker.endZ();
      }
      for (const { rows, ...head } of share.rows as Share["rows"]) {
        const bytes = viewBytes(rows, "rows");
        checker.beginRows({ ...head, rowsBytes: bytes.length });
        checker.appendRows(bytes);
        checker.endRows();
      }
      return checker.verdict();
    } finally {
      checker.close();
    }
  }

  /**
   * Draws distinct rows of `totalRows`, ascending; all of them if `count` is more. Draw after the header
   * is known. `entropy` is for tests: without it 32 bytes come from the system.
   */
  sampleRows(totalRows: number, count: number = layout.samplesDefault, entropy?: Bytes): number[] {
    const total = integer(totalRows, 0xffffffff, "totalRows");
    const wanted = Math.min(total, integer(count, 0xffffffff, "count"));
    const random =
      entropy === undefined
        ? this.random(new Uint8Array(layout.entropyBytes))
        : viewBytes(entropy, "entropy");
    if (random.length !== layout.entropyBytes) {
      throw new TypeError(`entropy must be ${layout.entropyBytes} bytes, not ${random.length}`);
    }
    return this.instance.run((scope) => {
      const out = scope.alloc(4 * wanted);
      scope.demand(
        scope.exports.mote_svid_sample_rows(out, wanted, total, scope.put(random), random.length),
      );
      const view = scope.view();
      return Array.from({ length: wanted }, (_, i) => view.getUint32(out + 4 * i, true));
    });
  }

  /**
   * Probability, at most, that all samples were served although the block cannot be rebuilt. Several
   * attempts multiply it.
   */
  failureBound(params: { readonly dataRows: number; readonly rows: number }, samples: number): number {
    const k = integer(params.dataRows, 0xffffffff, "dataRows");
    const rows = integer(params.rows, 0xffffffff, "rows");
    const count = integer(samples, 0xffffffff, "samples");
    return this.instance.run((scope) => {
      const out = scope.alloc(8);
      scope.demand(scope.exports.mote_svid_sample_bound(out, k, rows, count));
      return scope.view().getFloat64(out, true);
    });
  }

  /** What a header says. Throws a `MoteError` with the code `"MALFORMED"` for what is none. */
  describeHeader(header: Bytes): SvidHeader {
    const bytes = viewBytes(header, "header");
    return this.instance.run((scope) => {
      const out = scope.struct(layout.headerInfo.size);
      scope.demand(scope.exports.mote_svid_header_describe(out, scope.put(bytes), bytes.length));
      const view = scope.view();
      const at = layout.headerInfo;
      return {
        zone: view.getUint32(out + at.zone, true),
        height: view.getBigUint64(out + at.height, true),
        epoch: view.getBigUint64(out + at.epoch, true),
        blockBytes: Number(view.getBigUint64(out + at.blockBytes, true)),
        dataRows: view.getUint32(out + at.dataRows, true),
        rows: view.getUint32(out + at.rows, true),
        rowBytes: view.getUint32(out + at.rowBytes, true),
        chainId: scope.hex(out + at.chainId),
        dataRoot: scope.hex(out + at.dataRoot),
        parityRoot: scope.hex(out + at.parityRoot),
        zDigest: scope.hex(out + at.zDigest),
        svidRoot: scope.hex(out + at.svidRoot),
        announceDigest: scope.hex(out + at.announceDigest),
      };
    });
  }

  /**
   * Rebuilds a block from rows that a checker holds, in any order. What comes back has the hash that
   * the header states. Needs memory for the rows, the block and a few MiB; a large block takes
   * seconds, so give it a Worker.
   */
  reconstruct(header: Bytes, rows: readonly HeldRow[]): Reconstruction {
    const bytes = viewBytes(header, "header");
    if (!Array.isArray(rows)) throw new TypeError("rows must be an array");
    const held = (rows as readonly HeldRow[]).map((row, i) => ({
      number: integer(row.number, 0xffffffff, `rows[${i}].number`),
      bytes: viewBytes(row.bytes, `rows[${i}].bytes`),
    }));
    const { blockBytes } = this.describeHeader(bytes);
    return this.instance.run((scope) => {
      const e = scope.exports;
      const headerAt = scope.put(bytes);
      const out = scope.alloc(8);
      scope.demand(e.mote_svid_reconstruct_size(out, headerAt, bytes.length));
      const size = scope.view().getUint32(out, true);
      const memory = scope.alloc(size);
      const list = scope.alloc(layout.row.size * held.length);
      held.forEach((row, i) => {
        const data = scope.put(row.bytes);
        const view = scope.view();
        const at = list + layout.row.size * i;
        view.setUint32(at + layout.row.number, row.number, true);
        view.setUint32(at + layout.row.data, data, true);
        view.setUint32(at + layout.row.bytes, row.bytes.length, true);
      });
      const block = scope.alloc(blockBytes);
      scope.demand(
        e.mote_svid_reconstruct(
          out, block, blockBytes, memory, size, headerAt, bytes.length, list, held.length,
        ),
      );
      const result = scope.view().getUint32(out, true);
      if (result === 0) return { result: "rebuilt", block: scope.bytes(block, blockBytes).slice() };
      return { result: result === 1 ? "insufficient" : "mismatch", block: null };
    });
  }

  /** Bytes the instance holds at the moment. It grows and never shrinks. */
  get memoryBytes(): number {
    return this.instance.exports.memory.buffer.byteLength;
  }
}

function readVerdict(scope: Scope, at: number): ShareVerdict {
  const view = scope.view();
  const fault = faults[view.getUint32(at + layout.verdict.fault, true)];
  const outcome = outcomes[view.getUint32(at + layout.verdict.outcome, true)];
  if (fault === undefined || outcome === undefined) {
    throw new MoteError("FAILED", "mote-svid.wasm answers with an unknown code");
  }
  return {
    outcome,
    step: view.getUint32(at + layout.verdict.step, true),
    fault,
    row: fault === "E_FINGERPRINT" ? view.getUint32(at + layout.verdict.row, true) : null,
  };
}

function readFault(scope: Scope, at: number): Fault {
  return faults[scope.view().getUint32(at, true)] ?? "";
}
