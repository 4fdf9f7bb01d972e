// Where the fields of the structs of mote_state.h are for wasm32. The core refuses a struct of another
// size, and state_glue.c does not compile if one of the offsets is another.

export const verdict = { size: 24, accepted: 4, fault: 8, operation: 12, offset: 16 };

/** Elements of an array, so without their own size. */
export const operation = {
  size: 20, key: 0, keyBytes: 4, value: 8, valueBytes: 12, erase: 16,
};

export const span = { size: 8, data: 0, bytes: 4 };

export const rootBytes = 32;
export const noHeight = 0xffffffffffffffffn;
