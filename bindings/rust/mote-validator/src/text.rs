//! Texts and facts of the library.

use std::ffi::CStr;
use std::os::raw::c_char;

use crate::Error;

/// Wraps a static text of the library.
///
/// # Safety
/// `text` must be a NUL-terminated string that is never freed or changed.
unsafe fn wrap(text: *const c_char) -> &'static str {
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("unknown")
}

/// What a stage is called.
pub(crate) fn stage(code: u32) -> &'static str {
    // SAFETY: mote.h: static and never NULL. The same for the others.
    unsafe { wrap(mote_sys::mote_stage_text(code)) }
}

/// What a reason means.
pub(crate) fn reason(code: u32) -> &'static str {
    // SAFETY: as above.
    unsafe { wrap(mote_sys::mote_reason_text(code)) }
}

/// Path of a field, with `[]` where an index belongs.
pub(crate) fn field(code: u32) -> &'static str {
    // SAFETY: as above.
    unsafe { wrap(mote_sys::mote_field_text(code)) }
}

/// What a status means.
pub(crate) fn status(code: mote_sys::mote_status) -> &'static str {
    // SAFETY: as above.
    unsafe { wrap(mote_sys::mote_status_text(code)) }
}

/// What a fault of a proof or block is called.
pub(crate) fn state_fault(code: u32) -> &'static str {
    // SAFETY: as above.
    unsafe { wrap(mote_sys::mote_state_fault_text(code)) }
}

/// What an outcome of a share is called.
pub(crate) fn svid_outcome(code: u32) -> &'static str {
    // SAFETY: as above.
    unsafe { wrap(mote_sys::mote_svid_outcome_text(code)) }
}

/// What a fault of a share is called.
pub(crate) fn svid_fault(code: u32) -> &'static str {
    // SAFETY: as above.
    unsafe { wrap(mote_sys::mote_svid_fault_text(code)) }
}

/// The arithmetic this machine gets, such as "x86_64_adx" or "portable".
pub fn arch_name() -> &'static str {
    // SAFETY: as above.
    unsafe { wrap(mote_sys::mote_arch_name()) }
}

/// The version of the C interface that the linked library has.
pub fn abi_version() -> u32 {
    // SAFETY: takes nothing and always returns.
    unsafe { mote_sys::mote_abi_version() }
}

/// A shared library may be another one than that which was linked.
pub(crate) fn check_abi() -> Result<(), Error> {
    let library = abi_version();
    if library == mote_sys::MOTE_ABI_VERSION {
        Ok(())
    } else {
        Err(Error::AbiMismatch { library })
    }
}
