// Bytes as callers pass them. What outlives a call is copied, so that later changes and transfers on
// either side do not matter.

/** `value` as it lies; `TypeError` names `what` if it is no bytes, or if its buffer is detached. */
export function viewBytes(value: unknown, what: string): Uint8Array {
  try {
    if (ArrayBuffer.isView(value)) {
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    }
    if (isBuffer(value)) return new Uint8Array(value);
  } catch {
    // Detached.
  }
  throw new TypeError(`${what} must be an ArrayBuffer or a view that is not detached`);
}

/** A copy of `value`, as `viewBytes` takes it. */
export function copyBytes(value: unknown, what: string): Uint8Array {
  const view = viewBytes(value, what);
  const copy = new Uint8Array(view.length);
  copy.set(view);
  return copy;
}

/** Also of another realm, such as an iframe. */
function isBuffer(value: unknown): value is ArrayBuffer {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}

/** Thirty-two bytes, given as bytes or as 64 hex digits. */
export function copyDigest(value: unknown, what: string): Uint8Array {
  if (typeof value === "string") {
    if (!/^[0-9a-fA-F]{64}$/.test(value)) throw new TypeError(`${what} must be 64 hex digits`);
    return Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }
  const copy = copyBytes(value, what);
  if (copy.length !== 32) throw new TypeError(`${what} must be 32 bytes, not ${copy.length}`);
  return copy;
}
