//! Program keys.

use std::ffi::CString;
use std::mem::size_of;
use std::ptr::{self, NonNull};

use mote_sys::{mote_jolt_key, mote_jolt_key_info};

use crate::error::{answer, failure};
use crate::memory::Memory;
use crate::{text, verdict, Digest, Error, MemoryLayout};

/// What the guest program is, checked. Owns its memory; threads may share it.
#[derive(Debug)]
pub struct ProgramKey {
    object: NonNull<mote_jolt_key>,
    _memory: Memory,
}

// SAFETY: mote.h: opened keys are read-only and may be shared between threads.
unsafe impl Send for ProgramKey {}
// SAFETY: the same.
unsafe impl Sync for ProgramKey {}

/// Facts about a program key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramKeyInfo {
    /// True in committed-program mode, false in full mode.
    pub committed: bool,
    /// What identifies the program, as recomputed from the content.
    pub digest: Digest,
    /// Padded cycles.
    pub max_trace_length: u64,
    /// Rows, padding included.
    pub bytecode_length: u64,
    /// 64-bit words of initial memory.
    pub image_words: u64,
    /// Where the program begins.
    pub entry_address: u64,
    /// The guest's memory map.
    pub memory_layout: MemoryLayout,
}

impl ProgramKey {
    /// Checks a program key and keeps what verification needs of it, not `key`.
    ///
    /// `key` is program and digest as they stand in a bundle ([`crate::Bundle::key`]). `digest`
    /// identifies the program the caller wants; it is always recomputed from the content.
    /// `revision` names the Jolt revision; `None` is the newest.
    ///
    /// # Errors
    /// [`Error::Malformed`] if `key` does not parse, [`Error::Rejected`] if it is another program
    /// or not a good key.
    pub fn open(key: &[u8], digest: &Digest, revision: Option<&str>) -> Result<Self, Error> {
        text::check_abi()?;
        let revision = match revision.map(CString::new) {
            None => None,
            Some(Ok(name)) => Some(name),
            Some(Err(_)) => return Err(Error::InvalidArgument("a revision has no NUL in it")),
        };
        let mut verdict = verdict::empty();
        let mut bytes = 0;
        // SAFETY: all pointers are of live objects, and the length is that of `key`.
        let status = unsafe {
            mote_sys::mote_jolt_key_size(&mut bytes, &mut verdict, key.as_ptr(), key.len())
        };
        answer(status, &verdict, 0)?.require_accepted()?;

        let memory = Memory::new(bytes)?;
        let mut object = ptr::null_mut();
        // SAFETY: the same; the memory is aligned and moves into the result with the object.
        let status = unsafe {
            mote_sys::mote_jolt_key_open(
                &mut object,
                &mut verdict,
                memory.start(),
                memory.bytes(),
                revision.as_ref().map_or(ptr::null(), |name| name.as_ptr()),
                key.as_ptr(),
                key.len(),
                digest.as_ptr(),
            )
        };
        answer(status, &verdict, 0)?.require_accepted()?;
        let object = NonNull::new(object).ok_or(Error::Other { status })?;
        Ok(ProgramKey { object, _memory: memory })
    }

    /// Facts about the key.
    pub fn info(&self) -> ProgramKeyInfo {
        let mut raw = mote_jolt_key_info {
            struct_size: size_of::<mote_jolt_key_info>() as u32,
            ..Default::default()
        };
        // SAFETY: the object is open as long as self lives.
        let status = unsafe { mote_sys::mote_jolt_key_describe(&mut raw, self.as_ptr()) };
        debug_assert_eq!(status, mote_sys::MOTE_OK, "{}", failure(status));
        ProgramKeyInfo {
            committed: raw.committed != 0,
            digest: raw.digest,
            max_trace_length: raw.max_trace_length,
            bytecode_length: raw.bytecode_length,
            image_words: raw.image_words,
            entry_address: raw.entry_address,
            memory_layout: raw.memory_layout,
        }
    }

    pub(crate) fn as_ptr(&self) -> *const mote_jolt_key {
        self.object.as_ptr()
    }
}
