//! Right use gives what the documentation says; what the types let through gives an error.

mod common;

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

use mote_validator::{
    abi_version, arch_name, describe_proof, verify_bundle, verify_bundle_observed, Bundle,
    DorySetup, Error, Expect, MemoryLayout, ProgramKey, PublicIo, Verdict, Verifier,
};

fn is_malformed<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Malformed(_)))
}

#[test]
fn facts() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let (key, setup) = common::open(&bundle);
    let info = key.info();
    assert_eq!(info.digest, bundle.key_digest);
    assert_eq!(Some(info.memory_layout), bundle.io.memory_layout);
    assert!(!info.committed);
    let committed = common::bundle("committed-muldiv-bundle.bin");
    assert!(common::open(&Bundle::open(&committed).unwrap()).0.info().committed);
    assert!(Verifier::new(&key, &setup).unwrap().memory_bytes() > 0);
    assert_eq!((bundle.io.inputs, bundle.io.outputs), (&[9, 5, 3][..], &[15][..]));
    assert!(bundle.trusted_advice.is_none());
    assert_eq!(describe_proof(bundle.proof).unwrap().trace_length, 512);
    assert_eq!(abi_version(), 1);
    assert!(["portable", "x86_64_adx", "x86_64_ifma"].contains(&arch_name()));
}

#[test]
fn every_way_to_hold_key_and_setup() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let accepted = |verdict: Result<Verdict, Error>| verdict.unwrap().accepted;
    let (key, setup) = common::open(&bundle);
    let mut borrowing = Verifier::new(&key, &setup).unwrap();
    assert!(accepted(borrowing.verify(&bundle.io, bundle.proof, None)));
    let mut sharing: Verifier = Verifier::new(Arc::new(key), Arc::new(setup)).unwrap();
    assert!(accepted(sharing.verify(&bundle.io, bundle.proof, None)));
    let (key, setup) = common::open(&bundle);
    let mut owning = Verifier::new(key, setup).unwrap();
    assert!(accepted(owning.verify(&bundle.io, bundle.proof, None)));
}

#[test]
fn key_and_setup_outlive_the_bytes() {
    let data = common::good();
    let (key, setup) = common::open(&Bundle::open(&data.clone()).unwrap());
    let bundle = Bundle::open(&data).unwrap();
    let mut verifier = Verifier::new(&key, &setup).unwrap();
    assert!(verifier.verify(&bundle.io, bundle.proof, None).unwrap().accepted);
}

#[test]
fn empty_and_huge_inputs() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let (key, setup) = common::open(&bundle);
    let mut verifier = Verifier::new(&key, &setup).unwrap();
    assert!(is_malformed(verify_bundle(&[], &Expect::default())));
    assert!(is_malformed(Bundle::open(&[])));
    assert!(is_malformed(ProgramKey::open(&[], &bundle.key_digest, None)));
    assert!(is_malformed(DorySetup::open(&[], &bundle.setup_digest)));
    assert!(is_malformed(describe_proof(&[])));
    assert!(is_malformed(verifier.verify(&bundle.io, &[], None)));
    assert!(!verifier.verify(&PublicIo::default(), bundle.proof, None).unwrap().accepted);

    let huge = vec![0; 64 << 20];
    assert!(is_malformed(verify_bundle(&huge, &Expect::default())));
    assert!(is_malformed(verifier.verify(&bundle.io, &huge, None)));
    assert!(ProgramKey::open(&huge, &bundle.key_digest, None).is_err());
    assert!(DorySetup::open(&huge, &bundle.setup_digest).is_err());
    let io = PublicIo { inputs: &huge, ..bundle.io };
    assert!(!verifier.verify(&io, bundle.proof, None).unwrap().accepted);
    assert!(verifier.verify(&bundle.io, bundle.proof, None).unwrap().accepted);
}

#[test]
fn revisions() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let open = |name: &str| ProgramKey::open(bundle.key, &bundle.key_digest, Some(name));
    assert!(open("jolt-69eea119").is_ok());
    let long = "x".repeat(100_000);
    for name in ["", "jolt-00000000", &long] {
        assert!(matches!(open(name), Err(Error::Rejected(v)) if v.stage == "key"));
    }
    assert!(matches!(open("jolt-69eea119\0"), Err(Error::InvalidArgument(_))));
}

