// Where the fields of the structs of mote-signatures.wasm are. The sources of the structs assert their
// sizes: committee_glue.hpp, committee_glue.cpp, voter_glue.cpp.

export const answer = { size: 16, accepted: 0, reason: 4, part: 8, index: 12 };

export const described = {
  size: 64, kind: 0, zone: 4, epoch: 8, viewOrHeight: 16, subject: 24, fault: 56, seats: 60,
};

export const outcome = {
  size: 336, write: 0, voted: 4, refusal: 8, offset: 12, token: 16, epoch: 24, view: 32, kind: 40,
  fault: 44, block: 48, signature: 80, record: 176,
};

export const state = {
  size: 48, epoch: 0, view: 8, leaseNonce: 16, reservedView: 24, first: 32, second: 36, open: 40,
};

export const secretKeyBytes = 32;
export const publicKeyBytes = 48;
export const signatureBytes = 96;
export const memberBytes = 56;
export const recordBytes = 160;
export const recordFileBytes = 8192;
export const slotOffsets = [0, 4096] as const;

export const kinds = ["notarize", "nullify", "finalize", "avail", "valid", "ckpt"] as const;

/** chain::CertificateFault, in its order. */
export const certificateFaults = [
  "", "kind", "zone", "subject", "committee_size", "bitmap_length", "spare_bits", "quorum",
  "partial_member", "commitment", "absent", "absent_proof", "absent_seats", "signature",
] as const;

/** consensus::Refusal, in its order. */
export const refusals = [
  "", "closed", "busy", "other_view", "already", "unknown_token",
] as const;

/** Status::rejected, which no function of the C interface returns: it has a verdict for it. */
export const statusRejected = 1;
