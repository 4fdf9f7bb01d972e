#!/usr/bin/env python3
"""Writes state.json: what every binding must answer about proofs and witnesses of the state.

    MOTE_LIBRARY=build/bindings/bindings/libmote.so PYTHONPATH=bindings/python/src \
        make_state_cases.py > state.json

The proofs and witnesses of tests/vectors/qmdb come first, with the answers that stand there. Then
copies of them with one field changed: what each must lead to is stated here, from the format alone,
and compared with what the library says.
"""

import json
import pathlib

from mote_validator import InvalidArgumentError, MalformedError, RejectedError, state

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "qmdb"
# Of the histories that the proofs are about: blocks, which are heights.
HEIGHTS = {"mixed": 200, "one-shard": 120}


# ------------------------------------------------------------------ the format, read once more


class Fields:
    """Names of the parts of a proof or witness, with their places: (name, offset, bytes)."""

    def __init__(self, data):
        self.data, self.at, self.all = data, 0, []
        self.take("magic", 4)
        mask = self.take("shard mask", 2)
        self.take("reserved bytes of the head", 2)
        for shard in range(16):
            if mask >> shard & 1:
                self.section(f"shard {shard}: ")
        self.take("nodes of the state tree", len(data) - self.at)

    def take(self, name, size):
        if size:
            self.all.append((name, self.at, size))
        value = int.from_bytes(self.data[self.at : self.at + size], "little")
        self.at += size
        return value

    def section(self, shard):
        next_sn = self.take(shard + "next SN", 8)
        self.take(shard + "floor", 8)
        self.take(shard + "active count", 8)
        entries = self.take(shard + "count of entries", 4)
        extra = self.take(shard + "count of chunks", 4)
        sns = []
        for i in range(entries):
            entry = f"{shard}entry {i}, "
            start = self.at
            key = self.take(entry + "bytes of the key", 1)
            named = self.take(entry + "count of deactivated", 1)
            value = self.take(entry + "bytes of the value", 2)
            self.take(entry + "reserved bytes", 4)
            self.take(entry + "version", 8)
            sns.append(self.take(entry + "SN", 8))
            self.take(entry + "next key hash", 32)
            self.take(entry + "deactivated SNs", 8 * named)
            self.take(entry + "key", key)
            self.take(entry + "value", value)
            self.take(entry + "padding", -(self.at - start) % 8)
        numbers = [self.take(f"{shard}number of chunk {i}", 8) for i in range(extra)]
        witness = self.data[:4] == b"mqw1"
        if witness:
            sns.append(next_sn)
        row = self.fold(sorted(sns), 0, 8, next_sn, shard)
        if numbers:
            self.take(shard + "S of chunks", 32 * len(numbers))
        row = sorted(row + numbers)
        bits = [chunk for chunk in row if chunk << 8 < next_sn]
        self.take(shard + "active bits", 32 * len(bits))
        self.fold(row, 8, 8 + (next_sn >> 8).bit_length(), next_sn, shard)

    def fold(self, row, low, high, next_sn, shard):
        for level in range(low, high):
            items = [n for n in row if n ^ 1 not in row and (n ^ 1) << level < next_sn]
            self.take(f"{shard}siblings at level {level}", 32 * len(items))
            row = sorted({n >> 1 for n in row})
        return row


