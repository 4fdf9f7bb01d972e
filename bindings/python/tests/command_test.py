"""python -m mote_validator: verdict and exit code."""

import subprocess
import sys
import tempfile
import unittest

from support import GOOD, VECTORS, child_environment, open_good

BUNDLES = VECTORS / "jolt"


class Command(unittest.TestCase):
    def run_with(self, *arguments, data=None):
        return subprocess.run(
            [sys.executable, "-B", "-m", "mote_validator", *map(str, arguments)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
            check=False,
        )

    def assert_ends(self, code, *arguments, data=None, says=b"", complains=b""):
        ended = self.run_with(*arguments, data=data)
        self.assertEqual(ended.returncode, code, ended)
        self.assertIn(says, ended.stdout)
        self.assertIn(complains, ended.stderr)
        self.assertNotIn(b"Traceback", ended.stderr)

    def test_accepted(self):
        path = BUNDLES / "muldiv-bundle.bin"
        self.assert_ends(0, path, says=b"stated by the bundle; pin it with --expect-program")
        bundle, _, _ = open_good()
        program, setup = bundle.key_digest.hex(), bundle.setup_digest.hex()
        ended = self.run_with(path, "--expect-program", program.upper(), "--expect-setup", setup)
        self.assertEqual(ended.returncode, 0)
        self.assertNotIn(b"pin it", ended.stdout)
        self.assertIn(b"outputs  0f\n", ended.stdout)
        self.assert_ends(0, "-", data=GOOD, says=b"accepted")

    def test_rejected(self):
        self.assert_ends(1, BUNDLES / "zk-muldiv-bundle.bin", says=b"hiding proof")
        good = BUNDLES / "muldiv-bundle.bin"
        self.assert_ends(1, good, "--expect-program", "00" * 32, says=b"rejected\n  key: ")
        self.assert_ends(1, good, "--expect-setup", "00" * 32, says=b"rejected\n  setup: ")

    def test_malformed(self):
        self.assert_ends(2, "-", data=b"", says=b"malformed\n  decode: truncated (key.program)")
        self.assert_ends(2, "-", data=GOOD[:-1], says=b"offset 187030")

    def test_usage(self):
        good = BUNDLES / "muldiv-bundle.bin"
        self.assert_ends(3, complains=b"usage: ")
        self.assert_ends(3, good, "--unknown", complains=b"usage: ")
        for digest in ("", "00", "00" * 33, "zz" * 32, " 0" * 32, "00 " * 32):
            self.assert_ends(3, good, "--expect-setup", digest, complains=b"64 hex digits")
        self.assert_ends(3, "/does/not/exist", complains=b"cannot read")
        with tempfile.TemporaryDirectory() as folder:
            self.assert_ends(3, folder, complains=b"cannot read")
        self.assert_ends(3, "/dev/zero", complains=b"larger than 256 MiB")
        self.assert_ends(0, "--help", says=b"BUNDLE")
        self.assert_ends(0, "--version", says=b"0.1.0")


if __name__ == "__main__":
    unittest.main()
