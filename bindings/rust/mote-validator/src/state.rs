//! State: checks proofs about keys of a chain's state, and blocks without the state.
//!
//! ```no_run
//! # fn f(root: [u8; 32], height: u64, bytes: &[u8], key: &[u8]) -> Result<(), mote_validator::Error> {
//! use mote_validator::state::{Answer, Proof};
//!
//! let proof = Proof::open(&root, Some(height), bytes)?;
//! match proof.lookup(key)? {
//!     Answer::Present(value) => println!("{:?}", value),
//!     Answer::Absent => println!("the key is not in the state"),
//!     Answer::Unproven => println!("this proof does not say"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The root is that of a header the caller trusts. Proofs come from anybody: [`Error::Malformed`] is for
//! bytes that do not parse, [`Error::Rejected`] for a proof that leads to another root.

use std::ptr::{self, NonNull};

use mote_sys::{
    mote_span, mote_state_operation, mote_state_proof, mote_state_verdict, mote_status,
};

use crate::error::failure;
use crate::memory::Memory;
use crate::{text, Digest, Error, Verdict};

/// Most bytes of a key; it has at least one.
pub const KEY_BYTES_MAX: usize = mote_sys::MOTE_STATE_KEY_BYTES_MAX as usize;

/// Most bytes of a value.
pub const VALUE_BYTES_MAX: usize = mote_sys::MOTE_STATE_VALUE_BYTES_MAX as usize;

/// What a proof says about a key.
#[must_use = "a key that is not present may be unproven"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// The key has this value, which lies in the proof.
    Present(&'a [u8]),
    /// The key is not in the state.
    Absent,
    /// This proof does not say; another one may. It is not a kind of absent.
    Unproven,
}

/// A write of a block. Of several to one key the last counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation<'a> {
    /// The key gets the value.
    Put(&'a [u8], &'a [u8]),
    /// The key is deleted, absent or not.
    Delete(&'a [u8]),
}

/// What a witness says about a block.
#[must_use = "only a root means that the block was applied"]
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockOutcome {
    /// The state root after the block.
    Root(Digest),
    /// The witness leaves out what the block needs.
    Missing,
    /// A shard runs out of serial numbers.
    SnSpace,
    /// A fault that this crate does not know.
    Other {
        /// Its number.
        code: u32,
    },
}

/// Entries of the state under a root. Owns its memory, also the bytes; threads may share it.
#[derive(Debug)]
pub struct Proof {
    object: NonNull<mote_state_proof>,
    _memory: Memory,
}

// SAFETY: mote_state.h: an opened proof is read-only and may be shared between threads.
unsafe impl Send for Proof {}
// SAFETY: the same.
unsafe impl Sync for Proof {}

/// What a block needs of the state before it. Owns its memory; threads may share it.
#[derive(Debug)]
pub struct Witness {
    proof: Proof,
}

type Open = unsafe extern "C" fn(
    *mut *mut mote_state_proof,
    *mut mote_state_verdict,
    *mut std::os::raw::c_void,
    usize,
    *const u8,
    u64,
    *const u8,
    usize,
) -> mote_status;

impl Proof {
    /// Checks that everything in a proof is under a root.
    ///
    /// `height` is that of the root's block. Without it nothing can be asked about the past.
    ///
    /// # Errors
    /// [`Error::Malformed`] if `proof` does not parse, [`Error::Rejected`] if it leads to another root.
    pub fn open(root: &Digest, height: Option<u64>, proof: &[u8]) -> Result<Proof, Error> {
        Proof::open_with(mote_sys::mote_state_proof_open, "proof", root, height, proof)
    }

