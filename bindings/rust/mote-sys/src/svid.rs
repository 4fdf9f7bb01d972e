//! `mote_svid.h`: shares of blocks, samples, evidence, reconstruction.

use std::marker::{PhantomData, PhantomPinned};
use std::os::raw::{c_char, c_void};

use crate::{mote_span, mote_status};

/// Bytes of a header.
pub const MOTE_SVID_HEADER_BYTES: u32 = 176;
/// Bytes of a validator's public key.
pub const MOTE_SVID_PUBLIC_KEY_BYTES: u32 = 48;
/// Bytes of entropy that samples are drawn with.
pub const MOTE_SVID_ENTROPY_BYTES: u32 = 32;
/// Most bytes of a block, of every chain.
pub const MOTE_SVID_BLOCK_BYTES_MAX: u32 = 1_073_741_824;
/// How many rows to sample.
pub const MOTE_SVID_SAMPLES_DEFAULT: u32 = 16;

/// Nothing wrong, something missing.
pub const MOTE_SVID_INCOMPLETE: u32 = 0;
/// The fault says why.
pub const MOTE_SVID_REJECTED: u32 = 1;
/// Every row asked for holds against a Z that no proof has bound.
pub const MOTE_SVID_PROVISIONAL: u32 = 2;

/// Step 1.
pub const MOTE_SVID_E_HEADER: u32 = 1;
/// Step 2.
pub const MOTE_SVID_E_PARAMS: u32 = 2;
/// Step 3.
pub const MOTE_SVID_E_COMMIT: u32 = 3;
/// Step 4.
pub const MOTE_SVID_E_Z: u32 = 4;
/// Step 5.
pub const MOTE_SVID_E_ROW_SHAPE: u32 = 5;
/// Step 6.
pub const MOTE_SVID_E_PATH: u32 = 6;
/// Step 7, which condemns the dispersal.
pub const MOTE_SVID_E_FINGERPRINT: u32 = 7;

/// In place of a validator: a sampler's own rows are asked for.
pub const MOTE_SVID_NO_VALIDATOR: u32 = 0xffff_ffff;

/// The fault says which of steps 1 to 6 failed.
pub const MOTE_SVID_NOT_SHOWN: u32 = 0;
/// Whoever reported the row is wrong.
pub const MOTE_SVID_ROW_IS_CORRECT: u32 = 1;
/// The producer is convicted, if the announce signature holds.
pub const MOTE_SVID_CONVICTS: u32 = 2;

/// The block has the header's data root.
pub const MOTE_SVID_REBUILT: u32 = 0;
/// Fewer than k rows.
pub const MOTE_SVID_INSUFFICIENT: u32 = 1;
/// The rows do not lead to the data root, nor without any one of them.
pub const MOTE_SVID_MISMATCH: u32 = 2;

opaque! {
    /// The validators of an epoch, put in order.
    mote_svid_epoch
    /// The check of a share.
    mote_svid_share
}

/// What was found out about a share. All zero means: nothing was accepted.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct mote_svid_verdict {
    /// Size of this struct.
    pub struct_size: u32,
    /// One of the outcomes.
    pub outcome: u32,
    /// The failing step, or the last one finished.
    pub step: u32,
    /// 0 unless rejected.
    pub fault: u32,
    /// Of [`MOTE_SVID_E_FINGERPRINT`]: the row that is not the code's.
    pub row: u32,
}

/// The validators of an epoch that have stake, in the order of its list.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_svid_validators {
    /// Size of this struct.
    pub struct_size: u32,
    /// How many.
    pub count: u32,
    /// None zero, their sum below 2^64.
    pub stakes: *const u64,
    /// 48 bytes each; null: nobody's rows are asked for.
    pub public_keys: *const u8,
    /// Bytes of the keys.
    pub public_keys_bytes: usize,
    /// Of the order.
    pub seed: [u8; 32],
}

/// The shape of one dispersal.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct mote_svid_params {
    /// Size of this struct.
    pub struct_size: u32,
    /// L.
    pub row_bytes: u32,
    /// B.
    pub block_bytes: u64,
    /// k.
    pub data_rows: u32,
    /// K.
    pub code_rows: u32,
    /// N.
    pub rows: u32,
    /// 16 k.
    pub z_bytes: u32,
}

