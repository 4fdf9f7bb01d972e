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
        from mote_validator import state, svid

        for module in (mote_validator, state, svid):
            self.assertTrue(module.__doc__)
            for name in module.__all__:
                self.assert_documented(name, getattr(module, name))

    def assert_documented(self, name, value):
        if callable(value) and name not in ("BytesLike", "OnStage"):
            self.assertTrue(value.__doc__, name)
            for each, member in vars(value).items() if isinstance(value, type) else ():
                if not each.startswith("_") and (callable(member) or isinstance(member, property)):
                    self.assertTrue(member.__doc__, f"{name}.{each}")


if __name__ == "__main__":
    unittest.main()
