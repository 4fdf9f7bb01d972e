//! Raw declarations of `mote.h`, `mote_state.h` and `mote_svid.h`, the C interface of Mote. Their
//! comments are the documentation; the crate `mote-validator` wraps this one safely.
//!
//! `tests/layout.rs` compares every struct, constant and function with the headers.

#![allow(non_camel_case_types)]
#![deny(missing_docs)]

use std::marker::{PhantomData, PhantomPinned};
use std::os::raw::{c_char, c_void};

macro_rules! opaque {
    ($(#[$doc:meta] $name:ident)*) => {$(
        #[$doc]
        #[repr(C)]
        pub struct $name {
            _bytes: [u8; 0],
            _neither_send_nor_sync_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
        }
    )*};
}

mod state;
mod svid;
pub use state::*;
pub use svid::*;

/// Version of the interface these declarations are of; compare with [`mote_abi_version`].
pub const MOTE_ABI_VERSION: u32 = 1;

/// How a call went.
pub type mote_status = u32;

/// The call was done; a verdict says whether the subject is good.
pub const MOTE_OK: mote_status = 0;
/// The bytes do not parse; see the verdict.
pub const MOTE_MALFORMED: mote_status = 2;
/// NULL, misaligned memory, wrong `struct_size`.
pub const MOTE_INVALID_ARGUMENT: mote_status = 3;
/// Less memory than the `_size` function says.
pub const MOTE_MEMORY_TOO_SMALL: mote_status = 4;
/// Beyond the documented limits.
pub const MOTE_LIMIT_EXCEEDED: mote_status = 5;
/// Built for a processor this one is not.
pub const MOTE_UNSUPPORTED: mote_status = 6;

/// Bytes of a commitment.
pub const MOTE_GT_BYTES: u32 = 384;

/// What was found out. All zero means: nothing was accepted.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct mote_verdict {
    /// Size of this struct.
    pub struct_size: u32,
    /// 1 only if every check was made and every check held.
    pub accepted: u32,
    /// Where it ended.
    pub stage: u32,
    /// Why.
    pub reason: u32,
    /// Which part.
    pub field: u32,
    /// Which element of that part, or which round.
    pub index: u32,
    /// Byte position in the span that was passed; 0 if it has none.
    pub offset: u64,
}

opaque! {
    /// An opened program key.
    mote_jolt_key
    /// An opened Dory setup.
    mote_dory_setup
}

macro_rules! memory_layout {
    ($($(#[$doc:meta])* $name:ident)*) => {
        /// The twenty fields of the guest's memory map, in the order the proof system hashes them.
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct mote_memory_layout {
            $($(#[$doc])* pub $name: u64,)*
        }
    };
}

memory_layout! {
    /// Bytes of the program.
    program_size
    /// Bytes that trusted advice may have.
    max_trusted_advice_size
    /// First address of trusted advice.
    trusted_advice_start
    /// Address after trusted advice.
    trusted_advice_end
    /// Bytes that untrusted advice may have.
    max_untrusted_advice_size
    /// First address of untrusted advice.
    untrusted_advice_start
    /// Address after untrusted advice.
    untrusted_advice_end
    /// Bytes that the inputs may have.
    max_input_size
    /// Bytes that the outputs may have.
    max_output_size
    /// First address of the inputs.
    input_start
    /// Address after the inputs.
    input_end
    /// First address of the outputs.
    output_start
    /// Address after the outputs.
    output_end
    /// Bytes of the stack.
    stack_size
    /// Address at which the stack ends.
    stack_end
    /// Bytes of the heap.
    heap_size
    /// Address at which the heap ends.
    heap_end
    /// Address that is written in a panic.
    panic
    /// Address that is written at the end.
    termination
    /// Address after inputs and outputs.
    io_end
}

/// Facts about a program key.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct mote_jolt_key_info {
    /// Size of this struct.
    pub struct_size: u32,
    /// 1 committed-program mode, 0 full mode.
    pub committed: u32,
    /// What identifies the program.
    pub digest: [u8; 32],
    /// Padded cycles.
    pub max_trace_length: u64,
    /// Rows, padding included.
    pub bytecode_length: u64,
    /// 64-bit words of initial memory.
    pub image_words: u64,
    /// Where the program begins.
    pub entry_address: u64,
    /// The guest's memory map.
    pub memory_layout: mote_memory_layout,
}

/// What the caller believes the program read and wrote.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_public_io {
    /// Size of this struct.
    pub struct_size: u32,
    /// 0 or 1.
    pub panic: u32,
    /// May be null if `inputs_bytes` is 0.
    pub inputs: *const u8,
    /// Bytes of the inputs.
    pub inputs_bytes: usize,
    /// May be null if `outputs_bytes` is 0.
    pub outputs: *const u8,
    /// Bytes of the outputs.
    pub outputs_bytes: usize,
    /// Must equal the key's; null: take the key's.
    pub memory_layout: *const mote_memory_layout,
}

/// What a caller may watch. Neither function may unwind.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_observer {
    /// Size of this struct.
    pub struct_size: u32,
    /// Handed to the functions.
    pub context: *mut c_void,
    /// Called when a stage begins.
    pub on_stage: Option<unsafe extern "C" fn(context: *mut c_void, stage: u32)>,
    /// Called after each transcript step with the 32-byte state.
    pub on_transcript:
        Option<unsafe extern "C" fn(context: *mut c_void, steps: u32, state: *const u8)>,
}

/// Bytes inside those that were passed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_span {
    /// May be null if `bytes` is 0.
    pub data: *const u8,
    /// How many.
    pub bytes: usize,
}

