//! Every case of `tests/vectors/bindings/svid.json`, the evidence of `tests/vectors/svid`, and what
//! misuse gives.

mod common;

use std::thread;

use common::json::Json;
use mote_validator::svid::{
    check_bad_row, check_share, describe_header, equivocates, failure_bound, reconstruct,
    sample_rows, Epoch, Expected, Fault, Finding, Outcome, Reconstruction, Request, RowRange, Rows,
    ShareChecker, ShareVerdict, BLOCK_BYTES_MAX, HEADER_BYTES, PUBLIC_KEY_BYTES, SAMPLES_DEFAULT,
};
use mote_validator::{Digest, Error};

fn read(name: &str) -> Json {
    Json::parse(&std::fs::read_to_string(common::vectors().join(name)).unwrap())
}

/// A part of an object, which must be there.
fn part<'a>(object: &'a Json, name: &str) -> &'a Json {
    object.get(name).unwrap_or_else(|| panic!("no {} in {:?}", name, object))
}

fn digest(object: &Json, name: &str) -> Digest {
    part(object, name).bytes().try_into().expect("32 bytes")
}

fn number(object: &Json, name: &str) -> u32 {
    part(object, name).number() as u32
}

/// An integer that is written as a text.
fn long(object: &Json, name: &str) -> u64 {
    part(object, name).text().parse().unwrap()
}

struct Cases {
    all: Json,
}

impl Cases {
    fn new() -> Cases {
        Cases { all: read("bindings/svid.json") }
    }

    fn list(&self, name: &str) -> &[Json] {
        part(&self.all, name).list()
    }

    fn epoch(&self, case: &Json, with_keys: bool) -> Epoch {
        let given = &self.list("epochs")[number(case, "epoch") as usize];
        let stakes: Vec<u64> =
            part(given, "stakes").list().iter().map(|s| s.text().parse().unwrap()).collect();
        let keys: Vec<[u8; PUBLIC_KEY_BYTES]> = part(given, "public_keys")
            .bytes()
            .chunks(PUBLIC_KEY_BYTES)
            .map(|key| key.try_into().unwrap())
            .collect();
        Epoch::open(&digest(given, "seed"), &stakes, with_keys.then(|| &keys[..])).unwrap()
    }

    fn honest(&self) -> Share {
        let mut shares = self.list("shares").iter();
        Share::new(
            shares.find(|s| part(s, "name").text() == "honest unequal, validator 0").unwrap(),
        )
    }
}

/// A message with the bytes it has.
struct Message {
    first: u32,
    count: u32,
    rows: Vec<u8>,
    data_path: Vec<u8>,
    parity_path: Vec<u8>,
}

impl Message {
    fn new(message: &Json) -> Message {
        let path = |name| message.get(name).map_or(Vec::new(), Json::bytes);
        Message {
            first: number(message, "first"),
            count: number(message, "count"),
            rows: part(message, "rows").bytes(),
            data_path: path("data_path"),
            parity_path: path("parity_path"),
        }
    }

    fn rows(&self) -> Rows<'_> {
        Rows {
            first: self.first,
            count: self.count,
            rows: &self.rows,
            data_path: &self.data_path,
            parity_path: &self.parity_path,
        }
    }

    fn begin(&self, checker: &mut ShareChecker) -> Result<(), Fault> {
        let bytes = self.rows.len() as u64;
        checker.begin_rows(self.first, self.count, bytes, &self.data_path, &self.parity_path)
    }
}

/// A share with the bytes it has.
struct Share {
    name: String,
    expected: Expected,
    validator: Option<u32>,
    rows: Vec<u32>,
    header: Vec<u8>,
    z: Option<Vec<u8>>,
    messages: Vec<Message>,
    answer: (String, u32, String, Option<u32>),
}

/// What may be null.
fn given<'a>(object: &'a Json, name: &str) -> Option<&'a Json> {
    Some(part(object, name)).filter(|value| **value != Json::Null)
}

