// Vote records between machines, as JSON: docs/formats/consensus.md, section 7. Exporting ends the key here;
// importing only ever raises a record, to a position with both votes taken.
import { RecordUnusableError } from "./errors.js";

/** Where a key stands. */
export interface Position {
  readonly epoch: bigint;
  readonly view: bigint;
}

const exportBytesMax = 1 << 20;

/** The text of an export of one key. `second` that is not known is "finalize", which forbids most. */
export function exportText(
  chainId: Uint8Array, publicKey: Uint8Array, position: Position,
  second: "none" | "nullify" | "finalize" | "used",
): string {
  const record = {
    pubkey: `0x${hexOf(publicKey)}`,
    epoch: String(position.epoch),
    view: String(position.view),
    two: second === "used" ? "finalize" : second,
  };
  const root = { format: "1", chain_id: `0x${hexOf(chainId)}`, records: [record] };
  return `${JSON.stringify(root, null, 2)}\n`;
}

/**
 * The highest position of a key in an export. Anything but the format as it is written is a
 * `RecordUnusableError`, and so are another chain and a key that is not there.
 */
export function positionOf(text: string, chainId: Uint8Array, publicKey: Uint8Array): Position {
  if (text.length > exportBytesMax) throw new RecordUnusableError("the vote record export is too long");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new RecordUnusableError("the vote record export is no JSON", { cause: error });
  }
  const root = members(parsed, ["format", "chain_id", "records"], "the export");
  if (root.format !== "1") throw new RecordUnusableError("the vote record export has another format");
  if (root.chain_id !== `0x${hexOf(chainId)}`) {
    throw new RecordUnusableError("the vote record export is of another chain");
  }
  if (!Array.isArray(root.records)) throw new RecordUnusableError("records: no list");
  let names = 3;
  let best: Position | null = null;
  for (const entry of root.records as unknown[]) {
    const record = members(entry, ["pubkey", "epoch", "view", "two"], "a record");
    names += 4;
    const position = { epoch: decimal(record.epoch, "epoch"), view: decimal(record.view, "view") };
    if (!["none", "nullify", "finalize"].includes(record.two as string)) {
      throw new RecordUnusableError('two: not "none", "nullify" or "finalize"');
    }
    if (typeof record.pubkey !== "string" || !/^0x[0-9a-f]{96}$/.test(record.pubkey)) {
      throw new RecordUnusableError("pubkey: not 0x and 96 hex digits");
    }
    if (record.pubkey !== `0x${hexOf(publicKey)}`) continue;
    const higher =
      best === null || position.epoch > best.epoch ||
      (position.epoch === best.epoch && position.view > best.view);
    if (higher) best = position;
  }
  // JSON.parse takes the last of two equal names; others may take the first.
  if ((text.match(/"\s*:/g) ?? []).length !== names) {
    throw new RecordUnusableError("the vote record export has a name twice");
  }
  if (best === null) throw new RecordUnusableError("the vote record export has no record of this key");
  return best;
}

function members(value: unknown, names: readonly string[], what: string): Record<string, unknown> {
  const object = typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  if (object === null || Object.keys(object).sort().join() !== [...names].sort().join()) {
    throw new RecordUnusableError(`${what} must have ${names.join(", ")} and nothing else`);
  }
  return object as Record<string, unknown>;
}

function decimal(value: unknown, what: string): bigint {
  if (typeof value !== "string" || !/^(0|[1-9][0-9]{0,19})$/.test(value) || BigInt(value) >> 64n !== 0n) {
    throw new RecordUnusableError(`${what}: no decimal number of 64 bits`);
  }
  return BigInt(value);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
