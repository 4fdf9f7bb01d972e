// What both entries of the voter export besides createVoter.
export { encodeCertificate } from "./certificate.js";
export {
  ClosedError, MalformedError, MoteError, RecordLockedError, RecordUnusableError, RejectedError,
  StorageError, type MoteErrorCode,
} from "./errors.js";
export { Voter, type ViewOf } from "./voter_api.js";
export type * from "./voter_types.js";
export type { RecordSlots } from "./record_store.js";
export type { CertificateFields, CertificateKind, Member } from "./signatures_types.js";
export type { Bytes, Verdict } from "./verdict.js";