impl Share {
    fn new(case: &Json) -> Share {
        let expected = part(case, "expected");
        let answer = part(case, "answer");
        let rows = given(case, "rows").map_or(&[][..], Json::list);
        Share {
            name: part(case, "name").text().to_owned(),
            expected: Expected {
                chain_id: digest(expected, "chain_id"),
                zone: number(expected, "zone"),
                height: long(expected, "height"),
                epoch: long(expected, "epoch"),
                svid_root: digest(expected, "svid_root"),
                block_bytes_max: long(expected, "block_bytes_max"),
            },
            validator: given(case, "validator").map(|v| v.number() as u32),
            rows: rows.iter().map(|r| r.number() as u32).collect(),
            header: part(case, "header").bytes(),
            z: given(case, "z").map(Json::bytes),
            messages: part(case, "messages").list().iter().map(Message::new).collect(),
            answer: (
                part(answer, "outcome").text().to_owned(),
                number(answer, "step"),
                part(answer, "fault").text().to_owned(),
                given(answer, "row").map(|r| r.number() as u32),
            ),
        }
    }

    fn request(&self) -> Request<'_> {
        self.validator.map_or(Request::Rows(&self.rows), Request::Validator)
    }

    fn open(&self, epoch: &Epoch) -> ShareChecker {
        ShareChecker::open(epoch, &self.expected, self.request(), &self.header).unwrap()
    }

    fn at_once(&self, epoch: &Epoch) -> ShareVerdict {
        let rows: Vec<Rows<'_>> = self.messages.iter().map(Message::rows).collect();
        let z = self.z.as_deref();
        check_share(epoch, &self.expected, self.request(), &self.header, z, &rows).unwrap()
    }

    /// The verdict, and the first fault that a piece gave.
    fn in_pieces(&self, mut checker: ShareChecker, piece: usize) -> (ShareVerdict, Option<Fault>) {
        let mut faults = Vec::new();
        for message in &self.messages {
            faults.push(message.begin(&mut checker));
            faults.extend(message.rows.chunks(piece).map(|part| checker.append_rows(part)));
            faults.push(checker.end_rows());
        }
        if let Some(z) = &self.z {
            faults.extend(z.chunks(piece).map(|part| checker.append_z(part)));
            faults.push(checker.end_z());
        }
        (checker.verdict(), faults.into_iter().find_map(Result::err))
    }
}

fn spelled(verdict: ShareVerdict) -> (String, u32, String, Option<u32>) {
    let fault = verdict.fault.map_or(String::new(), |fault| fault.to_string());
    (verdict.outcome.to_string(), verdict.step, fault, verdict.row)
}

#[test]
fn shares() {
    let cases = Cases::new();
    assert!(cases.list("shares").len() >= 98);
    for case in cases.list("shares") {
        let share = Share::new(case);
        let name = &share.name;
        let epoch = cases.epoch(case, true);
        assert_eq!(spelled(share.at_once(&epoch)), share.answer, "{}", name);
        for piece in [1000, 13, 1] {
            let (verdict, fault) = share.in_pieces(share.open(&epoch), piece);
            assert_eq!(spelled(verdict), share.answer, "{} in pieces of {}", name, piece);
            // Faults of what was received were said when it came; a fingerprint is found to be wrong
            // by what nothing is wrong with.
            if !share.messages.is_empty() && verdict.fault != Some(Fault::Fingerprint) {
                assert_eq!(fault.is_some(), verdict.fault.is_some(), "{}", name);
            }
        }
        if let Some(fault) = share.at_once(&epoch).fault {
            assert_eq!(fault.code(), share.answer.1);
        }
    }
}

