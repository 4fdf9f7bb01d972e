//! What the programs share: options, input, clock, one line of JSON for each measurement.
use std::time::Instant;

pub struct Run {
    pub data_bytes: usize,
    pub repetitions: usize,
}

impl Run {
    pub fn from_arguments() -> Self {
        if std::env::args().any(|argument| argument == "--quick") {
            return Run {
                data_bytes: 16 << 20,
                repetitions: 2,
            };
        }
        Run {
            data_bytes: 128 << 20,
            repetitions: 5,
        }
    }
}

pub fn random_bytes(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// Seconds of each repetition, sorted. `operation` returns its own result, which is dropped after
/// the clock has stopped. The first call is not counted: it brings the memory in.
pub fn time<R>(repetitions: usize, mut operation: impl FnMut() -> R) -> Vec<f64> {
    let mut seconds = Vec::new();
    for i in 0..=repetitions {
        let start = Instant::now();
        let result = std::hint::black_box(operation());
        let elapsed = start.elapsed().as_secs_f64();
        drop(result);
        if i > 0 {
            seconds.push(elapsed);
        }
    }
    seconds.sort_by(f64::total_cmp);
    seconds
}

/// The version that `manifest` pins `package` to.
pub fn pinned<'a>(manifest: &'a str, package: &str) -> &'a str {
    manifest
        .lines()
        .find(|line| line.split(' ').next() == Some(package) && line.contains("\"="))
        .and_then(|line| line.split("\"=").nth(1)?.split('"').next())
        .expect("the manifest pins the package")
}

pub struct Result<'a> {
    pub library: &'a str,
    pub version: &'a str,
    pub what: &'a str,
    pub shape: String,
    pub row_bytes: usize,
    pub data_bytes: usize,
    pub simd: &'a str,
    pub note: String,
}

impl Result<'_> {
    // No text below holds a quote or a backslash, so none is escaped.
    pub fn print(&self, seconds: &[f64]) {
        let speed = |s: f64| self.data_bytes as f64 / s;
        println!(
            "{{\"library\":\"{}\",\"version\":\"{}\",\"version_source\":\"Cargo.lock\",\
             \"what\":\"{}\",\"shape\":\"{}\",\"row_bytes\":{},\"data_bytes\":{},\
             \"bytes_per_second_best\":{:.0},\"bytes_per_second_median\":{:.0},\
             \"repetitions\":{},\"simd\":\"{}\",\"note\":\"{}\"}}",
            self.library,
            self.version,
            self.what,
            self.shape,
            self.row_bytes,
            self.data_bytes,
            speed(seconds[0]),
            speed(seconds[seconds.len() / 2]),
            seconds.len(),
            self.simd,
            self.note
        );
    }
}
