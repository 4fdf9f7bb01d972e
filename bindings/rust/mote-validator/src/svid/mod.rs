//! SVID: checks shares of blocks, draws samples, judges evidence, rebuilds blocks.
//!
//! A receiver knows its [`Epoch`] and what is [`Expected`]; all that arrives is hostile. A share that
//! is complete goes to [`check_share`], one that arrives in pieces to a [`ShareChecker`]:
//!
//! ```no_run
//! # fn f(piece: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
//! use mote_validator::svid::{Epoch, Expected, Outcome, Request, ShareChecker, BLOCK_BYTES_MAX};
//!
//! # let (seed, stakes, keys) = ([0; 32], [1; 4], [[0; 48]; 4]);
//! # let (chain_id, svid_root, header) = ([0; 32], [0; 32], [0; 176]);
//! let epoch = Epoch::open(&seed, &stakes, Some(&keys))?;
//! let expected =
//!     Expected { chain_id, zone: 0, height: 7, epoch: 1, svid_root, block_bytes_max: BLOCK_BYTES_MAX };
//! let mut checker = ShareChecker::open(&epoch, &expected, Request::Validator(2), &header)?;
//! checker.append_z(piece)?; // Err(Fault::Z) if that is what is wrong
//! if checker.verdict().outcome == Outcome::Provisional { /* keep the rows */ }
//! # Ok(())
//! # }
//! ```
//!
//! What is wrong with a share is an answer: a [`ShareVerdict`], or the [`Fault`] of the piece that was
//! just given. [`Error`] is for calls that cannot be done, and [`Error::Malformed`] for headers that do
//! not parse where nothing is checked ([`describe_header`], [`reconstruct`]).

mod epoch;
mod evidence;
mod header;
mod reconstruct;
mod sampling;
mod share;
mod verdict;

pub use epoch::{Epoch, Params, RowRange};
pub use evidence::{check_bad_row, equivocates, BadRow, Finding};
pub use header::{describe_header, Header};
pub use reconstruct::{reconstruct, Reconstruction};
pub use sampling::{failure_bound, sample_rows};
pub use share::{check_share, Expected, Request, Rows, ShareChecker};
pub use verdict::{Fault, Outcome, ShareVerdict};

use crate::error::failure;
use crate::{Error, Verdict};

/// Bytes of the header of a dispersal.
pub const HEADER_BYTES: usize = mote_sys::MOTE_SVID_HEADER_BYTES as usize;

/// Bytes of a validator's public key.
pub const PUBLIC_KEY_BYTES: usize = mote_sys::MOTE_SVID_PUBLIC_KEY_BYTES as usize;

/// Bytes of entropy that samples are drawn with.
pub const ENTROPY_BYTES: usize = mote_sys::MOTE_SVID_ENTROPY_BYTES as usize;

/// Most bytes of a block, of every chain; one may have less.
pub const BLOCK_BYTES_MAX: u64 = mote_sys::MOTE_SVID_BLOCK_BYTES_MAX as u64;

/// How many rows to sample.
pub const SAMPLES_DEFAULT: u32 = mote_sys::MOTE_SVID_SAMPLES_DEFAULT;

/// Goes on if a call was done. Only headers are malformed, and no verdict comes with them.
fn demand(status: mote_sys::mote_status) -> Result<(), Error> {
    match status {
        mote_sys::MOTE_OK => Ok(()),
        mote_sys::MOTE_MALFORMED => Err(Error::Malformed(Verdict {
            stage: "header",
            reason: "not the header of a dispersal",
            ..Verdict::default()
        })),
        other => Err(failure(other)),
    }
}

/// Size of a struct, as its first field has it.
fn size_of_struct<T>() -> u32 {
    std::mem::size_of::<T>() as u32
}

/// Bytes as C takes them.
fn span(bytes: &[u8]) -> mote_sys::mote_span {
    mote_sys::mote_span { data: bytes.as_ptr(), bytes: bytes.len() }
}
