//! Verifies Jolt zkVM proofs, [SVID shares](svid) and [proofs of a chain's state](state), with the native
//! Mote library.
//!
//! ```
//! # let path = "../../../tests/vectors/jolt/muldiv-bundle.bin";
//! use mote_validator::{verify_bundle, Expect};
//!
//! let bundle = std::fs::read(path)?;
//! // Which program and setup are trusted must come from elsewhere than the bundle.
//! # let opened = mote_validator::Bundle::open(&bundle)?;
//! # let (trusted_program, trusted_setup) = (opened.key_digest, opened.setup_digest);
//! let expect = Expect { program: Some(trusted_program), setup: Some(trusted_setup) };
//! assert!(verify_bundle(&bundle, &expect)?.accepted);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Three kinds of "no" stay apart:
//!
//! * the call could not be done: [`Error::OutOfMemory`], [`Error::Unsupported`] and others;
//! * the bytes do not parse: [`Error::Malformed`];
//! * the subject is not good: a [`Verdict`] with `accepted == false`, or [`Error::Rejected`] where
//!   there is nothing to go on with.
//!
//! # Threads
//!
//! Keys and setups are read-only and may be shared. A [`Verifier`] has working memory of its own
//! and is used by one call at a time, which the compiler sees to:
//!
//! ```compile_fail,E0499
//! # fn f(verifier: &mut mote_validator::Verifier, proof: &[u8]) {
//! # let io = mote_validator::PublicIo::default();
//! std::thread::scope(|scope| {
//!     scope.spawn(|| verifier.verify(&io, proof, None));
//!     scope.spawn(|| verifier.verify(&io, proof, None)); // borrowed twice
//! });
//! # }
//! ```

#![deny(missing_docs)]
#![deny(unsafe_op_in_unsafe_fn)]

mod bundle;
mod error;
mod io;
mod key;
mod memory;
mod proof_info;
mod setup;
pub mod state;
pub mod svid;
mod text;
mod verdict;
mod verifier;
mod verify_bundle;

pub use bundle::Bundle;
pub use error::Error;
pub use io::{MemoryLayout, PublicIo};
pub use key::{ProgramKey, ProgramKeyInfo};
pub use proof_info::{describe_proof, ProofInfo};
pub use setup::DorySetup;
pub use text::{abi_version, arch_name};
pub use verdict::Verdict;
pub use verifier::Verifier;
pub use verify_bundle::{verify_bundle, verify_bundle_observed, Expect};

/// Identifies a program or a setup.
pub type Digest = [u8; 32];

/// Bytes of a commitment to advice.
pub const COMMITMENT_BYTES: usize = mote_sys::MOTE_GT_BYTES as usize;

/// `README.md` compiles and runs as it stands.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
