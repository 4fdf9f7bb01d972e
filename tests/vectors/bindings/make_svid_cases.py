#!/usr/bin/env python3
"""Writes svid.json: what every binding must answer about shares, samples and reconstructions.

    MOTE_LIBRARY=build/bindings/bindings/libmote.so PYTHONPATH=bindings/python/src \
        make_svid_cases.py > svid.json

The shares of tests/vectors/svid come first, with the verdicts that stand there. Then copies of them
with something changed: for each the fault is stated here and compared with what the library says.
"""
import copy
import json
import pathlib
import random

from mote_validator import MoteError, svid

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "svid"
NEVER_HERE = {"bound": ("provisional", 7), "E_PROOF": ("provisional", 7)}  # step 8 is not the core's


# ------------------------------------------------------------------ inputs as svid/README.md has them

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
MASK = 0xFFFFFFFF


def compress(chaining, words, counter, length, flags):
    """BLAKE3's compression function, all sixteen words of it."""
    v = [*chaining, *IV[:4], counter & MASK, counter >> 32, length, flags]

    def mix(a, b, c, d, x, y):
        for word, first, second in ((x, 16, 12), (y, 8, 7)):
            v[a] = (v[a] + v[b] + word) & MASK
            v[d] ^= v[a]
            v[d] = (v[d] >> first | v[d] << (32 - first)) & MASK
            v[c] = (v[c] + v[d]) & MASK
            v[b] ^= v[c]
            v[b] = (v[b] >> second | v[b] << (32 - second)) & MASK

    for _ in range(7):
        for i in range(4):
            mix(i, i + 4, i + 8, i + 12, words[2 * i], words[2 * i + 1])
        for i in range(4):
            mix(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4,
                words[8 + 2 * i], words[9 + 2 * i])
        words = [words[i] for i in ORDER]
    return [v[i] ^ v[i + 8] for i in range(8)] + [v[i + 8] ^ chaining[i] for i in range(8)]


