// What every entry exports besides createValidator and verifyBundle.
export {
  ClosedError,
  describe,
  MalformedError,
  MoteError,
  RejectedError,
  type MoteErrorCode,
} from "./errors.js";
export {
  DorySetup,
  ProgramKey,
  requireAccepted,
  Validator,
  type BundleOptions,
  type CallOptions,
  type ValidatorOptions,
  type VerifyOptions,
} from "./validator.js";
export type {
  BundleParts,
  BundleVerdict,
  Bytes,
  MemoryLayout,
  ProgramKeyInfo,
  ProofVerdict,
  PublicIo,
  StageTime,
  Verdict,
} from "./verdict.js";
