#!/usr/bin/env python3
"""Writes cases.json: what every binding and platform must answer.

    make_cases.py build/bin/mote > cases.json

A case is a bundle of tests/vectors/jolt with some bytes changed, and the answer of the native tool.
The answers are not an oracle for the core (tests/sdk is that); they hold the bindings to it.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

BUNDLES = pathlib.Path(__file__).resolve().parent.parent / "jolt"
TRANSPARENT = ["muldiv-bundle.bin", "committed-muldiv-bundle.bin"]
HIDING = ["zk-muldiv-bundle.bin", "zk-committed-muldiv-bundle.bin", "zk-advice-consumer-bundle.bin"]
# Where the two transparent bundles have their outputs, and a round of stage 3.
PROGRAM = "e5d29b70951d11397d6501567e8a15c663a14e6981c1e69ee345c908a8ac01a9"
SETUP = "0728fc290a3913f6f185e8162ac65d28b68d3d589dab26ad423715bccbe7620f"


def apply(case):
    """The bytes of a case: cut to `size`, patched, extended."""
    data = bytearray((BUNDLES / case["bundle"]).read_bytes() if case["bundle"] else b"")
    if "size" in case:
        del data[case["size"] :]
    for offset, change in case.get("patches", []):
        change = bytes.fromhex(change)
        data[offset : offset + len(change)] = change
    return bytes(data) + bytes.fromhex(case.get("append", ""))


def cases():
    draw = random.Random(20261124)
    for name in TRANSPARENT + HIDING:
        yield {"name": f"{name} as it is", "bundle": name}
    yield {"name": "no bytes", "bundle": ""}
    yield {"name": "one byte", "bundle": "", "append": "00"}
    yield {"name": "a text", "bundle": "", "append": b"not a bundle\n".hex()}
    for name in TRANSPARENT:
        content = (BUNDLES / name).read_bytes()
        size = len(content)
        yield {"name": f"{name}, a byte too many", "bundle": name, "append": "00"}
        yield {"name": f"{name}, twice", "bundle": name, "append": content[:64].hex()}
        yield {"name": f"{name}, another program expected", "bundle": name,
               "expect_program": "00" + PROGRAM[2:]}
        yield {"name": f"{name}, another setup expected", "bundle": name,
               "expect_setup": "00" + SETUP[2:]}
        yield {"name": f"{name}, this setup expected", "bundle": name, "expect_setup": SETUP}
        for cut in sorted({1, 2, size - 1, *(draw.randrange(size) for _ in range(20))}):
            yield {"name": f"{name} cut at {cut}", "bundle": name, "size": cut}
        for _ in range(70):
            at = draw.randrange(size)
            other = content[at] ^ (1 << draw.randrange(8))
            yield {"name": f"{name}, a bit of byte {at}", "bundle": name,
                   "patches": [[at, f"{other:02x}"]]}
        # Numbers of nine bytes near the ends of 32 and 64 bits, where lengths may stand.
        for at in sorted(draw.randrange(size - 9) for _ in range(20)):
            number = draw.choice([2**32 - 1, 2**32, 2**63, 2**64 - 1])
            yield {"name": f"{name}, {number} at {at}", "bundle": name,
                   "patches": [[at, "fd" + number.to_bytes(8, "little").hex()]]}
    yield {"name": "another output", "bundle": TRANSPARENT[0], "patches": [[123526, "10"]]}
    yield {"name": "another round of stage 3", "bundle": TRANSPARENT[0],
           "patches": [[143602, "73"]]}


def main():
    tool = sys.argv[1]
    result = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "case.bin"
        for case in cases():
            path.write_bytes(apply(case))
            expect = []
            for key, option in (("expect_program", "--expect-program"),
                                ("expect_setup", "--expect-setup")):
                if key in case:
                    expect += [option, case[key]]
            said = json.loads(subprocess.run([tool, "verify", "--json", *expect, str(path)],
                                             stdout=subprocess.PIPE, check=False).stdout)
            answer = {key: said[key] for key in ("verdict", "stage", "reason", "field", "offset")}
            result.append({**case, "answer": answer})
    print("[\n" + ",\n".join(json.dumps(case) for case in result) + "\n]")


if __name__ == "__main__":
    main()
