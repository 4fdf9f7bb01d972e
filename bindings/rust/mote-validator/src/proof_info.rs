//! Headline values of a proof.

use std::mem::size_of;

use mote_sys::mote_jolt_proof_info;

use crate::error::answer;
use crate::{text, verdict, Error};

/// Headline values of a proof, for display. Nothing here was verified.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofInfo {
    /// Whether the trace is ordered by address first.
    pub address_major: bool,
    /// Cycles of the trace, padded.
    pub trace_length: u64,
    /// 64-bit words of memory.
    pub ram_words: u64,
    /// Commitments to instruction lookups, memory addresses and bytecode addresses.
    pub commitments: [u32; 3],
    /// Whether the proof carries an untrusted advice commitment.
    pub untrusted_advice: bool,
    /// Rounds of each sumcheck.
    pub sumcheck_rounds: [u32; 10],
    /// Bytes of the joint opening proof.
    pub opening_bytes: u32,
}

/// Reads the headline values of a proof without verifying it.
///
/// # Errors
/// [`Error::Malformed`] if `proof` does not parse.
pub fn describe_proof(proof: &[u8]) -> Result<ProofInfo, Error> {
    text::check_abi()?;
    let mut raw = mote_jolt_proof_info {
        struct_size: size_of::<mote_jolt_proof_info>() as u32,
        ..Default::default()
    };
    let mut verdict = verdict::empty();
    // SAFETY: all pointers are of live objects, and the length is that of `proof`.
    let status = unsafe {
        mote_sys::mote_jolt_proof_describe(&mut raw, &mut verdict, proof.as_ptr(), proof.len())
    };
    answer(status, &verdict, 0)?.require_accepted()?;
    Ok(ProofInfo {
        address_major: raw.address_major != 0,
        trace_length: raw.trace_length,
        ram_words: raw.ram_words,
        commitments: [raw.instruction_commitments, raw.ram_commitments, raw.bytecode_commitments],
        untrusted_advice: raw.untrusted_advice != 0,
        sumcheck_rounds: raw.sumcheck_rounds,
        opening_bytes: raw.opening_bytes,
    })
}
