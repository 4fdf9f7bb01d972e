"""The README's Python runs as it stands and prints what stands below it."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from support import GOOD, VECTORS, child_environment

PROOF = json.loads((VECTORS / "bindings/state.json").read_text("ascii"))["proofs"][0]["bytes"]
README = pathlib.Path(__file__).resolve().parent.parent / "README.md"


class Readme(unittest.TestCase):
    def test_example(self):
        text = README.read_text("utf-8")
        found = re.findall(r"```python\n(.*?)```\n+prints\n+```text\n(.*?)```", text, flags=re.S)
        self.assertGreaterEqual(len(found), 1)
        for code, output in found:
            with tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "bundle.bin").write_bytes(GOOD)
                (pathlib.Path(folder) / "proof.bin").write_bytes(bytes.fromhex(PROOF))
                ended = subprocess.run(
                    [sys.executable, "-B", "-c", code],
                    cwd=folder,
                    env=child_environment(),
                    stdout=subprocess.PIPE,
                    universal_newlines=True,
                    check=True,
                )
            self.assertEqual(ended.stdout, output)


if __name__ == "__main__":
    unittest.main()
