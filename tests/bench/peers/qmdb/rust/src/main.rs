//! State stores from crates.io on the work of bench_qmdb (tests/bench/state_workload.hpp).
//!
//!     state-peers LIBRARY --keys N [--updates N] [--folder DIR] [--threads N]
//!
//! Keys of 20 bytes, values of 14, blocks of 10,000 updates of random keys; every block is made
//! durable before the next one begins, and gives a root.

mod workload;

#[cfg(feature = "commonware")]
mod commonware;
#[cfg(feature = "nomt")]
mod nomt_store;

pub struct Settings {
    pub keys: u64,
    pub updates: u64,
    pub folder: std::path::PathBuf,
    pub threads: usize,
}

pub fn report(name: &str, settings: &Settings, load_seconds: f64, update_seconds: f64) {
    println!(
        "{:>9} keys, {name:<32} {:>8.0} loaded/s, {:>8.0} updates/s",
        settings.keys,
        settings.keys as f64 / load_seconds,
        settings.updates as f64 / update_seconds
    );
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut settings = Settings {
        keys: 1_000_000,
        updates: 200_000,
        folder: "build/bench-state-peer".into(),
        threads: 2,
    };
    for pair in arguments.get(1..).unwrap_or(&[]).chunks(2) {
        let value = pair.get(1).cloned().unwrap_or_default();
        match pair[0].as_str() {
            "--keys" => settings.keys = value.parse()?,
            "--updates" => settings.updates = value.parse()?,
            "--folder" => settings.folder = value.into(),
            "--threads" => settings.threads = value.parse()?,
            other => anyhow::bail!("what is {other}?"),
        }
    }
    let _ = std::fs::remove_dir_all(&settings.folder);
    match arguments.first().map(String::as_str) {
        #[cfg(feature = "nomt")]
        Some("nomt") => nomt_store::run(&settings)?,
        #[cfg(feature = "commonware")]
        Some("commonware") => commonware::run(&settings)?,
        _ => anyhow::bail!("state-peers: name a library that was built in"),
    }
    let _ = std::fs::remove_dir_all(&settings.folder);
    Ok(())
}