def changed(data, at, bit):
    out = bytearray(data)
    out[at + bit // 8] ^= 1 << bit % 8
    return bytes(out)


def verdict(kind, fault="", offset=0):
    return {"verdict": kind, "fault": fault, "offset": offset}


ACCEPTED = verdict("accepted")
ROOT = verdict("rejected", "root")
EITHER = None  # does not parse, or leads elsewhere: as the bytes happen to lie


def after_change(name, data, start, at, bit, next_sn):
    """What a changed bit of a field must lead to."""
    what = name.split(": ")[-1].split(", ")[-1]
    if what == "magic":
        return verdict("malformed", "magic", 0)
    if what == "reserved bytes of the head":
        return verdict("malformed", "shard_mask", 4)
    if what == "reserved bytes":
        return verdict("malformed", "entry", start)
    if what == "padding":
        return verdict("malformed", "entry_padding", at)
    if what == "count of chunks" and data[:4] == b"mqp1":
        return verdict("malformed", "chunk_count", at)
    if what == "next SN" and bit >= 56:
        return verdict("malformed", "next_sn", at)
    if what == "SN" and bit >= next_sn.bit_length():
        return verdict("malformed", "entry_order", at)
    decides_places = ("shard mask", "next SN", "SN", "count of entries", "count of chunks",
                      "bytes of the key", "count of deactivated", "bytes of the value")
    if what in decides_places or what.startswith("number of chunk"):
        return EITHER
    return ROOT


def tampered(name, data, base):
    """Copies with the lowest and the highest bit of each field changed."""
    start, next_sn = 0, 0
    for field, at, size in Fields(data).all:
        if field.endswith("bytes of the key"):
            start = at
        if field.endswith("next SN"):
            next_sn = int.from_bytes(data[at : at + 8], "little")
        for bit in (0, 8 * size - 1):
            case = dict(base, bytes=changed(data, at, bit).hex(), questions=[])
            case["name"] = f"{name}, {field}: bit {bit}"
            case["answer"] = after_change(field, data, start, at, bit, next_sn)
            yield case


# ------------------------------------------------------------------ proofs


def question(key, after, answer, value=None):
    return {"key": key, "after": None if after is None else str(after), "answer": answer,
            "value": value}


def proof(name, root, height, data, answer, questions=()):
    return {"name": name, "kind": "witness" if data[:4] == b"mqw1" else "proof", "root": root,
            "height": None if height is None else str(height), "bytes": data.hex(),
            "answer": answer, "questions": list(questions)}


def honest_proofs(file):
    for item in file["proofs"]:
        height = HEIGHTS[item["state"]]
        asked = [question(q["key"], q["height"], q["answer"], q["value"])
                 for q in item["questions"]]
        yield proof(item["note"], item["root"], height, bytes.fromhex(item["proof"]), ACCEPTED,
                    asked)


def odd_questions(base):
    """What cannot be asked, and what this proof does not say."""
    key, height = base["questions"][0]["key"], int(base["height"])
    value = base["questions"][0]["value"]
    asked = [
        question(key, height, "present", value),
        question(key, height + 1, "invalid_argument"),
        question(key, 2**64 - 2, "invalid_argument"),
        question("", None, "invalid_argument"),
        question("00" * 256, None, "invalid_argument"),
        question("00" * 255, None, "unproven"),
        question(key + "00", None, "unproven"),
        question(key[:-2], None, "unproven"),
        question(key, 0, "unproven"),
    ]
    yield dict(base, name="what can be asked", questions=asked)
    yield dict(base, name="the height is not known", height=None,
               questions=[question(key, None, "present", value),
                          question(key, 0, "invalid_argument"),
                          question(key, height, "invalid_argument")])
    yield dict(base, name="the newest height there is", height=str(2**64 - 2),
               questions=[question(key, 2**64 - 2, "present", value)])


def odd_bytes(base, witness_bytes):
    data = bytes.fromhex(base["bytes"])
    base = dict(base, questions=[])
    for size in (0, 3, 7, 8, 39, len(data) - 1):
        yield dict(base, name=f"cut to {size} bytes", bytes=data[:size].hex(),
                   answer=EITHER if size == 39 else verdict("malformed", "truncated"))
    for more in (b"\0", bytes(32)):
        yield dict(base, name=f"{len(more)} bytes more", bytes=(data + more).hex(),
                   answer=verdict("malformed", "trailing", len(data)))
    yield dict(base, name="a proof opened as a witness", kind="witness",
               answer=verdict("malformed", "magic"))
    yield dict(base, name="a witness opened as a proof", bytes=witness_bytes.hex(),
               answer=verdict("malformed", "magic"))
    yield dict(base, name="no shard", bytes=(data[:4] + bytes(2) + data[6:]).hex(),
               answer=verdict("malformed", "shard_mask", 4))
    yield dict(base, name="next SN 0", bytes=(data[:8] + bytes(8) + data[16:]).hex(),
               answer=verdict("malformed", "next_sn", 8))
    yield dict(base, name="no entry", bytes=(data[:32] + bytes(4) + data[36:]).hex(),
               answer=verdict("malformed", "entry_count", 32))
    for count in (2, 2**32 - 1):
        yield dict(base, name=f"{count} entries",
                   bytes=(data[:32] + count.to_bytes(4, "little") + data[36:]).hex(), answer=EITHER)
    root = bytes.fromhex(base["root"])
    for bit in (0, 7, 100, 255):
        yield dict(base, name=f"the root, bit {bit} changed", root=changed(root, 0, bit).hex(),
                   answer=ROOT)
    yield dict(base, name="a root of zeros", root="00" * 32, answer=ROOT)


# ------------------------------------------------------------------ blocks


def operations_of(batch):
    """The lines of a text batch as pairs."""
    out = []
    for line in batch.split("\n"):
        if line.startswith("put "):
            _, key, value = line.split(" ")
            out.append([key, "" if value == "-" else value])
        elif line.startswith("del "):
            out.append([line[4:], None])
    return out


def block(name, of, height, operations, said, fault="", operation=0, root=None):
    return {"name": name, "witness": of, "height": str(height), "operations": operations,
            "answer": {"verdict": said, "fault": fault, "operation": operation, "root": root}}


def blocks(witnesses, items, proofs):
    """Blocks on opened witnesses, which are named by their places in the list of proofs."""
    for of, item in zip(witnesses, items):
        operations, height = operations_of(item["batch"]), item["height"]
        name = f"block {height} of {item['history'][:20]}"
        yield block(name, of, height, operations, "accepted", root=item["new_root"])
        twice = [operations[0][:1] + ["aa" * 9]] + operations
        yield block(name + ", one key twice: the last counts", of, height, twice, "accepted",
                    root=item["new_root"])
    of, item = witnesses[1], items[1]
    operations, height = operations_of(item["batch"]), item["height"]
    yield block("no operations", of, height, [], "accepted", root=item["old_root"])
    # Neither open nor between two that are.
    keys = (bytes([i]) * 20 for i in range(256))
    with opened(proofs[of]) as witness:
        unknown = next(key for key in keys if witness.lookup(key).answer == "unproven")
    strange = [unknown.hex(), "01"]
    yield block("a key that the witness does not open", of, height, operations + [strange],
                "rejected", "missing")
    for name, bad in (("an empty key", ["", "01"]), ("a key of 256 bytes", ["01" * 256, "01"]),
                      ("deleting an empty key", ["", None])):
        yield block(name, of, height, operations[:2] + [bad] + operations[2:], "malformed",
                    "batch_key", 2)
    yield block("a value of 65,536 bytes", of, height, operations + [["01", "00" * 65536]],
                "malformed", "batch_value", len(operations))
    yield block("the height of the root", of, height - 1, operations, "invalid_argument")
    yield block("height 0", of, 0, operations, "invalid_argument")


# ------------------------------------------------------------------ the library must agree


def opened(case):
    kind = state.Witness if case["kind"] == "witness" else state.Proof
    height = None if case["height"] is None else int(case["height"])
    return kind.open(bytes.fromhex(case["root"]), bytes.fromhex(case["bytes"]), height)


def said_of(case):
    try:
        opened(case).close()
        return ACCEPTED
    except RejectedError as error:
        return verdict("rejected", error.verdict.reason, error.verdict.offset)
    except MalformedError as error:
        return verdict("malformed", error.verdict.reason, error.verdict.offset)


def check_proof(case):
    said, wanted = said_of(case), case["answer"]
    if wanted is EITHER:
        assert said == ROOT or said["verdict"] == "malformed", (case["name"], said)
    elif wanted == verdict("malformed", "truncated"):
        assert (said["verdict"], said["fault"]) == ("malformed", "truncated"), case["name"]
    else:
        assert said == wanted, (case["name"], said, wanted)
    assert said["offset"] <= len(case["bytes"]) // 2, case["name"]
    case["answer"] = said
    for asked in case["questions"]:
        after = None if asked["after"] is None else int(asked["after"])
        try:
            found = opened(case).lookup(bytes.fromhex(asked["key"]), after)
            answer = (found.answer, None if found.value is None else found.value.hex())
        except InvalidArgumentError:
            answer = ("invalid_argument", None)
        assert answer == (asked["answer"], asked["value"]), (case["name"], asked, answer)


def check_block(case, proofs):
    operations = [(bytes.fromhex(key), None if value is None else bytes.fromhex(value))
                  for key, value in case["operations"]]
    witness = opened(proofs[case["witness"]])
    try:
        found = witness.apply(int(case["height"]), operations)
        said = ("accepted" if found.accepted else "rejected", found.fault, 0,
                None if found.root is None else found.root.hex())
    except MalformedError as error:
        said = ("malformed", error.verdict.reason, error.verdict.index, None)
    except InvalidArgumentError:
        said = ("invalid_argument", "", 0, None)
    assert said == tuple(case["answer"].values()), (case["name"], said)


def main():
    file = json.loads((VECTORS / "proofs.json").read_text("ascii"))
    items = json.loads((VECTORS / "witnesses.json").read_text("ascii"))
    proofs = list(honest_proofs(file))
    first = proofs[0]
    by_name = {case["name"]: case for case in proofs}
    refused = [dict(first, name=c["note"], bytes=c["proof"], questions=[],
                    answer=ROOT if c["reason"] == "root" and c["note"] != "witness magic"
                    else EITHER) for c in file["refused"]["cases"]]
    proofs += refused
    proofs.append(dict(first, name="the root a block earlier", root=file["stale"]["root"],
                       questions=[], answer=ROOT))
    proofs += odd_questions(first)
    witness_bytes = bytes.fromhex(items[1]["witness"])
    proofs += odd_bytes(first, witness_bytes)
    # One of each: a present key, a past one with two entries, and a witness.
    for base in (first, by_name["past"]):
        proofs += tampered(base["name"], bytes.fromhex(base["bytes"]), base)
    honest = []
    for item in items:
        honest.append(len(proofs))
        keys = [key for key, _ in operations_of(item["batch"])][:3]
        case = proof(f"witness of block {item['height']} of {item['history'][:20]}",
                     item["old_root"], item["height"] - 1, bytes.fromhex(item["witness"]), ACCEPTED)
        for key in keys:
            found = opened(case).lookup(bytes.fromhex(key))
            assert found.answer != "unproven"
            case["questions"].append(question(key, None, found.answer,
                                              None if found.value is None else found.value.hex()))
        proofs.append(case)
    base = proofs[honest[1]]
    some = list(tampered("witness", witness_bytes, dict(base, questions=[])))
    proofs += some[:48] + some[48::6]
    for case in proofs:
        check_proof(case)

    applied = list(blocks(honest, items, proofs))
    for case in applied:
        check_block(case, proofs)

    def lines(cases):
        return "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]"

    parts = {"proofs": proofs, "blocks": applied}
    print("{" + ",\n".join(f'"{name}": {lines(cases)}' for name, cases in parts.items()) + "}")


if __name__ == "__main__":
    main()
