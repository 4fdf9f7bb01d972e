//! The validators of an epoch.

use std::ptr::{self, NonNull};

use mote_sys::{mote_svid_epoch, mote_svid_params, mote_svid_range, mote_svid_validators};

use super::{demand, size_of_struct, PUBLIC_KEY_BYTES};
use crate::memory::Memory;
use crate::{text, Digest, Error};

/// The validators of an epoch, put in order once. Owns its memory; threads may share it.
#[derive(Debug)]
pub struct Epoch {
    object: NonNull<mote_svid_epoch>,
    _memory: Memory,
}

// SAFETY: mote_svid.h: an opened epoch is read-only and may be shared between threads.
unsafe impl Send for Epoch {}
// SAFETY: the same.
unsafe impl Sync for Epoch {}

/// The shape of one dispersal. An empty block has no rows.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    /// B.
    pub block_bytes: u64,
    /// L.
    pub row_bytes: u32,
    /// k: so many rows rebuild the block.
    pub data_rows: u32,
    /// K, the power of two above.
    pub code_rows: u32,
    /// N.
    pub rows: u32,
    /// 16 k.
    pub z_bytes: u32,
}

/// Rows first, first + 1, ... modulo N.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowRange {
    /// Number of the first row.
    pub first: u32,
    /// How many.
    pub count: u32,
}

impl Epoch {
    /// Copies the stakes and puts the validators in order.
    ///
    /// `stakes` are those of the validators that have stake, in the order of the epoch's list: 4 to
    /// 40,960 of them, none zero, their sum below 2^64. Without `public_keys`, one for each, nobody's
    /// rows can be asked for, only samples.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for any other list.
    pub fn open(
        seed: &Digest,
        stakes: &[u64],
        public_keys: Option<&[[u8; PUBLIC_KEY_BYTES]]>,
    ) -> Result<Epoch, Error> {
        text::check_abi()?;
        let mut bytes = 0;
        // SAFETY: `bytes` is a live object.
        demand(unsafe { mote_sys::mote_svid_epoch_size(&mut bytes, stakes.len()) })?;
        let validators = mote_svid_validators {
            struct_size: size_of_struct::<mote_svid_validators>(),
            // The size function has refused more.
            count: stakes.len() as u32,
            stakes: stakes.as_ptr(),
            public_keys: public_keys.map_or(ptr::null(), |keys| keys.as_ptr().cast()),
            public_keys_bytes: public_keys.map_or(0, |keys| keys.len() * PUBLIC_KEY_BYTES),
            seed: *seed,
        };
        let memory = Memory::new(bytes)?;
        let mut object = ptr::null_mut();
        // SAFETY: all pointers are of live objects with these lengths; the memory is aligned and moves
        // into the result with the object.
        let status = unsafe {
            mote_sys::mote_svid_epoch_open(&mut object, memory.start(), memory.bytes(), &validators)
        };
        demand(status)?;
        let object = NonNull::new(object).ok_or(Error::Other { status })?;
        Ok(Epoch { object, _memory: memory })
    }

    /// The only parameters a block of so many bytes may have.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] if it may have none.
    pub fn params(&self, block_bytes: u64) -> Result<Params, Error> {
        let mut raw = mote_svid_params {
            struct_size: size_of_struct::<mote_svid_params>(),
            ..Default::default()
        };
        // SAFETY: the object is open as long as self lives.
        demand(unsafe { mote_sys::mote_svid_params_of(&mut raw, self.as_ptr(), block_bytes) })?;
        Ok(Params {
            block_bytes: raw.block_bytes,
            row_bytes: raw.row_bytes,
            data_rows: raw.data_rows,
            code_rows: raw.code_rows,
            rows: raw.rows,
            z_bytes: raw.z_bytes,
        })
    }

    /// The rows of one validator, a position in the list. The epoch needs public keys.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if it has none, or no such validator; [`Error::LimitExceeded`] as
    /// [`Epoch::params`].
    pub fn assigned_rows(
        &self,
        block_bytes: u64,
        zone: u32,
        height: u64,
        validator: u32,
    ) -> Result<RowRange, Error> {
        let mut raw = mote_svid_range {
            struct_size: size_of_struct::<mote_svid_range>(),
            ..Default::default()
        };
        // SAFETY: the object is open as long as self lives.
        demand(unsafe {
            mote_sys::mote_svid_assigned_rows(
                &mut raw,
                self.as_ptr(),
                block_bytes,
                zone,
                height,
                validator,
            )
        })?;
        Ok(RowRange { first: raw.first, count: raw.count })
    }

    pub(super) fn as_ptr(&self) -> *const mote_svid_epoch {
        self.object.as_ptr()
    }
}
