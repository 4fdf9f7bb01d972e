//! Memory as the core wants it.

use std::alloc::{alloc, dealloc, Layout};
use std::os::raw::c_void;
use std::ptr::NonNull;

use crate::Error;

const ALIGNMENT: usize = 16;

/// Memory at a 16-byte boundary, given back on drop.
#[derive(Debug)]
pub(crate) struct Memory {
    start: NonNull<u8>,
    layout: Layout,
}

// SAFETY: plain bytes with one owner; nothing in them knows which thread it is on.
unsafe impl Send for Memory {}
// SAFETY: through a shared reference only the address and the size can be had.
unsafe impl Sync for Memory {}

impl Memory {
    /// Takes so many bytes.
    pub(crate) fn new(bytes: usize) -> Result<Memory, Error> {
        let failed = Error::OutOfMemory { bytes };
        let layout = Layout::from_size_align(bytes.max(1), ALIGNMENT).map_err(|_| failed)?;
        // SAFETY: the size is not 0.
        let start = unsafe { alloc(layout) };
        Ok(Memory { start: NonNull::new(start).ok_or(failed)?, layout })
    }

    pub(crate) fn start(&self) -> *mut c_void {
        self.start.as_ptr().cast()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.layout.size()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: came from alloc() with this layout, and nobody else gives it back.
        unsafe { dealloc(self.start.as_ptr(), self.layout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_aligned_and_too_much_is_an_error() {
        for bytes in [0, 1, 15, 16, 17, 100_000] {
            let memory = Memory::new(bytes).unwrap();
            assert_eq!(memory.start() as usize % 16, 0);
            assert!(memory.bytes() >= bytes);
        }
        for bytes in [usize::MAX, isize::MAX as usize, isize::MAX as usize - 64] {
            assert_eq!(Memory::new(bytes).unwrap_err(), Error::OutOfMemory { bytes });
        }
    }
}
