//! The check of a share, whole or in pieces.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use mote_sys::{
    mote_status, mote_svid_expected, mote_svid_request, mote_svid_rows, mote_svid_share,
};

use super::{demand, size_of_struct, span, verdict, Epoch, Fault, ShareVerdict};
use crate::memory::Memory;
use crate::{Digest, Error};

/// What the receiver knows before a byte arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Which chain.
    pub chain_id: Digest,
    /// Of the block.
    pub zone: u32,
    /// Of the block.
    pub height: u64,
    /// Of the block.
    pub epoch: u64,
    /// The root asked for.
    pub svid_root: Digest,
    /// The chain's limit, such as [`super::BLOCK_BYTES_MAX`]; 0 allows only the empty block.
    pub block_bytes_max: u64,
}

/// Which rows are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// Those assigned to a validator, a position in the list of the epoch.
    Validator(u32),
    /// Those a sampler drew: ascending, below N.
    Rows(&'a [u32]),
}

/// Rows as one message has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows<'a> {
    /// Number of the first row.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// One after the other.
    pub rows: &'a [u8],
    /// Of the data rows among them.
    pub data_path: &'a [u8],
    /// Of the parity rows among them.
    pub parity_path: &'a [u8],
}

impl Rows<'_> {
    /// The same for C; what it points to is borrowed as long as `self` is.
    pub(super) fn raw(&self) -> mote_svid_rows {
        mote_svid_rows {
            first: self.first,
            count: self.count,
            rows: span(self.rows),
            data_path: span(self.data_path),
            parity_path: span(self.parity_path),
        }
    }
}

/// What opens a share, as structs of C, with everything they point to borrowed.
struct Opening<'a> {
    epoch: &'a Epoch,
    expected: mote_svid_expected,
    request: mote_svid_request,
    header: &'a [u8],
    borrowed: PhantomData<Request<'a>>,
}

impl<'a> Opening<'a> {
    fn new(
        epoch: &'a Epoch,
        expected: &Expected,
        request: Request<'a>,
        header: &'a [u8],
    ) -> Opening<'a> {
        let (validator, rows) = match request {
            Request::Validator(position) => (position, None),
            Request::Rows(rows) => (mote_sys::MOTE_SVID_NO_VALIDATOR, Some(rows)),
        };
        Opening {
            epoch,
            expected: mote_svid_expected {
                struct_size: size_of_struct::<mote_svid_expected>(),
                zone: expected.zone,
                height: expected.height,
                epoch: expected.epoch,
                block_bytes_max: expected.block_bytes_max,
                chain_id: expected.chain_id,
                svid_root: expected.svid_root,
            },
            request: mote_svid_request {
                struct_size: size_of_struct::<mote_svid_request>(),
                validator,
                rows: rows.map_or(ptr::null(), |rows| rows.as_ptr()),
                row_count: rows.map_or(0, |rows| rows.len()),
            },
            header,
            borrowed: PhantomData,
        }
    }

    /// Memory for the check, or what is wrong with the header.
    fn memory(&self) -> Result<Result<Memory, ShareVerdict>, Error> {
        // A position that no list has must not turn into a request for samples.
        if self.request.rows.is_null() && self.request.validator == mote_sys::MOTE_SVID_NO_VALIDATOR
        {
            return Err(Error::InvalidArgument("no list has so many validators"));
        }
        let mut raw = verdict::empty();
        let mut bytes = 0;
        // SAFETY: all pointers are of live objects with these lengths.
        demand(unsafe {
            mote_sys::mote_svid_share_size(
                &mut bytes,
                &mut raw,
                self.epoch.as_ptr(),
                &self.expected,
                &self.request,
                self.header.as_ptr(),
                self.header.len(),
            )
        })?;
        Ok(match bytes {
            0 => Err(ShareVerdict::new(&raw)),
            bytes => Ok(Memory::new(bytes)?),
        })
    }
}

/// The check of one share, in pieces of any size and in any order.
///
/// It does not need its epoch after [`ShareChecker::open`]. It may move between threads, and serves
/// one at a time:
///
/// ```compile_fail,E0277
/// # fn f(checker: &mote_validator::svid::ShareChecker) {
/// std::thread::scope(|scope| {
///     scope.spawn(|| checker.verdict()); // cannot be shared
/// });
/// # }
/// ```
#[derive(Debug)]
pub struct ShareChecker {
    state: State,
}

#[derive(Debug)]
enum State {
    /// The header failed.
    Refused(ShareVerdict),
    Open {
        object: NonNull<mote_svid_share>,
        _memory: Memory,
    },
}

// SAFETY: mote_svid.h: a share belongs to one thread at a time, whichever it is.
unsafe impl Send for ShareChecker {}

impl ShareChecker {
    /// Makes steps 1 to 3 and begins the others. A header that fails is an answer, which
    /// [`ShareChecker::verdict`] has. The announce signature is the caller's to check.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a request that cannot be: no such validator or no public keys,
    /// rows out of range or out of order.
    pub fn open(
        epoch: &Epoch,
        expected: &Expected,
        request: Request<'_>,
        header: &[u8],
    ) -> Result<ShareChecker, Error> {
        let opening = Opening::new(epoch, expected, request, header);
        let memory = match opening.memory()? {
            Ok(memory) => memory,
            Err(refused) => return Ok(ShareChecker { state: State::Refused(refused) }),
        };
        let mut object = ptr::null_mut();
        // SAFETY: all pointers are of live objects with these lengths; the memory is aligned and moves
        // into the result with the object.
        let status = unsafe {
            mote_sys::mote_svid_share_open(
                &mut object,
                ptr::null_mut(),
                memory.start(),
                memory.bytes(),
                epoch.as_ptr(),
                &opening.expected,
                &opening.request,
                header.as_ptr(),
                header.len(),
            )
        };
        demand(status)?;
        let object = NonNull::new(object).ok_or(Error::Other { status })?;
        Ok(ShareChecker { state: State::Open { object, _memory: memory } })
    }

