//! What a header says.

use mote_sys::mote_svid_header_info;

use super::{demand, size_of_struct};
use crate::{text, Digest, Error};

/// What a header says. Nothing in it was checked.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Of the block.
    pub zone: u32,
    /// Of the block.
    pub height: u64,
    /// Of the block.
    pub epoch: u64,
    /// B.
    pub block_bytes: u64,
    /// k.
    pub data_rows: u32,
    /// N.
    pub rows: u32,
    /// L.
    pub row_bytes: u32,
    /// Which chain.
    pub chain_id: Digest,
    /// BLAKE3 of the block.
    pub data_root: Digest,
    /// Of the parity rows.
    pub parity_root: Digest,
    /// BLAKE3 of Z.
    pub z_digest: Digest,
    /// What names this dispersal.
    pub svid_root: Digest,
    /// What the scheduled producer signs.
    pub announce_digest: Digest,
}

/// Reads a header without checking it against anything.
///
/// # Errors
/// [`Error::Malformed`] if it is none, or has a shape no block leads to.
pub fn describe_header(header: &[u8]) -> Result<Header, Error> {
    text::check_abi()?;
    let mut raw = mote_svid_header_info {
        struct_size: size_of_struct::<mote_svid_header_info>(),
        ..Default::default()
    };
    // SAFETY: all pointers are of live objects, and the length is that of `header`.
    demand(unsafe {
        mote_sys::mote_svid_header_describe(&mut raw, header.as_ptr(), header.len())
    })?;
    Ok(Header {
        zone: raw.zone,
        height: raw.height,
        epoch: raw.epoch,
        block_bytes: raw.block_bytes,
        data_rows: raw.data_rows,
        rows: raw.rows,
        row_bytes: raw.row_bytes,
        chain_id: raw.chain_id,
        data_root: raw.data_root,
        parity_root: raw.parity_root,
        z_digest: raw.z_digest,
        svid_root: raw.svid_root,
        announce_digest: raw.announce_digest,
    })
}
