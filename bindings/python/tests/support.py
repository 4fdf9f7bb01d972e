"""What the tests share: the bundles, the cases and the parts of a good bundle."""

import json
import os
import pathlib

import mote_validator
from mote_validator import Bundle, DorySetup, ProgramKey

VECTORS = pathlib.Path(
    os.environ.get("MOTE_VECTORS") or pathlib.Path(__file__).resolve().parents[3] / "tests/vectors"
)
GOOD = (VECTORS / "jolt/muldiv-bundle.bin").read_bytes()
COMMITTED = (VECTORS / "jolt/committed-muldiv-bundle.bin").read_bytes()


def cases():
    """All cases of tests/vectors/bindings."""
    return json.loads((VECTORS / "bindings/cases.json").read_text("utf-8"))


def bytes_of(case):
    """The bytes of a case: cut to `size`, patched, extended."""
    data = bytearray((VECTORS / "jolt" / case["bundle"]).read_bytes() if case["bundle"] else b"")
    if "size" in case:
        del data[case["size"] :]
    for offset, change in case.get("patches", []):
        change = bytes.fromhex(change)
        data[offset : offset + len(change)] = change
    return bytes(data) + bytes.fromhex(case.get("append", ""))


def open_good(data=GOOD):
    """(bundle, key, setup) of a bundle, opened with the digests it states."""
    bundle = Bundle.open(data)
    key = ProgramKey.open(bundle.key, bundle.key_digest)
    return bundle, key, DorySetup.open(bundle.setup, bundle.setup_digest)


def child_environment(**changes):
    """The environment of a child that is to import the same package."""
    package = str(pathlib.Path(mote_validator.__file__).resolve().parents[1])
    return {**os.environ, "PYTHONPATH": package, **changes}
