//! Bundle files: a key, a setup, public I/O and a proof in one.

use std::mem::size_of;
use std::ptr;

use mote_sys::{mote_jolt_bundle, mote_span};

use crate::error::answer;
use crate::{text, verdict, Digest, Error, PublicIo, COMMITMENT_BYTES};

/// A bundle taken apart: slices of its bytes, which are not checked beyond where they end.
///
/// A bundle brings its own key and setup, so whoever made it chose them. Compare the digests with
/// values from elsewhere, or pass those to [`crate::ProgramKey::open`] and
/// [`crate::DorySetup::open`].
///
/// The parts cannot outlive the bytes:
///
/// ```compile_fail,E0597
/// # use mote_validator::*;
/// let bundle = {
///     let bytes = std::fs::read("bundle.bin").unwrap();
///     Bundle::open(&bytes).unwrap() // `bytes` does not live long enough
/// };
/// println!("{}", bundle.proof.len());
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct Bundle<'a> {
    /// For [`crate::ProgramKey::open`].
    pub key: &'a [u8],
    /// For [`crate::DorySetup::open`].
    pub setup: &'a [u8],
    /// For [`crate::Verifier::verify`].
    pub proof: &'a [u8],
    /// For [`crate::Verifier::verify`].
    pub trusted_advice: Option<&'a [u8; COMMITMENT_BYTES]>,
    /// What the bundle says the program read and wrote.
    pub io: PublicIo<'a>,
    /// Digest of the program as the bundle states it; opening the key recomputes it.
    pub key_digest: Digest,
    /// SHA-256 of the setup.
    pub setup_digest: Digest,
    pub(crate) places: Places,
}

/// Where parts begin in the bundle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    pub(crate) key: u64,
    pub(crate) setup: u64,
    pub(crate) proof: u64,
    pub(crate) trusted_advice: u64,
}

impl<'a> Bundle<'a> {
    /// Takes a bundle apart.
    ///
    /// # Errors
    /// [`Error::Malformed`] if `bundle` is none.
    pub fn open(bundle: &'a [u8]) -> Result<Bundle<'a>, Error> {
        text::check_abi()?;
        let none = mote_span { data: ptr::null(), bytes: 0 };
        let mut raw = mote_jolt_bundle {
            struct_size: size_of::<mote_jolt_bundle>() as u32,
            panic: 0,
            key: none,
            setup: none,
            proof: none,
            trusted_advice: none,
            inputs: none,
            outputs: none,
            memory_layout: Default::default(),
            key_digest: [0; 32],
            setup_digest: [0; 32],
        };
        let mut verdict = verdict::empty();
        // SAFETY: all pointers are of live objects, and the length is that of `bundle`.
        let status = unsafe {
            mote_sys::mote_jolt_bundle_open(&mut raw, &mut verdict, bundle.as_ptr(), bundle.len())
        };
        answer(status, &verdict, 0)?.require_accepted()?;

        let at = |span: &mote_span| match span.bytes {
            0 => 0,
            _ => span.data as usize - bundle.as_ptr() as usize,
        };
        let part = |span: &mote_span| &bundle[at(span)..at(span) + span.bytes];
        Ok(Bundle {
            key: part(&raw.key),
            setup: part(&raw.setup),
            proof: part(&raw.proof),
            trusted_advice: part(&raw.trusted_advice).try_into().ok(),
            io: PublicIo {
                inputs: part(&raw.inputs),
                outputs: part(&raw.outputs),
                panic: raw.panic != 0,
                memory_layout: Some(raw.memory_layout),
            },
            key_digest: raw.key_digest,
            setup_digest: raw.setup_digest,
            places: Places {
                key: at(&raw.key) as u64,
                setup: at(&raw.setup) as u64,
                proof: at(&raw.proof) as u64,
                trusted_advice: at(&raw.trusted_advice) as u64,
            },
        })
    }
}
