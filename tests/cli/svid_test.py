"""`mote svid` from outside: folders, exit codes, JSON, damaged files.

    svid_test.py GROUP MOTE

GROUP is one of the functions called test_GROUP below. Only the standard library is needed.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile


class Tool:
    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)

    def run(self, *arguments):
        done = subprocess.run([self.program, "svid", *map(os.fspath, map(str, arguments))],
                              capture_output=True, timeout=120)
        assert done.returncode >= 0, f"killed by signal {-done.returncode}"
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def json(self, *arguments):
        code, out, err = self.run(*arguments, "--json")
        assert err == "", err
        return code, [json.loads(line) for line in out.splitlines()]

    def block(self, size, name="block"):
        path = self.folder / name
        path.write_bytes(random.Random(size).randbytes(size))
        return path

    def encode(self, size, *arguments, validators=7, name="shares"):
        out = self.folder / name
        code, objects = self.json("encode", self.block(size), "--validators", validators, "--out",
                                  out, *arguments)
        equal(code, 0)
        return out, objects[0]

    def check(self, folder, validator):
        code, objects = self.json("check", folder, "--validator", validator)
        equal(len(objects), 1)
        equal(code, {"provisional": 0, "rejected": 1, "incomplete": 1,
                     "malformed": 2}[objects[0]["verdict"]])
        return objects[0]


def equal(a, b):
    assert a == b, f"{a!r} is not {b!r}"


def flip(path, offset):
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


def share(folder, validator):
    return folder / f"validator-{validator:05}.svid"


def test_round_trip(tool):
    for size in (0, 1, 1023, 1024, 1025, 100_000, 1 << 20):
        out, made = tool.encode(size)
        equal(made["block_bytes"], size)
        for validator in range(7):
            equal(tool.check(out, validator)["verdict"], "provisional")
        back = tool.folder / "back"
        code, objects = tool.json("rebuild", out, "--keep", "3/7", "--seed", 9, "--out", back)
        equal(code, 0)
        equal(objects[0]["result"], "rebuilt")
        equal(back.read_bytes(), (tool.folder / "block").read_bytes())
        back.unlink()


def test_data_root(tool):
    # b3sum of 5000 zero bytes.
    path = tool.folder / "zeros"
    path.write_bytes(bytes(5000))
    code, objects = tool.json("encode", path, "--validators", 4, "--out", tool.folder / "z")
    equal(code, 0)
    equal(objects[0]["data_root"],
          "b3fabb88259a9ec91cf4512e0feb747f05ed18effc8e1ad75feed0b6b5a9ec7f")


def test_too_little(tool):
    out, _ = tool.encode(100_000)
    back = tool.folder / "back"
    code, objects = tool.json("rebuild", out, "--keep", "0.2", "--out", back)
    equal(code, 1)
    equal(objects[0]["result"], "insufficient")
    assert not back.exists()


def test_damage(tool):
    out, _ = tool.encode(100_000)
    files = {v: share(out, v).read_bytes() for v in range(7)}
    for validator, content in files.items():
        for offset in random.Random(validator).sample(range(len(content)), 60):
            flip(share(out, validator), offset)
            answer = tool.check(out, validator)
            assert answer["verdict"] != "provisional", (validator, offset, answer)
            assert answer["error"] in (None, "E_Z", "E_ROW_SHAPE", "E_PATH"), answer
            share(out, validator).write_bytes(content)
        for length in (0, 1, 4, 5, 100, len(content) // 2, len(content) - 1):
            share(out, validator).write_bytes(content[:length])
            answer = tool.check(out, validator)
            equal(answer["verdict"], "incomplete" if length == 0 else "malformed")
            share(out, validator).write_bytes(content)
        share(out, validator).write_bytes(content + content)
        equal(tool.check(out, validator)["verdict"], "malformed")  # ZPart offsets start again
        share(out, validator).write_bytes(content)
    # A damaged share is left out, the others rebuild.
    flip(share(out, 0), len(files[0]) - 2000)
    code, objects = tool.json("rebuild", out, "--out", tool.folder / "back")
    equal(code, 0)
    equal(objects[0]["shares_dropped"], 1)
    # A share of somebody else.
    share(out, 1).write_bytes(files[2])
    answer = tool.check(out, 1)
    equal((answer["verdict"], answer["error"], answer["step"]), ("rejected", "E_ROW_SHAPE", 5))
    share(out, 1).unlink()
    code, _, err = tool.run("check", out, "--validator", 1)
    equal(code, 2)
    assert "validator-00001" in err


def test_header(tool):
    out, _ = tool.encode(100_000)
    content = (out / "header.bin").read_bytes()
    equal(len(content), 176)
    for offset in range(176):
        flip(out / "header.bin", offset)
        answer = tool.check(out, 0)
        wanted = ("E_HEADER" if offset < 24 or 41 <= offset < 80 else
                  "E_PARAMS" if 32 <= offset <= 40 else
                  None if 24 <= offset < 32 else "E_COMMIT")
        equal(answer["verdict"], "rejected")
        if wanted is None:
            assert answer["error"] in ("E_PARAMS", "E_COMMIT"), answer
        else:
            equal(answer["error"], wanted)
        (out / "header.bin").write_bytes(content)
    (out / "header.bin").write_bytes(content[:-1])
    equal(tool.run("check", out, "--validator", 0)[0], 2)


def test_wrong_row(tool):
    out, made = tool.encode(100_000, "--wrong-row", 150)
    answers = [tool.check(out, v) for v in range(7)]
    caught = [a for a in answers if a["verdict"] == "rejected"]
    equal(len(caught), 1)
    equal((caught[0]["error"], caught[0]["step"], caught[0]["row"]), ("E_FINGERPRINT", 7, 150))
    equal(sum(a["verdict"] == "provisional" for a in answers), 6)
    # The false row is left out of the rebuilding.
    code, objects = tool.json("rebuild", out, "--out", tool.folder / "back")
    equal((code, objects[0]["result"]), (0, "rebuilt"))
    equal(objects[0]["rows"], made["rows"] - 1)


def test_folder(tool):
    # A folder is complete once dispersal.json is there, and what is not ours stays in it.
    out, _ = tool.encode(100_000, validators=9)
    foreign = out / "holiday.svid"
    foreign.write_text("mine")
    (out / "validator-00001.svid").write_text("torn")
    tool.encode(5000, validators=4)
    equal(sorted(p.name for p in out.iterdir()),
          ["dispersal.json", "header.bin", "holiday.svid"] +
          [f"validator-{v:05}.svid" for v in range(4)])
    equal(tool.check(out, 1)["verdict"], "provisional")
    # An encode that was stopped before its end has none.
    (out / "dispersal.json").unlink()
    code, _, err = tool.run("check", out, "--all")
    equal(code, 2)
    assert "dispersal.json" in err
    # One that cannot be finished leaves none.
    (out / "dispersal.json.part").mkdir()
    code, _, err = tool.run("encode", tool.folder / "block", "--validators", 4, "--out", out)
    equal(code, 2)
    assert not (out / "dispersal.json").exists()


def test_wrong_row_number(tool):
    block = tool.block(100_000)
    for row in (0, 97, 10_000_000):
        code, _, err = tool.run("encode", block, "--validators", 7, "--out", tool.folder / "o",
                                "--wrong-row", row)
        equal(code, 2)
        assert "parity row" in err
    equal(tool.run("encode", block, "--validators", 7, "--out", tool.folder / "o", "--wrong-row",
                   -1)[0], 3)


def test_stakes(tool):
    stakes = tool.folder / "stakes"
    stakes.write_text("# a comment\n1\n2 # two\n0\n" + "ab" * 48 + " 3\n18446744073709551000\n")
    out = tool.folder / "shares"
    code, objects = tool.json("encode", tool.block(5000), "--stakes", stakes, "--out", out)
    equal(code, 0)
    equal(objects[0]["validators"], 4)
    for v in range(4):
        equal(tool.check(out, v)["verdict"], "provisional")
    for text, what in (("1\n2\n3\n", "4 to 40,960"), ("1 2 3\n", "a line"), ("x\n", "a number"),
                       ("-1\n", "a number"), ("18446744073709551616\n", "a number"),
                       ("ab 1\n", "public key"), ("18446744073709551615\n1\n1\n1\n", "2^64")):
        stakes.write_text(text)
        code, _, err = tool.run("encode", tool.folder / "block", "--stakes", stakes, "--out", out)
        equal(code, 2)
        assert what in err, (text, err)


def test_sample(tool):
    out, made = tool.encode(100_000)
    code, objects = tool.json("sample", out, "--rows", 20)
    equal(code, 0)
    assert objects[0]["accepted"] and objects[0]["rows_sampled"] == 20
    bound = ((made["data_rows"] - 1) / made["rows"]) ** 20
    assert abs(objects[0]["failure_bound"] / bound - 1) < 1e-9
    code, objects = tool.json("sample", out, "--rows", 100_000)
    equal((code, objects[0]["rows_sampled"]), (0, made["rows"]))
    for v in range(5):
        share(out, v).unlink()
    code, objects = tool.json("sample", out, "--rows", 60, "--seed", 3)
    equal(code, 1)
    assert objects[0]["rows_missed"] > 0


def test_usage(tool):
    for arguments in ([], ["encode"], ["nothing"], ["check", tool.folder],
                      ["check", tool.folder, "--validator", "x"],
                      ["encode", "f", "--out", "o"],
                      ["encode", "f", "--validators", "3", "--out", "o"],
                      ["encode", "f", "--validators", "4", "--stakes", "s", "--out", "o"],
                      ["rebuild", tool.folder, "--keep", "2", "--out", "o"],
                      ["sample", tool.folder, "--rows", "0"]):
        equal(tool.run(*arguments)[0], 3)
    equal(tool.run("--help")[0], 0)
    equal(tool.run("check", tool.folder / "none", "--validator", 0)[0], 2)
    equal(tool.run("encode", tool.folder / "none", "--validators", 4, "--out",
                   tool.folder / "o")[0], 2)
    out, _ = tool.encode(10)
    equal(tool.run("check", out, "--validator", 7)[0], 2)
    (out / "dispersal.json").write_text("{")
    equal(tool.run("check", out, "--validator", 0)[0], 2)


def test_table(tool):
    code, objects = tool.json("table")
    equal(code, 0)
    equal(len(objects), 20)
    # Rows each, N, row bytes, path, Z and total for block sizes in MiB and numbers of validators.
    published = {
        (1, 100): (8, 800, 32768, 512, 4096, 37600), (1, 500): (2, 1000, 8192, 576, 4096, 13088),
        (1, 1000): (1, 1000, 4096, 320, 4096, 8736), (1, 5000): (1, 5000, 4096, 416, 4096, 8832),
        (4, 100): (16, 1600, 131072, 544, 8192, 140032),
        (4, 500): (4, 2000, 32768, 608, 8192, 41792),
        (4, 1000): (2, 2000, 16384, 640, 8192, 25440),
        (4, 5000): (1, 5000, 8192, 416, 8192, 17024),
        (32, 100): (62, 6200, 1015808, 704, 32768, 1049504),
        (32, 500): (13, 6500, 212992, 672, 32768, 246656),
        (32, 1000): (7, 7000, 114688, 704, 32768, 148384),
        (32, 5000): (2, 10000, 32768, 768, 32768, 66528),
        (128, 100): (123, 12300, 4030464, 672, 65536, 4096896),
        (128, 500): (25, 12500, 819200, 704, 65536, 885664),
        (128, 1000): (13, 13000, 425984, 736, 65536, 492480),
        (128, 5000): (3, 15000, 98304, 800, 65536, 164864),
        (128, 10000): (2, 20000, 65536, 832, 65536, 132128)}
    found = {(o["block_bytes"] >> 20, o["validators"]):
             (o["rows_each"], o["rows"], o["row_bytes"], o["path_bytes"], o["z_bytes"],
              o["total_bytes"]) for o in objects}
    for key, row in published.items():
        equal(found[key], row)


def main():
    group, program = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        globals()["test_" + group](Tool(program, folder))


main()
