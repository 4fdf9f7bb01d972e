//! `mote_state.h`: proofs and witnesses of a chain's state.

use std::marker::{PhantomData, PhantomPinned};
use std::os::raw::{c_char, c_void};

use crate::{mote_span, mote_status};

/// Bytes of a root.
pub const MOTE_STATE_ROOT_BYTES: u32 = 32;
/// Most bytes of a key.
pub const MOTE_STATE_KEY_BYTES_MAX: u32 = 255;
/// Most bytes of a value.
pub const MOTE_STATE_VALUE_BYTES_MAX: u32 = 65_535;
/// Most bytes of a proof or witness.
pub const MOTE_STATE_PROOF_BYTES_MAX: u32 = 134_217_728;
/// Most operations of a block.
pub const MOTE_STATE_OPERATIONS_MAX: u32 = 2_097_152;
/// In place of a root's height: not known.
pub const MOTE_STATE_NO_HEIGHT: u64 = 0xffff_ffff_ffff_ffff;

/// Bytes are missing.
pub const MOTE_STATE_F_TRUNCATED: u32 = 1;
/// Bytes are left over.
pub const MOTE_STATE_F_TRAILING: u32 = 2;
/// Neither proof nor witness, or not the one asked for.
pub const MOTE_STATE_F_MAGIC: u32 = 3;
/// No shard, or reserved bytes that are not zero.
pub const MOTE_STATE_F_SHARD_MASK: u32 = 4;
/// Next serial number out of range.
pub const MOTE_STATE_F_NEXT_SN: u32 = 5;
/// No entry.
pub const MOTE_STATE_F_ENTRY_COUNT: u32 = 6;
/// Extra chunks in a proof.
pub const MOTE_STATE_F_CHUNK_COUNT: u32 = 7;
/// An entry's own bytes.
pub const MOTE_STATE_F_ENTRY: u32 = 8;
/// Serial numbers out of order.
pub const MOTE_STATE_F_ENTRY_ORDER: u32 = 9;
/// Padding that is not zero.
pub const MOTE_STATE_F_ENTRY_PADDING: u32 = 10;
/// Chunk numbers out of order.
pub const MOTE_STATE_F_CHUNK_ORDER: u32 = 11;
/// A key that no entry may have.
pub const MOTE_STATE_F_BATCH_KEY: u32 = 12;
/// A value that is too long.
pub const MOTE_STATE_F_BATCH_VALUE: u32 = 13;
/// Two keys with one hash.
pub const MOTE_STATE_F_BATCH_COLLISION: u32 = 14;
/// Leads to another root.
pub const MOTE_STATE_F_ROOT: u32 = 32;
/// A witness without something that the block needs.
pub const MOTE_STATE_F_MISSING: u32 = 33;
/// A shard runs out of serial numbers.
pub const MOTE_STATE_F_SN_SPACE: u32 = 34;

/// This proof does not say.
pub const MOTE_STATE_UNPROVEN: u32 = 0;
/// The key has the value.
pub const MOTE_STATE_PRESENT: u32 = 1;
/// The key is not in the state.
pub const MOTE_STATE_ABSENT: u32 = 2;

opaque! {
    /// An opened proof or witness.
    mote_state_proof
}

/// What was found out about a proof or a block. All zero means: nothing was accepted.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct mote_state_verdict {
    /// Size of this struct.
    pub struct_size: u32,
    /// 1 only if every check was made and every check held.
    pub accepted: u32,
    /// 0 if accepted.
    pub fault: u32,
    /// Of a batch fault: which operation.
    pub operation: u32,
    /// Of malformed bytes: where the item begins.
    pub offset: u64,
}

/// One write of a block.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_state_operation {
    /// Which key.
    pub key: mote_span,
    /// Empty if the key is erased.
    pub value: mote_span,
    /// 1: the key is deleted; 0: it gets the value.
    pub erase: u32,
}

#[allow(missing_docs)] // mote_state.h documents them.
extern "C" {
    pub fn mote_state_fault_text(fault: u32) -> *const c_char;
    pub fn mote_state_answer_text(answer: u32) -> *const c_char;

    pub fn mote_state_proof_size(size: *mut usize, proof_bytes: usize) -> mote_status;
    pub fn mote_state_proof_open(
        out: *mut *mut mote_state_proof,
        verdict: *mut mote_state_verdict,
        memory: *mut c_void,
        memory_bytes: usize,
        root: *const u8,
        height: u64,
        proof: *const u8,
        proof_bytes: usize,
    ) -> mote_status;
    pub fn mote_state_witness_open(
        out: *mut *mut mote_state_proof,
        verdict: *mut mote_state_verdict,
        memory: *mut c_void,
        memory_bytes: usize,
        root: *const u8,
        height: u64,
        witness: *const u8,
        witness_bytes: usize,
    ) -> mote_status;
    pub fn mote_state_lookup(
        answer: *mut u32,
        value: *mut mote_span,
        proof: *const mote_state_proof,
        key: *const u8,
        key_bytes: usize,
    ) -> mote_status;
    pub fn mote_state_lookup_after(
        answer: *mut u32,
        value: *mut mote_span,
        proof: *const mote_state_proof,
        key: *const u8,
        key_bytes: usize,
        height: u64,
    ) -> mote_status;
    pub fn mote_state_apply_size(
        size: *mut usize,
        witness: *const mote_state_proof,
        operation_count: usize,
    ) -> mote_status;
    pub fn mote_state_apply(
        new_root: *mut u8,
        verdict: *mut mote_state_verdict,
        memory: *mut c_void,
        memory_bytes: usize,
        witness: *const mote_state_proof,
        height: u64,
        operations: *const mote_state_operation,
        operation_count: usize,
    ) -> mote_status;
}