#[test]
fn claims() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let (key, setup) = common::open(&bundle);
    let mut verifier = Verifier::new(&key, &setup).unwrap();
    let mut answer = |io: PublicIo<'_>| verifier.verify(&io, bundle.proof, None).unwrap();

    assert!(answer(PublicIo { outputs: &[15, 0, 0], ..bundle.io }).accepted);
    assert!(answer(PublicIo { memory_layout: None, ..bundle.io }).accepted);
    assert!(!answer(PublicIo { panic: true, ..bundle.io }).accepted);
    let layout = bundle.io.memory_layout.unwrap();
    let other = MemoryLayout { heap_end: layout.heap_end + 8, ..layout };
    assert!(!answer(PublicIo { memory_layout: Some(other), ..bundle.io }).accepted);

    let verdict = answer(PublicIo { outputs: &[16], ..bundle.io });
    assert!(!verdict.accepted && !verdict.stage.is_empty() && verdict.stage_code != 0);
    assert_eq!(verdict.require_accepted(), Err(Error::Rejected(verdict)));
    assert_eq!(Error::Rejected(verdict).to_string(), format!("rejected: {}", verdict));
    assert!(!Verdict::default().accepted);
}

#[test]
fn trusted_advice_that_does_not_parse() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let (key, setup) = common::open(&bundle);
    let mut verifier = Verifier::new(&key, &setup).unwrap();
    match verifier.verify(&bundle.io, bundle.proof, Some(&[0xff; 384])) {
        Err(Error::Malformed(verdict)) => assert_eq!(verdict.field, "trusted_advice_commitment"),
        other => panic!("{:?}", other),
    }
}

#[test]
fn wrong_digests_are_rejected() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let key = ProgramKey::open(bundle.key, &bundle.setup_digest, None);
    assert!(matches!(key, Err(Error::Rejected(v)) if v.stage == "key"));
    let setup = DorySetup::open(bundle.setup, &bundle.key_digest);
    assert!(matches!(setup, Err(Error::Rejected(v)) if v.stage == "setup"));
    let expect = Expect { program: Some([0; 32]), setup: None };
    assert!(!verify_bundle(&data, &expect).unwrap().accepted);
}

#[test]
fn stages_have_names() {
    let data = common::good();
    let mut stages = Vec::new();
    let verdict = verify_bundle_observed(&data, &Expect::default(), &mut |s| stages.push(s));
    assert!(verdict.unwrap().accepted);
    for stage in ["stage 1", "stage 7", "stage 8"] {
        assert!(stages.contains(&stage));
    }
}

#[test]
fn a_panic_at_any_stage_comes_out_and_harms_nothing() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let (key, setup) = common::open(&bundle);
    let mut verifier = Verifier::new(&key, &setup).unwrap();
    let mut stages = Vec::new();
    let mut note = |stage| stages.push(stage);
    let verdict = verifier.verify_observed(&bundle.io, bundle.proof, None, &mut note);
    assert!(verdict.unwrap().accepted);

    for (last, name) in stages.iter().enumerate() {
        let mut seen = 0;
        let mut watch = |stage: &'static str| {
            seen += 1;
            if seen == last + 1 {
                std::panic::resume_unwind(Box::new(stage)); // like panic!, without the message
            }
        };
        let result = catch_unwind(AssertUnwindSafe(|| {
            verifier.verify_observed(&bundle.io, bundle.proof, None, &mut watch)
        }));
        let panic = result.expect_err("the panic goes on");
        assert_eq!(panic.downcast_ref(), Some(name));
        assert_eq!(seen, last + 1);
        assert!(verifier.verify(&bundle.io, bundle.proof, None).unwrap().accepted);
    }
}

#[test]
fn a_call_of_another_verifier_inside_a_call() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let (key, setup) = common::open(&bundle);
    let mut outer = Verifier::new(&key, &setup).unwrap();
    let mut inner = Verifier::new(&key, &setup).unwrap();
    let mut once = None;
    let verdict = outer.verify_observed(&bundle.io, bundle.proof, None, &mut |_| {
        once.get_or_insert_with(|| inner.verify(&bundle.io, bundle.proof, None));
    });
    assert!(verdict.unwrap().accepted);
    assert!(once.unwrap().unwrap().accepted);
}
