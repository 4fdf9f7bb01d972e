//! The same keys, values and order as tests/bench/state_workload.hpp.

pub const BLOCK_UPDATES: u64 = 10_000;
pub const LOAD_BLOCK: u64 = 100_000;

pub type Key = [u8; 20];
pub type Value = [u8; 14];

pub struct Workload {
    keys: u64,
    loaded: u64,
    drawn: u64,
    written: u64,
}

fn mix(n: u64) -> u64 {
    let mut n = n.wrapping_add(0x9e3779b97f4a7c15);
    n = (n ^ n >> 30).wrapping_mul(0xbf58476d1ce4e5b9);
    n = (n ^ n >> 27).wrapping_mul(0x94d049bb133111eb);
    n ^ n >> 31
}

impl Workload {
    pub fn new(keys: u64) -> Self {
        Self { keys, loaded: 0, drawn: 1, written: 0 }
    }

    /// The next block of loading; empty at the end.
    pub fn load(&mut self) -> Vec<(Key, Value)> {
        let end = self.keys.min(self.loaded + LOAD_BLOCK);
        let begin = std::mem::replace(&mut self.loaded, end);
        (begin..end).map(|n| self.item(n)).collect()
    }

    /// A block of updates. A key may come twice; then the last value counts.
    pub fn updates(&mut self) -> Vec<(Key, Value)> {
        (0..BLOCK_UPDATES)
            .map(|_| {
                let n = mix(self.drawn) % self.keys;
                self.drawn += 1;
                self.item(n)
            })
            .collect()
    }

    fn item(&mut self, number: u64) -> (Key, Value) {
        let mut key = [0; 20];
        key[..8].copy_from_slice(&number.to_le_bytes());
        self.written += 1;
        let first = mix(!(number.wrapping_add(self.written.wrapping_mul(31))));
        let mut value = [0; 14];
        value[..8].copy_from_slice(&first.to_le_bytes());
        value[8..].copy_from_slice(&mix(first).to_le_bytes()[..6]);
        (key, value)
    }
}
