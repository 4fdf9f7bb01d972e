"""Every case of tests/vectors/bindings gets exactly the answer that stands there."""

import unittest

from support import bytes_of, cases
from mote_validator import (
    Bundle,
    DorySetup,
    MalformedError,
    ProgramKey,
    RejectedError,
    Verifier,
    verify_bundle,
)


def digest_of(case, name):
    return bytes.fromhex(case[name]) if name in case else None


def answer_of(kind, verdict):
    return {
        "verdict": kind,
        "stage": verdict.stage,
        "reason": verdict.reason,
        "field": verdict.field,
        "offset": verdict.offset,
    }


def in_one_call(case, wrap):
    try:
        verdict = verify_bundle(
            wrap(bytes_of(case)),
            digest_of(case, "expect_program"),
            digest_of(case, "expect_setup"),
        )
    except MalformedError as error:
        return answer_of("malformed", error.verdict)
    return answer_of("accepted" if verdict.accepted else "rejected", verdict)


def step_by_step(case):
    """The verdict of whichever step ended it, without places: those are of the parts here."""
    try:
        bundle = Bundle.open(bytes_of(case))
        program = digest_of(case, "expect_program") or bundle.key_digest
        digest = digest_of(case, "expect_setup") or bundle.setup_digest
        with ProgramKey.open(bundle.key, program) as key, DorySetup.open(
            bundle.setup, digest
        ) as setup, Verifier(key, setup) as verifier:
            verdict = verifier.verify(bundle.io, bundle.proof, bundle.trusted_advice)
            return ("accepted" if verdict.accepted else "rejected"), verdict
    except MalformedError as error:
        return "malformed", error.verdict
    except RejectedError as error:
        return "rejected", error.verdict


class Cases(unittest.TestCase):
    def test_there_are_cases(self):
        self.assertGreaterEqual(len(cases()), 246)

    def test_in_one_call(self):
        for case in cases():
            with self.subTest(case["name"]):
                self.assertEqual(in_one_call(case, bytes), case["answer"])

    def test_step_by_step(self):
        for case in cases():
            with self.subTest(case["name"]):
                kind, verdict = step_by_step(case)
                wanted = case["answer"]
                self.assertEqual(kind, wanted["verdict"])
                self.assertEqual(
                    (verdict.stage, verdict.reason, verdict.field),
                    (wanted["stage"], wanted["reason"], wanted["field"]),
                )

    def test_from_other_kinds_of_bytes(self):
        for case in cases()[::10]:
            for wrap in (bytearray, memoryview, lambda data: memoryview(bytearray(data))):
                with self.subTest(case["name"]):
                    self.assertEqual(in_one_call(case, wrap), case["answer"])


if __name__ == "__main__":
    unittest.main()
