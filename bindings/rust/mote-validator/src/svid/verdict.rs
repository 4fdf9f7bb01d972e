//! What was found out about a share.

use std::fmt;

use mote_sys::mote_svid_verdict;

use crate::text;

/// What is wrong with a share. The first six condemn what was received: drop it and ask another peer.
/// [`Fault::Fingerprint`] condemns the dispersal and can be shown to anybody.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// E_HEADER, step 1.
    Header,
    /// E_PARAMS, step 2.
    Params,
    /// E_COMMIT, step 3.
    Commit,
    /// E_Z, step 4.
    Z,
    /// E_ROW_SHAPE, step 5.
    RowShape,
    /// E_PATH, step 6.
    Path,
    /// E_FINGERPRINT, step 7.
    Fingerprint,
    /// One that this crate does not know.
    Other {
        /// Its number.
        code: u32,
    },
}

impl Fault {
    /// Its number, which is that of the failing step.
    pub fn code(self) -> u32 {
        match self {
            Fault::Header => mote_sys::MOTE_SVID_E_HEADER,
            Fault::Params => mote_sys::MOTE_SVID_E_PARAMS,
            Fault::Commit => mote_sys::MOTE_SVID_E_COMMIT,
            Fault::Z => mote_sys::MOTE_SVID_E_Z,
            Fault::RowShape => mote_sys::MOTE_SVID_E_ROW_SHAPE,
            Fault::Path => mote_sys::MOTE_SVID_E_PATH,
            Fault::Fingerprint => mote_sys::MOTE_SVID_E_FINGERPRINT,
            Fault::Other { code } => code,
        }
    }

    /// The fault of a number; 0 is none.
    pub(super) fn new(code: u32) -> Option<Fault> {
        Some(match code {
            0 => return None,
            mote_sys::MOTE_SVID_E_HEADER => Fault::Header,
            mote_sys::MOTE_SVID_E_PARAMS => Fault::Params,
            mote_sys::MOTE_SVID_E_COMMIT => Fault::Commit,
            mote_sys::MOTE_SVID_E_Z => Fault::Z,
            mote_sys::MOTE_SVID_E_ROW_SHAPE => Fault::RowShape,
            mote_sys::MOTE_SVID_E_PATH => Fault::Path,
            mote_sys::MOTE_SVID_E_FINGERPRINT => Fault::Fingerprint,
            code => Fault::Other { code },
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(text::svid_fault(self.code()))
    }
}

impl std::error::Error for Fault {}

/// How far a share has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing wrong, something missing.
    Incomplete,
    /// The fault says why.
    Rejected,
    /// Every row asked for holds against a Z that no proof has bound to the block yet.
    Provisional,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Incomplete => text::svid_outcome(mote_sys::MOTE_SVID_INCOMPLETE),
            Outcome::Rejected => text::svid_outcome(mote_sys::MOTE_SVID_REJECTED),
            Outcome::Provisional => text::svid_outcome(mote_sys::MOTE_SVID_PROVISIONAL),
        })
    }
}

/// The answer about a share.
#[must_use = "only a verdict that is provisional means that the rows hold"]
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareVerdict {
    /// How far it has come.
    pub outcome: Outcome,
    /// The failing step, or the last one finished.
    pub step: u32,
    /// What is wrong, if it is rejected.
    pub fault: Option<Fault>,
    /// Of [`Fault::Fingerprint`]: the row that is not the code's.
    pub row: Option<u32>,
}

impl ShareVerdict {
    pub(super) fn new(raw: &mote_svid_verdict) -> ShareVerdict {
        let fault = Fault::new(raw.fault);
        ShareVerdict {
            // An outcome that is not known is no reason to keep a share.
            outcome: match raw.outcome {
                mote_sys::MOTE_SVID_INCOMPLETE => Outcome::Incomplete,
                mote_sys::MOTE_SVID_PROVISIONAL => Outcome::Provisional,
                _ => Outcome::Rejected,
            },
            step: raw.step,
            fault,
            row: if fault == Some(Fault::Fingerprint) { Some(raw.row) } else { None },
        }
    }
}

impl fmt::Display for ShareVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, step {}", self.outcome, self.step)?;
        if let Some(fault) = self.fault {
            write!(f, ", {}", fault)?;
        }
        if let Some(row) = self.row {
            write!(f, " of row {}", row)?;
        }
        Ok(())
    }
}

/// A verdict for the library to fill.
pub(super) fn empty() -> mote_svid_verdict {
    mote_svid_verdict {
        struct_size: super::size_of_struct::<mote_svid_verdict>(),
        ..Default::default()
    }
}
