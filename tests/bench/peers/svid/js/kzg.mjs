// Times c-kzg: the cells and proofs of PeerDAS on blobs of 131,072 bytes.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const kzg = require('c-kzg');
const { version } = require('c-kzg/package.json');
const quick = process.argv.includes('--quick');
const repetitions = quick ? 2 : 5;
// The tables that speed up the proofs: 8 is what Ethereum's clients load.
const precompute = 8;
kzg.loadTrustedSetup(precompute);

// The top byte of each field element is 0, so that every element is below the modulus.
const blob = new Uint8Array(kzg.BYTES_PER_BLOB);
let state = 0x9e3779b97f4a7c15n;
for (let i = 0; i < blob.length; i += 8) {
  state ^= BigInt.asUintN(64, state << 13n);
  state ^= state >> 7n;
  state ^= BigInt.asUintN(64, state << 17n);
  for (let j = 0; j < 8; ++j) blob[i + j] = Number((state >> BigInt(8 * j)) & 255n);
}
for (let i = 0; i < blob.length; i += kzg.BYTES_PER_FIELD_ELEMENT) blob[i] = 0;

const cells = kzg.CELLS_PER_EXT_BLOB;

// One blob again and again; the first call is not counted.
function measure(library, what, blobs, note, operation) {
  operation();
  const seconds = [];
  for (let i = 0; i < repetitions; ++i) {
    const start = process.hrtime.bigint();
    for (let j = 0; j < blobs; ++j) operation();
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  seconds.sort((a, b) => a - b);
  const data = blobs * blob.length;
  console.log(JSON.stringify({
    library,
    version,
    version_source: 'package.json of the installed package (package-lock.json)',
    what,
    shape: `${cells / 2}+${cells / 2}`,
    row_bytes: kzg.BYTES_PER_CELL,
    data_bytes: data,
    bytes_per_second_best: data / seconds[0],
    bytes_per_second_median: data / seconds[seconds.length >> 1],
    repetitions,
    simd: 'blst assembly (portable: chosen at run time)',
    note,
  }));
}

const few = quick ? 2 : 8;
const many = quick ? 16 : 128;
const size = `${few} blobs a repetition, one blob repeated`;
const [allCells, allProofs] = kzg.computeCellsAndKzgProofs(blob);
measure('c-kzg computeCellsAndKzgProofs (proofs)', 'encode', few,
  `precompute ${precompute}; ${size}`, () => kzg.computeCellsAndKzgProofs(blob));
if (kzg.computeCells) {
  measure('c-kzg computeCells (no proofs)', 'encode', many,
    `${many} blobs a repetition, one blob repeated`, () => kzg.computeCells(blob));
}
if (kzg.recoverCellsAndKzgProofs) {
  const indices = [];
  for (let i = 0; i < cells; i += 2) indices.push(i);
  const kept = indices.map((i) => allCells[i]);
  const recover = () => kzg.recoverCellsAndKzgProofs(indices, kept);
  if (Buffer.compare(recover()[0][1], allCells[1]) !== 0) throw new Error('other cells recovered');
  measure('c-kzg recoverCellsAndKzgProofs (proofs)', 'decode', few,
    `half the cells lost; makes the proofs again; precompute ${precompute}; ${size}`, recover);
}
if (kzg.verifyCellKzgProofBatch) {
  const commitments = Array(cells).fill(kzg.blobToKzgCommitment(blob));
  const indices = Array.from({ length: cells }, (_, i) => i);
  const verify = () => {
    if (!kzg.verifyCellKzgProofBatch(commitments, indices, allCells, allProofs)) {
      throw new Error('the proofs do not verify');
    }
  };
  measure('c-kzg verifyCellKzgProofBatch', 'verify', few,
    `all ${cells} cells of a blob in one batch; ${size}`, verify);
}
