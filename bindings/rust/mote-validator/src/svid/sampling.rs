//! Which rows to ask for, and what a sample is worth.

use super::{demand, ENTROPY_BYTES};
use crate::{text, Error};

/// Draws distinct rows of `total_rows`, ascending; all of them if `count` is more.
///
/// Draw after the header is known, with fresh bytes from the system's generator for each attempt: who
/// can guess them knows which rows to serve.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn sample_rows(
    total_rows: u32,
    count: u32,
    entropy: &[u8; ENTROPY_BYTES],
) -> Result<Vec<u32>, Error> {
    text::check_abi()?;
    let count = total_rows.min(count) as usize;
    let mut rows = Vec::new();
    rows.try_reserve_exact(count)
        .map_err(|_| Error::OutOfMemory { bytes: count.saturating_mul(4) })?;
    rows.resize(count, 0);
    // SAFETY: the lengths are those of the objects.
    demand(unsafe {
        mote_sys::mote_svid_sample_rows(
            rows.as_mut_ptr(),
            rows.len(),
            total_rows,
            entropy.as_ptr(),
            entropy.len(),
        )
    })?;
    Ok(rows)
}

/// Probability, at most, that all samples were served although the block cannot be rebuilt. Several
/// attempts multiply it. `data_rows` is k, `rows` is N; more than N samples are N.
///
/// # Errors
/// [`Error::InvalidArgument`] unless k <= N.
pub fn failure_bound(data_rows: u32, rows: u32, samples: u32) -> Result<f64, Error> {
    text::check_abi()?;
    let mut bound = 1.0;
    // SAFETY: `bound` is a live object.
    demand(unsafe { mote_sys::mote_svid_sample_bound(&mut bound, data_rows, rows, samples) })?;
    Ok(bound)
}
