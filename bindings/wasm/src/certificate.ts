// A certificate's fields as the bytes in which the core takes it.
import { copyDigest, viewBytes } from "./bytes.js";
import { integer, u64 } from "./instance.js";
import { sized } from "./signatures_calls.js";
import { kinds, signatureBytes } from "./signatures_layout.js";
import type { CertificateFields } from "./signatures_types.js";

/** The layout of a certificate: docs/formats/consensus.md, `cert`. Nothing is checked but sizes. */
export function encodeCertificate(fields: CertificateFields): Uint8Array {
  const kind = kinds.indexOf(fields.kind) + 1;
  if (kind === 0) throw new TypeError(`kind must be one of ${kinds.join(", ")}`);
  const signers = viewBytes(fields.signers, "signers");
  if (signers.length > 256) throw new RangeError("signers must be at most 256 bytes");
  const out = new Uint8Array(55 + signers.length + signatureBytes);
  const view = new DataView(out.buffer);
  view.setUint8(0, kind);
  view.setBigUint64(1, u64(fields.epoch, "epoch"), true);
  view.setBigUint64(9, u64(fields.viewOrHeight, "viewOrHeight"), true);
  view.setUint32(17, integer(fields.zone ?? 0, 0xffffffff, "zone"), true);
  if (fields.subject !== undefined) out.set(copyDigest(fields.subject, "subject"), 21);
  view.setUint16(53, signers.length, true);
  out.set(signers, 55);
  out.set(sized(fields.signature, signatureBytes, "signature"), 55 + signers.length);
  return out;
}
