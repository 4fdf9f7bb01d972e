//! Every case of `tests/vectors/bindings/state.json`, and what misuse gives.

mod common;

use std::thread;

use common::json::Json;
use mote_validator::state::{Answer, BlockOutcome, Operation, Proof, Witness};
use mote_validator::{Digest, Error};

fn read() -> Json {
    let path = common::vectors().join("bindings/state.json");
    Json::parse(&std::fs::read_to_string(path).unwrap())
}

/// A part of an object, which must be there.
fn part<'a>(object: &'a Json, name: &str) -> &'a Json {
    object.get(name).unwrap_or_else(|| panic!("no {} in {:?}", name, object))
}

/// What may be null.
fn given<'a>(object: &'a Json, name: &str) -> Option<&'a Json> {
    Some(part(object, name)).filter(|value| **value != Json::Null)
}

fn long(value: &Json) -> u64 {
    value.text().parse().unwrap()
}

fn digest(value: &Json) -> Digest {
    value.bytes().try_into().expect("32 bytes")
}

/// What was opened, as a proof or as a witness.
enum Opened {
    Proof(Proof),
    Witness(Witness),
}

impl Opened {
    fn new(case: &Json) -> Result<Opened, Error> {
        let (root, bytes) = (digest(part(case, "root")), part(case, "bytes").bytes());
        let height = given(case, "height").map(long);
        if part(case, "kind").text() == "witness" {
            Witness::open(&root, height, &bytes).map(Opened::Witness)
        } else {
            Proof::open(&root, height, &bytes).map(Opened::Proof)
        }
    }

    fn proof(&self) -> &Proof {
        match self {
            Opened::Proof(proof) => proof,
            Opened::Witness(witness) => witness.before(),
        }
    }

    fn witness(self) -> Witness {
        match self {
            Opened::Witness(witness) => witness,
            Opened::Proof(_) => panic!("a proof"),
        }
    }
}

/// Kind, fault, offset and index of what a call said.
fn spelled<T>(result: &Result<T, Error>) -> (&'static str, &'static str, u64, u32) {
    match result {
        Ok(_) => ("accepted", "", 0, 0),
        Err(Error::Rejected(v)) => ("rejected", v.reason, v.offset, v.index),
        Err(Error::Malformed(v)) => ("malformed", v.reason, v.offset, v.index),
        Err(Error::InvalidArgument(_)) => ("invalid_argument", "", 0, 0),
        Err(other) => panic!("{}", other),
    }
}

#[test]
fn proofs_and_questions() {
    let all = read();
    let cases = part(&all, "proofs").list();
    assert!(cases.len() > 250);
    for case in cases {
        let name = part(case, "name").text();
        let answer = part(case, "answer");
        let opened = Opened::new(case);
        let expected = (part(answer, "verdict").text(), part(answer, "fault").text());
        let (verdict, fault, offset, index) = spelled(&opened);
        assert_eq!((verdict, fault), expected, "{}", name);
        assert_eq!((offset, index), (part(answer, "offset").number(), 0), "{}", name);
        for question in part(case, "questions").list() {
            let opened = opened.as_ref().unwrap();
            let key = part(question, "key").bytes();
            let said = match given(question, "after") {
                None => opened.proof().lookup(&key),
                Some(height) => opened.proof().lookup_after(&key, long(height)),
            };
            let value = given(question, "value").map(Json::bytes);
            let found = match said {
                Ok(Answer::Present(found)) => {
                    assert_eq!(Some(found), value.as_deref(), "{}", name);
                    "present"
                }
                Ok(Answer::Absent) => "absent",
                Ok(Answer::Unproven) => "unproven",
                error => spelled(&error).0,
            };
            assert_eq!(found, part(question, "answer").text(), "{}", name);
        }
    }
}

