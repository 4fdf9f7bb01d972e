//! Keys and setups are shared between threads; verifiers may move between them.

mod common;

use std::sync::{Arc, Mutex};
use std::thread;

use mote_validator::{verify_bundle, Bundle, DorySetup, Error, Expect};
use mote_validator::{ProgramKey, PublicIo, Verdict, Verifier};

fn assert_send<T: Send>() {}
fn assert_shared<T: Send + Sync>() {}

#[test]
fn what_may_go_where() {
    assert_shared::<ProgramKey>();
    assert_shared::<DorySetup>();
    assert_shared::<Bundle<'_>>();
    assert_shared::<PublicIo<'_>>();
    assert_shared::<Verdict>();
    assert_shared::<Error>();
    assert_send::<Verifier>();
    assert_send::<Verifier<&ProgramKey, &DorySetup>>();
}

/// Alternates between a good and a bad claim; true if every answer is right.
fn answers(mut verify: impl FnMut(&PublicIo<'_>) -> bool, io: PublicIo<'_>) -> bool {
    let other = PublicIo { outputs: &[16], ..io };
    (0..10).all(|_| verify(&io) && !verify(&other))
}

#[test]
fn two_verifiers_share_key_and_setup() {
    let data = common::good();
    let bundle = Bundle::open(&data).unwrap();
    let (key, setup) = common::open(&bundle);
    thread::scope(|scope| {
        let job = || {
            let mut verifier = Verifier::new(&key, &setup).unwrap();
            let proof = bundle.proof;
            answers(|io| verifier.verify(io, proof, None).unwrap().accepted, bundle.io)
        };
        let threads = [scope.spawn(job), scope.spawn(job)];
        assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
    });
}

#[test]
fn one_verifier_behind_a_lock_serves_two_threads() {
    let data: Arc<[u8]> = common::good().into();
    let (key, setup) = common::open(&Bundle::open(&data).unwrap());
    let verifier: Verifier = Verifier::new(Arc::new(key), Arc::new(setup)).unwrap();
    let verifier = Arc::new(Mutex::new(verifier));
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let (data, verifier) = (Arc::clone(&data), Arc::clone(&verifier));
            thread::spawn(move || {
                let bundle = Bundle::open(&data).unwrap();
                let verify = |io: &PublicIo<'_>| {
                    let mut verifier = verifier.lock().unwrap();
                    verifier.verify(io, bundle.proof, None).unwrap().accepted
                };
                answers(verify, bundle.io)
            })
        })
        .collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
}

#[test]
fn opening_in_two_threads() {
    let data = common::good();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert!(verify_bundle(&data, &Expect::default()).unwrap().accepted);
                }
            });
        }
    });
}
