// Bytes as callers pass them: copied, so that later changes and transfers on either side do not matter.

/** A copy of `value`; `TypeError` names `what` if it is no bytes, or if its buffer is detached. */
export function copyBytes(value: unknown, what: string): Uint8Array {
  let view: Uint8Array;
  try {
    if (ArrayBuffer.isView(value)) {
      view = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    } else if (isBuffer(value)) {
      view = new Uint8Array(value);
    } else {
      throw new TypeError("not bytes");
    }
  } catch {
    throw new TypeError(`${what} must be an ArrayBuffer or a view that is not detached`);
  }
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
