// A voter where it runs: one instance of mote-signatures.wasm, one store, one event after another. A
// signature comes out of the module only after the store has said that the record is on the medium.
import { Committee } from "./committee.js";
import { ClosedError, MalformedError, MoteError, RecordUnusableError, RejectedError } from "./errors.js";
import { status as statusCodes } from "./layout.js";
import { exportText, positionOf, type Position } from "./record_exchange.js";
import { GuardedStore, type RecordSlots, type RecordStore } from "./record_store.js";
import {
  malformed, named, rejected, type Exports, type Scope, type SignaturesInstance,
} from "./signatures_calls.js";
import * as layout from "./signatures_layout.js";
import type { VoterConfig, VoterNames, VoterRequest } from "./voter_messages.js";
import type { Ballot, VoterState, Vote } from "./voter_types.js";

const committeesKept = 2; // this epoch's and the next one's

type Event = (e: Exports, voter: number, out: number, scope: Scope) => number;

/** What an event asks for. */
interface Outcome {
  readonly ballot: Ballot;
  readonly write: { readonly offset: number; readonly token: bigint; readonly record: Uint8Array } | null;
}

export class VoterCore {
  private readonly instance: SignaturesInstance;
  private readonly record: GuardedStore;
  private readonly voter: number;
  private readonly chainId: Uint8Array;
  private readonly release: () => void;
  private readonly committees = new Map<bigint, Committee>();
  private tail: Promise<unknown> = Promise.resolve();
  private closed = false;
  private retired = false;
  readonly names: VoterNames;

  private constructor(
    instance: SignaturesInstance, voter: number, names: VoterNames, chainId: Uint8Array,
    record: GuardedStore, release: () => void,
  ) {
    this.chainId = chainId;
    this.instance = instance;
    this.voter = voter;
    this.names = names;
    this.record = record;
    this.release = release;
  }

  /**
   * Makes the voter of a key. `openRecord` brings the store of a key by its name, locked; `release` gives up
   * what locks it besides the store.
   */
  static async open(
    instance: SignaturesInstance, config: VoterConfig,
    openRecord: (
      keyName: string, onLost: (reason: unknown) => void,
    ) => Promise<{ store: RecordStore; release: () => void }>,
  ): Promise<VoterCore> {
    const { voter, names } = prepare(instance, config);
    let lost: { reason: unknown } | null = null;
    let core: VoterCore | null = null;
    try {
      const { store, release } = await openRecord(names.keyName, (reason) => {
        lost = { reason };
        core?.lose(reason);
      });
      const record = new GuardedStore(store);
      core = new VoterCore(instance, voter, names, config.chainId, record, release);
      if (lost !== null) core.lose((lost as { reason: unknown }).reason);
      await core.start(config);
      return core;
    } catch (error) {
      if (core === null) forget(instance, voter);
      else await core.end().catch(() => {});
      throw error;
    }
  }

  /** Does one thing after another, in the order of the calls. */
  perform(request: VoterRequest): Promise<unknown> {
    const result = this.tail.then(() => this.now(request));
    this.tail = result.catch(() => {});
    return result;
  }

  private lose(reason: unknown): void {
    this.record.lose("the lock of the vote record was lost", reason);
  }

  private async start(config: VoterConfig): Promise<void> {
    const position =
      config.voteRecord === null
        ? null
        : positionOf(config.voteRecord, config.chainId, this.names.publicKey);
    let slots = await this.record.read();
    if (config.neverVoted && slots !== null) {
      throw new RecordUnusableError("there is a vote record of this key: none is ever replaced");
    }
    if (slots === null && (config.neverVoted || position !== null)) {
      const { epoch, view } = position ?? { epoch: 0n, view: 0n };
      const { write } = this.event((e, voter, out) => {
        e.mote_wasm_voter_first_record(voter, out, epoch, view);
        return statusCodes.ok;
      });
      if (write === null) throw new MoteError("FAILED", "there is no first record");
      await this.record.create(write.offset, write.record);
      slots = await this.record.read();
    }
    if (slots === null) throw new RecordUnusableError("there is no vote record of this key");
    await this.confirm(slots, config.exporting);
    if (this.retired) return;
    if (position !== null) await this.raise(position, config.exporting);
    this.instance.run((scope) =>
      scope.demand(
        scope.exports.mote_wasm_voter_started(
          this.voter, config.reserve ? 1 : 0, config.reserveViews,
        ),
      ),
    );
  }

  /** Picks the record that counts and writes it once more. */
  private async confirm(slots: RecordSlots, exporting: boolean): Promise<void> {
    let unusable = 0;
    const { write } = this.event((e, voter, out, scope) => {
      const [slot0, slot1] = slots.map((slot) => (slot === null ? 0 : scope.put(slot)));
      unusable = e.mote_wasm_voter_start(voter, out, slot0 ?? 0, slot1 ?? 0);
      return statusCodes.ok;
    });
    this.retired = unusable === 2;
    if (this.retired && !exporting) {
      throw new RecordUnusableError("the vote record of this key is retired");
    }
    if ((unusable !== 0 && !this.retired) || write === null) {
      throw new RecordUnusableError("no slot of the vote record is good, or it is another key's");
    }
    // What a read gives may be in a cache only; a voter repeats what its record says without writing again.
    await this.record.write(write.offset, write.record);
  }

