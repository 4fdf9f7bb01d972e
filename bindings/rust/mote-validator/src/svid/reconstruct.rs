//! A block from its rows.

use mote_sys::mote_svid_row;

use super::{demand, describe_header, span};
use crate::memory::Memory;
use crate::Error;

/// What rows lead to.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reconstruction {
    /// The block, whose BLAKE3 is the header's data root.
    Rebuilt(Vec<u8>),
    /// Fewer than k rows.
    Insufficient,
    /// They do not lead to the header's data root, nor do they without any one of them.
    Mismatch,
}

/// Rebuilds a block from rows that a [`super::ShareChecker`] holds, in any order.
///
/// `header` is one that a share was checked with; `rows` have their number first.
///
/// # Errors
/// [`Error::Malformed`] if `header` is none; [`Error::InvalidArgument`] for a row that is out of range,
/// given twice or of another length; [`Error::OutOfMemory`].
pub fn reconstruct(header: &[u8], rows: &[(u32, &[u8])]) -> Result<Reconstruction, Error> {
    let block_bytes = describe_header(header)?.block_bytes as usize;
    let mut bytes = 0;
    // SAFETY: all pointers are of live objects, and the length is that of `header`.
    demand(unsafe {
        mote_sys::mote_svid_reconstruct_size(&mut bytes, header.as_ptr(), header.len())
    })?;
    let memory = Memory::new(bytes)?;
    let mut block: Vec<u8> = Vec::new();
    block.try_reserve_exact(block_bytes).map_err(|_| Error::OutOfMemory { bytes: block_bytes })?;
    let rows: Vec<mote_svid_row> =
        rows.iter().map(|&(number, data)| mote_svid_row { number, data: span(data) }).collect();
    let mut result = mote_sys::MOTE_SVID_INSUFFICIENT;
    // SAFETY: all pointers are of live objects with these lengths, and the block has room for so many
    // bytes, which the library writes before it reads any; the memory is aligned.
    demand(unsafe {
        mote_sys::mote_svid_reconstruct(
            &mut result,
            block.as_mut_ptr(),
            block_bytes,
            memory.start(),
            memory.bytes(),
            header.as_ptr(),
            header.len(),
            rows.as_ptr(),
            rows.len(),
        )
    })?;
    Ok(match result {
        mote_sys::MOTE_SVID_REBUILT => {
            // SAFETY: all of a block that is rebuilt was written.
            unsafe { block.set_len(block_bytes) };
            Reconstruction::Rebuilt(block)
        }
        mote_sys::MOTE_SVID_INSUFFICIENT => Reconstruction::Insufficient,
        _ => Reconstruction::Mismatch,
    })
}
