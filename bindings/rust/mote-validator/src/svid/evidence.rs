//! Claims against a producer.

use mote_sys::mote_svid_finding;

use super::{demand, size_of_struct, Epoch, Fault, Rows};
use crate::memory::Memory;
use crate::{text, Digest, Error};

/// What came of the claim that a row of a dispersal is not the code's.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The producer is convicted, if its signature of the announce digest holds.
    Convicts,
    /// Whoever reported the row is wrong.
    RowIsCorrect,
    /// Nothing is shown: one of steps 1 to 6 failed.
    NotShown(Option<Fault>),
}

/// The answer about a claim.
#[must_use]
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// What came of it.
    pub finding: Finding,
    /// Of the header.
    pub svid_root: Digest,
    /// What the scheduled producer must have signed.
    pub announce_digest: Digest,
}

/// Checks the claim that a row of a dispersal is not the code's.
///
/// Zone, height and epoch are those of the header, which only has to be of our chain; `epoch` is the
/// one it names ([`super::describe_header`] says which). `row` has one row, `z` all of Z.
///
/// # Errors
/// [`Error::InvalidArgument`] if `row` has another count than 1.
pub fn check_bad_row(
    epoch: &Epoch,
    chain_id: &Digest,
    header: &[u8],
    row: &Rows<'_>,
    z: &[u8],
) -> Result<BadRow, Error> {
    let mut bytes = 0;
    // SAFETY: `bytes` is a live object.
    demand(unsafe { mote_sys::mote_svid_bad_row_size(&mut bytes) })?;
    let memory = Memory::new(bytes)?;
    let mut raw = mote_svid_finding {
        struct_size: size_of_struct::<mote_svid_finding>(),
        ..Default::default()
    };
    // SAFETY: all pointers are of live objects with these lengths; the memory is aligned.
    demand(unsafe {
        mote_sys::mote_svid_check_bad_row(
            &mut raw,
            memory.start(),
            memory.bytes(),
            epoch.as_ptr(),
            chain_id.as_ptr(),
            header.as_ptr(),
            header.len(),
            &row.raw(),
            z.as_ptr(),
            z.len(),
        )
    })?;
    Ok(BadRow {
        finding: match raw.finding {
            mote_sys::MOTE_SVID_CONVICTS => Finding::Convicts,
            mote_sys::MOTE_SVID_ROW_IS_CORRECT => Finding::RowIsCorrect,
            _ => Finding::NotShown(Fault::new(raw.fault)),
        },
        svid_root: raw.svid_root,
        announce_digest: raw.announce_digest,
    })
}

/// The two digests that one producer must have signed, if two headers are of one place in the chain
/// and name different dispersals; otherwise `None`.
///
/// # Errors
/// [`Error::AbiMismatch`].
pub fn equivocates(
    chain_id: &Digest,
    first: &[u8],
    second: &[u8],
) -> Result<Option<[Digest; 2]>, Error> {
    text::check_abi()?;
    let mut answer = 0;
    let mut announces = [[0; 32]; 2];
    // SAFETY: all pointers are of live objects with these lengths, and the digests have 64 bytes.
    demand(unsafe {
        mote_sys::mote_svid_equivocates(
            &mut answer,
            announces.as_mut_ptr().cast(),
            chain_id.as_ptr(),
            first.as_ptr(),
            first.len(),
            second.as_ptr(),
            second.len(),
        )
    })?;
    Ok(if answer == 1 { Some(announces) } else { None })
}