  private async raise({ epoch, view }: Position, exporting: boolean): Promise<void> {
    const { write } = this.event((e, voter, out) => {
      e.mote_wasm_voter_raise(voter, out, epoch, view);
      return statusCodes.ok;
    });
    if (write === null) return; // it stands there or higher
    await this.record.write(write.offset, write.record);
    const slots = await this.record.read();
    if (slots === null) throw new MoteError("FAILED", "the vote record is gone");
    await this.confirm(slots, exporting);
  }

  private async now(request: VoterRequest): Promise<unknown> {
    if (this.closed) throw new ClosedError("this voter");
    if (request.op === "close") return this.close();
    this.record.demandGood();
    switch (request.op) {
      case "state":
        return this.state();
      case "committee":
        return this.useCommittee(request.epoch, request.list, request.commitment);
      case "leaseSeen":
        return this.instance.run(
          ({ exports }) => exports.mote_wasm_voter_finds_clone(this.voter, request.nonce) === 1,
        );
      case "attest":
        return this.attest(request);
      case "retire":
        return this.retire();
      default:
        return this.vote(this.eventOf(request));
    }
  }

  private eventOf(request: VoterRequest): Event {
    switch (request.op) {
      case "genesis":
        return (e, voter, out) => e.mote_wasm_voter_genesis(voter, out);
      case "repeat":
        return (e, voter, out) => e.mote_wasm_voter_repeat(voter, out);
      case "notarize":
        return (e, voter, out, scope) =>
          e.mote_wasm_voter_proposal(
            voter, out, request.epoch, request.view, scope.put(request.block),
          );
      case "nullify":
        return (e, voter, out) => e.mote_wasm_voter_timeout(voter, out, request.epoch, request.view);
      case "lease":
        return (e, voter, out) => e.mote_wasm_voter_lease(voter, out, request.nonce);
      case "certificate":
        return this.certificateEvent(request.bytes, request.endsEpoch);
      default:
        throw new MoteError("FAILED", `what is ${request.op}?`);
    }
  }

  private certificateEvent(bytes: Uint8Array, endsEpoch: boolean): Event {
    const demand = (status: number): number => {
      if (status !== statusCodes.malformed) return status;
      throw new MalformedError(malformed("no certificate", 0, "certificate", 0));
    };
    const epoch = this.instance.run((scope) => {
      const at = scope.alloc(8);
      scope.demand(
        demand(scope.exports.mote_wasm_certificate_epoch(at, scope.put(bytes), bytes.length)),
      );
      return scope.view().getBigUint64(at, true);
    });
    const committee = this.committees.get(epoch);
    if (committee === undefined) {
      throw new MoteError("INVALID_ARGUMENT", `there is no committee of epoch ${epoch}`);
    }
    return (e, voter, out, scope) => {
      const status = demand(
        e.mote_wasm_voter_certificate(
          voter, out, committee.pointer(), epoch, scope.put(bytes), bytes.length, endsEpoch ? 1 : 0,
        ),
      );
      if (status === layout.statusRejected) {
        const code = scope.view().getUint32(out + layout.outcome.fault, true);
        throw new RejectedError(
          rejected("certificate", named(layout.certificateFaults, code), code),
        );
      }
      return status;
    };
  }

  private useCommittee(epoch: bigint, list: Uint8Array, commitment: Uint8Array): void {
    const committee = new Committee(this.instance, list, commitment);
    this.committees.get(epoch)?.close();
    this.committees.set(epoch, committee);
    if (this.committees.size <= committeesKept) return;
    const oldest = [...this.committees.keys()].reduce((a, b) => (a < b ? a : b));
    this.committees.get(oldest)?.close();
    this.committees.delete(oldest);
  }

  private attest(request: VoterRequest & { op: "attest" }): Uint8Array {
    return this.instance.run((scope) => {
      const out = scope.alloc(layout.signatureBytes);
      const status = scope.exports.mote_wasm_voter_attest(
        this.voter, out, request.kind, request.epoch, request.zone, request.height,
        scope.put(request.subject),
      );
      if (status === statusCodes.invalidArgument) throw new ClosedError("this voter");
      scope.demand(status);
      return scope.bytes(out, layout.signatureBytes).slice();
    });
  }

  /** An event, its record on the medium, and then what it permits. */
  private async vote(event: Event): Promise<Ballot> {
    const { ballot, write } = this.event(event);
    if (write === null) return ballot;
    try {
      await this.record.write(write.offset, write.record);
    } catch (error) {
      this.instance.run(({ exports }) => exports.mote_wasm_voter_write_failed(this.voter));
      throw error;
    }
    return this.event((e, voter, out) => e.mote_wasm_voter_flushed(voter, out, write.token)).ballot;
  }

