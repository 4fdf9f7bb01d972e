// The voter as its user has it: arguments checked, then sent to where it runs.
import { copyBytes, copyDigest } from "./bytes.js";
import { encodeMembers } from "./committee.js";
import { ClosedError } from "./errors.js";
import { integer, u64 } from "./instance.js";
import type { WasmSource } from "./messages.js";
import { kinds, secretKeyBytes } from "./signatures_layout.js";
import type { VoterBackend } from "./voter_backend.js";
import type { VoterConfig, VoterRequest } from "./voter_messages.js";
import type {
  Attestation, Ballot, CommitteeSource, VoterCallOptions, VoterOptions, VoterState,
} from "./voter_types.js";
import type { Bytes } from "./verdict.js";

/** What an entry does with checked options. */
export type MakeVoter = (
  config: VoterConfig, options: VoterOptions, wasm: WasmSource | null,
) => Promise<VoterBackend>;

/** A view of the root chain. */
export interface ViewOf {
  readonly epoch: bigint;
  readonly view: bigint;
}

/**
 * Votes with one key, and never two conflicting things. Make one with `createVoter`, feed it what you
 * checked, send what it signs, and `close` it.
 */
export class Voter {
  /** 48 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 hex digits: the name of the key on its chain, which names its record and its lock, too. */
  readonly keyName: string;
  private readonly backend: VoterBackend;
  private closed = false;

  private constructor(backend: VoterBackend) {
    this.backend = backend;
    this.publicKey = backend.names.publicKey;
    this.keyName = backend.names.keyName;
  }

  /** @internal */
  static async create(make: MakeVoter, options: VoterOptions, exporting = false): Promise<Voter> {
    if (typeof options !== "object" || options === null) {
      throw new TypeError("options must be an object");
    }
    const { mode = "reserve", neverVoted = false, wait = false, reserveViews = 64 } = options;
    const { voteRecord = null } = options;
    if (mode !== "reserve" && mode !== "exact") {
      throw new TypeError('mode must be "reserve" or "exact"');
    }
    if (typeof neverVoted !== "boolean" || typeof wait !== "boolean") {
      throw new TypeError("neverVoted and wait must be true or false");
    }
    if (voteRecord !== null && typeof voteRecord !== "string") {
      throw new TypeError("voteRecord must be the text of an export");
    }
    if (neverVoted && voteRecord !== null) {
      throw new TypeError("a key that never voted has no voteRecord");
    }
    const views = integer(reserveViews, Number.MAX_SAFE_INTEGER, "reserveViews");
    if (views === 0) throw new RangeError("reserveViews must be at least 1");
    options.signal?.throwIfAborted();
    const chainId = copyDigest(options.chainId, "chainId");
    const wasm =
      options.wasm === undefined || options.wasm instanceof WebAssembly.Module
        ? (options.wasm ?? null)
        : (copyBytes(options.wasm, "wasm").buffer as ArrayBuffer);
    const secret = copyBytes(options.secretKey, "secretKey");
    if (secret.length !== secretKeyBytes) {
      throw new TypeError(`secretKey must be ${secretKeyBytes} bytes, not ${secret.length}`);
    }
    const config: VoterConfig = {
      secret, chainId, neverVoted, voteRecord, exporting,
      reserve: mode === "reserve", reserveViews: BigInt(views),
    };
    return new Voter(await make(config, options, wasm));
  }

  /** @internal */
  static async export(make: MakeVoter, options: VoterOptions): Promise<string> {
    const voter = await Voter.create(make, options, true);
    try {
      return await voter.retire();
    } catch (error) {
      await voter.close().catch(() => {}); // gives the lock back
      throw error;
    }
  }

  /** Where the voter stands. */
  async state(options: VoterCallOptions = {}): Promise<VoterState> {
    return this.call({ op: "state" }, options);
  }

  /** Enters view 1 of epoch 0: for a new key, on a chain that has only its genesis. */
  async enterGenesis(options: VoterCallOptions = {}): Promise<Ballot> {
    return this.call({ op: "genesis" }, options);
  }

  /** Votes for a block of this view, which the caller has checked. */
  async notarize(view: ViewOf & { readonly block: Bytes | string }, options: VoterCallOptions = {}): Promise<Ballot> {
    const block = copyDigest(view.block, "block");
    return this.call({ op: "notarize", ...positionOf(view), block }, options);
  }

  /** Gives a view up: no valid proposal came in time. */
  async nullify(view: ViewOf, options: VoterCallOptions = {}): Promise<Ballot> {
    return this.call({ op: "nullify", ...positionOf(view) }, options);
  }

