"""Keys and setups are shared between threads; verifiers serve one call after the other."""

import threading
import unittest
from dataclasses import replace

from support import GOOD, open_good
from mote_validator import InvalidArgumentError, Verifier, verify_bundle


def run_together(*jobs):
    """Runs jobs in threads that start at the same moment; returns what they returned or raised."""
    start = threading.Barrier(len(jobs))
    results = [None] * len(jobs)

    def run(index, job):
        start.wait()
        try:
            results[index] = job()
        except Exception as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        if thread.is_alive():
            raise AssertionError("a thread does not end")
    return results


class Threads(unittest.TestCase):
    def setUp(self):
        self.bundle, self.key, self.setup = open_good()
        self.other = replace(self.bundle.io, outputs=b"\x10")

    def answers(self, verifier, rounds=15):
        """Alternates between a good and a bad claim; True if every answer is right."""
        b = self.bundle
        return all(
            verifier.verify(io, b.proof).accepted == (io is b.io)
            for _ in range(rounds)
            for io in (b.io, self.other)
        )

    def test_two_verifiers_share_key_and_setup(self):
        def job():
            return self.answers(Verifier(self.key, self.setup))

        self.assertEqual(run_together(job, job), [True, True])

    def test_one_verifier_serves_two_threads(self):
        verifier = Verifier(self.key, self.setup)
        stages = []
        verifier.verify(self.bundle.io, self.bundle.proof, on_stage=stages.append)
        seen = []

        def job():
            def watch(stage):
                seen.append((threading.get_ident(), stage))

            return all(
                verifier.verify(self.bundle.io, self.bundle.proof, on_stage=watch).accepted
                for _ in range(15)
            )

        self.assertEqual(run_together(job, job), [True, True])
        # Nothing of one call stands between two stages of another.
        self.assertEqual(len(seen), 30 * len(stages))
        for begin in range(0, len(seen), len(stages)):
            call = seen[begin : begin + len(stages)]
            self.assertEqual(call, [(call[0][0], stage) for stage in stages])

    def test_opening_in_two_threads(self):
        def job():
            return all(verify_bundle(GOOD).accepted for _ in range(10))

        self.assertEqual(run_together(job, job), [True, True])

    def test_closing_while_others_verify(self):
        for _ in range(5):
            _, key, setup = open_good()
            verifier = Verifier(key, setup)
            begun = threading.Event()

            def verify():
                while True:
                    verifier.verify(
                        self.bundle.io, self.bundle.proof, on_stage=lambda _: begun.set()
                    ).require_accepted()

            def close():
                begun.wait(60)
                for each in (key, setup, verifier):
                    each.close()

            result, _ = run_together(verify, close)
            self.assertIsInstance(result, InvalidArgumentError)

    def test_other_threads_run_during_a_call(self):
        """A call waits for a thread that could not run if the call held the interpreter's lock."""
        begun, done = threading.Event(), threading.Event()

        def answer():
            begun.wait(60)
            done.set()

        thread = threading.Thread(target=answer)
        thread.start()

        def watch(_stage):
            begun.set()
            self.assertTrue(done.wait(60))

        verifier = Verifier(self.key, self.setup)
        verifier.verify(self.bundle.io, self.bundle.proof, on_stage=watch).require_accepted()
        thread.join()


if __name__ == "__main__":
    unittest.main()