/// Rows first, first + 1, ... modulo N.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct mote_svid_range {
    /// Size of this struct.
    pub struct_size: u32,
    /// Number of the first row.
    pub first: u32,
    /// How many.
    pub count: u32,
}

/// What a header says. Nothing here was checked.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct mote_svid_header_info {
    /// Size of this struct.
    pub struct_size: u32,
    /// Of the block.
    pub zone: u32,
    /// Of the block.
    pub height: u64,
    /// Of the block.
    pub epoch: u64,
    /// B.
    pub block_bytes: u64,
    /// k.
    pub data_rows: u32,
    /// N.
    pub rows: u32,
    /// L.
    pub row_bytes: u32,
    /// Which chain.
    pub chain_id: [u8; 32],
    /// BLAKE3 of the block.
    pub data_root: [u8; 32],
    /// Of the parity rows.
    pub parity_root: [u8; 32],
    /// BLAKE3 of Z.
    pub z_digest: [u8; 32],
    /// What names the dispersal.
    pub svid_root: [u8; 32],
    /// What the scheduled producer signs.
    pub announce_digest: [u8; 32],
}

/// What the receiver knows before a byte arrives.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct mote_svid_expected {
    /// Size of this struct.
    pub struct_size: u32,
    /// Of the block.
    pub zone: u32,
    /// Of the block.
    pub height: u64,
    /// Of the block.
    pub epoch: u64,
    /// The chain's limit.
    pub block_bytes_max: u64,
    /// Which chain.
    pub chain_id: [u8; 32],
    /// The root asked for.
    pub svid_root: [u8; 32],
}

/// Which rows are asked for.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_svid_request {
    /// Size of this struct.
    pub struct_size: u32,
    /// Position in the list, or [`MOTE_SVID_NO_VALIDATOR`].
    pub validator: u32,
    /// Of a sampler; null for a validator.
    pub rows: *const u32,
    /// 0 for a validator.
    pub row_count: usize,
}

/// Rows as one message has them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_svid_rows {
    /// Number of the first row.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// One after the other.
    pub rows: mote_span,
    /// Of the data rows among them.
    pub data_path: mote_span,
    /// Of the parity rows among them.
    pub parity_path: mote_span,
}

/// What came of a claim.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct mote_svid_finding {
    /// Size of this struct.
    pub struct_size: u32,
    /// One of the findings.
    pub finding: u32,
    /// Of [`MOTE_SVID_NOT_SHOWN`].
    pub fault: u32,
    /// Of the header.
    pub svid_root: [u8; 32],
    /// What the scheduled producer must have signed.
    pub announce_digest: [u8; 32],
}

/// A row as it was sent.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_svid_row {
    /// Which row.
    pub number: u32,
    /// Its bytes.
    pub data: mote_span,
}