def xof(text, size):
    """BLAKE3 of at most 64 bytes, extended."""
    data = text.encode("ascii")
    assert len(data) <= 64
    words = [int.from_bytes(data.ljust(64, b"\0")[4 * i : 4 * i + 4], "little") for i in range(16)]
    out = b""
    while len(out) < size:
        block = compress(IV, words, len(out) // 64, len(data), 1 | 2 | 8)
        out += b"".join(word.to_bytes(4, "little") for word in block)
    return out[:size]


def validators_of(given):
    """Stakes and keys of an input; zero stakes are left out after keys are given."""
    rule, label = given["stakes"], given["label"]
    if "list" in rule:
        stakes = [int(stake) for stake in rule["list"]]
    else:
        stakes = [int(rule["equal"][1])] * rule["equal"][0]
    owners = {int(v): w for v, w in given.get("same_key", {}).items()}
    keys = [xof(f"{label} key {owners.get(v, v)}", 48) for v in range(len(stakes))]
    some = [v for v, stake in enumerate(stakes) if stake]
    return {
        "seed": given["seed"],
        "stakes": [str(stakes[v]) for v in some],
        "public_keys": b"".join(keys[v] for v in some).hex(),
    }


# ------------------------------------------------------------------ shares


def share_of(test, epochs):
    """A case of share.json with everything spelled out."""
    given = test["input"]
    epoch = validators_of(given)
    if epoch not in epochs:
        epochs.append(epoch)
    verdict, step = NEVER_HERE.get(test["verdict"], (test["verdict"], test["step"]))
    return {
        "name": test["name"],
        "epoch": epochs.index(epoch),
        "expected": {
            "chain_id": given["chain_id"],
            "zone": given["zone"],
            "height": str(given["height"]),
            "epoch": str(given["epoch"]),
            "svid_root": test["svid_root"],
            "block_bytes_max": str(test.get("block_limit", svid.BLOCK_BYTES_MAX)),
        },
        "validator": test["validator"],
        "rows": None,
        "header": test["header"],
        "z": test["z"],
        "messages": [
            {
                "first": row["first_row"],
                "count": row["count"],
                "rows": row["rows"],
                "data_path": row.get("data_path", ""),
                "parity_path": row.get("parity_path", ""),
            }
            for row in test["rows"]
        ],
        "answer": {
            "outcome": "rejected" if verdict.startswith("E_") else verdict,
            "step": step,
            "fault": verdict if verdict.startswith("E_") else "",
            "row": None,
        },
    }


def flipped(text, at, bit=0):
    """Hex digits with one bit of one byte changed."""
    data = bytearray.fromhex(text)
    data[at] ^= 1 << bit
    return data.hex()


def changed_shares(base):
    """Copies of an honest share, and the fault that each has; None: it stays as it was."""
    draw = random.Random(20261124)

    def case(name, fault, change):
        share = copy.deepcopy(base)
        share["name"] = f"{base['name']}: {name}"
        change(share)
        share["answer"] = fault
        return share

    def header(at, bit=0):
        return lambda share: share.update(header=flipped(share["header"], at, bit))

    def message(**new):
        return lambda share: share["messages"][0].update(new)

    def expect(**new):
        return lambda share: share["expected"].update(new)

    first = base["messages"][0]
    for name, at, fault in (
        ("magic", 0, "E_HEADER"), ("zone", 4, "E_HEADER"), ("height", 8, "E_HEADER"),
        ("epoch", 16, "E_HEADER"), ("block bytes", 30, "E_PARAMS"), ("k", 32, "E_PARAMS"),
        ("N", 36, "E_PARAMS"), ("log2 L", 40, "E_PARAMS"), ("a reserved byte", 47, "E_HEADER"),
        ("chain id", 48, "E_HEADER"), ("data root", 80, "E_COMMIT"),
        ("parity root", 112, "E_COMMIT"), ("Z digest", 144, "E_COMMIT"),
    ):
        yield case(f"header, {name} changed", fault, header(at))
    for size in (0, 1, 175):
        yield case(f"header of {size} bytes", "E_HEADER",
                   lambda share, size=size: share.update(header=share["header"][: 2 * size]))
    yield case("header of 177 bytes", "E_HEADER",
               lambda share: share.update(header=share["header"] + "00"))
    for name, other in (("zone", 7), ("height", "7"), ("epoch", "7")):
        yield case(f"another {name} expected", "E_HEADER", expect(**{name: other}))
    yield case("another chain expected", "E_HEADER", expect(chain_id="11" * 32))
    yield case("another root asked for", "E_COMMIT", expect(svid_root="11" * 32))
    yield case("a limit below the block", "E_PARAMS", expect(block_bytes_max="4999"))
    yield case("a limit at the block", None, expect(block_bytes_max="5000"))
    yield case("no limit of the chain's own", None, expect(block_bytes_max=str(2**64 - 1)))
    for at in sorted(draw.sample(range(len(base["z"]) // 2), 4)):
        yield case(f"Z, byte {at} changed", "E_Z",
                   lambda share, at=at: share.update(z=flipped(share["z"], at)))
    yield case("Z twice", "E_Z", lambda share: share.update(z=share["z"] * 2))
    yield case("Z of no bytes", "E_Z", lambda share: share.update(z=""))
    yield case("Z a byte short", "E_Z", lambda share: share.update(z=share["z"][:-2]))
    for at in sorted(draw.sample(range(len(first["rows"]) // 2), 4)):
        yield case(f"rows, byte {at} changed", "E_PATH",
                   message(rows=flipped(first["rows"], at, 7)))
    yield case("rows, a byte more", "E_ROW_SHAPE", message(rows=first["rows"] + "00"))
    yield case("rows, none", "E_ROW_SHAPE", message(rows=""))
    yield case("the first row again", "E_ROW_SHAPE",
               lambda share: share["messages"].append(copy.deepcopy(first)))
    yield case("count 0", "E_ROW_SHAPE", message(count=0, rows=""))
    yield case("first row N", "E_ROW_SHAPE", message(first=18))
    yield case("first row 2^32 - 1", "E_ROW_SHAPE", message(first=2**32 - 1))
    yield case("count 2^32 - 1", "E_ROW_SHAPE", message(count=2**32 - 1))
    yield case("rows that were not assigned", "E_ROW_SHAPE",
               message(first=(first["first"] + 5) % 13))
    which = "data_path" if first["data_path"] else "parity_path"
    other = "parity_path" if which == "data_path" else "data_path"
    path = first[which]
    yield case("path, a bit changed", "E_PATH", message(**{which: flipped(path, 0)}))
    yield case("path, a value less", "E_PATH", message(**{which: path[:-64]}))
    yield case("path, a value more", "E_PATH", message(**{which: path + "00" * 32}))
    yield case("path, a byte more", "E_PATH", message(**{which: path + "00"}))
    yield case("path of 4 KiB", "E_PATH", message(**{which: "00" * 4096}))
    yield case("a path where none belongs", "E_PATH", message(**{other: "00" * 32}))
    yield case("no messages", ("incomplete", 4), lambda share: share.update(messages=[]))
    yield case("nothing at all", ("incomplete", 3), lambda share: share.update(z=None, messages=[]))
    yield case("a wrong path and a wrong Z: the lower step", "E_Z",
               lambda share: (share.update(z=flipped(share["z"], 0)),
                              message(**{which: flipped(path, 0)})(share)))
    # A sampler asks for some of the same rows, or for others.
    rows = list(range(first["first"], first["first"] + first["count"]))
    yield case("as a sample", None, lambda share: share.update(
        validator=None, rows=rows, messages=share["messages"][:1]))
    yield case("as a sample of more rows", ("incomplete", 4), lambda share: share.update(
        validator=None, rows=sorted({*rows, 0, 17}), messages=share["messages"][:1]))
    yield case("as a sample of other rows", "E_ROW_SHAPE", lambda share: share.update(
        validator=None, rows=[(rows[0] + 6) % 18], messages=share["messages"][:1]))
    yield case("as a sample of no rows", None, lambda share: share.update(
        validator=None, rows=[], messages=[]))


def expected_answer(said):
    """A fault or an (outcome, step) as an answer."""
    if said is None:
        return {"outcome": "provisional", "step": 7, "fault": "", "row": None}
    if isinstance(said, tuple):
        return {"outcome": said[0], "step": said[1], "fault": "", "row": None}
    step = ["", "E_HEADER", "E_PARAMS", "E_COMMIT", "E_Z", "E_ROW_SHAPE", "E_PATH"].index(said)
    return {"outcome": "rejected", "step": step, "fault": said, "row": None}


def open_epoch(epoch):
    return svid.Epoch.open(bytes.fromhex(epoch["seed"]), [int(s) for s in epoch["stakes"]],
                           bytes.fromhex(epoch["public_keys"]))


def verdict_on(share, epochs):
    e = share["expected"]
    return svid.check_share(
        open_epoch(epochs[share["epoch"]]),
        svid.Expected(bytes.fromhex(e["chain_id"]), e["zone"], int(e["height"]), int(e["epoch"]),
                      bytes.fromhex(e["svid_root"]), int(e["block_bytes_max"])),
        bytes.fromhex(share["header"]),
        None if share["z"] is None else bytes.fromhex(share["z"]),
        [svid.Rows(m["first"], m["count"], *(bytes.fromhex(m[k])
                                             for k in ("rows", "data_path", "parity_path")))
         for m in share["messages"]],
        validator=share["validator"], rows=share["rows"])


# ------------------------------------------------------------------ the rest


def reconstructions(rows, header, block):
    """Rows of a dispersal with k = 5, N = 18; each case with its answer."""
    def case(name, numbers, answer, edit=lambda held: held, head=header):
        held = edit([[number, rows[number].hex()] for number in numbers])
        return {
            "name": name,
            "header": head,
            "rows": [{"number": number, "bytes": data} for number, data in held],
            "answer": answer,
            "block": block.hex() if answer == "rebuilt" else None,
        }

    def wrong(at):
        return lambda held: [[n, flipped(data, 0) if i == at else data]
                             for i, (n, data) in enumerate(held)]

    yield case("all data rows", range(5), "rebuilt")
    yield case("parity rows only", [5, 6, 7, 8, 9], "rebuilt")
    yield case("some of both, in no order", [17, 2, 9, 4, 11], "rebuilt")
    yield case("all rows", range(18), "rebuilt")
    yield case("one row too few", [17, 2, 9, 4], "insufficient")
    yield case("no rows", [], "insufficient")
    yield case("a wrong row among k", [17, 2, 9, 4, 11], "mismatch", wrong(0))
    yield case("a wrong row among k + 1", [17, 2, 9, 4, 11, 0], "rebuilt", wrong(2))
    yield case("another data root", range(5), "mismatch", head=flipped(header, 80))
    yield case("a row beyond the last", [17, 2, 9, 4, 11], "invalid_argument",
               lambda held: [[n + 7, data] if n == 11 else [n, data] for n, data in held])
    yield case("row 2^32 - 1", [17, 2, 9, 4, 11], "invalid_argument",
               lambda held: [[2**32 - 1, data] if n == 11 else [n, data] for n, data in held])
    yield case("a row a byte short", [17, 2, 9, 4, 11], "invalid_argument",
               lambda held: [[n, data[:-2]] for n, data in held])
    yield case("a row without bytes", [17, 2, 9, 4, 11], "invalid_argument",
               lambda held: [[n, "" if n == 9 else data] for n, data in held])
    yield case("no header", range(5), "malformed", head="")
    yield case("header of 175 bytes", range(5), "malformed", head=header[:-2])
    for name, at, bit in (("magic", 0, 0), ("block bytes", 27, 7), ("k", 32, 0), ("N", 39, 7),
                          ("log2 L", 40, 0), ("a reserved byte", 41, 0)):
        yield case(f"header, {name} changed", range(5), "malformed", head=flipped(header, at, bit))


def main():
    shares, epochs = [], []
    tests = json.loads((VECTORS / "share.json").read_text("ascii"))["cases"]
    for test in tests:
        shares.append(share_of(test, epochs))
    by_name = {share["name"]: share for share in shares}
    # All changes to one row, and some of them to several.
    for name, every in (("honest unequal, validator 3", 1), ("honest unequal, validator 2", 6)):
        for share in list(changed_shares(by_name[name]))[::every]:
            share["answer"] = expected_answer(share["answer"])
            shares.append(share)
    for share in shares:
        said = verdict_on(share, epochs)
        answer = share["answer"]
        if answer["fault"] == "E_FINGERPRINT":
            answer["row"] = said.row
            held = [m["first"] <= said.row < m["first"] + m["count"] for m in share["messages"]]
            assert any(held), share["name"]
        found = {"outcome": said.outcome, "step": said.step, "fault": said.fault, "row": said.row}
        assert found == answer, (share["name"], found, answer)

    # All rows of "public 6" are in the honest shares of its seven validators.
    honest = [share for share in shares if share["name"].startswith("honest unequal, validator")]
    header = honest[0]["header"]
    sizes = [1024] * 4 + [904] + [1024] * 13
    rows = {}
    for share in honest[:7]:
        for message in share["messages"]:
            data = bytes.fromhex(message["rows"])
            for number in range(message["first"], message["first"] + message["count"]):
                rows[number], data = data[: sizes[number]], data[sizes[number] :]
            assert not data
    assert len(rows) == 18
    block = b"".join(rows[number] for number in range(5))
    rebuilt = list(reconstructions(rows, header, block))
    for case in rebuilt:
        held = {row["number"]: bytes.fromhex(row["bytes"]) for row in case["rows"]}
        try:
            got = svid.reconstruct(bytes.fromhex(case["header"]), held)
            answer = got.result
            assert (got.block or b"").hex() == (case["block"] or "")
        except MoteError as error:
            answer = {"MalformedError": "malformed",
                      "InvalidArgumentError": "invalid_argument"}[type(error).__name__]
        assert answer == case["answer"], (case["name"], answer)

    commits = json.loads((VECTORS / "commit.json").read_text("ascii"))["cases"]
    dispersals = []
    for commit in commits:
        given, expect = commit["input"], commit["expect"]
        if "xof" in given["stakes"] or len(validators_of(given)["stakes"]) > 64:
            continue
        epoch = validators_of(given)
        if epoch not in epochs:
            epochs.append(epoch)
        names = ("data_root", "parity_root", "z_digest", "svid_root", "announce_digest")
        dispersals.append({
            "epoch": epochs.index(epoch),
            "header": expect["header"],
            "block_bytes": given["B"],
            "zone": given["zone"],
            "height": str(given["height"]),
            "number": str(given["epoch"]),
            "chain_id": given["chain_id"],
            **{name: expect[name] for name in names},
            "row_bytes": expect["L"],
            "data_rows": expect["k"],
            "code_rows": expect["K"],
            "rows": expect["N"],
            "ranges": expect["ranges"],
        })

    draw = random.Random(7)
    samples = []
    for total, count in ((13000, 16), (18, 18), (18, 40), (1, 1), (4096, 30), (0, 16), (100, 0)):
        entropy = draw.randbytes(32)
        samples.append({"total": total, "count": count, "entropy": entropy.hex(),
                        "rows": svid.sample_rows(total, count, entropy)})
    bounds = []
    for test in json.loads((VECTORS / "misc.json").read_text("ascii"))["sampling"]:
        bound = svid.failure_bound(test["k"], test["N"], test["s"])
        assert f"{bound:.6e}" == test["bound"]
        bounds.append({"data_rows": test["k"], "rows": test["N"], "samples": test["s"],
                       "bound": bound})

    def lines(items):
        return "[\n" + ",\n".join(json.dumps(item) for item in items) + "\n]"

    parts = {"epochs": epochs, "dispersals": dispersals, "shares": shares, "samples": samples,
             "bounds": bounds, "reconstructions": rebuilt}
    print("{" + ",\n".join(f'"{name}": {lines(items)}' for name, items in parts.items()) + "}")


if __name__ == "__main__":
    main()
