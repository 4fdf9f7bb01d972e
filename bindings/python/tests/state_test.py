"""mote_validator.state: every case of tests/vectors/bindings/state.json, and what misuse gives."""

import copy
import json
import pickle
import threading
import unittest

from support import VECTORS
from mote_validator import (
    InvalidArgumentError,
    LimitExceededError,
    MalformedError,
    RejectedError,
    state,
)

CASES = json.loads((VECTORS / "bindings/state.json").read_text("ascii"))
PRESENT = CASES["proofs"][0]


def raw(text):
    return None if text is None else bytes.fromhex(text)


def height_of(test):
    return None if test["height"] is None else int(test["height"])


def open_of(test, wrap=bytes):
    kind = state.Witness if test["kind"] == "witness" else state.Proof
    return kind.open(wrap(raw(test["root"])), wrap(raw(test["bytes"])), height_of(test))


def operations_of(test, wrap=bytes):
    return [
        (wrap(raw(key)), None if value is None else wrap(raw(value)))
        for key, value in test["operations"]
    ]


def said_of(test, wrap=bytes):
    """Answers to the bytes and to the questions, in the form of the file."""
    try:
        with open_of(test, wrap) as proof:
            answers = []
            for asked in test["questions"]:
                try:
                    found = proof.lookup(wrap(raw(asked["key"])),
                                         None if asked["after"] is None else int(asked["after"]))
                    answers.append((found.answer, found.value))
                except InvalidArgumentError:
                    answers.append(("invalid_argument", None))
            return {"verdict": "accepted", "fault": "", "offset": 0}, answers
    except RejectedError as error:
        kind, verdict = "rejected", error.verdict
    except MalformedError as error:
        kind, verdict = "malformed", error.verdict
    return {"verdict": kind, "fault": verdict.reason, "offset": verdict.offset}, []


class Cases(unittest.TestCase):
    def test_proofs(self):
        self.assertGreater(len(CASES["proofs"]), 250)
        for test in CASES["proofs"]:
            with self.subTest(test["name"]):
                questions = [(q["answer"], raw(q["value"])) for q in test["questions"]]
                self.assertEqual(said_of(test), (test["answer"], questions))

    def test_other_kinds_of_bytes(self):
        for test in CASES["proofs"][::9]:
            for wrap in (bytearray, memoryview):
                with self.subTest(test["name"]):
                    self.assertEqual(said_of(test, wrap), said_of(test))

    def test_blocks(self):
        self.assertGreaterEqual(len(CASES["blocks"]), 18)
        for test in CASES["blocks"]:
            with self.subTest(test["name"]):
                answer = test["answer"]
                witness = open_of(CASES["proofs"][test["witness"]])
                errors = {"malformed": MalformedError, "invalid_argument": InvalidArgumentError}
                for wrap in (bytes, bytearray):
                    operations = operations_of(test, wrap)
                    if answer["verdict"] in errors:
                        with self.assertRaises(errors[answer["verdict"]]) as caught:
                            witness.apply(int(test["height"]), operations)
                        if answer["verdict"] == "malformed":
                            found = caught.exception.verdict
                            self.assertEqual((found.stage, found.reason, found.index),
                                             ("block", answer["fault"], answer["operation"]))
                        continue
                    said = witness.apply(int(test["height"]), operations)
                    self.assertEqual(
                        said,
                        state.BlockVerdict(answer["verdict"] == "accepted", answer["fault"],
                                           raw(answer["root"])),
                    )


class Misuse(unittest.TestCase):
    def setUp(self):
        self.root, self.data = raw(PRESENT["root"]), raw(PRESENT["bytes"])
        self.key = raw(PRESENT["questions"][0]["key"])
        self.proof = open_of(PRESENT)
        self.block = CASES["blocks"][0]
        self.witness = open_of(CASES["proofs"][self.block["witness"]])
        self.height = int(self.block["height"])

    def test_types(self):
        root, data, key = self.root, self.data, self.key
        for call in (
            lambda: state.Proof(),
            lambda: state.Witness(),
            lambda: state.Proof.open(root.hex(), data),
            lambda: state.Proof.open(root, data.hex()),
            lambda: state.Proof.open(root, None),
            lambda: state.Proof.open(root, data, "5"),
            lambda: state.Proof.open(root, data, True),
            lambda: self.proof.lookup("key"),
            lambda: self.proof.lookup(None),
            lambda: self.proof.lookup(key, "5"),
            lambda: self.proof.lookup(key, 1.0),
            lambda: self.witness.apply("5", []),
            lambda: self.witness.apply(self.height, 5),
            lambda: self.witness.apply(self.height, [key[:3]]),
            lambda: self.witness.apply(self.height, [("key", b"")]),
            lambda: self.witness.apply(self.height, [(key, "value")]),
        ):
            self.assertRaises((TypeError, ValueError), call)

    def test_values(self):
        root, data, key = self.root, self.data, self.key
        for call in (
            lambda: state.Proof.open(root[1:], data),
            lambda: state.Proof.open(root, data, -1),
            lambda: state.Proof.open(root, data, (1 << 64) - 1),
            lambda: self.proof.lookup(b""),
            lambda: self.proof.lookup(bytes(256)),
            lambda: self.proof.lookup(key, int(PRESENT["height"]) + 1),
            lambda: self.proof.lookup(key, 1 << 64),
            lambda: state.Proof.open(root, data).lookup(key, 0),
            lambda: self.witness.apply(self.height - 1, []),
            lambda: self.witness.apply((1 << 64) - 1, []),
        ):
            self.assertRaises(InvalidArgumentError, call)
        self.assertRaises(LimitExceededError, state.Proof.open, root, bytes((1 << 27) + 1))

    def test_errors_say_why_and_where(self):
        with self.assertRaises(RejectedError) as rejected:
            state.Proof.open(bytes(32), self.data)
        self.assertEqual(str(rejected.exception), "rejected: proof: root")
        self.assertEqual(rejected.exception.verdict.reason_code, 32)
        with self.assertRaises(MalformedError) as malformed:
            state.Proof.open(self.root, self.data + b"\0")
        self.assertEqual(str(malformed.exception),
                         f"malformed: proof: trailing, offset {len(self.data)}")
        with self.assertRaises(MalformedError) as malformed:
            state.Witness.open(self.root, self.data)
        self.assertEqual(str(malformed.exception), "malformed: witness: magic")

    def test_closed_and_copied(self):
        for handle in (self.proof, self.witness):
            self.assertRaises(TypeError, copy.copy, handle)
            self.assertRaises(TypeError, pickle.dumps, handle)
            handle.close()
            handle.close()
            self.assertRaises(InvalidArgumentError, handle.lookup, self.key)
        self.assertRaises(InvalidArgumentError, self.witness.apply, self.height, [])

    def test_bytes_may_change_after_opening(self):
        data = bytearray(self.data)
        proof = state.Proof.open(self.root, data)
        value = proof.lookup(self.key).value
        data[:] = bytes(len(data))
        self.assertEqual(proof.lookup(self.key), state.Answer("present", value))
        proof.close()
        self.assertEqual(value, raw(PRESENT["questions"][0]["value"]))

    def test_threads_share_what_is_open(self):
        operations, root = operations_of(self.block), raw(self.block["answer"]["root"])
        errors = []

        def work():
            try:
                for _ in range(30):
                    assert self.proof.lookup(self.key).answer == "present"
                    assert self.witness.apply(self.height, operations).root == root
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