#[allow(missing_docs)] // mote_svid.h documents them.
extern "C" {
    pub fn mote_svid_outcome_text(outcome: u32) -> *const c_char;
    pub fn mote_svid_fault_text(fault: u32) -> *const c_char;

    pub fn mote_svid_epoch_size(size: *mut usize, count: usize) -> mote_status;
    pub fn mote_svid_epoch_open(
        out: *mut *mut mote_svid_epoch,
        memory: *mut c_void,
        memory_bytes: usize,
        validators: *const mote_svid_validators,
    ) -> mote_status;
    pub fn mote_svid_params_of(
        out: *mut mote_svid_params,
        epoch: *const mote_svid_epoch,
        block_bytes: u64,
    ) -> mote_status;
    pub fn mote_svid_assigned_rows(
        out: *mut mote_svid_range,
        epoch: *const mote_svid_epoch,
        block_bytes: u64,
        zone: u32,
        height: u64,
        validator: u32,
    ) -> mote_status;
    pub fn mote_svid_header_describe(
        out: *mut mote_svid_header_info,
        header: *const u8,
        header_bytes: usize,
    ) -> mote_status;

    pub fn mote_svid_share_size(
        size: *mut usize,
        verdict: *mut mote_svid_verdict,
        epoch: *const mote_svid_epoch,
        expected: *const mote_svid_expected,
        request: *const mote_svid_request,
        header: *const u8,
        header_bytes: usize,
    ) -> mote_status;
    pub fn mote_svid_share_open(
        out: *mut *mut mote_svid_share,
        verdict: *mut mote_svid_verdict,
        memory: *mut c_void,
        memory_bytes: usize,
        epoch: *const mote_svid_epoch,
        expected: *const mote_svid_expected,
        request: *const mote_svid_request,
        header: *const u8,
        header_bytes: usize,
    ) -> mote_status;
    pub fn mote_svid_share_begin_source(share: *mut mote_svid_share) -> mote_status;
    pub fn mote_svid_share_append_z(
        fault: *mut u32,
        share: *mut mote_svid_share,
        z: *const u8,
        z_bytes: usize,
    ) -> mote_status;
    pub fn mote_svid_share_end_z(fault: *mut u32, share: *mut mote_svid_share) -> mote_status;
    pub fn mote_svid_share_begin_rows(
        fault: *mut u32,
        share: *mut mote_svid_share,
        first: u32,
        count: u32,
        rows_bytes: u64,
        data_path: *const u8,
        data_path_bytes: usize,
        parity_path: *const u8,
        parity_path_bytes: usize,
    ) -> mote_status;
    pub fn mote_svid_share_append_rows(
        fault: *mut u32,
        share: *mut mote_svid_share,
        rows: *const u8,
        rows_bytes: usize,
    ) -> mote_status;
    pub fn mote_svid_share_end_rows(fault: *mut u32, share: *mut mote_svid_share) -> mote_status;
    pub fn mote_svid_share_verdict(
        out: *mut mote_svid_verdict,
        share: *const mote_svid_share,
    ) -> mote_status;
    pub fn mote_svid_share_holds(
        holds: *mut u32,
        share: *const mote_svid_share,
        row: u32,
    ) -> mote_status;
    pub fn mote_svid_check_share(
        verdict: *mut mote_svid_verdict,
        memory: *mut c_void,
        memory_bytes: usize,
        epoch: *const mote_svid_epoch,
        expected: *const mote_svid_expected,
        request: *const mote_svid_request,
        header: *const u8,
        header_bytes: usize,
        z: *const u8,
        z_bytes: usize,
        messages: *const mote_svid_rows,
        message_count: usize,
    ) -> mote_status;

    pub fn mote_svid_sample_rows(
        rows: *mut u32,
        row_count: usize,
        total_rows: u32,
        entropy: *const u8,
        entropy_bytes: usize,
    ) -> mote_status;
    pub fn mote_svid_sample_bound(
        bound: *mut f64,
        data_rows: u32,
        rows: u32,
        samples: u32,
    ) -> mote_status;

    pub fn mote_svid_bad_row_size(size: *mut usize) -> mote_status;
    pub fn mote_svid_check_bad_row(
        out: *mut mote_svid_finding,
        memory: *mut c_void,
        memory_bytes: usize,
        epoch: *const mote_svid_epoch,
        chain_id: *const u8,
        header: *const u8,
        header_bytes: usize,
        message: *const mote_svid_rows,
        z: *const u8,
        z_bytes: usize,
    ) -> mote_status;
    pub fn mote_svid_equivocates(
        answer: *mut u32,
        announces: *mut u8,
        chain_id: *const u8,
        first: *const u8,
        first_bytes: usize,
        second: *const u8,
        second_bytes: usize,
    ) -> mote_status;

    pub fn mote_svid_reconstruct_size(
        size: *mut usize,
        header: *const u8,
        header_bytes: usize,
    ) -> mote_status;
    pub fn mote_svid_reconstruct(
        result: *mut u32,
        block: *mut u8,
        block_bytes: usize,
        memory: *mut c_void,
        memory_bytes: usize,
        header: *const u8,
        header_bytes: usize,
        rows: *const mote_svid_row,
        row_count: usize,
    ) -> mote_status;
}