  /**
   * Takes the committee of an epoch: certificates of the epoch need it. The newest two are kept. Rejects
   * with `RejectedError` if the list has another commitment.
   */
  async useCommittee(epoch: bigint, source: CommitteeSource, options: VoterCallOptions = {}): Promise<void> {
    if (typeof source !== "object" || source === null) {
      throw new TypeError("source must be an object");
    }
    const list = encodeMembers(source.members);
    const commitment = copyDigest(source.commitment, "commitment");
    return this.call({ op: "committee", epoch: u64(epoch, "epoch"), list, commitment }, options);
  }

  /**
   * Takes a certificate of the root chain, from anybody, and verifies it: enters the next view, or votes to
   * finalize first. `endsEpoch`: its block is the last of its epoch. Rejects with `MalformedError` or
   * `RejectedError`.
   */
  async certificate(
    certificate: Bytes, options: VoterCallOptions & { readonly endsEpoch?: boolean } = {},
  ): Promise<Ballot> {
    const endsEpoch = options.endsEpoch ?? false;
    if (typeof endsEpoch !== "boolean") throw new TypeError("endsEpoch must be true or false");
    const bytes = copyBytes(certificate, "certificate");
    return this.call({ op: "certificate", bytes, endsEpoch }, options);
  }

  /** The vote of this view again, the second if there are two; the same signature. */
  async repeat(options: VoterCallOptions = {}): Promise<Ballot> {
    return this.call({ op: "repeat" }, options);
  }

  /** Writes the number of a lease, which must be above the recorded one, before it is announced. */
  async renewLease(nonce: bigint, options: VoterCallOptions = {}): Promise<Ballot> {
    return this.call({ op: "lease", nonce: u64(nonce, "nonce") }, options);
  }

  /**
   * Compares the number of this key's lease on chain. `true`: another device renewed it, which has a copy of
   * the key. The voter signs nothing any more then.
   */
  async foundClone(nonceOnChain: bigint, options: VoterCallOptions = {}): Promise<boolean> {
    return this.call({ op: "leaseSeen", nonce: u64(nonceOnChain, "nonceOnChain") }, options);
  }

  /** Signs an attestation; needs no record. */
  async attest(attestation: Attestation, options: VoterCallOptions = {}): Promise<Uint8Array> {
    const { kind } = attestation;
    if (kind !== "avail" && kind !== "valid" && kind !== "ckpt") {
      throw new TypeError('kind must be "avail", "valid" or "ckpt"');
    }
    return this.call(
      {
        op: "attest",
        kind: kinds.indexOf(kind) + 1,
        epoch: kind === "ckpt" ? u64(attestation.period, "period") : u64(attestation.epoch, "epoch"),
        zone: kind === "avail" ? integer(attestation.zone, 0xffffffff, "zone") : 0,
        height: kind === "valid" ? 0n : u64(attestation.height, "height"),
        subject: copyDigest(attestation.subject, "subject"),
      },
      options,
    );
  }

  /**
   * Ends the key on this device for good, closes the voter, and gives what it voted as a text for the device
   * to which it moves (`voteRecord` there, or `mote keys import --vote-record`). A text that is lost is given
   * again by `exportVoteRecord`.
   */
  async retire(options: VoterCallOptions = {}): Promise<string> {
    const text = await this.call<string>({ op: "retire" }, options);
    this.closed = true;
    this.backend.stop(new ClosedError("this voter"));
    return text;
  }

  /**
   * Writes what was voted and gives the record up, so that the next start loses nothing. A voter that is
   * ended otherwise is safe, and silent for up to `reserveViews` views. Closing twice does nothing.
   */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      await this.backend.call({ op: "close" });
    } finally {
      this.backend.stop(new ClosedError("this voter"));
    }
  }

  private async call<T>(request: VoterRequest, { signal }: VoterCallOptions): Promise<T> {
    signal?.throwIfAborted();
    if (this.closed) throw new ClosedError("this voter");
    const result = this.backend.call(request) as Promise<T>;
    if (signal === undefined) return result;
    return new Promise<T>((resolve, reject) => {
      const aborted = (): void => reject(signal.reason);
      signal.addEventListener("abort", aborted, { once: true });
      result.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
    });
  }
}

function positionOf(view: ViewOf): { epoch: bigint; view: bigint } {
  return { epoch: u64(view.epoch, "epoch"), view: u64(view.view, "view") };
}
