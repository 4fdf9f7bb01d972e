//! Times reed-solomon-simd and the Reed-Solomon scheme of commonware-coding, as compiled in.
mod common;

const MANIFEST: &str = include_str!("../Cargo.toml");

fn main() {
    let run = common::Run::from_arguments();
    #[cfg(feature = "simd")]
    simd::run(&run);
    #[cfg(feature = "commonware")]
    commonware::run(&run);
    let _ = (&run, MANIFEST);
}

#[cfg(feature = "simd")]
mod simd {
    use crate::common::{self, Result, Run};
    use reed_solomon_simd::engine::DefaultEngine;
    use reed_solomon_simd::rate::{
        DefaultRateDecoder, DefaultRateEncoder, RateDecoder, RateEncoder,
    };

    type Encoder = DefaultRateEncoder<DefaultEngine>;
    type Decoder = DefaultRateDecoder<DefaultEngine>;

    // The order in which DefaultEngine chooses.
    fn level() -> &'static str {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            return "avx2";
        } else if is_x86_feature_detected!("ssse3") {
            return "ssse3";
        }
        if cfg!(target_arch = "aarch64") {
            "neon"
        } else {
            "none"
        }
    }

    pub fn run(run: &Run) {
        let data = common::random_bytes(run.data_bytes);
        for (originals, recoveries) in [(4096, 4096), (4096, 8904)] {
            shape(run, &data, originals, recoveries);
        }
    }

    fn encode(encoder: &mut Encoder, data: &[u8], row: usize) -> u64 {
        for shard in data.chunks(row) {
            encoder.add_original_shard(shard).unwrap();
        }
        // One byte of each shard: the encoder owns the parity, nothing has to be copied out.
        let parity = encoder.encode().unwrap();
        parity
            .recovery_iter()
            .map(|shard| u64::from(shard[0]))
            .sum()
    }

    fn shape(run: &Run, data: &[u8], originals: usize, recoveries: usize) {
        let row = data.len() / originals;
        let result = |what, note: &str| Result {
            library: "reed-solomon-simd",
            version: common::pinned(crate::MANIFEST, "reed-solomon-simd"),
            what,
            shape: format!("{originals}+{recoveries}"),
            row_bytes: row,
            data_bytes: data.len(),
            simd: level(),
            note: note.to_string(),
        };
        let mut encoder =
            Encoder::new(originals, recoveries, row, DefaultEngine::new(), None).unwrap();
        let seconds = common::time(run.repetitions, || encode(&mut encoder, data, row));
        result("encode", "DefaultEngine, GF(2^16)").print(&seconds);
        if originals != recoveries {
            return;
        }
        for shard in data.chunks(row) {
            encoder.add_original_shard(shard).unwrap();
        }
        let parity = encoder.encode().unwrap();
        let parity: Vec<_> = parity.recovery_iter().collect();
        let mut decoder =
            Decoder::new(originals, recoveries, row, DefaultEngine::new(), None).unwrap();
        // Every other original is lost, and exactly as many parity shards make up for it.
        let mut decode = |check: bool| {
            for i in (0..originals).step_by(2) {
                decoder
                    .add_original_shard(i, &data[i * row..(i + 1) * row])
                    .unwrap();
                decoder.add_recovery_shard(i, parity[i]).unwrap();
            }
            let restored = decoder.decode().unwrap();
            let mut sum = 0u64;
            for (i, shard) in restored.restored_original_iter() {
                sum += u64::from(shard[0]);
                assert!(!check || *shard == data[i * row..(i + 1) * row]);
            }
            sum
        };
        decode(true);
        let seconds = common::time(run.repetitions, || decode(false));
        result("decode", "half the originals lost, DefaultEngine, GF(2^16)").print(&seconds);
    }
}

#[cfg(feature = "commonware")]
mod commonware {
    use crate::common::{self, Result, Run};
    use commonware_coding::{Config, ReedSolomon, Scheme};
    use commonware_cryptography::Sha256;
    use commonware_parallel::Sequential;
    use std::num::NonZeroU16;

    type Code = ReedSolomon<Sha256>;

    // The order in which its default engine chooses.
    fn level() -> &'static str {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("gfni") {
            return "avx512+gfni";
        } else if is_x86_feature_detected!("avx2") {
            return "avx2";
        }
        if cfg!(target_arch = "aarch64") {
            "neon"
        } else {
            "none"
        }
    }

    pub fn run(run: &Run) {
        // Its length prefix of 4 bytes fills the rows to a whole number of cache lines.
        let data = common::random_bytes(run.data_bytes - 4);
        for (minimum, extra) in [(4096u16, 4096u16), (4096, 8904)] {
            shape(run, &data, minimum, extra);
        }
    }

    fn shape(run: &Run, data: &[u8], minimum: u16, extra: u16) {
        let config = Config {
            minimum_shards: NonZeroU16::new(minimum).unwrap(),
            extra_shards: NonZeroU16::new(extra).unwrap(),
        };
        let result = |what, note: &str| Result {
            library: "commonware-coding ReedSolomon (commits)",
            version: common::pinned(crate::MANIFEST, "commonware-coding"),
            what,
            shape: format!("{minimum}+{extra}"),
            row_bytes: run.data_bytes / usize::from(minimum),
            data_bytes: data.len(),
            simd: level(),
            note: note.to_string(),
        };
        let encode = || Code::encode(&config, data, &Sequential).unwrap();
        let seconds = common::time(run.repetitions, encode);
        result("encode", "with SHA-256 of all rows, Merkle tree and proofs").print(&seconds);
        if minimum != extra {
            return;
        }
        let (commitment, shards) = encode();
        let half = |shift: u16| (0..minimum).step_by(2).map(move |i| i + shift);
        let checked: Vec<_> = half(0)
            .chain(half(minimum))
            .map(|i| {
                Code::check(
                    &config,
                    &commitment,
                    i,
                    &shards[usize::from(i)],
                    &Sequential,
                )
                .unwrap()
            })
            .collect();
        let decode = || Code::decode(&config, &commitment, checked.iter(), &Sequential).unwrap();
        assert!(decode() == data);
        let seconds = common::time(run.repetitions, decode);
        let note = "half the originals lost; re-encodes to check the commitment; \
                    check of the received rows not counted";
        result("decode", note).print(&seconds);
    }
}