/// The bytes of a block's operations.
fn operations_of(case: &Json) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    part(case, "operations")
        .list()
        .iter()
        .map(|pair| match pair.list() {
            [key, Json::Null] => (key.bytes(), None),
            [key, value] => (key.bytes(), Some(value.bytes())),
            other => panic!("{:?}", other),
        })
        .collect()
}

fn borrowed(operations: &[(Vec<u8>, Option<Vec<u8>>)]) -> Vec<Operation<'_>> {
    operations
        .iter()
        .map(|(key, value)| match value {
            Some(value) => Operation::Put(key, value),
            None => Operation::Delete(key),
        })
        .collect()
}

#[test]
fn blocks() {
    let all = read();
    let cases = part(&all, "blocks").list();
    assert!(cases.len() >= 18);
    for case in cases {
        let name = part(case, "name").text();
        let place = part(case, "witness").number() as usize;
        let witness = Opened::new(&part(&all, "proofs").list()[place]).unwrap().witness();
        let operations = operations_of(case);
        let height = long(part(case, "height"));
        let answer = part(case, "answer");
        let expected = part(answer, "verdict").text();
        for _ in 0..2 {
            let said = witness.apply(height, &borrowed(&operations));
            match said {
                Ok(BlockOutcome::Root(root)) => {
                    assert_eq!(expected, "accepted", "{}", name);
                    assert_eq!(root, digest(part(answer, "root")), "{}", name);
                }
                Ok(BlockOutcome::Missing) => {
                    let fault = part(answer, "fault").text();
                    assert_eq!((expected, fault), ("rejected", "missing"), "{}", name);
                }
                Ok(other) => panic!("{}: {:?}", name, other),
                error => {
                    let (verdict, fault, _, index) = spelled(&error);
                    assert_eq!(
                        (verdict, fault),
                        (expected, part(answer, "fault").text()),
                        "{}",
                        name
                    );
                    assert_eq!(u64::from(index), part(answer, "operation").number(), "{}", name);
                }
            }
        }
    }
}

#[test]
fn errors_say_why_and_where() {
    let all = read();
    let case = &part(&all, "proofs").list()[0];
    let (root, bytes) = (digest(part(case, "root")), part(case, "bytes").bytes());
    let said = |result: Result<Proof, Error>| result.unwrap_err().to_string();
    assert_eq!(said(Proof::open(&[0; 32], None, &bytes)), "rejected: proof: root");
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(
        said(Proof::open(&root, None, &longer)),
        format!("malformed: proof: trailing, offset {}", bytes.len())
    );
    let witness = Witness::open(&root, None, &bytes).unwrap_err();
    assert_eq!(witness.to_string(), "malformed: witness: magic");
    assert!(matches!(Proof::open(&root, Some(u64::MAX), &bytes), Err(Error::InvalidArgument(_))));
    let huge = vec![0; (128 << 20) + 1];
    assert_eq!(Proof::open(&root, None, &huge).unwrap_err(), Error::LimitExceeded);
}

#[test]
fn a_proof_keeps_its_bytes_and_threads_share_it() {
    fn assert_shared<T: Send + Sync>() {}
    assert_shared::<Proof>();
    assert_shared::<Witness>();
    let all = read();
    let case = &part(&all, "proofs").list()[0];
    let question = &part(case, "questions").list()[0];
    let (key, value) = (part(question, "key").bytes(), part(question, "value").bytes());
    let opened = Opened::new(case).unwrap(); // the bytes are gone
    let block = &part(&all, "blocks").list()[0];
    let place = part(block, "witness").number() as usize;
    let witness = Opened::new(&part(&all, "proofs").list()[place]).unwrap().witness();
    let operations = operations_of(block);
    let root = digest(part(part(block, "answer"), "root"));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                assert_eq!(opened.proof().lookup(&key), Ok(Answer::Present(&value)));
                let height = long(part(block, "height"));
                let said = witness.apply(height, &borrowed(&operations));
                assert_eq!(said, Ok(BlockOutcome::Root(root)));
            });
        }
    });
}
