//! A bundle to a verdict in one call.

use crate::error::answer;
use crate::verifier::OnStage;
use crate::{text, Bundle, Digest, DorySetup, Error, ProgramKey, Verdict, Verifier};

/// Which program and setup are trusted. Default: whatever the bundle states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// Digest of the trusted program.
    pub program: Option<Digest>,
    /// SHA-256 of the trusted setup.
    pub setup: Option<Digest>,
}

/// Opens key and setup of a bundle and verifies its proof. Offsets are those of the bundle.
///
/// Without expectations the digests that the bundle states are used. Whoever made the bundle chose
/// them, so "accepted" then only says that some program, under some setup, did this.
///
/// # Errors
/// [`Error::Malformed`] if some part does not parse. A key, setup or proof that is not good is no
/// error but a [`Verdict`] with `accepted == false`.
pub fn verify_bundle(bundle: &[u8], expect: &Expect) -> Result<Verdict, Error> {
    run(bundle, expect, None)
}

/// The same, calling `on_stage` as [`Verifier::verify_observed`] does.
///
/// # Errors
/// As [`verify_bundle`].
pub fn verify_bundle_observed(
    bundle: &[u8],
    expect: &Expect,
    on_stage: &mut dyn FnMut(&'static str),
) -> Result<Verdict, Error> {
    run(bundle, expect, Some(on_stage))
}

fn run(bundle: &[u8], expect: &Expect, on_stage: Option<OnStage<'_>>) -> Result<Verdict, Error> {
    match parts(bundle, expect, on_stage) {
        Err(Error::Rejected(verdict)) => Ok(verdict),
        other => other,
    }
}

fn parts(bundle: &[u8], expect: &Expect, on_stage: Option<OnStage<'_>>) -> Result<Verdict, Error> {
    let bundle = Bundle::open(bundle)?;
    let places = bundle.places;
    let program = expect.program.unwrap_or(bundle.key_digest);
    let key = ProgramKey::open(bundle.key, &program, None).map_err(|e| e.moved(places.key))?;
    let setup = expect.setup.unwrap_or(bundle.setup_digest);
    let setup = DorySetup::open(bundle.setup, &setup).map_err(|e| e.moved(places.setup))?;
    let mut verifier = Verifier::new(key, setup)?;
    let (status, raw) = verifier.run(&bundle.io, bundle.proof, bundle.trusted_advice, on_stage);
    // The advice commitment is a span of its own, behind the proof.
    let in_advice = text::field(raw.field) == "trusted_advice_commitment";
    answer(status, &raw, if in_advice { places.trusted_advice } else { places.proof })
}
