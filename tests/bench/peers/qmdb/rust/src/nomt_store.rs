//! NOMT: a binary trie of pages on the disk, BLAKE3, through its sessions.

use std::{collections::BTreeMap, time::Instant};

use nomt::{hasher::Blake3Hasher, KeyReadWrite, Nomt, Options, SessionParams};

use crate::{report, workload::Workload, Settings};

pub fn run(settings: &Settings) -> anyhow::Result<()> {
    let mut options = Options::new();
    options.path(&settings.folder);
    options.commit_concurrency(settings.threads);
    // Pages for a trie of so many keys, at half load; caches of 1 GiB in all.
    options.hashtable_buckets((settings.keys / 4).max(64_000) as u32);
    options.page_cache_size(512);
    options.leaf_cache_size(512);
    let nomt = Nomt::<Blake3Hasher>::open(options)?;

    let apply = |block: Vec<([u8; 20], [u8; 14])>| -> anyhow::Result<[u8; 32]> {
        let session = nomt.begin_session(SessionParams::default());
        let mut accesses = BTreeMap::new();
        for (key, value) in block {
            accesses.insert(*blake3::hash(&key).as_bytes(), value);
        }
        for path in accesses.keys() {
            session.warm_up(*path);
        }
        let mut list = Vec::with_capacity(accesses.len());
        for (path, value) in accesses {
            let before = session.read(path)?;
            list.push((path, KeyReadWrite::ReadThenWrite(before, Some(value.to_vec()))));
        }
        let finished = session.finish(list)?;
        let root = finished.root().into_inner();
        finished.commit(&nomt)?;
        Ok(root)
    };

    let mut workload = Workload::new(settings.keys);
    let start = Instant::now();
    loop {
        let block = workload.load();
        if block.is_empty() {
            break;
        }
        apply(block)?;
    }
    let loaded = start.elapsed().as_secs_f64();
    let start = Instant::now();
    for _ in 0..settings.updates / crate::workload::BLOCK_UPDATES {
        apply(workload.updates())?;
    }
    report("NOMT 1.0.5", settings, loaded, start.elapsed().as_secs_f64());
    Ok(())
}
