"""Wrong use gives a Python error that says so; right use gives what the documentation says."""

import copy
import pickle
import unittest
from dataclasses import replace
from unittest import mock

from support import COMMITTED, GOOD, open_good
from mote_validator import (
    Bundle,
    DorySetup,
    InvalidArgumentError,
    MalformedError,
    MoteError,
    ProgramKey,
    PublicIo,
    RejectedError,
    Verdict,
    Verifier,
    abi_version,
    arch_name,
    describe_proof,
    verify_bundle,
)

NOT_BYTES = (None, 0, 5, 1.5, "text", [1, 2], (), {}, object())


class Arguments(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bundle, cls.key, cls.setup = open_good()
        cls.verifier = Verifier(cls.key, cls.setup)

    def test_other_types_than_bytes(self):
        b = self.bundle
        for wrong in NOT_BYTES:
            with self.subTest(type(wrong).__name__):
                for call in (
                    lambda: verify_bundle(wrong),
                    lambda: Bundle.open(wrong),
                    lambda: describe_proof(wrong),
                    lambda: ProgramKey.open(wrong, b.key_digest),
                    lambda: ProgramKey.open(b.key, wrong),
                    lambda: DorySetup.open(wrong, b.setup_digest),
                    lambda: DorySetup.open(b.setup, wrong),
                    lambda: self.verifier.verify(wrong, b.proof),
                    lambda: self.verifier.verify(b.io, wrong),
                    lambda: self.verifier.verify(replace(b.io, inputs=wrong), b.proof),
                    lambda: self.verifier.verify(replace(b.io, outputs=wrong), b.proof),
                    lambda: Verifier(wrong, self.setup),
                    lambda: Verifier(self.key, wrong),
                ):
                    self.assertRaises(TypeError, call)
                if wrong is None:
                    continue
                for call in (
                    lambda: verify_bundle(GOOD, expect_program=wrong),
                    lambda: verify_bundle(GOOD, expect_setup=wrong),
                    lambda: verify_bundle(b"", on_stage=wrong),
                    lambda: self.verifier.verify(b.io, b.proof, wrong),
                    lambda: self.verifier.verify(b.io, b.proof, on_stage=wrong),
                    lambda: self.verifier.verify(replace(b.io, panic=wrong), b.proof),
                    lambda: self.verifier.verify(replace(b.io, memory_layout=wrong), b.proof),
                ):
                    self.assertRaises(TypeError, call)

    def test_digests_have_32_bytes(self):
        b = self.bundle
        for size in (0, 1, 31, 33, 64, 1 << 20):
            wrong = b.key_digest[:1] * size
            for call in (
                lambda: ProgramKey.open(b.key, wrong),
                lambda: DorySetup.open(b.setup, wrong),
                lambda: verify_bundle(GOOD, expect_program=wrong),
                lambda: verify_bundle(GOOD, expect_setup=wrong),
                # Before anything else is looked at.
                lambda: verify_bundle(b"", expect_setup=wrong),
            ):
                with self.assertRaises(InvalidArgumentError) as caught:
                    call()
                self.assertIn(f"32 bytes, not {size}", str(caught.exception))
                self.assertIsInstance(caught.exception, ValueError)
                self.assertIsInstance(caught.exception, MoteError)

    def test_trusted_advice_has_384_bytes(self):
        for size in (0, 1, 383, 385):
            with self.assertRaises(InvalidArgumentError):
                self.verifier.verify(self.bundle.io, self.bundle.proof, b"\0" * size)

    def test_trusted_advice_that_does_not_parse(self):
        with self.assertRaises(MalformedError) as caught:
            self.verifier.verify(self.bundle.io, self.bundle.proof, b"\xff" * 384)
        self.assertEqual(caught.exception.verdict.field, "trusted_advice_commitment")

    def test_revisions(self):
        b = self.bundle
        self.assertFalse(ProgramKey.open(b.key, b.key_digest, "jolt-69eea119").closed)
        for unknown in ("", "jolt-00000000", "x" * 100000, "\u00e4", "\ud800"):
            with self.assertRaises(RejectedError) as caught:
                ProgramKey.open(b.key, b.key_digest, unknown)
            self.assertEqual(caught.exception.verdict.stage, "key")
        self.assertRaises(TypeError, ProgramKey.open, b.key, b.key_digest, 5)
        self.assertRaises(TypeError, ProgramKey.open, b.key, b.key_digest, b"jolt-69eea119")
        self.assertRaises(
            InvalidArgumentError, ProgramKey.open, b.key, b.key_digest, "jolt-69eea119\0"
        )

    def test_empty_inputs(self):
        b = self.bundle
        for empty in (b"", bytearray(), memoryview(b"")):
            self.assertRaises(MalformedError, verify_bundle, empty)
            self.assertRaises(MalformedError, Bundle.open, empty)
            self.assertRaises(MalformedError, describe_proof, empty)
            self.assertRaises(MalformedError, ProgramKey.open, empty, b.key_digest)
            self.assertRaises(MalformedError, DorySetup.open, empty, b.setup_digest)
            self.assertRaises(MalformedError, self.verifier.verify, b.io, empty)
        self.assertFalse(self.verifier.verify(PublicIo(), b.proof).accepted)

    def test_huge_inputs(self):
        b = self.bundle
        huge = bytes(64 << 20)
        self.assertRaises(MalformedError, verify_bundle, huge)
        self.assertRaises(MalformedError, verify_bundle, GOOD + huge)
        self.assertRaises(MalformedError, self.verifier.verify, b.io, bytes(b.proof) + huge)
        with self.assertRaises((MalformedError, RejectedError)):
            ProgramKey.open(huge, b.key_digest)
        with self.assertRaises((MalformedError, RejectedError)):
            DorySetup.open(huge, b.setup_digest)
        self.assertFalse(self.verifier.verify(replace(b.io, inputs=huge), b.proof).accepted)
        self.assertFalse(self.verifier.verify(replace(b.io, outputs=huge), b.proof).accepted)

    def test_memory_layout(self):
        b = self.bundle
        layout = b.io.memory_layout
        self.assertTrue(self.verifier.verify(replace(b.io, memory_layout=None), b.proof).accepted)
        other = replace(b.io, memory_layout=replace(layout, heap_end=2**64 - 1))
        self.assertFalse(self.verifier.verify(other, b.proof).accepted)
        for wrong in (-1, 2**64, 2**64 + layout.heap_end):
            io = replace(b.io, memory_layout=replace(layout, heap_end=wrong))
            self.assertRaises(InvalidArgumentError, self.verifier.verify, io, b.proof)
        io = replace(b.io, memory_layout=replace(layout, heap_end=1.0))
        self.assertRaises(TypeError, self.verifier.verify, io, b.proof)

    def test_no_memory(self):
        with mock.patch("ctypes.create_string_buffer", side_effect=MemoryError):
            self.assertRaises(MemoryError, verify_bundle, GOOD)
            self.assertRaises(MemoryError, Verifier, self.key, self.setup)
        self.assertTrue(verify_bundle(GOOD).accepted)


class LyingBytes(bytes):
    def __len__(self):
        return 1 << 40


class Buffers(unittest.TestCase):
    def test_bytes_and_views_of_bytes_are_not_copied(self):
        from mote_validator._buffers import borrow

        start = borrow(GOOD, "").address
        self.assertEqual(borrow(memoryview(GOOD), "").address, start)
        self.assertEqual(borrow(memoryview(GOOD)[100:], "").address, start + 100)
        b = Bundle.open(GOOD)
        self.assertIs(b.proof.obj, GOOD)
        self.assertTrue(b.proof.readonly)

    def test_what_can_change_is_copied(self):
        data = bytearray(GOOD)
        bundle = Bundle.open(data)
        data[:] = b""
        self.assertEqual(bytes(bundle.proof), bytes(Bundle.open(GOOD).proof))
        _, key, setup = open_good()
        self.assertTrue(Verifier(key, setup).verify(bundle.io, bundle.proof).accepted)

    def test_views_of_every_shape(self):
        self.assertTrue(verify_bundle(memoryview(bytearray(GOOD)).toreadonly()).accepted)
        doubled = bytes(byte for byte in GOOD for _ in range(2))
        self.assertTrue(verify_bundle(memoryview(doubled)[::2]).accepted)
        self.assertTrue(verify_bundle(memoryview(GOOD[::-1])[::-1]).accepted)
        inside = memoryview(b"abc" + GOOD + b"def")[3:-3]
        self.assertTrue(verify_bundle(inside).accepted)
        self.assertTrue(verify_bundle(memoryview(COMMITTED).cast("b")).accepted)
        # 95151 = 3 * 31717
        shaped = memoryview(COMMITTED).cast("B", (3, len(COMMITTED) // 3))
        self.assertTrue(verify_bundle(shaped).accepted)

    def test_a_released_view(self):
        view = memoryview(GOOD)
        view.release()
        self.assertRaises(ValueError, verify_bundle, view)
        view = memoryview(GOOD)
        bundle = Bundle.open(view)
        view.release()
        self.assertTrue(len(bundle.proof) > 0 and describe_proof(bundle.proof).trace_length > 0)

    def test_a_subclass_that_lies_about_its_length(self):
        self.assertTrue(verify_bundle(LyingBytes(GOOD)).accepted)


class Handles(unittest.TestCase):
    def test_facts(self):
        bundle, key, setup = open_good()
        info = key.info
        self.assertEqual(info.digest, bundle.key_digest)
        self.assertEqual(info.memory_layout, bundle.io.memory_layout)
        self.assertFalse(info.committed)
        self.assertTrue(open_good(COMMITTED)[1].info.committed)
        self.assertGreater(Verifier(key, setup).memory_bytes, 0)
        self.assertEqual((bundle.io.inputs, bundle.io.outputs), (b"\x09\x05\x03", b"\x0f"))
        proof = describe_proof(bundle.proof)
        self.assertEqual(proof.trace_length, 512)
        self.assertEqual(len(proof.sumcheck_rounds), 10)
        self.assertEqual(abi_version(), 1)
        self.assertIn(arch_name(), ("portable", "x86_64_adx", "x86_64_ifma"))

    def test_closed_key(self):
        bundle, key, setup = open_good()
        verifier = Verifier(key, setup)
        key.close()
        key.close()
        self.assertTrue(key.closed)
        for call in (
            lambda: key.info,
            lambda: Verifier(key, setup),
            lambda: verifier.verify(bundle.io, bundle.proof),
            key.__enter__,
        ):
            self.assertRaises(InvalidArgumentError, call)

    def test_closed_setup(self):
        bundle, key, setup = open_good()
        verifier = Verifier(key, setup)
        with setup:
            self.assertTrue(verifier.verify(bundle.io, bundle.proof).accepted)
        self.assertRaises(InvalidArgumentError, Verifier, key, setup)
        self.assertRaises(InvalidArgumentError, verifier.verify, bundle.io, bundle.proof)

    def test_closed_verifier(self):
        bundle, key, setup = open_good()
        verifier = Verifier(key, setup)
        verifier.close()
        self.assertRaises(InvalidArgumentError, verifier.verify, bundle.io, bundle.proof)
        self.assertRaises(InvalidArgumentError, lambda: verifier.memory_bytes)
        self.assertTrue(Verifier(key, setup).verify(bundle.io, bundle.proof).accepted)

    def test_the_verifier_keeps_key_and_setup(self):
        bundle, key, setup = open_good()
        verifier = Verifier(key, setup)
        del key, setup
        self.assertTrue(verifier.verify(bundle.io, bundle.proof).accepted)

    def test_close_during_a_call(self):
        bundle, key, setup = open_good()
        verifier = Verifier(key, setup)

        def close_all(_stage):
            for each in (key, setup, verifier):
                each.close()

        self.assertTrue(verifier.verify(bundle.io, bundle.proof, on_stage=close_all).accepted)
        self.assertRaises(InvalidArgumentError, verifier.verify, bundle.io, bundle.proof)

    def test_no_way_around_open(self):
        self.assertRaises(TypeError, ProgramKey)
        self.assertRaises(TypeError, DorySetup)
        self.assertRaises(InvalidArgumentError, lambda: ProgramKey.__new__(ProgramKey).info)
        _, key, setup = open_good()
        for handle in (key, setup, Verifier(key, setup)):
            self.assertRaises(TypeError, copy.copy, handle)
            self.assertRaises(TypeError, copy.deepcopy, handle)
            self.assertRaises(TypeError, pickle.dumps, handle)


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bundle, cls.key, cls.setup = open_good()
        cls.verifier = Verifier(cls.key, cls.setup)

    def test_outputs(self):
        b = self.bundle
        padded = replace(b.io, outputs=b.io.outputs + b"\0\0")
        self.assertTrue(self.verifier.verify(padded, b.proof).accepted)
        verdict = self.verifier.verify(replace(b.io, outputs=b"\x10"), b.proof)
        self.assertFalse(verdict.accepted)
        self.assertTrue(verdict.stage and verdict.reason and verdict.stage_code)
        with self.assertRaises(RejectedError) as caught:
            verdict.require_accepted()
        self.assertIs(caught.exception.verdict, verdict)
        self.assertFalse(self.verifier.verify(replace(b.io, panic=True), b.proof).accepted)

    def test_accepted_says_nothing_else(self):
        verdict = self.verifier.verify(self.bundle.io, self.bundle.proof)
        self.assertEqual(verdict, Verdict(accepted=True))
        self.assertIs(verdict.require_accepted(), verdict)

    def test_a_verdict_nobody_filled_is_not_accepted(self):
        from mote_validator._abi import CVerdict
        from mote_validator._verdict import from_c

        self.assertFalse(from_c(CVerdict()).accepted)

    def test_malformed_is_never_returned(self):
        b = self.bundle
        with self.assertRaises(MalformedError) as caught:
            self.verifier.verify(b.io, b.proof[:1000])
        verdict = caught.exception.verdict
        self.assertEqual((verdict.accepted, verdict.stage), (False, "decode"))
        self.assertLessEqual(verdict.offset, 1000)
        self.assertIn("malformed: decode: ", str(caught.exception))

    def test_wrong_digests_are_rejected(self):
        b = self.bundle
        for call in (
            lambda: ProgramKey.open(b.key, b.setup_digest),
            lambda: DorySetup.open(b.setup, b.key_digest),
        ):
            with self.assertRaises(RejectedError) as caught:
                call()
            self.assertIn(caught.exception.verdict.stage, ("key", "setup"))
            self.assertEqual(pickle.loads(pickle.dumps(caught.exception)).args,
                             caught.exception.args)

    def test_setup_of_another_program(self):
        other, key, _ = open_good(COMMITTED)
        verifier = Verifier(key, self.setup)
        self.assertTrue(verifier.verify(other.io, other.proof).accepted)
        with self.assertRaises(MoteError):
            verifier.verify(self.bundle.io, self.bundle.proof).require_accepted()


class Observing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bundle, cls.key, cls.setup = open_good()
        cls.verifier = Verifier(cls.key, cls.setup)
        cls.stages = []
        cls.verifier.verify(cls.bundle.io, cls.bundle.proof, on_stage=cls.stages.append)

    def test_names(self):
        for name in ("stage 1", "stage 7", "stage 8"):
            self.assertIn(name, self.stages)
        seen = []
        self.assertTrue(verify_bundle(GOOD, on_stage=seen.append).accepted)
        self.assertEqual(seen, self.stages)

    def test_an_error_at_any_stage_comes_out_and_harms_nothing(self):
        class Stop(BaseException):
            pass

        for last in range(len(self.stages)):
            seen = []

            def watch(stage):
                seen.append(stage)
                if len(seen) == last + 1:
                    raise Stop(stage)

            with self.assertRaises(Stop) as caught:
                self.verifier.verify(self.bundle.io, self.bundle.proof, on_stage=watch)
            self.assertEqual(caught.exception.args, (self.stages[last],))
            self.assertEqual(seen, self.stages[: last + 1])
            self.assertTrue(self.verifier.verify(self.bundle.io, self.bundle.proof).accepted)

    def test_an_error_of_ours_raised_by_the_caller_is_not_a_verdict(self):
        for kind in (RejectedError, MalformedError):
            own = kind(Verdict(accepted=False, stage="mine", offset=7))

            def watch(_stage):
                raise own

            with self.assertRaises(kind) as caught:
                verify_bundle(GOOD, on_stage=watch)
            self.assertIs(caught.exception, own)
            self.assertEqual(caught.exception.verdict.offset, 7)

    def test_no_call_inside_a_call(self):
        def again(_stage):
            self.verifier.verify(self.bundle.io, self.bundle.proof)

        with self.assertRaises(InvalidArgumentError):
            self.verifier.verify(self.bundle.io, self.bundle.proof, on_stage=again)

        other = Verifier(self.key, self.setup)
        inner = []

        def elsewhere(_stage):
            if not inner:
                inner.append(other.verify(self.bundle.io, self.bundle.proof).accepted)

        outer = self.verifier.verify(self.bundle.io, self.bundle.proof, on_stage=elsewhere)
        self.assertEqual((inner, outer.accepted), ([True], True))


if __name__ == "__main__":
    unittest.main()
