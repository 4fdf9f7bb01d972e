#!/usr/bin/env python3
"""check_swift.py finds what it is there to find.

    check_swift_test.py HEADER.h...
"""
import sys

import check_swift

GOOD = """func f() {
    var raw = mote_verdict()
    raw.stage = 1  // "
    mote_abi_version()
    var rawShare = mote_svid_verdict()
    rawShare.row = MOTE_SVID_NO_VALIDATOR
    mote_svid_share_end_z(&fault, share)
}
"""
# What is changed, and what is said about it then.
CHANGES = [
    ("mote_abi_version()", "mote_abi_version(1)", "0 arguments, not 1"),
    ("mote_abi_version()", "mote_jolt_verify_size(&a, (b, c), d, e)", "3 arguments, not 4"),
    ("mote_abi_version()", "mote_abi_versions()", "in no header"),
    ("mote_abi_version()", "MOTE_FINE", "in no header"),
    ("mote_abi_version()", "mote_abi_version", "not called"),
    ("raw.stage", "raw.stages", "no such field"),
    ("rawShare.row", "rawShare.stage", "no such field"),
    ("MOTE_SVID_NO_VALIDATOR", "MOTE_SVID_NOBODY", "in no header"),
    ("(&fault, share)", "(share)", "2 arguments, not 1"),
    ("}", "", "not closed"),
    ("}", ")", "closes nothing"),
]


def main():
    known = check_swift.headers_at(sys.argv[1:])
    assert check_swift.check("good", GOOD, known) == [], check_swift.check("good", GOOD, known)
    for old, new, wanted in CHANGES:
        said = check_swift.check("changed", GOOD.replace(old, new), known)
        assert any(wanted in line for line in said), (new, said)
    print(f"{len(CHANGES)} mistakes found")


if __name__ == "__main__":
    main()
