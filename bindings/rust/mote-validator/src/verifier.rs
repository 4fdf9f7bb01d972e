//! Decides about proofs.

use std::any::Any;
use std::borrow::Borrow;
use std::mem::size_of;
use std::os::raw::c_void;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::Arc;

use mote_sys::{mote_observer, mote_status, mote_verdict};

use crate::error::{answer, failure};
use crate::io::RawIo;
use crate::memory::Memory;
use crate::{text, verdict, DorySetup, Error, ProgramKey, PublicIo, Verdict, COMMITMENT_BYTES};

/// Called with the name of a stage when that stage begins.
pub(crate) type OnStage<'a> = &'a mut dyn FnMut(&'static str);

/// Verifies proofs under one program key and one setup, with working memory of its own.
///
/// Key and setup may be references, [`Arc`]s or owned. A verifier cannot outlive what it borrows:
///
/// ```compile_fail,E0597
/// # use mote_validator::*;
/// # fn f(bundle: &Bundle) -> Result<(), Error> {
/// let setup = DorySetup::open(bundle.setup, &bundle.setup_digest)?;
/// let mut verifier = {
///     let key = ProgramKey::open(bundle.key, &bundle.key_digest, None)?;
///     Verifier::new(&key, &setup)? // `key` does not live long enough
/// };
/// let _ = verifier.verify(&bundle.io, bundle.proof, None);
/// # Ok(())
/// # }
/// ```
///
/// nor can a key be dropped while it is used:
///
/// ```compile_fail,E0505
/// # use mote_validator::*;
/// # fn f(bundle: &Bundle, key: ProgramKey, setup: DorySetup) -> Result<(), Error> {
/// let mut verifier = Verifier::new(&key, &setup)?;
/// drop(key); // borrowed by the verifier
/// let _ = verifier.verify(&bundle.io, bundle.proof, None);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Verifier<K = Arc<ProgramKey>, S = Arc<DorySetup>> {
    key: K,
    setup: S,
    memory: Memory,
}

impl<K: Borrow<ProgramKey>, S: Borrow<DorySetup>> Verifier<K, S> {
    /// Takes working memory for proofs under this key and setup.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn new(key: K, setup: S) -> Result<Self, Error> {
        let mut bytes = 0;
        // SAFETY: key and setup are open as long as they are borrowed here.
        let status = unsafe {
            mote_sys::mote_jolt_verify_size(
                &mut bytes,
                key.borrow().as_ptr(),
                setup.borrow().as_ptr(),
            )
        };
        if status != mote_sys::MOTE_OK {
            return Err(failure(status));
        }
        Ok(Verifier { key, setup, memory: Memory::new(bytes)? })
    }

    /// Bytes of working memory.
    pub fn memory_bytes(&self) -> usize {
        self.memory.bytes()
    }

    /// Decides whether `proof` shows that the program of the key does what `io` says.
    ///
    /// Time and memory are bounded for every input. `trusted_advice` is the commitment to advice
    /// the caller vouches for.
    ///
    /// # Errors
    /// [`Error::Malformed`] if `proof` or `trusted_advice` does not parse. A proof that is not good
    /// is no error but a [`Verdict`] with `accepted == false`.
    pub fn verify(
        &mut self,
        io: &PublicIo<'_>,
        proof: &[u8],
        trusted_advice: Option<&[u8; COMMITMENT_BYTES]>,
    ) -> Result<Verdict, Error> {
        let (status, raw) = self.run(io, proof, trusted_advice, None);
        answer(status, &raw, 0)
    }

    /// The same, calling `on_stage` with the name of each stage as it begins.
    ///
    /// If `on_stage` panics it is not called again, and the panic goes on after the call.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_observed(
        &mut self,
        io: &PublicIo<'_>,
        proof: &[u8],
        trusted_advice: Option<&[u8; COMMITMENT_BYTES]>,
        on_stage: &mut dyn FnMut(&'static str),
    ) -> Result<Verdict, Error> {
        let (status, raw) = self.run(io, proof, trusted_advice, Some(on_stage));
        answer(status, &raw, 0)
    }

    /// What the library says.
    pub(crate) fn run(
        &mut self,
        io: &PublicIo<'_>,
        proof: &[u8],
        trusted_advice: Option<&[u8; COMMITMENT_BYTES]>,
        on_stage: Option<OnStage<'_>>,
    ) -> (mote_status, mote_verdict) {
        let io = RawIo::new(io);
        let mut verdict = verdict::empty();
        let mut watch = on_stage.map(|on_stage| Watch { on_stage, panic: None });
        let observer = watch.as_mut().map(Watch::observer);
        // SAFETY: all pointers are of live objects with these lengths; the memory is aligned and
        // borrowed by this call alone; the observer does not unwind. Memory for another key (which
        // a Borrow could give) is refused by the library if it is too small.
        let status = unsafe {
            mote_sys::mote_jolt_verify(
                &mut verdict,
                self.memory.start(),
                self.memory.bytes(),
                self.key.borrow().as_ptr(),
                self.setup.borrow().as_ptr(),
                &io.raw,
                proof.as_ptr(),
                proof.len(),
                trusted_advice.map_or(ptr::null(), |advice| advice.as_ptr()),
                observer.as_ref().map_or(ptr::null(), |observer| observer as *const _),
            )
        };
        if let Some(Watch { panic: Some(panic), .. }) = watch {
            resume_unwind(panic);
        }
        (status, verdict)
    }
}

/// Hands stages to a closure, and keeps its panic until C has returned.
struct Watch<'a> {
    on_stage: OnStage<'a>,
    panic: Option<Box<dyn Any + Send>>,
}

impl Watch<'_> {
    fn observer(&mut self) -> mote_observer {
        let context: *mut Self = self;
        mote_observer {
            struct_size: size_of::<mote_observer>() as u32,
            context: context.cast(),
            on_stage: Some(begin),
            on_transcript: None,
        }
    }
}

/// # Safety
/// `context` must be a `Watch` that nobody else uses now.
unsafe extern "C" fn begin(context: *mut c_void, stage: u32) {
    // SAFETY: as the caller promises.
    let watch = unsafe { &mut *context.cast::<Watch<'_>>() };
    if watch.panic.is_some() {
        return;
    }
    let on_stage = &mut watch.on_stage;
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| on_stage(text::stage(stage)))) {
        watch.panic = Some(panic);
    }
}
