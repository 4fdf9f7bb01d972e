// Where the fields of the structs of mote.h are for wasm32. The core refuses a struct of another size,
// and glue.c does not compile if one of the offsets is another.

export const abiVersion = 1;

export const verdict = { size: 32, accepted: 4, stage: 8, reason: 12, field: 16, index: 20, offset: 24 };

export const bundle = {
  size: 280,
  panic: 4,
  key: 8,
  setup: 16,
  proof: 24,
  trustedAdvice: 32,
  inputs: 40,
  outputs: 48,
  memoryLayout: 56,
  keyDigest: 216,
  setupDigest: 248,
};

export const publicIo = {
  size: 28,
  panic: 4,
  inputs: 8,
  inputsBytes: 12,
  outputs: 16,
  outputsBytes: 20,
  memoryLayout: 24,
};

export const keyInfo = {
  size: 232,
  committed: 4,
  digest: 8,
  maxTraceLength: 40,
  bytecodeLength: 48,
  imageWords: 56,
  entryAddress: 64,
  memoryLayout: 72,
};

export const memoryLayoutBytes = 160;
export const digestBytes = 32;
export const gtBytes = 384;

export const status = {
  ok: 0,
  malformed: 2,
  invalidArgument: 3,
  memoryTooSmall: 4,
  limitExceeded: 5,
  unsupported: 6,
};
