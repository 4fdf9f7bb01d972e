"""The ctypes declarations equal the C header, and only a fitting library is loaded.

Needs a C compiler: CC, or cc. MOTE_INCLUDE is the folder of mote/mote.h.
"""

import ctypes
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from support import VECTORS, child_environment
from mote_validator import _abi, _library, _state_abi, _svid_abi

CC = os.environ.get("CC") or "cc"
INCLUDE = os.environ.get("MOTE_INCLUDE") or str(VECTORS.parent.parent / "sdk/include")

STRUCTS = {
    "mote_verdict": _abi.CVerdict,
    "mote_memory_layout": _abi.CMemoryLayout,
    "mote_jolt_key_info": _abi.CKeyInfo,
    "mote_public_io": _abi.CPublicIo,
    "mote_observer": _abi.CObserver,
    "mote_span": _abi.CSpan,
    "mote_jolt_bundle": _abi.CBundle,
    "mote_jolt_proof_info": _abi.CProofInfo,
    "mote_state_verdict": _state_abi.CStateVerdict,
    "mote_state_operation": _state_abi.COperation,
    "mote_svid_verdict": _svid_abi.CShareVerdict,
    "mote_svid_validators": _svid_abi.CValidators,
    "mote_svid_params": _svid_abi.CParams,
    "mote_svid_range": _svid_abi.CRange,
    "mote_svid_header_info": _svid_abi.CHeaderInfo,
    "mote_svid_expected": _svid_abi.CExpected,
    "mote_svid_request": _svid_abi.CRequest,
    "mote_svid_rows": _svid_abi.CRows,
    "mote_svid_finding": _svid_abi.CFinding,
    "mote_svid_row": _svid_abi.CRow,
}
CONSTANTS = {
    "MOTE_ABI_VERSION": _abi.ABI_VERSION,
    "MOTE_OK": _abi.OK,
    "MOTE_MALFORMED": _abi.MALFORMED,
    "MOTE_INVALID_ARGUMENT": _abi.INVALID_ARGUMENT,
    "MOTE_MEMORY_TOO_SMALL": _abi.MEMORY_TOO_SMALL,
    "MOTE_LIMIT_EXCEEDED": _abi.LIMIT_EXCEEDED,
    "MOTE_UNSUPPORTED": _abi.UNSUPPORTED,
    "MOTE_GT_BYTES": _abi.GT_BYTES,
    **{
        f"MOTE_{part}_{name}": value
        for part, module in (("SVID", _svid_abi), ("STATE", _state_abi))
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int)
        and name not in ("DIGEST_BYTES",)
    },
}


def compiled(folder, source, *options):
    """Compiles a C text; returns the file."""
    code = pathlib.Path(folder) / "program.c"
    code.write_text(source, "ascii")
    out = pathlib.Path(folder) / "program"
    subprocess.run([CC, f"-I{INCLUDE}", str(code), "-o", str(out), *options], check=True)
    return out


def header():
    text = "".join(
        (pathlib.Path(INCLUDE) / "mote" / name).read_text("ascii")
        for name in ("mote.h", "mote_state.h", "mote_svid.h")
    )
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


class Layout(unittest.TestCase):
    def test_structs_and_constants(self):
        lines, wanted = [], []

        def same(expression, value):
            lines.append(f'printf("%llu\\n", (unsigned long long)({expression}));')
            wanted.append((expression, value))

        for name, kind in STRUCTS.items():
            same(f"sizeof({name})", ctypes.sizeof(kind))
            for field, _ in kind._fields_:
                member = getattr(kind, field)
                same(f"offsetof({name}, {field})", member.offset)
                same(f"sizeof((({name}*)0)->{field})", member.size)
        for name, value in CONSTANTS.items():
            same(name, value)
        includes = "#include <stdio.h>\n#include <mote/mote_state.h>\n#include <mote/mote_svid.h>\n"
        source = includes + "int main(void) {\n" + "\n".join(lines) + "\nreturn 0; }\n"
        with tempfile.TemporaryDirectory() as folder:
            said = subprocess.run([compiled(folder, source)], stdout=subprocess.PIPE, check=True)
        for (expression, value), line in zip(wanted, said.stdout.split()):
            self.assertEqual(int(line), value, expression)

    def test_no_struct_is_forgotten(self):
        declared = set(re.findall(r"\}\s*(mote_\w+);", header()))
        self.assertEqual(declared, set(STRUCTS))

    def test_no_constant_is_forgotten(self):
        declared = set(re.findall(r"#define (MOTE_[A-Z0-9_]+) [0-9]", header()))
        self.assertEqual(declared - set(CONSTANTS), set())

    def test_every_function_is_declared(self):
        declared = {
            name: 0 if arguments.strip() == "void" else arguments.count(",") + 1
            for name, arguments in re.findall(
                r"^MOTE_API [^;(]*?(mote_\w+)\(([^)]*)\);", header(), flags=re.M
            )
        }
        ours = {name: len(arguments) for name, (_, arguments) in _library._FUNCTIONS.items()}
        self.assertEqual(ours, declared)


class Loading(unittest.TestCase):
    def importing(self, library):
        return subprocess.run(
            [sys.executable, "-B", "-c", "import mote_validator"],
            env=child_environment(MOTE_LIBRARY=str(library)),
            stderr=subprocess.PIPE,
            universal_newlines=True,
            check=False,
        )

    def assert_refused(self, library, text):
        ended = self.importing(library)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("ImportError", ended.stderr)
        self.assertIn(text, ended.stderr)

    def test_no_file(self):
        self.assert_refused("/does/not/exist.so", "set MOTE_LIBRARY")

    def test_not_a_library(self):
        self.assert_refused(__file__, "is not a libmote")

    def test_another_library(self):
        with tempfile.TemporaryDirectory() as folder:
            other = compiled(folder, "int other(void) { return 0; }\n", "-shared", "-fPIC")
            self.assert_refused(other, "is not a libmote")

    def test_another_version(self):
        source = "".join(f"int {name}(void) {{ return 99; }}\n" for name in _library._FUNCTIONS)
        with tempfile.TemporaryDirectory() as folder:
            other = compiled(folder, source, "-shared", "-fPIC")
            self.assert_refused(other, "has version 99 of the C interface")


if __name__ == "__main__":
    unittest.main()
