"""mote_validator.svid: every case of tests/vectors/bindings/svid.json, and what misuse gives."""

import copy
import json
import pickle
import threading
import unittest
from dataclasses import astuple, replace

from support import VECTORS
from mote_validator import InvalidArgumentError, LimitExceededError, MalformedError, svid

CASES = json.loads((VECTORS / "bindings/svid.json").read_text("ascii"))
EVIDENCE = json.loads((VECTORS / "svid/misc.json").read_text("ascii"))["evidence"]
HONEST = next(s for s in CASES["shares"] if s["name"] == "honest unequal, validator 0")


def raw(text):
    return None if text is None else bytes.fromhex(text)


def open_epoch(number, keys=True):
    given = CASES["epochs"][number]
    stakes = [int(stake) for stake in given["stakes"]]
    return svid.Epoch.open(raw(given["seed"]), stakes, raw(given["public_keys"]) if keys else None)


def expected_of(share):
    e = share["expected"]
    return svid.Expected(
        raw(e["chain_id"]), e["zone"], int(e["height"]), int(e["epoch"]), raw(e["svid_root"]),
        int(e["block_bytes_max"]),
    )


def messages_of(share, wrap=bytes):
    return [
        svid.Rows(m["first"], m["count"],
                  *(wrap(raw(m[name])) for name in ("rows", "data_path", "parity_path")))
        for m in share["messages"]
    ]


def checker_of(share, epoch):
    return svid.ShareChecker(epoch, expected_of(share), raw(share["header"]),
                             validator=share["validator"], rows=share["rows"])


def at_once(share, wrap=bytes):
    with open_epoch(share["epoch"]) as epoch:
        return svid.check_share(
            epoch, expected_of(share), wrap(raw(share["header"])),
            None if share["z"] is None else wrap(raw(share["z"])), messages_of(share, wrap),
            validator=share["validator"], rows=share["rows"],
        )


def in_pieces(share, piece):
    with open_epoch(share["epoch"]) as epoch, checker_of(share, epoch) as checker:
        for message in messages_of(share):
            checker.begin_rows(message.first, message.count, len(message.rows),
                               message.data_path, message.parity_path)
            for at in range(0, len(message.rows), piece):
                checker.append_rows(message.rows[at : at + piece])
            checker.end_rows()
        if share["z"] is not None:
            z = raw(share["z"])
            for at in range(0, len(z), piece):
                checker.append_z(z[at : at + piece])
            checker.end_z()
        return checker.verdict()


