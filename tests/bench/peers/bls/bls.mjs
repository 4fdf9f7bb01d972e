// Times BLS signatures in other libraries and prints them beside the core's own figures.
//
//   node bls.mjs CORE.json [CORE.wasm]
//
// CORE.json   bench_signature_<variant> --benchmark_format=json
// CORE.wasm   bindings/wasm/bench/signatures.cpp: the same operations of the core as WebAssembly
//
// What is compared: @chainsafe/blst is blst, C and assembly, behind a native addon; bls-eth-wasm is mcl, C++
// compiled to WebAssembly; noble is plain JavaScript. All times are processor time of this thread, so that a
// busy machine disturbs less. Keys are parsed before and signatures too, but for `certificate`, which
// decodes and tests one. Sums are over 2,048 keys.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import blst from '@chainsafe/blst';
import { bls12_381 } from '@noble/curves/bls12-381.js';

const mcl = createRequire(import.meta.url)('bls-eth-wasm');
await mcl.init(mcl.BLS12_381);

const seats = 2048;
const message = new Uint8Array(32).fill(3);

// Median over batches of the time of one call, in microseconds.
function time(operation) {
  const once = () => {
    const start = process.cpuUsage().user;
    operation();
    return process.cpuUsage().user - start;
  };
  for (let i = 0; i < 5; ++i) once();
  const calls = Math.max(1, Math.floor(1e5 / Math.max(once(), 1)));
  const samples = [];
  for (let batch = 0; batch < 9; ++batch) {
    const start = process.cpuUsage().user;
    for (let i = 0; i < calls; ++i) operation();
    samples.push((process.cpuUsage().user - start) / calls);
  }
  return samples.sort((a, b) => a - b)[4];
}

function require_(condition) {
  if (!condition) throw new Error('a signature that must verify does not');
}

function blstTimes() {
  const seed = new Uint8Array(32);
  const key = (i) => {
    seed[0] = i & 255;
    seed[1] = i >> 8;
    return blst.SecretKey.fromKeygen(seed);
  };
  const secret = key(1), signature = secret.sign(message), publicKey = secret.toPublicKey();
  const keys = [], votes = [];
  for (let i = 0; i < seats; ++i) {
    keys.push(key(i).toPublicKey());
    votes.push(key(i).sign(message));
  }
  const bytes = blst.aggregateSignatures(votes).toBytes();
  return {
    'signature::sign': time(() => secret.sign(message)),
    'signature::verify': time(() => require_(blst.verify(message, publicKey, signature))),
    'signature::sum_keys/seats=2048': time(() => blst.aggregatePublicKeys(keys)),
    'signature::certificate/seats=2048': time(() =>
      require_(blst.verify(message, blst.aggregatePublicKeys(keys), blst.Signature.fromBytes(bytes, true)))),
  };
}

function mclTimes() {
  const secrets = Array.from({ length: seats }, () => {
    const secret = new mcl.SecretKey();
    secret.setByCSPRNG();
    return secret;
  });
  const keys = secrets.map((secret) => secret.getPublicKey());
  const signature = secrets[0].sign(message);
  const sum = () => {
    const out = new mcl.PublicKey();
    for (const key of keys) out.add(key);
    return out;
  };
  const votes = new mcl.Signature();
  votes.aggregate(secrets.map((secret) => secret.sign(message)));
  const bytes = votes.serialize();
  return {
    'signature::sign': time(() => secrets[0].sign(message)),
    'signature::verify': time(() => require_(keys[0].verify(signature, message))),
    'signature::sum_keys/seats=2048': time(sum),
    'signature::certificate/seats=2048': time(() => {
      const decoded = new mcl.Signature();
      decoded.deserialize(bytes);
      require_(sum().verify(decoded, message));
    }),
  };
}

function nobleTimes() {
  const suite = bls12_381.longSignatures;
  const secret = bls12_381.utils.randomSecretKey();
  const publicKey = suite.getPublicKey(secret);
  const signature = suite.sign(suite.hash(message), secret);
  return {
    'signature::sign': time(() => suite.sign(suite.hash(message), secret)),
    'signature::verify': time(() => require_(suite.verify(signature, suite.hash(message), publicKey))),
  };
}

const core = {};
for (const b of JSON.parse(readFileSync(process.argv[2])).benchmarks) {
  core[b.name] = b.cpu_time * { ns: 1e-3, us: 1, ms: 1e3 }[b.time_unit];
}
const wasm = {};
if (process.argv[3] !== undefined) {
  const module = await WebAssembly.compile(readFileSync(process.argv[3]));
  const nothing = new Proxy({}, { get: () => () => 0 });
  const imports = {};
  for (const { module: space } of WebAssembly.Module.imports(module)) imports[space] = nothing;
  const { exports } = await WebAssembly.instantiate(module, imports);
  exports._initialize?.();
  require_(exports.prepare() === 1);
  for (const name of ['sign', 'verify', 'sum_keys', 'certificate']) {
    const full = Object.keys(core).find((k) => k.split('/')[0] === `signature::${name}`);
    wasm[full] = time(() => require_(exports[name](1) === 1));
  }
}
const columns = { core, blst: blstTimes(), 'core wasm': wasm, 'mcl wasm': mclTimes(), noble: nobleTimes() };

console.log(`node ${process.version}, one thread, microseconds`);
console.log(''.padEnd(36) + Object.keys(columns).map((name) => name.padStart(12)).join(''));
for (const name of Object.keys(columns.blst)) {
  const cells = Object.values(columns).map((c) => (c[name] === undefined ? '-' : c[name].toFixed(0)).padStart(12));
  console.log(name.padEnd(36) + cells.join(''));
}
