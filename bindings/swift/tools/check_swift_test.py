#!/usr/bin/env python3
"""check_swift.py finds what it is there to find.

    check_swift_test.py HEADER
"""
import sys

import check_swift

GOOD = """func f() {
    var raw = mote_verdict()
    raw.stage = 1  // "
    mote_abi_version()
}
"""
# What is changed, and what is said about it then.
CHANGES = [
    ("mote_abi_version()", "mote_abi_version(1)", "0 arguments, not 1"),
    ("mote_abi_version()", "mote_jolt_verify_size(&a, (b, c), d, e)", "3 arguments, not 4"),
    ("mote_abi_version()", "mote_abi_versions()", "not in mote.h"),
    ("mote_abi_version()", "MOTE_FINE", "not in mote.h"),
    ("mote_abi_version()", "mote_abi_version", "not called"),
    ("raw.stage", "raw.stages", "no such field"),
    ("}", "", "not closed"),
    ("}", ")", "closes nothing"),
]


def main():
    known = check_swift.header(open(sys.argv[1], encoding="utf-8").read())
    assert check_swift.check("good", GOOD, known) == [], check_swift.check("good", GOOD, known)
    for old, new, wanted in CHANGES:
        said = check_swift.check("changed", GOOD.replace(old, new), known)
        assert any(wanted in line for line in said), (new, said)
    print(f"{len(CHANGES)} mistakes found")


if __name__ == "__main__":
    main()
