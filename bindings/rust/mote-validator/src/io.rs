//! What a program is claimed to have read and written.

use std::marker::PhantomData;
use std::mem::size_of;
use std::ptr;

/// The guest's memory map: addresses and sizes in bytes.
pub type MemoryLayout = mote_sys::mote_memory_layout;

/// What the caller believes the program read and wrote.
///
/// Trailing zero bytes of outputs mean nothing: `[15]` and `[15, 0]` are the same output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublicIo<'a> {
    /// What the program read.
    pub inputs: &'a [u8],
    /// What the program wrote.
    pub outputs: &'a [u8],
    /// Whether the program ended in a panic.
    pub panic: bool,
    /// Must equal the key's; `None` takes the key's.
    pub memory_layout: Option<MemoryLayout>,
}

/// The same for C, with everything it points to borrowed.
pub(crate) struct RawIo<'a> {
    pub(crate) raw: mote_sys::mote_public_io,
    borrowed: PhantomData<&'a PublicIo<'a>>,
}

impl<'a> RawIo<'a> {
    pub(crate) fn new(io: &'a PublicIo<'a>) -> RawIo<'a> {
        RawIo {
            raw: mote_sys::mote_public_io {
                struct_size: size_of::<mote_sys::mote_public_io>() as u32,
                panic: u32::from(io.panic),
                inputs: io.inputs.as_ptr(),
                inputs_bytes: io.inputs.len(),
                outputs: io.outputs.as_ptr(),
                outputs_bytes: io.outputs.len(),
                memory_layout: io.memory_layout.as_ref().map_or(ptr::null(), |l| l as *const _),
            },
            borrowed: PhantomData,
        }
    }
}
