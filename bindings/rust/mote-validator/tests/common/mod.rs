//! What the tests share: the bundles and the parts of a good bundle.

#![allow(dead_code)] // Each test uses some of it.

pub mod json;

use std::path::{Path, PathBuf};

use mote_validator::{Bundle, DorySetup, ProgramKey};

/// The folder `tests/vectors` of the repository.
pub fn vectors() -> PathBuf {
    std::env::var_os("MOTE_VECTORS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors"),
        PathBuf::from,
    )
}

/// A bundle of `tests/vectors/jolt`.
pub fn bundle(name: &str) -> Vec<u8> {
    let path = vectors().join("jolt").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {}", path.display(), error))
}

/// The bytes of a proof that is accepted.
pub fn good() -> Vec<u8> {
    bundle("muldiv-bundle.bin")
}

/// Key and setup of a bundle, opened with the digests it states.
pub fn open(bundle: &Bundle<'_>) -> (ProgramKey, DorySetup) {
    (
        ProgramKey::open(bundle.key, &bundle.key_digest, None).unwrap(),
        DorySetup::open(bundle.setup, &bundle.setup_digest).unwrap(),
    )
}
