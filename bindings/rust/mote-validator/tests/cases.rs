//! Every case of `tests/vectors/bindings` gets exactly the answer that stands there.

mod common;

use common::json::Json;
use mote_validator::{
    verify_bundle, Bundle, Digest, DorySetup, Error, Expect, ProgramKey, Verdict, Verifier,
};

fn cases() -> Vec<Json> {
    let path = common::vectors().join("bindings/cases.json");
    match Json::parse(&std::fs::read_to_string(path).unwrap()) {
        Json::List(cases) => cases,
        other => panic!("{:?}", other),
    }
}

fn bytes_of(case: &Json) -> Vec<u8> {
    let mut data = match case.get("bundle").unwrap().text() {
        "" => Vec::new(),
        name => common::bundle(name),
    };
    if let Some(size) = case.get("size") {
        data.truncate(size.number() as usize);
    }
    for patch in case.get("patches").map_or(&[][..], Json::list) {
        let at = patch.list()[0].number() as usize;
        let change = patch.list()[1].bytes();
        data[at..at + change.len()].copy_from_slice(&change);
    }
    if let Some(more) = case.get("append") {
        data.extend(more.bytes());
    }
    data
}

fn expect_of(case: &Json) -> Expect {
    let digest = |name| case.get(name).map(|d| Digest::try_from(d.bytes()).expect("32 bytes"));
    Expect { program: digest("expect_program"), setup: digest("expect_setup") }
}

/// The kind of an answer, and the verdict.
fn kind_of(result: Result<Verdict, Error>) -> (&'static str, Verdict) {
    match result {
        Ok(verdict) if verdict.accepted => ("accepted", verdict),
        Ok(verdict) | Err(Error::Rejected(verdict)) => ("rejected", verdict),
        Err(Error::Malformed(verdict)) => ("malformed", verdict),
        Err(error) => panic!("{}", error),
    }
}

fn step_by_step(data: &[u8], expect: &Expect) -> Result<Verdict, Error> {
    let bundle = Bundle::open(data)?;
    let program = expect.program.unwrap_or(bundle.key_digest);
    let key = ProgramKey::open(bundle.key, &program, None)?;
    let setup = DorySetup::open(bundle.setup, &expect.setup.unwrap_or(bundle.setup_digest))?;
    Verifier::new(&key, &setup)?.verify(&bundle.io, bundle.proof, bundle.trusted_advice)
}

#[test]
fn in_one_call() {
    let cases = cases();
    assert!(cases.len() >= 246);
    for case in cases {
        let name = case.get("name").unwrap().text();
        let (kind, verdict) = kind_of(verify_bundle(&bytes_of(&case), &expect_of(&case)));
        let answer = case.get("answer").unwrap();
        let wanted = |key| answer.get(key).unwrap().text();
        assert_eq!(kind, wanted("verdict"), "{}", name);
        assert_eq!(verdict.stage, wanted("stage"), "{}", name);
        assert_eq!(verdict.reason, wanted("reason"), "{}", name);
        assert_eq!(verdict.field_path(), wanted("field"), "{}", name);
        assert_eq!(verdict.offset, answer.get("offset").unwrap().number(), "{}", name);
    }
}

/// Offsets are those of the parts here, so they are not compared.
#[test]
fn in_steps() {
    for case in cases() {
        let name = case.get("name").unwrap().text();
        let (kind, verdict) = kind_of(step_by_step(&bytes_of(&case), &expect_of(&case)));
        let answer = case.get("answer").unwrap();
        let wanted = |key| answer.get(key).unwrap().text();
        assert_eq!(kind, wanted("verdict"), "{}", name);
        assert_eq!(verdict.stage, wanted("stage"), "{}", name);
        assert_eq!(verdict.reason, wanted("reason"), "{}", name);
        assert_eq!(verdict.field_path(), wanted("field"), "{}", name);
    }
}