    /// Says what the proof shows about a key of 1 to [`KEY_BYTES_MAX`] bytes, in the state of the root.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a key that no state can have.
    pub fn lookup(&self, key: &[u8]) -> Result<Answer<'_>, Error> {
        let (mut answer, mut value) = (0, empty_span());
        // SAFETY: all pointers are of live objects, and the length is that of `key`.
        let status = unsafe {
            mote_sys::mote_state_lookup(
                &mut answer,
                &mut value,
                self.as_ptr(),
                key.as_ptr(),
                key.len(),
            )
        };
        self.said(status, answer, value)
    }

    /// The same for the state after the block of a height up to the root's.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] also for a height above the root's, or if that is not known.
    pub fn lookup_after(&self, key: &[u8], height: u64) -> Result<Answer<'_>, Error> {
        let (mut answer, mut value) = (0, empty_span());
        // SAFETY: as above.
        let status = unsafe {
            mote_sys::mote_state_lookup_after(
                &mut answer,
                &mut value,
                self.as_ptr(),
                key.as_ptr(),
                key.len(),
                height,
            )
        };
        self.said(status, answer, value)
    }

    fn open_with(
        open: Open,
        what: &'static str,
        root: &Digest,
        height: Option<u64>,
        bytes: &[u8],
    ) -> Result<Proof, Error> {
        text::check_abi()?;
        let height = match height {
            Some(mote_sys::MOTE_STATE_NO_HEIGHT) => {
                return Err(Error::InvalidArgument("no block has this height"))
            }
            given => given.unwrap_or(mote_sys::MOTE_STATE_NO_HEIGHT),
        };
        let mut size = 0;
        // SAFETY: the pointer is of a live object.
        let status = unsafe { mote_sys::mote_state_proof_size(&mut size, bytes.len()) };
        let mut verdict = empty_verdict();
        demand(status, &verdict, what)?;
        let memory = Memory::new(size)?;
        let mut object = ptr::null_mut();
        // SAFETY: the same; the memory is aligned and moves into the result with the object, which has
        // a copy of the bytes.
        let status = unsafe {
            open(
                &mut object,
                &mut verdict,
                memory.start(),
                memory.bytes(),
                root.as_ptr(),
                height,
                bytes.as_ptr(),
                bytes.len(),
            )
        };
        demand(status, &verdict, what)?;
        match NonNull::new(object) {
            Some(object) => Ok(Proof { object, _memory: memory }),
            None => Err(Error::Rejected(told(&verdict, what))),
        }
    }

    fn said(
        &self,
        status: mote_status,
        answer: u32,
        value: mote_span,
    ) -> Result<Answer<'_>, Error> {
        demand(status, &empty_verdict(), "proof")?;
        Ok(match answer {
            mote_sys::MOTE_STATE_PRESENT if value.bytes == 0 => Answer::Present(&[]),
            mote_sys::MOTE_STATE_PRESENT => {
                // SAFETY: lies in the memory of self, which nobody writes to any more.
                Answer::Present(unsafe { std::slice::from_raw_parts(value.data, value.bytes) })
            }
            mote_sys::MOTE_STATE_ABSENT => Answer::Absent,
            _ => Answer::Unproven,
        })
    }

    fn as_ptr(&self) -> *const mote_state_proof {
        self.object.as_ptr()
    }
}

impl Witness {
    /// Opens a witness against the root before its block, with the height of that root.
    ///
    /// # Errors
    /// As [`Proof::open`].
    pub fn open(root: &Digest, height: Option<u64>, witness: &[u8]) -> Result<Witness, Error> {
        let open = mote_sys::mote_state_witness_open;
        Ok(Witness { proof: Proof::open_with(open, "witness", root, height, witness)? })
    }

    /// The state before the block, as far as the witness opens it.
    pub fn before(&self) -> &Proof {
        &self.proof
    }

    /// Computes the state root after a block.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the block is void: its verdict's `index` is the operation to blame.
    /// [`Error::InvalidArgument`] for a height that is not above that of the root.
    pub fn apply(&self, height: u64, operations: &[Operation<'_>]) -> Result<BlockOutcome, Error> {
        let raw: Vec<mote_state_operation> = operations
            .iter()
            .map(|operation| match *operation {
                Operation::Put(key, value) => {
                    mote_state_operation { key: span(key), value: span(value), erase: 0 }
                }
                Operation::Delete(key) => {
                    mote_state_operation { key: span(key), value: empty_span(), erase: 1 }
                }
            })
            .collect();
        let mut verdict = empty_verdict();
        let mut size = 0;
        // SAFETY: all pointers are of live objects.
        let status =
            unsafe { mote_sys::mote_state_apply_size(&mut size, self.proof.as_ptr(), raw.len()) };
        demand(status, &verdict, "block")?;
        let memory = Memory::new(size)?;
        let mut root = Digest::default();
        // SAFETY: the same; a root has 32 bytes, and the length is that of `raw`.
        let status = unsafe {
            mote_sys::mote_state_apply(
                root.as_mut_ptr(),
                &mut verdict,
                memory.start(),
                memory.bytes(),
                self.proof.as_ptr(),
                height,
                raw.as_ptr(),
                raw.len(),
            )
        };
        demand(status, &verdict, "block")?;
        Ok(match verdict.fault {
            0 if verdict.accepted == 1 => BlockOutcome::Root(root),
            mote_sys::MOTE_STATE_F_MISSING => BlockOutcome::Missing,
            mote_sys::MOTE_STATE_F_SN_SPACE => BlockOutcome::SnSpace,
            code => BlockOutcome::Other { code },
        })
    }
}

fn empty_verdict() -> mote_state_verdict {
    mote_state_verdict {
        struct_size: std::mem::size_of::<mote_state_verdict>() as u32,
        ..Default::default()
    }
}

/// A verdict that is not accepted.
fn told(raw: &mote_state_verdict, stage: &'static str) -> Verdict {
    Verdict {
        stage,
        reason: text::state_fault(raw.fault),
        index: raw.operation,
        offset: raw.offset,
        reason_code: raw.fault,
        ..Verdict::default()
    }
}

/// Goes on if a call was done.
fn demand(
    status: mote_status,
    verdict: &mote_state_verdict,
    stage: &'static str,
) -> Result<(), Error> {
    match status {
        mote_sys::MOTE_OK => Ok(()),
        mote_sys::MOTE_MALFORMED => Err(Error::Malformed(told(verdict, stage))),
        other => Err(failure(other)),
    }
}

/// Bytes as C takes them.
fn span(bytes: &[u8]) -> mote_span {
    mote_span { data: bytes.as_ptr(), bytes: bytes.len() }
}

fn empty_span() -> mote_span {
    mote_span { data: ptr::null(), bytes: 0 }
}
