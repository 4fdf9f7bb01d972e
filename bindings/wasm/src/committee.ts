// A committee in an instance of mote-signatures.wasm: its keys decoded once, certificates checked many
// times.
import { copyDigest, viewBytes } from "./bytes.js";
import { ClosedError, MalformedError, RejectedError } from "./errors.js";
import { align, integer } from "./instance.js";
import { status as statusCodes } from "./layout.js";
import {
  malformed, named, readCertificate, rejected, sized, type SignaturesInstance,
} from "./signatures_calls.js";
import * as layout from "./signatures_layout.js";
import type { CertificateFault, CertificateVerdict, Member } from "./signatures_types.js";
import type { Bytes } from "./verdict.js";

/** The members of a committee, and the 32 bytes that the chain commits to them with. */
export interface CommitteeSource {
  /** Ascending by `validatorId`; or the list as the chain hashes it, 56 bytes a member. */
  readonly members: readonly Member[] | Bytes;
  /** 32 bytes or 64 hex digits, of a header the caller trusts. */
  readonly commitment: Bytes | string;
}

/** A list of members as the chain hashes it. */
export function encodeMembers(members: CommitteeSource["members"]): Uint8Array {
  if (!Array.isArray(members)) return viewBytes(members, "members").slice();
  const list = new Uint8Array(members.length * layout.memberBytes);
  const view = new DataView(list.buffer);
  let seat = 0;
  (members as readonly Member[]).forEach((member, i) => {
    if (typeof member !== "object" || member === null) {
      throw new TypeError(`members[${i}] must be an object`);
    }
    const at = i * layout.memberBytes;
    view.setUint32(at, integer(member.validatorId, 0xffffffff, `members[${i}].validatorId`), true);
    list.set(sized(member.publicKey, layout.publicKeyBytes, `members[${i}].publicKey`), at + 4);
    view.setUint16(at + 52, integer(seat, 0xffff, "the sum of seats"), true);
    const seats = integer(member.seats, 0xffff, `members[${i}].seats`);
    view.setUint16(at + 54, seats, true);
    seat += seats;
  });
  return list;
}

/** A committee whose list has the trusted commitment. */
export class Committee {
  private readonly instance: SignaturesInstance;
  private memory: number;
  private object: number;

  /** @internal */
  constructor(instance: SignaturesInstance, list: Uint8Array, commitment: Uint8Array) {
    this.instance = instance;
    [this.memory, this.object] = instance.run((scope) => {
      const e = scope.exports;
      const out = scope.alloc(8);
      const listAt = scope.put(list);
      const commitmentAt = scope.put(commitment);
      const demand = (status: number): void => {
        if (status === statusCodes.malformed) {
          throw new MalformedError(malformed("no list of members", 0, "members", 0));
        }
        if (status === layout.statusRejected) {
          throw new RejectedError(rejected("committee", "commitment", 0));
        }
        scope.demand(status);
      };
      demand(e.mote_wasm_committee_size(out, listAt, list.length));
      const size = scope.view().getUint32(out, true);
      const memory = scope.allocKept(size);
      let kept = false;
      try {
        demand(
          e.mote_wasm_committee_open(out, align(memory), size, listAt, list.length, commitmentAt),
        );
        kept = true;
        return [memory, scope.view().getUint32(out, true)];
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) kept = true; // nothing is called any more
        throw error;
      } finally {
        if (!kept) e.free(memory);
      }
    });
  }

  /**
   * Says whether enough seats signed, on the chain of a genesis hash. Throws `MalformedError` for bytes
   * that are no certificate.
   */
  verifyCertificate(chainId: Bytes | string, certificate: Bytes): CertificateVerdict {
    const chain = copyDigest(chainId, "chainId");
    const bytes = viewBytes(certificate, "certificate");
    const committee = this.pointer();
    return this.instance.run((scope) => {
      const out = scope.alloc(layout.described.size);
      const status = scope.exports.mote_wasm_committee_verify(
        out, committee, scope.put(chain), scope.put(bytes), bytes.length,
      );
      if (status === statusCodes.malformed) {
        throw new MalformedError(malformed("no certificate", 0, "certificate", 0));
      }
      scope.demand(status);
      const { faultCode, ...info } = readCertificate(scope, out);
      const fault = named(layout.certificateFaults, faultCode) as CertificateFault;
      return fault === ""
        ? { ...info, accepted: true, fault }
        : { ...info, accepted: false, fault };
    });
  }

  /** Gives its memory back. Closing twice does nothing. */
  close(): void {
    if (this.memory !== 0) this.instance.free(this.memory);
    this.memory = this.object = 0;
  }

  /** @internal */
  pointer(): number {
    if (this.object === 0) throw new ClosedError("this committee");
    return this.object;
  }
}