  private event(event: Event): Outcome {
    return this.instance.run((scope) => {
      const out = scope.alloc(layout.outcome.size);
      scope.demand(event(scope.exports, this.voter, out, scope));
      return readOutcome(scope, out);
    });
  }

  /** Ends the key, and says where it stood only when that is on the medium. */
  private async retire(): Promise<string> {
    if (!this.retired) {
      const { refusal } = await this.vote((e, voter, out) => e.mote_wasm_voter_retire(voter, out));
      if (refusal !== "") throw new ClosedError("this voter");
    }
    const { epoch, view, second } = this.state(this.retired);
    await this.end();
    return exportText(this.chainId, this.names.publicKey, { epoch, view }, second);
  }

  /** `loaded`: where the record stands that was read, whatever the voter is. */
  private state(loaded = false): VoterState {
    return this.instance.run((scope) => {
      const at = scope.alloc(layout.state.size);
      if (loaded) scope.exports.mote_wasm_voter_loaded(this.voter, at);
      else scope.exports.mote_wasm_voter_state(this.voter, at);
      const view = scope.view();
      const first = view.getUint32(at + layout.state.first, true);
      const second = view.getUint32(at + layout.state.second, true);
      return {
        epoch: view.getBigUint64(at + layout.state.epoch, true),
        view: view.getBigUint64(at + layout.state.view, true),
        first: first === 255 ? "used" : named(["none", "notarize"] as const, first),
        second:
          second === 255
            ? "used"
            : second === 0
              ? "none"
              : named(["nullify", "finalize"] as const, second - 2),
        leaseNonce: view.getBigUint64(at + layout.state.leaseNonce, true),
        reservedView: view.getBigUint64(at + layout.state.reservedView, true),
        open: view.getUint32(at + layout.state.open, true) === 1,
      };
    });
  }

  /** Writes what was voted, so that nothing has to be given up at the next start, and ends. */
  private async close(): Promise<void> {
    try {
      this.record.demandGood();
      await this.vote((e, voter, out) => e.mote_wasm_voter_stop(voter, out));
    } finally {
      await this.end();
    }
  }

  private async end(): Promise<void> {
    this.closed = true;
    for (const committee of this.committees.values()) committee.close();
    this.committees.clear();
    try {
      forget(this.instance, this.voter);
      await this.record.close();
    } finally {
      this.release();
    }
  }
}

function prepare(
  instance: SignaturesInstance, config: VoterConfig,
): { voter: number; names: VoterNames } {
  return instance.run((scope) => {
    const e = scope.exports;
    const voter = scope.allocKept(e.mote_wasm_voter_size());
    // malloc's alignment is enough for it.
    const secret = scope.put(config.secret);
    const status = e.mote_wasm_voter_prepare(voter, secret, scope.put(config.chainId));
    scope.bytes(secret, config.secret.length).fill(0);
    config.secret.fill(0);
    if (status === statusCodes.invalidArgument) {
      e.free(voter);
      throw new MoteError("INVALID_ARGUMENT", "this is no secret key");
    }
    scope.demand(status);
    const publicKey = scope.alloc(layout.publicKeyBytes);
    const name = scope.alloc(16);
    e.mote_wasm_voter_names(voter, publicKey, name);
    return {
      voter,
      names: {
        publicKey: scope.bytes(publicKey, layout.publicKeyBytes).slice(),
        keyName: Array.from(scope.bytes(name, 16), (b) => b.toString(16).padStart(2, "0")).join(""),
      },
    };
  });
}

/** Overwrites the key. A module that trapped cannot, and is dropped as a whole. */
function forget(instance: SignaturesInstance, voter: number): void {
  try {
    instance.run(({ exports }) => exports.mote_wasm_voter_close(voter));
    instance.free(voter);
  } catch {
    // Nothing is called any more.
  }
}

function readOutcome(scope: Scope, at: number): Outcome {
  const view = scope.view();
  const { outcome } = layout;
  const refusal = named(layout.refusals, view.getUint32(at + outcome.refusal, true));
  const write =
    view.getUint32(at + outcome.write, true) === 1
      ? {
          offset: view.getUint32(at + outcome.offset, true),
          token: view.getBigUint64(at + outcome.token, true),
          record: scope.bytes(at + outcome.record, layout.recordBytes).slice(),
        }
      : null;
  if (refusal !== "") return { ballot: { refusal, vote: null }, write };
  if (view.getUint32(at + outcome.voted, true) !== 1) return { ballot: { refusal, vote: null }, write };
  const vote: Vote = {
    kind: named(["notarize", "nullify", "finalize"] as const, view.getUint32(at + outcome.kind, true) - 1),
    epoch: view.getBigUint64(at + outcome.epoch, true),
    view: view.getBigUint64(at + outcome.view, true),
    block: scope.hex(at + outcome.block),
    signature: scope.bytes(at + outcome.signature, layout.signatureBytes).slice(),
  };
  return { ballot: { refusal, vote }, write };
}
