// Times the check of a share in Node: svid.mjs FOLDER [PACKAGE]
//
// FOLDER is what `mote svid encode` wrote, for example for 128 MiB and 1,000 validators:
//
//   mote svid encode block --validators 1000 --out FOLDER
//
// PACKAGE is a built npm package (build/mote-validator). Prints best and median.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, built = "build/mote-validator"] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: svid.mjs FOLDER [PACKAGE]");
  process.exit(2);
}
const { loadSvid } = await import(pathToFileURL(resolve(built, "dist/svid_node.js")));

/** The fields of a protobuf message: numbers, or views of bytes. */
function fields(bytes) {
  const found = {};
  let at = 0;
  const number = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = number();
    if (key % 8 === 0) found[key >> 3] = number();
    else {
      const length = number();
      found[key >> 3] = bytes.subarray(at, (at += length));
    }
  }
  return found;
}

const about = JSON.parse(readFileSync(join(folder, "dispersal.json"), "utf8"));
const header = readFileSync(join(folder, "header.bin"));
const frames = readFileSync(join(folder, "validator-00000.svid"));
const z = [];
const rows = [];
for (let at = 0; at < frames.length; ) {
  const length = frames.readUInt32LE(at);
  const type = frames[at + 4];
  const message = fields(frames.subarray(at + 5, at + 4 + length));
  if (type === 2) z.push(message[3]);
  if (type === 3) {
    const none = new Uint8Array(0);
    rows.push({
      first: message[2] ?? 0, count: message[3], rows: message[4],
      dataPath: message[5] ?? none, parityPath: message[6] ?? none,
    });
  }
  at += 4 + length;
}

const svid = await loadSvid();
const begun = performance.now();
const epoch = svid.openEpoch({
  seed: about.seed,
  stakes: about.validators.map((v) => BigInt(v.stake)),
  publicKeys: Buffer.from(about.validators.map((v) => v.public_key).join(""), "hex"),
});
const opened = performance.now() - begun;
const expected = {
  chainId: about.chain_id, zone: about.zone, height: BigInt(about.height),
  epoch: BigInt(about.epoch), svidRoot: about.svid_root,
};
const share = { header, z: Buffer.concat(z), rows };
const times = [];
for (let i = 0; i < 210; ++i) {
  const from = performance.now();
  const verdict = svid.checkShare(epoch, expected, { validator: 0 }, share);
  // The first ones are compiled while they run.
  if (i >= 10) times.push(performance.now() - from);
  if (verdict.outcome !== "provisional") throw new Error(JSON.stringify(verdict));
}
times.sort((a, b) => a - b);
const { blockBytes, rows: all } = svid.describeHeader(header);
const count = rows.reduce((sum, m) => sum + m.count, 0);
console.log(`svid::check_share/block=${blockBytes}/validators=${about.validators.length}: ` +
  `best ${times[0].toFixed(2)} ms, median ${times[times.length >> 1].toFixed(2)} ms ` +
  `(${count} of ${all} rows; epoch opened in ${opened.toFixed(1)} ms)`);