#[test]
fn dispersals() {
    let cases = Cases::new();
    assert!(cases.list("dispersals").len() >= 10);
    for case in cases.list("dispersals") {
        let epoch = cases.epoch(case, true);
        let bytes = part(case, "block_bytes").number();
        let (zone, height) = (number(case, "zone"), long(case, "height"));
        let params = epoch.params(bytes).unwrap();
        assert_eq!(params.block_bytes, bytes);
        assert_eq!(params.row_bytes, number(case, "row_bytes"));
        assert_eq!(params.data_rows, number(case, "data_rows"));
        assert_eq!(params.code_rows, number(case, "code_rows"));
        assert_eq!(params.rows, number(case, "rows"));
        assert_eq!(params.z_bytes, 16 * params.data_rows);
        for (validator, range) in part(case, "ranges").list().iter().enumerate() {
            let wanted = RowRange {
                first: range.list()[0].number() as u32,
                count: range.list()[1].number() as u32,
            };
            let found = epoch.assigned_rows(bytes, zone, height, validator as u32);
            assert_eq!(found, Ok(wanted));
        }
        let header = describe_header(&part(case, "header").bytes()).unwrap();
        assert_eq!((header.zone, header.height), (zone, height));
        assert_eq!(header.epoch, long(case, "number"));
        assert_eq!(header.block_bytes, bytes);
        assert_eq!((header.data_rows, header.rows), (params.data_rows, params.rows));
        assert_eq!(header.row_bytes, params.row_bytes);
        assert_eq!(header.chain_id, digest(case, "chain_id"));
        assert_eq!(header.data_root, digest(case, "data_root"));
        assert_eq!(header.parity_root, digest(case, "parity_root"));
        assert_eq!(header.z_digest, digest(case, "z_digest"));
        assert_eq!(header.svid_root, digest(case, "svid_root"));
        assert_eq!(header.announce_digest, digest(case, "announce_digest"));
    }
}

#[test]
fn samples_and_bounds() {
    let cases = Cases::new();
    assert!(cases.list("samples").len() >= 7 && cases.list("bounds").len() >= 7);
    for case in cases.list("samples") {
        let wanted: Vec<u32> =
            part(case, "rows").list().iter().map(|r| r.number() as u32).collect();
        let entropy = digest(case, "entropy");
        let found = sample_rows(number(case, "total"), number(case, "count"), &entropy);
        assert_eq!(found, Ok(wanted));
    }
    for case in cases.list("bounds") {
        let (k, n) = (number(case, "data_rows"), number(case, "rows"));
        let found = failure_bound(k, n, number(case, "samples"));
        assert_eq!(found, Ok(part(case, "bound").real()));
    }
    assert_eq!(sample_rows(5, SAMPLES_DEFAULT, &[7; 32]), Ok(vec![0, 1, 2, 3, 4]));
    assert_eq!(sample_rows(0, SAMPLES_DEFAULT, &[7; 32]), Ok(vec![]));
}

#[test]
fn reconstructions() {
    let cases = Cases::new();
    assert!(cases.list("reconstructions").len() >= 21);
    for case in cases.list("reconstructions") {
        let rows: Vec<(u32, Vec<u8>)> = part(case, "rows")
            .list()
            .iter()
            .map(|row| (number(row, "number"), part(row, "bytes").bytes()))
            .collect();
        let rows: Vec<(u32, &[u8])> = rows.iter().map(|(n, bytes)| (*n, &bytes[..])).collect();
        let header = part(case, "header").bytes();
        let found = match reconstruct(&header, &rows) {
            Ok(Reconstruction::Rebuilt(block)) => {
                assert_eq!(block, part(case, "block").bytes());
                let mut twice = rows.clone();
                twice.push(twice[0]);
                let twice = reconstruct(&header, &twice);
                assert!(matches!(twice, Err(Error::InvalidArgument(_))));
                "rebuilt"
            }
            Ok(Reconstruction::Insufficient) => "insufficient",
            Ok(Reconstruction::Mismatch) => "mismatch",
            Err(Error::Malformed(_)) => "malformed",
            Err(Error::InvalidArgument(_)) => "invalid_argument",
            Err(error) => panic!("{}", error),
        };
        assert_eq!(found, part(case, "answer").text(), "{}", part(case, "name").text());
    }
}