class Cases(unittest.TestCase):
    def test_shares(self):
        self.assertGreaterEqual(len(CASES["shares"]), 98)
        for share in CASES["shares"]:
            answer = svid.ShareVerdict(**share["answer"])
            with self.subTest(share["name"]):
                self.assertEqual(at_once(share), answer)
                for piece in (1000, 13):
                    self.assertEqual(in_pieces(share, piece), answer)

    def test_other_kinds_of_bytes(self):
        for share in CASES["shares"][::7]:
            for wrap in (bytearray, memoryview):
                with self.subTest(share["name"]):
                    self.assertEqual(at_once(share, wrap), svid.ShareVerdict(**share["answer"]))

    def test_dispersals(self):
        for case in CASES["dispersals"]:
            epoch = open_epoch(case["epoch"])
            size, height = case["block_bytes"], int(case["height"])
            self.assertEqual(
                astuple(epoch.params(size)),
                (size, case["row_bytes"], case["data_rows"], case["code_rows"], case["rows"],
                 16 * case["data_rows"]),
            )
            for validator, (first, count) in enumerate(case["ranges"]):
                self.assertEqual(epoch.assigned_rows(size, case["zone"], height, validator),
                                 svid.RowRange(first, count))
            digests = ("chain_id", "data_root", "parity_root", "z_digest", "svid_root",
                       "announce_digest")
            self.assertEqual(
                astuple(svid.describe_header(raw(case["header"]))),
                (case["zone"], height, int(case["number"]), size, case["data_rows"], case["rows"],
                 case["row_bytes"], *(raw(case[name]) for name in digests)),
            )

    def test_samples_and_bounds(self):
        for case in CASES["samples"]:
            self.assertEqual(
                svid.sample_rows(case["total"], case["count"], raw(case["entropy"])), case["rows"]
            )
        for case in CASES["bounds"]:
            self.assertEqual(
                svid.failure_bound(case["data_rows"], case["rows"], case["samples"]), case["bound"]
            )
        draws = {tuple(svid.sample_rows(13000)) for _ in range(20)}
        self.assertEqual(len(draws), 20)
        for rows in draws:
            self.assertEqual((len(set(rows)), sorted(rows)), (16, list(rows)))

    def test_reconstructions(self):
        errors = {"malformed": MalformedError, "invalid_argument": InvalidArgumentError}
        for case in CASES["reconstructions"]:
            rows = {row["number"]: raw(row["bytes"]) for row in case["rows"]}
            with self.subTest(case["name"]):
                if case["answer"] in errors:
                    with self.assertRaises(errors[case["answer"]]):
                        svid.reconstruct(raw(case["header"]), rows)
                    continue
                got = svid.reconstruct(raw(case["header"]), rows)
                self.assertEqual((got.result, got.block), (case["answer"], raw(case["block"])))

    def test_evidence(self):
        self.assertGreaterEqual(len(EVIDENCE), 4)
        for case in EVIDENCE:
            given = case["input"]
            stakes = [int(stake) for stake in given["stakes"]["list"] if int(stake)]
            row = svid.Rows(case["row"]["first_row"], case["row"]["count"], raw(case["row"]["rows"]),
                            raw(case["row"].get("data_path", "")),
                            raw(case["row"].get("parity_path", "")))
            epoch = svid.Epoch.open(raw(given["seed"]), stakes)
            header, chain = raw(case["header"]), raw(given["chain_id"])
            found = svid.check_bad_row(epoch, chain, header, row, raw(case["z"]))
            said = {"convicts": "valid", "row is correct": "row is correct"}.get(
                found.finding, found.fault)
            self.assertEqual(said, case["result"])
            self.assertIsNone(svid.equivocates(chain, header, header))
            other = bytearray(header)
            other[80] ^= 1
            both = svid.equivocates(chain, header, other)
            self.assertEqual(both[1], svid.describe_header(other).announce_digest)
            with self.assertRaises(InvalidArgumentError):
                svid.check_bad_row(epoch, chain, header, replace(row, count=2), raw(case["z"]))


