//! Dory verifier setups.

use std::ptr::{self, NonNull};

use mote_sys::mote_dory_setup;

use crate::error::answer;
use crate::memory::Memory;
use crate::{text, verdict, Digest, Error};

/// Parameters of the commitment scheme, checked. Owns its memory; threads may share it.
#[derive(Debug)]
pub struct DorySetup {
    object: NonNull<mote_dory_setup>,
    _memory: Memory,
}

// SAFETY: mote.h: opened setups are read-only and may be shared between threads.
unsafe impl Send for DorySetup {}
// SAFETY: the same.
unsafe impl Sync for DorySetup {}

impl DorySetup {
    /// Checks a setup: its SHA-256, the subgroup of each element, the relations between them.
    ///
    /// Takes about 10 ms, so do it once. `setup` is not needed any more afterwards.
    ///
    /// # Errors
    /// [`Error::Malformed`] if `setup` does not parse, [`Error::Rejected`] if it is another one or
    /// not a good one.
    pub fn open(setup: &[u8], sha256: &Digest) -> Result<Self, Error> {
        text::check_abi()?;
        let mut verdict = verdict::empty();
        let mut bytes = 0;
        // SAFETY: all pointers are of live objects, and the length is that of `setup`.
        let status = unsafe {
            mote_sys::mote_dory_setup_size(&mut bytes, &mut verdict, setup.as_ptr(), setup.len())
        };
        answer(status, &verdict, 0)?.require_accepted()?;

        let memory = Memory::new(bytes)?;
        let mut object = ptr::null_mut();
        // SAFETY: the same; the memory is aligned and moves into the result with the object.
        let status = unsafe {
            mote_sys::mote_dory_setup_open(
                &mut object,
                &mut verdict,
                memory.start(),
                memory.bytes(),
                setup.as_ptr(),
                setup.len(),
                sha256.as_ptr(),
            )
        };
        answer(status, &verdict, 0)?.require_accepted()?;
        let object = NonNull::new(object).ok_or(Error::Other { status })?;
        Ok(DorySetup { object, _memory: memory })
    }

    pub(crate) fn as_ptr(&self) -> *const mote_dory_setup {
        self.object.as_ptr()
    }
}