#[test]
fn evidence() {
    let all = read("svid/misc.json");
    let cases = part(&all, "evidence").list();
    assert!(cases.len() >= 4);
    for case in cases {
        let input = part(case, "input");
        let stakes: Vec<u64> = part(part(input, "stakes"), "list")
            .list()
            .iter()
            .map(Json::number)
            .filter(|&stake| stake != 0)
            .collect();
        let epoch = Epoch::open(&digest(input, "seed"), &stakes, None).unwrap();
        let row = part(case, "row");
        let message = Message {
            first: number(row, "first_row"),
            count: number(row, "count"),
            rows: part(row, "rows").bytes(),
            data_path: row.get("data_path").map_or(Vec::new(), Json::bytes),
            parity_path: row.get("parity_path").map_or(Vec::new(), Json::bytes),
        };
        let (header, z) = (part(case, "header").bytes(), part(case, "z").bytes());
        let chain = digest(input, "chain_id");
        let found = check_bad_row(&epoch, &chain, &header, &message.rows(), &z).unwrap();
        let said = match found.finding {
            Finding::Convicts => "valid".to_owned(),
            Finding::RowIsCorrect => "row is correct".to_owned(),
            Finding::NotShown(fault) => fault.unwrap().to_string(),
            other => panic!("{:?}", other),
        };
        assert_eq!(said, part(case, "result").text());
        if found.finding == Finding::Convicts {
            let about = describe_header(&header).unwrap();
            assert_eq!(found.svid_root, about.svid_root);
            assert_eq!(found.announce_digest, about.announce_digest);
        }
        let two = Rows { count: 2, ..message.rows() };
        let refused = check_bad_row(&epoch, &chain, &header, &two, &z);
        assert!(matches!(refused, Err(Error::InvalidArgument(_))));

        assert_eq!(equivocates(&chain, &header, &header), Ok(None));
        let mut other = header.clone();
        other[80] ^= 1;
        let both = equivocates(&chain, &header, &other).unwrap().unwrap();
        assert_eq!(both[0], describe_header(&header).unwrap().announce_digest);
        assert_eq!(both[1], describe_header(&other).unwrap().announce_digest);
        assert_eq!(equivocates(&[0; 32], &header, &other), Ok(None));
    }
}

#[test]
fn another_source() {
    let cases = Cases::new();
    let share = cases.honest();
    let epoch = cases.epoch(&cases.list("shares")[0], true);
    drop(epoch);
    let case = cases.list("shares").iter().find(|s| part(s, "name").text() == share.name).unwrap();
    let mut checker = share.open(&cases.epoch(case, true)); // the epoch is gone, the check goes on
    let z = share.z.clone().unwrap();
    let mut wrong = z.clone();
    wrong[3] ^= 4;
    assert_eq!(checker.append_z(&wrong), Err(Fault::Z));
    assert_eq!(spelled(checker.verdict()), ("rejected".into(), 4, "E_Z".into(), None));
    checker.begin_source();
    assert_eq!(checker.append_z(&z), Ok(()));
    assert_eq!(spelled(checker.verdict()), ("incomplete".into(), 4, String::new(), None));
    let message = &share.messages[0];
    assert!(!checker.holds(message.first));
    assert_eq!(message.begin(&mut checker), Ok(()));
    assert_eq!(checker.append_rows(&message.rows), Ok(()));
    assert!(checker.holds(message.first) && !checker.holds(u32::MAX));
}

#[test]
fn a_refused_header_stays_the_answer() {
    let cases = Cases::new();
    let mut share = cases.honest();
    share.expected.zone = 1;
    let epoch = open_like_honest(&cases);
    let mut checker = share.open(&epoch);
    let answer = ("rejected".to_owned(), 1, "E_HEADER".to_owned(), None);
    assert_eq!(spelled(checker.verdict()), answer);
    assert_eq!(checker.append_z(b"abc"), Err(Fault::Header));
    assert_eq!(checker.begin_rows(0, 1, 1, &[], &[]), Err(Fault::Header));
    checker.begin_source();
    assert!(!checker.holds(0));
    assert_eq!(spelled(checker.verdict()), answer);
    assert_eq!(spelled(share.at_once(&epoch)), answer);
    assert_eq!(checker.verdict().to_string(), "rejected, step 1, E_HEADER");
}

/// The epoch of the share that `honest` is.
fn open_like_honest(cases: &Cases) -> Epoch {
    let name = cases.honest().name;
    let shares = cases.list("shares");
    cases.epoch(shares.iter().find(|s| part(s, "name").text() == name).unwrap(), true)
}

