//! Times the ZODA scheme of commonware-coding.
mod common;

use common::{Result, Run};
use commonware_coding::{Config, PhasedScheme, Zoda};
use commonware_cryptography::Sha256;
use commonware_parallel::Sequential;
use std::num::NonZeroU16;

type Code = Zoda<Sha256>;

fn main() {
    let run = Run::from_arguments();
    let data = common::random_bytes(run.data_bytes);
    encode(&run, &data, 128, 256);
    encode(&run, &data, 4096, 8904);
    // This one takes minutes on all of the data.
    decode(&run, &data[..data.len() / 4], 128, 256);
}

fn config(minimum: u16, extra: u16) -> Config {
    Config {
        minimum_shards: NonZeroU16::new(minimum).unwrap(),
        extra_shards: NonZeroU16::new(extra).unwrap(),
    }
}

fn print(seconds: &[f64], what: &str, config: &Config, data: &[u8], note: &str) {
    let minimum = usize::from(config.minimum_shards.get());
    let result = Result {
        library: "commonware-coding ZODA (commits)",
        version: common::pinned(include_str!("../zoda/Cargo.toml"), "commonware-coding"),
        what,
        shape: format!("{minimum}+{}", config.extra_shards),
        row_bytes: data.len() / minimum,
        data_bytes: data.len(),
        simd: "none",
        note: format!("{note}; Goldilocks field; the last release with ZODA"),
    };
    result.print(seconds);
}

fn encode(run: &Run, data: &[u8], minimum: u16, extra: u16) {
    let config = config(minimum, extra);
    let operation = || Code::encode(b"", &config, data, &Sequential).unwrap();
    let seconds = common::time(run.repetitions, operation);
    let note = "with SHA-256 of all rows, Merkle tree, proofs and checksum; \
                code length rounded up to a power of two";
    print(&seconds, "encode", &config, data, note);
}

fn decode(run: &Run, data: &[u8], minimum: u16, extra: u16) {
    let config = config(minimum, extra);
    let (commitment, shards) = Code::encode(b"", &config, data, &Sequential).unwrap();
    // No row is plain data here, so which are kept does not matter: every third.
    let mut kept = (0..minimum + extra)
        .step_by(3)
        .zip(shards.into_iter().step_by(3));
    let (index, own) = kept.next().unwrap();
    let (checking, first, _) = Code::weaken(b"", &config, &commitment, index, own).unwrap();
    let mut checked = vec![first];
    for (index, shard) in kept {
        let (_, _, weak) = Code::weaken(b"", &config, &commitment, index, shard).unwrap();
        checked.push(Code::check(&config, &commitment, &checking, index, weak).unwrap());
    }
    let operation = || {
        Code::decode(
            &config,
            &commitment,
            checking.clone(),
            checked.iter(),
            &Sequential,
        )
        .unwrap()
    };
    assert!(operation() == data);
    let seconds = common::time(run.repetitions, operation);
    let note = "a quarter of the data, for it is slow; a third of the rows received; \
                check of the received rows not counted";
    print(&seconds, "decode", &config, data, note);
}
