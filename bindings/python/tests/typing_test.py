"""The package passes mypy --strict, where mypy is installed."""

import os
import pathlib
import shutil
import subprocess
import unittest

HERE = pathlib.Path(__file__).resolve().parent.parent
# The program, not the module: it may belong to another Python than the one that runs the tests.
MYPY = shutil.which("mypy")


@unittest.skipUnless(MYPY, "mypy is not installed")
class Typing(unittest.TestCase):
    def test_strict(self):
        subprocess.run(
            [MYPY, "--strict", "--cache-dir", os.devnull,
             "--config-file", str(HERE / "pyproject.toml"), str(HERE / "src/mote_validator")],
            check=True,
        )


class Documented(unittest.TestCase):
    def test_every_public_name_has_a_docstring(self):
        import mote_validator

        self.assertTrue(mote_validator.__doc__)
        for name in mote_validator.__all__:
            value = getattr(mote_validator, name)
            if not callable(value) or name in ("BytesLike", "OnStage"):
                continue
            self.assertTrue(value.__doc__, name)
            for each, member in vars(value).items() if isinstance(value, type) else ():
                if not each.startswith("_") and (callable(member) or isinstance(member, property)):
                    self.assertTrue(member.__doc__, f"{name}.{each}")


if __name__ == "__main__":
    unittest.main()
