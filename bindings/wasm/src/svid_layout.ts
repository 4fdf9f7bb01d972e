// Where the fields of the structs of mote_svid.h are for wasm32. The core refuses a struct of another
// size, and svid_glue.c does not compile if one of the offsets is another.

export const verdict = { size: 20, outcome: 4, step: 8, fault: 12, row: 16 };

export const validators = {
  size: 52, count: 4, stakes: 8, publicKeys: 12, publicKeysBytes: 16, seed: 20,
};

export const params = {
  size: 32, rowBytes: 4, blockBytes: 8, dataRows: 16, codeRows: 20, rows: 24, zBytes: 28,
};

export const range = { size: 12, first: 4, count: 8 };

export const headerInfo = {
  size: 240,
  zone: 4,
  height: 8,
  epoch: 16,
  blockBytes: 24,
  dataRows: 32,
  rows: 36,
  rowBytes: 40,
  chainId: 44,
  dataRoot: 76,
  parityRoot: 108,
  zDigest: 140,
  svidRoot: 172,
  announceDigest: 204,
};

export const expected = {
  size: 96, zone: 4, height: 8, epoch: 16, blockBytesMax: 24, chainId: 32, svidRoot: 64,
};

export const request = { size: 16, validator: 4, rows: 8, rowCount: 12 };

/** Elements of an array, so without their own size. */
export const row = { size: 12, number: 0, data: 4, bytes: 8 };

export const noValidator = 0xffffffff;
export const publicKeyBytes = 48;
export const entropyBytes = 32;
export const blockBytesMax = 1073741824n;
export const samplesDefault = 16;
