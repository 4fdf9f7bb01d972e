// Also runs in a page: no imports. What an instance answers to svid.json, in the form that stands there.

const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export const epochOf = ({ seed, stakes, public_keys }) => ({
  seed,
  stakes: stakes.map(BigInt),
  publicKeys: hex(public_keys),
});

export function expectedOf(e) {
  return {
    chainId: e.chain_id,
    zone: e.zone,
    height: BigInt(e.height),
    epoch: BigInt(e.epoch),
    svidRoot: e.svid_root,
    blockBytesMax: BigInt(e.block_bytes_max),
  };
}

export const requestOf = ({ validator, rows }) => (rows === null ? { validator } : { rows });

export const messagesOf = (share) =>
  share.messages.map((m) => ({
    first: m.first,
    count: m.count,
    rows: hex(m.rows),
    dataPath: hex(m.data_path),
    parityPath: hex(m.parity_path),
  }));

export function atOnce(svid, epoch, share) {
  return svid.checkShare(epoch, expectedOf(share.expected), requestOf(share), {
    header: hex(share.header),
    ...(share.z === null ? {} : { z: hex(share.z) }),
    rows: messagesOf(share),
  });
}

/** In pieces of `piece` bytes, rows before Z. */
export function inPieces(svid, epoch, share, piece) {
  const checker = svid.openShare(
    epoch, expectedOf(share.expected), requestOf(share), hex(share.header),
  );
  const feed = (bytes, take) => {
    for (let at = 0; at < bytes.length; at += piece) take(bytes.subarray(at, at + piece));
  };
  for (const { rows, ...head } of messagesOf(share)) {
    checker.beginRows({ ...head, rowsBytes: rows.length });
    feed(rows, (part) => checker.appendRows(part));
    checker.endRows();
  }
  if (share.z !== null) {
    feed(hex(share.z), (part) => checker.appendZ(part));
    checker.endZ();
  }
  const verdict = checker.verdict();
  checker.close();
  return verdict;
}

export function rebuilt(svid, test) {
  const rows = test.rows.map(({ number, bytes }) => ({ number, bytes: hex(bytes) }));
  try {
    const { result, block } = svid.reconstruct(hex(test.header), rows);
    return { answer: result, block: block === null ? null : toHex(block) };
  } catch (error) {
    return { answer: error.code.toLowerCase(), block: null };
  }
}

const toHex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

/** Everything in svid.json that is answered otherwise; empty if nothing is. */
export function differences(svid, cases) {
  const wrong = [];
  const same = (name, a, b) => {
    const [x, y] = [a, b].map((v) => JSON.stringify(v, (_, n) => (typeof n === "bigint" ? `${n}` : n)));
    if (x !== y) wrong.push(`${name}: ${x} instead of ${y}`);
  };
  const epochs = cases.epochs.map((e) => svid.openEpoch(epochOf(e)));
  for (const share of cases.shares) {
    const epoch = epochs[share.epoch];
    const { outcome, step, fault, row } = share.answer;
    const answer = { outcome, step, fault, row };
    same(share.name, atOnce(svid, epoch, share), answer);
    for (const piece of [1000, 13]) {
      same(`${share.name}, ${piece}`, inPieces(svid, epoch, share, piece), answer);
    }
  }
  for (const d of cases.dispersals) {
    const epoch = epochs[d.epoch];
    same(`parameters of ${d.block_bytes} bytes`, epoch.params(d.block_bytes), {
      blockBytes: d.block_bytes, rowBytes: d.row_bytes, dataRows: d.data_rows,
      codeRows: d.code_rows, rows: d.rows, zBytes: 16 * d.data_rows,
    });
    d.ranges.forEach(([first, count], validator) => {
      const where = {
        blockBytes: d.block_bytes, zone: d.zone, height: BigInt(d.height), validator,
      };
      same(`rows of ${validator}`, epoch.assignedRows(where), { first, count });
    });
    same("header", svid.describeHeader(hex(d.header)), {
      zone: d.zone, height: BigInt(d.height), epoch: BigInt(d.number), blockBytes: d.block_bytes,
      dataRows: d.data_rows, rows: d.rows, rowBytes: d.row_bytes, chainId: d.chain_id,
      dataRoot: d.data_root, parityRoot: d.parity_root, zDigest: d.z_digest,
      svidRoot: d.svid_root, announceDigest: d.announce_digest,
    });
  }
  for (const s of cases.samples) {
    same(`sample of ${s.count}`, svid.sampleRows(s.total, s.count, hex(s.entropy)), s.rows);
  }
  for (const b of cases.bounds) {
    same(
      `bound of ${b.samples}`,
      svid.failureBound({ dataRows: b.data_rows, rows: b.rows }, b.samples), b.bound,
    );
  }
  for (const test of cases.reconstructions) {
    same(test.name, rebuilt(svid, test), { answer: test.answer, block: test.block });
  }
  epochs.forEach((epoch) => epoch.close());
  return wrong;
}