/// A bundle file taken apart.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mote_jolt_bundle {
    /// Size of this struct.
    pub struct_size: u32,
    /// 0 or 1.
    pub panic: u32,
    /// For [`mote_jolt_key_open`].
    pub key: mote_span,
    /// For [`mote_dory_setup_open`].
    pub setup: mote_span,
    /// For [`mote_jolt_verify`].
    pub proof: mote_span,
    /// Nothing, or [`MOTE_GT_BYTES`].
    pub trusted_advice: mote_span,
    /// What the program read.
    pub inputs: mote_span,
    /// What the program wrote.
    pub outputs: mote_span,
    /// The guest's memory map.
    pub memory_layout: mote_memory_layout,
    /// As the bundle states it; [`mote_jolt_key_open`] recomputes it.
    pub key_digest: [u8; 32],
    /// SHA-256 of the setup.
    pub setup_digest: [u8; 32],
}

macro_rules! proof_info {
    ($($(#[$doc:meta])* $name:ident: $kind:ty)*) => {
        /// Headline values of a proof, for display. Nothing here was verified.
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default)]
        pub struct mote_jolt_proof_info {
            $($(#[$doc])* pub $name: $kind,)*
        }
    };
}

proof_info! {
    /// Size of this struct.
    struct_size: u32
    /// 1 if the trace is ordered by address first.
    address_major: u32
    /// Cycles of the trace, padded.
    trace_length: u64
    /// 64-bit words of memory.
    ram_words: u64
    /// Logarithm of the chunk size of addresses.
    log_k_chunk: u32
    /// The same of the virtual polynomials of lookups.
    log_k_virtual: u32
    /// Rounds of the first phase of memory.
    ram_phase1: u32
    /// Rounds of the second phase of memory.
    ram_phase2: u32
    /// Rounds of the first phase of registers.
    registers_phase1: u32
    /// Rounds of the second phase of registers.
    registers_phase2: u32
    /// Commitments to instruction lookups.
    instruction_commitments: u32
    /// Commitments to memory addresses.
    ram_commitments: u32
    /// Commitments to bytecode addresses.
    bytecode_commitments: u32
    /// 1 if the proof carries an untrusted advice commitment.
    untrusted_advice: u32
    /// Rounds of each sumcheck.
    sumcheck_rounds: [u32; 10]
    /// Bytes of the joint opening proof.
    opening_bytes: u32
}

#[allow(missing_docs)] // mote.h documents them.
extern "C" {
    pub fn mote_abi_version() -> u32;
    pub fn mote_arch_name() -> *const c_char;
    pub fn mote_status_text(status: mote_status) -> *const c_char;
    pub fn mote_stage_text(stage: u32) -> *const c_char;
    pub fn mote_reason_text(reason: u32) -> *const c_char;
    pub fn mote_field_text(field: u32) -> *const c_char;

    pub fn mote_jolt_key_size(
        size: *mut usize,
        verdict: *mut mote_verdict,
        key: *const u8,
        key_bytes: usize,
    ) -> mote_status;
    pub fn mote_jolt_key_open(
        out: *mut *mut mote_jolt_key,
        verdict: *mut mote_verdict,
        memory: *mut c_void,
        memory_bytes: usize,
        revision: *const c_char,
        key: *const u8,
        key_bytes: usize,
        expected_digest: *const u8,
    ) -> mote_status;
    pub fn mote_jolt_key_describe(
        out: *mut mote_jolt_key_info,
        key: *const mote_jolt_key,
    ) -> mote_status;

    pub fn mote_dory_setup_size(
        size: *mut usize,
        verdict: *mut mote_verdict,
        setup: *const u8,
        setup_bytes: usize,
    ) -> mote_status;
    pub fn mote_dory_setup_open(
        out: *mut *mut mote_dory_setup,
        verdict: *mut mote_verdict,
        memory: *mut c_void,
        memory_bytes: usize,
        setup: *const u8,
        setup_bytes: usize,
        expected_digest: *const u8,
    ) -> mote_status;

    pub fn mote_jolt_verify_size(
        size: *mut usize,
        key: *const mote_jolt_key,
        setup: *const mote_dory_setup,
    ) -> mote_status;
    pub fn mote_jolt_verify(
        verdict: *mut mote_verdict,
        memory: *mut c_void,
        memory_bytes: usize,
        key: *const mote_jolt_key,
        setup: *const mote_dory_setup,
        io: *const mote_public_io,
        proof: *const u8,
        proof_bytes: usize,
        trusted_advice: *const u8,
        observer: *const mote_observer,
    ) -> mote_status;

    pub fn mote_jolt_bundle_open(
        out: *mut mote_jolt_bundle,
        verdict: *mut mote_verdict,
        bundle: *const u8,
        bundle_bytes: usize,
    ) -> mote_status;
    pub fn mote_jolt_proof_describe(
        out: *mut mote_jolt_proof_info,
        verdict: *mut mote_verdict,
        proof: *const u8,
        proof_bytes: usize,
    ) -> mote_status;
}
