// Times the same BN254 operations in other libraries and prints them beside the core's own figures.
//
//   node peers.mjs CORE.json [CORE.wasm]
//
// CORE.json   bench_curve_<variant> --benchmark_format=json
// CORE.wasm   bindings/wasm/bench: the same operations of the core as WebAssembly
//
// What is compared: mcl-wasm is C++ compiled to WebAssembly, noble is plain JavaScript, the core is
// native code. A ratio here says what a program gains by leaving the browser, not which library is
// better written; there is no packaged native BN254 library to put beside. Published native figures
// are in docs/BENCHMARKS.md. With CORE.wasm a second table compares like with like.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bn254 } from '@noble/curves/bn254.js';

const mcl = createRequire(import.meta.url)('mcl-wasm');
await mcl.init(mcl.BN_SNARK1);

// Median over batches of the time of one call, in nanoseconds.
function time(operation) {
  const once = () => {
    const start = process.hrtime.bigint();
    operation();
    return Number(process.hrtime.bigint() - start);
  };
  for (let i = 0; i < 20; ++i) once();
  const single = Math.max(once(), 1);
  const calls = Math.max(1, Math.floor(2e7 / single));
  const samples = [];
  for (let batch = 0; batch < 9; ++batch) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; ++i) operation();
    samples.push(Number(process.hrtime.bigint() - start) / calls);
  }
  return samples.sort((a, b) => a - b)[4];
}

const scalar = 0x1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809n % bn254.fields.Fr.ORDER;

function mclTimes() {
  const r = new mcl.Fr();
  r.setStr(scalar.toString());
  const p = mcl.hashAndMapToG1('mote'), q = mcl.hashAndMapToG2('mote');
  const e = mcl.pairing(p, q);
  const x = new mcl.Fp(), y = new mcl.Fp();
  x.setStr(scalar.toString());
  y.setStr((scalar - 12345n).toString());
  return {
    'field::fq_multiply/measure=latency': time(() => mcl.mul(x, y)),
    'curve::g1_multiply': time(() => mcl.mul(p, r)),
    'curve::g2_multiply': time(() => mcl.mul(q, r)),
    'curve::pairing': time(() => mcl.pairing(p, q)),
    'curve::gt_power': time(() => mcl.pow(e, r)),
  };
}

function nobleTimes() {
  const { Fp, Fp12 } = bn254.fields;
  const p = bn254.G1.Point.BASE.multiply(12345n), q = bn254.G2.Point.BASE.multiply(12345n);
  const e = bn254.pairing(p, q);
  return {
    'field::fq_multiply/measure=latency': time(() => Fp.mul(scalar, scalar - 12345n)),
    'curve::g1_multiply': time(() => p.multiplyUnsafe(scalar)),
    'curve::g2_multiply': time(() => q.multiplyUnsafe(scalar)),
    'curve::pairing': time(() => bn254.pairing(p, q)),
    'curve::gt_power': time(() => Fp12.pow(e, scalar)),
  };
}

const core = {};
for (const b of JSON.parse(readFileSync(process.argv[2])).benchmarks) {
  core[b.name] = b.real_time * { ns: 1, us: 1e3, ms: 1e6 }[b.time_unit];
}
const peers = { 'mcl-wasm': mclTimes(), noble: nobleTimes() };

const us = (ns) => (ns / 1000).toFixed(3).padStart(12);
console.log(`node ${process.version}, one thread, microseconds; "x" is the peer's time over the core's`);
console.log(''.padEnd(38), 'core'.padStart(12), 'mcl-wasm'.padStart(12), 'x'.padStart(7), 'noble'.padStart(12), 'x'.padStart(8));
for (const [name, ns] of Object.entries(peers.noble)) {
  const wasm = peers['mcl-wasm'][name];
  console.log(
    name.padEnd(38), us(core[name]), us(wasm), (wasm / core[name]).toFixed(1).padStart(7), us(ns),
    (ns / core[name]).toFixed(1).padStart(8));
}

if (process.argv[3] !== undefined) {
  const module = await WebAssembly.compile(readFileSync(process.argv[3]));
  const nothing = new Proxy({}, { get: () => () => 0 });
  const imports = {};
  for (const { module: space } of WebAssembly.Module.imports(module)) imports[space] = nothing;
  const { exports } = await WebAssembly.instantiate(module, imports);
  exports._initialize?.();
  console.log('\nthe core as WebAssembly, microseconds');
  console.log(''.padEnd(38), 'core'.padStart(12), 'mcl-wasm'.padStart(12), 'x'.padStart(7));
  for (const name of Object.keys(peers['mcl-wasm'])) {
    const short = /::(\w+)/.exec(name)[1];
    // A single product is shorter than the clock's tick.
    const times = short === 'fq_multiply' ? 10_000 : 1;
    const ns = time(() => exports[short](times)) / times;
    const wasm = peers['mcl-wasm'][name];
    console.log(name.padEnd(38), us(ns), us(wasm), (wasm / ns).toFixed(1).padStart(7));
  }
}
