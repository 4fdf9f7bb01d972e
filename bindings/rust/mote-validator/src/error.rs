//! What keeps a call from having an answer.

use std::fmt;

use mote_sys::{mote_status, mote_verdict};

use crate::{text, Verdict};

/// Why there is no answer, or nothing to go on with.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The bytes do not parse; the verdict names field and offset.
    Malformed(Verdict),
    /// The bytes parse, and the answer is no; the verdict names stage and reason.
    Rejected(Verdict),
    /// A value that cannot be meant; the text says which.
    InvalidArgument(&'static str),
    /// Well-formed, but larger than the limits the library was built with.
    LimitExceeded,
    /// The library was built for a processor this one is not.
    Unsupported,
    /// There is no memory for so many bytes.
    OutOfMemory {
        /// How many were asked for.
        bytes: usize,
    },
    /// The library that was loaded is of another version than the one this crate declares.
    AbiMismatch {
        /// The version of the library.
        library: u32,
    },
    /// A status that this crate does not know.
    Other {
        /// Its number.
        status: u32,
    },
}

impl Error {
    /// The verdict of [`Error::Malformed`] and [`Error::Rejected`].
    pub fn verdict(&self) -> Option<&Verdict> {
        match self {
            Error::Malformed(verdict) | Error::Rejected(verdict) => Some(verdict),
            _ => None,
        }
    }

    /// The same error about bytes that begin `base` bytes into what the caller passed.
    pub(crate) fn moved(self, base: u64) -> Error {
        match self {
            Error::Malformed(verdict) => {
                Error::Malformed(Verdict { offset: base + verdict.offset, ..verdict })
            }
            Error::Rejected(verdict) if verdict.offset != 0 => {
                Error::Rejected(Verdict { offset: base + verdict.offset, ..verdict })
            }
            other => other,
        }
    }
}

/// The verdict of a call, or the error that its status means.
pub(crate) fn answer(status: mote_status, raw: &mote_verdict, base: u64) -> Result<Verdict, Error> {
    match status {
        mote_sys::MOTE_OK => Ok(Verdict::new(raw, false, base)),
        mote_sys::MOTE_MALFORMED => Err(Error::Malformed(Verdict::new(raw, true, base))),
        other => Err(failure(other)),
    }
}

/// The error of a status that no verdict comes with.
pub(crate) fn failure(status: mote_status) -> Error {
    match status {
        mote_sys::MOTE_INVALID_ARGUMENT => Error::InvalidArgument(text::status(status)),
        mote_sys::MOTE_LIMIT_EXCEEDED => Error::LimitExceeded,
        mote_sys::MOTE_UNSUPPORTED => Error::Unsupported,
        status => Error::Other { status },
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Malformed(verdict) => write!(f, "malformed: {}", verdict),
            Error::Rejected(verdict) => write!(f, "rejected: {}", verdict),
            Error::InvalidArgument(text) => f.write_str(text),
            Error::LimitExceeded => f.write_str(text::status(mote_sys::MOTE_LIMIT_EXCEEDED)),
            Error::Unsupported => f.write_str(text::status(mote_sys::MOTE_UNSUPPORTED)),
            Error::OutOfMemory { bytes } => write!(f, "no memory for {} bytes", bytes),
            Error::AbiMismatch { library } => write!(
                f,
                "libmote has version {} of the C interface, not {}",
                library,
                mote_sys::MOTE_ABI_VERSION
            ),
            Error::Other { status } => write!(f, "{}", text::status(*status)),
        }
    }
}

impl std::error::Error for Error {}
