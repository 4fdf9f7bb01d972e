"""The README's Python runs as it stands and prints what stands below it."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from support import GOOD, child_environment

README = pathlib.Path(__file__).resolve().parent.parent / "README.md"


class Readme(unittest.TestCase):
    def test_example(self):
        text = README.read_text("utf-8")
        found = re.findall(r"```python\n(.*?)```\n+prints\n+```text\n(.*?)```", text, flags=re.S)
        self.assertGreaterEqual(len(found), 1)
        for code, output in found:
            with tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "bundle.bin").write_bytes(GOOD)
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
