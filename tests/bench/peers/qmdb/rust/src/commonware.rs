//! commonware-storage: its QMDB with active bits and ordered keys (`current::ordered::fixed`), the
//! variant that proves presence and absence, over SHA-256 and with its proportional floor.

use std::{
    num::{NonZeroU16, NonZeroU64, NonZeroUsize},
    time::Instant,
};

use commonware_cryptography::Sha256;
use commonware_parallel::Rayon;
use commonware_runtime::{
    buffer::paged::{page_size, CacheRef},
    tokio::{Config, Context, Runner},
    Runner as _, Strategizer as _, Supervisor as _, BLOB_PAGE_SIZE,
};
use commonware_storage::{
    journal::contiguous::fixed::Config as LogConfig,
    merkle::{full, mmb},
    qmdb::{
        current::{ordered::fixed::Db, FixedConfig},
        floor::Proportional,
    },
    translator::EightCap,
};
use commonware_utils::sequence::FixedBytes;

use crate::{report, workload::Workload, Settings};

const PAGE_SIZE: NonZeroU16 = page_size(BLOB_PAGE_SIZE);
const CHUNK_BYTES: usize = 32;
type Store =
    Db<mmb::Family, Context, FixedBytes<20>, FixedBytes<14>, Sha256, EightCap, CHUNK_BYTES, Rayon>;

fn config(context: &Context, threads: usize) -> FixedConfig<EightCap, Rayon> {
    // 1 GiB of pages; buffers as in the library's own benchmark.
    let cache = CacheRef::new(PAGE_SIZE, NonZeroUsize::new(262_144).unwrap());
    let buffer = NonZeroUsize::new(2 << 20).unwrap();
    let items = NonZeroU64::new(10_000_000).unwrap();
    FixedConfig {
        merkle_config: full::Config {
            journal_partition: "journal".into(),
            metadata_partition: "metadata".into(),
            items_per_blob: items,
            write_buffer: buffer,
            replay_buffer: buffer,
            strategy: context.strategy(NonZeroUsize::new(threads).unwrap()),
            page_cache: cache.clone(),
        },
        journal_config: LogConfig {
            partition: "log".into(),
            items_per_blob: items,
            page_cache: cache,
            write_buffer: buffer,
            replay_buffer: buffer,
        },
        grafted_metadata_partition: "grafted".into(),
        translator: EightCap,
        init_cache: NonZeroUsize::new(1 << 18),
        init_buffer: buffer,
        init_concurrency: (),
    }
}

pub fn run(settings: &Settings) -> anyhow::Result<()> {
    let runner = Runner::new(
        Config::default()
            .with_storage_directory(&settings.folder)
            .with_worker_threads(settings.threads),
    );
    let (loaded, updated) = runner.start(|context| async move {
        let config = config(&context, settings.threads);
        let mut db = Store::init(context.child("state"), config, None).await.unwrap();
        let mut workload = Workload::new(settings.keys);
        let mut times = [0.0; 2];
        for (phase, time) in times.iter_mut().enumerate() {
            let start = Instant::now();
            let mut done = 0;
            loop {
                let block = match phase {
                    0 => workload.load(),
                    _ if done < settings.updates => workload.updates(),
                    _ => break,
                };
                if block.is_empty() {
                    break;
                }
                done += block.len() as u64;
                let mut batch = db.new_batch();
                for (key, value) in block {
                    batch = batch.write(FixedBytes::new(key), Some(FixedBytes::new(value)));
                }
                let merkleized = batch.merkleize(&db, None, &mut Proportional).await.unwrap();
                let _root = merkleized.root();
                db = db.apply_batch(merkleized).await.unwrap();
                db = db.commit().await.unwrap();
            }
            *time = start.elapsed().as_secs_f64();
        }
        (times[0], times[1])
    });
    report("commonware-storage 2026.10.0", settings, loaded, updated);
    Ok(())
}