class Misuse(unittest.TestCase):
    def setUp(self):
        self.epoch = open_epoch(HONEST["epoch"])
        self.expected = expected_of(HONEST)
        self.header = raw(HONEST["header"])

    def test_types(self):
        seed, e, x, h = bytes(32), self.epoch, self.expected, self.header
        for call in (
            lambda: svid.Epoch(),
            lambda: svid.Epoch.open("seed", [1] * 4),
            lambda: svid.Epoch.open(seed, 4),
            lambda: svid.Epoch.open(seed, ["1"] * 4),
            lambda: svid.Epoch.open(seed, [True] * 4),
            lambda: svid.Epoch.open(seed, [1] * 4, 5),
            lambda: e.params("5"),
            lambda: e.params(1.0),
            lambda: svid.ShareChecker(None, x, h, validator=0),
            lambda: svid.ShareChecker(e, None, h, validator=0),
            lambda: svid.ShareChecker(e, x, None, validator=0),
            lambda: svid.ShareChecker(e, x, h),
            lambda: svid.ShareChecker(e, x, h, validator=0, rows=[]),
            lambda: svid.ShareChecker(e, x, h, validator="0"),
            lambda: svid.ShareChecker(e, x, h, rows=["0"]),
            lambda: svid.check_share(e, x, h, 5, [], validator=0),
            lambda: svid.check_share(e, x, h, b"", [5], validator=0),
            lambda: svid.check_share(e, x, h, b"", 5, validator=0),
            lambda: svid.sample_rows("5"),
            lambda: svid.sample_rows(5, 2, "entropy"),
            lambda: svid.describe_header(None),
            lambda: svid.reconstruct(h, {"0": b""}),
            lambda: svid.reconstruct(h, {0: 5}),
        ):
            self.assertRaises(TypeError, call)

    def test_values(self):
        seed, e, x, h = bytes(32), self.epoch, self.expected, self.header
        keyless = open_epoch(HONEST["epoch"], keys=False)
        for call in (
            lambda: svid.Epoch.open(bytes(31), [1] * 4),
            lambda: svid.Epoch.open(seed, [1] * 3),
            lambda: svid.Epoch.open(seed, [1] * 40961),
            lambda: svid.Epoch.open(seed, [1, 1, 1, 0]),
            lambda: svid.Epoch.open(seed, [1, 1, 1, -1]),
            lambda: svid.Epoch.open(seed, [1, 1, 1, 1 << 64]),
            lambda: svid.Epoch.open(seed, [1 << 63, 1 << 63, 1, 1]),
            lambda: svid.Epoch.open(seed, [1] * 4, bytes(191)),
            lambda: e.params(-1),
            lambda: e.assigned_rows(5000, 0, 0, 7),
            lambda: keyless.assigned_rows(5000, 0, 0, 0),
            lambda: svid.ShareChecker(keyless, x, h, validator=0),
            lambda: svid.ShareChecker(e, x, h, validator=7),
            lambda: svid.ShareChecker(e, x, h, validator=-1),
            lambda: svid.ShareChecker(e, x, h, rows=[1, 1]),
            lambda: svid.ShareChecker(e, x, h, rows=[2, 1]),
            lambda: svid.ShareChecker(e, x, h, rows=[18]),
            lambda: svid.ShareChecker(e, x, h, rows=range(19)),
            lambda: svid.ShareChecker(e, replace(x, zone=1 << 32), h, validator=0),
            lambda: svid.ShareChecker(e, replace(x, height=-1), h, validator=0),
            lambda: svid.ShareChecker(e, replace(x, chain_id=b""), h, validator=0),
            lambda: svid.sample_rows(-1),
            lambda: svid.sample_rows(5, 2, bytes(33)),
            lambda: svid.failure_bound(3, 2, 1),
            lambda: svid.equivocates(b"", h, h),
        ):
            self.assertRaises(InvalidArgumentError, call)
        self.assertRaises(LimitExceededError, lambda: e.params((1 << 30) + 1))
        with self.assertRaises(MalformedError) as caught:
            svid.describe_header(h[:-1])
        self.assertIn("not the header of a dispersal", str(caught.exception))

    def test_closed(self):
        checker = checker_of(HONEST, self.epoch)
        self.epoch.close()
        self.epoch.close()
        for call in (lambda: self.epoch.params(1), lambda: checker_of(HONEST, self.epoch)):
            self.assertRaises(InvalidArgumentError, call)
        # A check does not need its epoch any more.
        self.assertEqual(checker.append_z(raw(HONEST["z"])), "")
        checker.close()
        for call in (
            checker.begin_source, checker.end_z, checker.end_rows, checker.verdict,
            lambda: checker.append_z(b""), lambda: checker.append_rows(b""),
            lambda: checker.begin_rows(0, 1, 1), lambda: checker.holds(0),
        ):
            self.assertRaises(InvalidArgumentError, call)

    def test_copies(self):
        for handle in (self.epoch, checker_of(HONEST, self.epoch)):
            self.assertRaises(TypeError, copy.copy, handle)
            self.assertRaises(TypeError, pickle.dumps, handle)

    def test_another_source(self):
        checker = checker_of(HONEST, self.epoch)
        z = bytearray(raw(HONEST["z"]))
        z[3] ^= 4
        self.assertEqual(checker.append_z(z), "E_Z")
        self.assertEqual(checker.verdict(), svid.ShareVerdict("rejected", 4, "E_Z"))
        checker.begin_source()
        self.assertEqual(checker.append_z(raw(HONEST["z"])), "")
        self.assertEqual(checker.verdict(), svid.ShareVerdict("incomplete", 4))
        message = messages_of(HONEST)[0]
        self.assertFalse(checker.holds(message.first))
        self.assertEqual(checker.begin_rows(message.first, message.count, len(message.rows),
                                            message.data_path, message.parity_path), "")
        self.assertEqual(checker.append_rows(message.rows), "")
        self.assertTrue(checker.holds(message.first))

    def test_a_refused_header_stays_the_answer(self):
        refused = dict(HONEST, expected=dict(HONEST["expected"], zone=1))
        checker = checker_of(refused, self.epoch)
        answer = svid.ShareVerdict("rejected", 1, "E_HEADER")
        self.assertEqual(checker.verdict(), answer)
        self.assertEqual(checker.append_z(b"abc"), "E_HEADER")
        checker.begin_source()
        self.assertFalse(checker.holds(0))
        self.assertEqual(checker.verdict(), answer)

    def test_threads(self):
        checker = checker_of(HONEST, self.epoch)
        z = raw(HONEST["z"])
        errors = []

        def work():
            try:
                for _ in range(50):
                    checker.begin_source()
                    checker.append_z(z)
                    checker.verdict()
                    assert at_once(HONEST).outcome == "provisional"
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        self.assertEqual(errors, [])


if __name__ == "__main__":
    unittest.main()
