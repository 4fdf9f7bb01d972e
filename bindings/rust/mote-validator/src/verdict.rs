//! What was found out about a key, a setup or a proof.

use std::fmt;

use crate::{text, Error};

/// The answer to "is it good?". Texts are for people; programs compare the codes.
///
/// A verdict that a call returns is about bytes that parse. The one in [`Error::Malformed`] says
/// which part of the bytes does not.
#[must_use = "only a verdict that is accepted means yes"]
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// True only if every check was made and every check held.
    pub accepted: bool,
    /// Where it ended, such as `stage 3`; empty if accepted.
    pub stage: &'static str,
    /// Why; empty if accepted.
    pub reason: &'static str,
    /// Which part, such as `proof.stage5_sumcheck[]`; empty if none. See [`Verdict::field_path`].
    pub field: &'static str,
    /// Which element of that part, or which round.
    pub index: u32,
    /// Byte position in the bytes that were passed; 0 if the answer has no place in them.
    pub offset: u64,
    /// Number of the stage; never changes meaning.
    pub stage_code: u32,
    /// Number of the reason; never changes meaning.
    pub reason_code: u32,
    /// Number of the field; never changes meaning.
    pub field_code: u32,
}

impl Verdict {
    /// [`Error::Rejected`] unless accepted.
    ///
    /// # Errors
    /// [`Error::Rejected`] with this verdict.
    pub fn require_accepted(self) -> Result<(), Error> {
        if self.accepted {
            Ok(())
        } else {
            Err(Error::Rejected(self))
        }
    }

    /// The field with its index, such as `proof.stage5_sumcheck[137]`.
    pub fn field_path(&self) -> String {
        self.field.replacen("[]", &format!("[{}]", self.index), 1)
    }

    /// A verdict on bytes that begin `base` bytes into what the caller passed.
    pub(crate) fn new(raw: &mote_sys::mote_verdict, malformed: bool, base: u64) -> Verdict {
        if raw.accepted == 1 {
            return Verdict { accepted: true, ..Verdict::default() };
        }
        let placed = malformed || raw.offset != 0;
        Verdict {
            accepted: false,
            stage: text::stage(raw.stage),
            reason: text::reason(raw.reason),
            field: text::field(raw.field),
            index: raw.index,
            offset: if placed { base + raw.offset } else { 0 },
            stage_code: raw.stage,
            reason_code: raw.reason,
            field_code: raw.field,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.accepted {
            return f.write_str("accepted");
        }
        write!(f, "{}: {}", self.stage, self.reason)?;
        if !self.field.is_empty() {
            write!(f, " ({})", self.field_path())?;
        }
        if self.offset != 0 {
            write!(f, ", offset {}", self.offset)?;
        }
        Ok(())
    }
}

/// A verdict for the library to fill.
pub(crate) fn empty() -> mote_sys::mote_verdict {
    mote_sys::mote_verdict {
        struct_size: std::mem::size_of::<mote_sys::mote_verdict>() as u32,
        ..Default::default()
    }
}