#[test]
fn values_that_cannot_be_meant() {
    let cases = Cases::new();
    let share = cases.honest();
    let epoch = open_like_honest(&cases);
    let seed = [0; 32];
    let invalid = |stakes: &[u64], keys: Option<&[[u8; 48]]>| {
        matches!(Epoch::open(&seed, stakes, keys), Err(Error::InvalidArgument(_)))
    };
    assert!(invalid(&[], None));
    assert!(invalid(&[1; 3], None));
    assert!(invalid(&vec![1; 40_961], None));
    assert!(invalid(&[1, 1, 1, 0], None));
    assert!(invalid(&[1 << 63, 1 << 63, 1, 1], None));
    assert!(invalid(&[1; 4], Some(&[])));
    assert!(invalid(&[1; 4], Some(&[[0; 48]; 3])));
    assert!(invalid(&[1; 4], Some(&[[0; 48]; 5])));
    assert!(Epoch::open(&seed, &vec![1; 40_960], None).is_ok());

    assert_eq!(epoch.params(BLOCK_BYTES_MAX + 1), Err(Error::LimitExceeded));
    assert_eq!(epoch.params(u64::MAX), Err(Error::LimitExceeded));
    let keyless = Epoch::open(&seed, &[1; 7], None).unwrap();
    assert!(matches!(keyless.assigned_rows(5000, 0, 0, 0), Err(Error::InvalidArgument(_))));
    assert!(matches!(epoch.assigned_rows(5000, 0, 0, 7), Err(Error::InvalidArgument(_))));

    let open = |epoch: &Epoch, request: Request<'_>| {
        let at_once = check_share(epoch, &share.expected, request, &share.header, None, &[]);
        let opened = ShareChecker::open(epoch, &share.expected, request, &share.header);
        assert_eq!(at_once.is_ok(), opened.is_ok());
        opened.map(drop)
    };
    let too_many: Vec<u32> = (0..19).collect();
    for request in [
        Request::Validator(7),
        Request::Validator(u32::MAX),
        Request::Rows(&[1, 1]),
        Request::Rows(&[2, 1]),
        Request::Rows(&[18]),
        Request::Rows(&too_many),
    ] {
        let refused = open(&epoch, request);
        assert!(matches!(refused, Err(Error::InvalidArgument(_))), "{:?}", request);
    }
    assert!(matches!(open(&keyless, Request::Validator(0)), Err(Error::InvalidArgument(_))));
    assert!(open(&epoch, Request::Rows(&[])).is_ok());

    assert!(matches!(failure_bound(3, 2, 1), Err(Error::InvalidArgument(_))));
    for length in [0, 1, HEADER_BYTES - 1] {
        match describe_header(&share.header[..length]) {
            Err(Error::Malformed(verdict)) => {
                assert_eq!(verdict.to_string(), "header: not the header of a dispersal");
            }
            other => panic!("{:?}", other),
        }
        assert!(matches!(reconstruct(&share.header[..length], &[]), Err(Error::Malformed(_))));
    }
    let huge = vec![0; 64 << 20];
    assert!(describe_header(&huge).is_err());
    let mut checker = share.open(&epoch);
    assert_eq!(checker.append_z(&huge), Err(Fault::Z));
    assert_eq!(checker.append_rows(&huge), Ok(())); // not announced, so not looked at
    assert_eq!(
        checker.begin_rows(u32::MAX, u32::MAX, u64::MAX, &huge, &huge),
        Err(Fault::RowShape)
    );
    assert_eq!(checker.verdict().outcome, Outcome::Rejected);
}

fn assert_send<T: Send>() {}
fn assert_shared<T: Send + Sync>() {}

#[test]
fn one_epoch_many_threads() {
    assert_shared::<Epoch>();
    assert_shared::<ShareVerdict>();
    assert_send::<ShareChecker>();
    let cases = Cases::new();
    let share = cases.honest();
    let epoch = open_like_honest(&cases);
    thread::scope(|scope| {
        for _ in 0..4 {
            let checker = share.open(&epoch); // opened here, used there
            scope.spawn(|| {
                assert_eq!(spelled(share.in_pieces(checker, 700).0), share.answer);
                for _ in 0..20 {
                    assert_eq!(share.at_once(&epoch).outcome, Outcome::Provisional);
                }
            });
        }
    });
}