    /// Another peer begins: what its predecessors got wrong in steps 4 to 6 counts no longer, what
    /// they left unfinished is dropped, and what they proved stays.
    pub fn begin_source(&mut self) {
        if let State::Open { object, .. } = self.state {
            // SAFETY: the object is open as long as self lives, and borrowed by this call alone.
            done(unsafe { mote_sys::mote_svid_share_begin_source(object.as_ptr()) });
        }
    }

    /// Takes the next bytes of Z.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn append_z(&mut self, part: &[u8]) -> Result<(), Fault> {
        // SAFETY: the length is that of `part`.
        self.take(|fault, share| unsafe {
            mote_sys::mote_svid_share_append_z(fault, share, part.as_ptr(), part.len())
        })
    }

    /// Says that no more of Z comes from this source.
    ///
    /// # Errors
    /// [`Fault::Z`] if it is too short.
    pub fn end_z(&mut self) -> Result<(), Fault> {
        // SAFETY: see take().
        self.take(|fault, share| unsafe { mote_sys::mote_svid_share_end_z(fault, share) })
    }

    /// Announces rows first, first + 1, ... whose bytes, `rows_bytes` in all, follow. The paths are
    /// copied.
    ///
    /// # Errors
    /// What is wrong with them; [`ShareChecker::append_rows`] then ignores what comes.
    pub fn begin_rows(
        &mut self,
        first: u32,
        count: u32,
        rows_bytes: u64,
        data_path: &[u8],
        parity_path: &[u8],
    ) -> Result<(), Fault> {
        // SAFETY: the lengths are those of the paths.
        self.take(|fault, share| unsafe {
            mote_sys::mote_svid_share_begin_rows(
                fault,
                share,
                first,
                count,
                rows_bytes,
                data_path.as_ptr(),
                data_path.len(),
                parity_path.as_ptr(),
                parity_path.len(),
            )
        })
    }

    /// Takes the next bytes of the announced rows; the last one checks the paths.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn append_rows(&mut self, part: &[u8]) -> Result<(), Fault> {
        // SAFETY: the length is that of `part`.
        self.take(|fault, share| unsafe {
            mote_sys::mote_svid_share_append_rows(fault, share, part.as_ptr(), part.len())
        })
    }

    /// Ends the announced rows; if some are missing, all of this message is dropped.
    ///
    /// # Errors
    /// What is wrong with the message.
    pub fn end_rows(&mut self) -> Result<(), Fault> {
        // SAFETY: see take().
        self.take(|fault, share| unsafe { mote_sys::mote_svid_share_end_rows(fault, share) })
    }

    /// What is known so far.
    pub fn verdict(&self) -> ShareVerdict {
        match &self.state {
            State::Refused(verdict) => *verdict,
            State::Open { object, .. } => {
                let mut raw = verdict::empty();
                // SAFETY: the object is open as long as self lives.
                done(unsafe { mote_sys::mote_svid_share_verdict(&mut raw, object.as_ptr()) });
                ShareVerdict::new(&raw)
            }
        }
    }

    /// Whether a row passed steps 5 to 7: what [`super::reconstruct`] may be given.
    pub fn holds(&self, row: u32) -> bool {
        match &self.state {
            State::Refused(_) => false,
            State::Open { object, .. } => {
                let mut holds = 0;
                // SAFETY: the object is open as long as self lives.
                done(unsafe { mote_sys::mote_svid_share_holds(&mut holds, object.as_ptr(), row) });
                holds == 1
            }
        }
    }

    /// Calls a function with the open object, which lives as long as self and is borrowed alone.
    fn take(
        &mut self,
        call: impl FnOnce(*mut u32, *mut mote_svid_share) -> mote_status,
    ) -> Result<(), Fault> {
        let fault = match &self.state {
            State::Refused(verdict) => verdict.fault,
            State::Open { object, .. } => {
                let mut fault = 0;
                done(call(&mut fault, object.as_ptr()));
                Fault::new(fault)
            }
        };
        fault.map_or(Ok(()), Err)
    }
}

/// A status that only a bug of this crate could cause. The share answers no in any case.
fn done(status: mote_status) {
    debug_assert_eq!(status, mote_sys::MOTE_OK);
}

/// Checks a share that is complete. `z` is `None` if none was received.
///
/// # Errors
/// As [`ShareChecker::open`]. A share that is not good is no error but a [`ShareVerdict`].
pub fn check_share(
    epoch: &Epoch,
    expected: &Expected,
    request: Request<'_>,
    header: &[u8],
    z: Option<&[u8]>,
    messages: &[Rows<'_>],
) -> Result<ShareVerdict, Error> {
    let opening = Opening::new(epoch, expected, request, header);
    let memory = match opening.memory()? {
        Ok(memory) => memory,
        Err(refused) => return Ok(refused),
    };
    let messages: Vec<mote_svid_rows> = messages.iter().map(Rows::raw).collect();
    let mut raw = verdict::empty();
    // SAFETY: all pointers are of live objects with these lengths; the memory is aligned.
    demand(unsafe {
        mote_sys::mote_svid_check_share(
            &mut raw,
            memory.start(),
            memory.bytes(),
            epoch.as_ptr(),
            &opening.expected,
            &opening.request,
            header.as_ptr(),
            header.len(),
            z.map_or(ptr::null(), |z| z.as_ptr()),
            z.map_or(0, |z| z.len()),
            messages.as_ptr(),
            messages.len(),
        )
    })?;
    Ok(ShareVerdict::new(&raw))
}
