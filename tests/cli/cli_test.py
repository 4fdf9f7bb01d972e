"""The command line tool from outside: what it prints, and with which code it ends.

    cli_test.py GROUP MOTE BUNDLES

GROUP is one of the functions called test_GROUP below, MOTE the program, BUNDLES the folder of
proof bundles. Only the standard library is needed.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FIELDS = ["file", "verdict", "stage", "reason", "field", "offset", "elapsed_us", "trace_length",
          "program_digest", "setup_digest", "inputs", "outputs", "panic"]
FULL = "e5d29b70951d11397d6501567e8a15c663a14e6981c1e69ee345c908a8ac01a9"
COMMITTED = "3e4e384b3bb0afa8055f2844a49651cbfe1ee9795425771828e9ccac434f753f"
SETUP = "0728fc290a3913f6f185e8162ac65d28b68d3d589dab26ad423715bccbe7620f"
EXIT = {"accepted": 0, "rejected": 1, "malformed": 2}


class Tool:
    def __init__(self, program, bundles, folder):
        self.program = program
        self.bundles = pathlib.Path(bundles)
        self.folder = pathlib.Path(folder)
        self.full = self.bundles / "muldiv-bundle.bin"
        self.committed = self.bundles / "committed-muldiv-bundle.bin"
        self.hiding = self.bundles / "zk-muldiv-bundle.bin"

    def run(self, *arguments, **options):
        """Runs the tool; its exit code, standard output and standard error."""
        done = subprocess.run([self.program, *map(os.fspath, arguments)], capture_output=True,
                              timeout=60, **options)
        assert done.returncode >= 0, f"killed by signal {-done.returncode}"
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def objects(self, *arguments, **options):
        """Runs `verify --json`; the exit code and one object for each line."""
        code, out, err = self.run("verify", "--json", *arguments, **options)
        assert err == "", err
        assert out == "" or out.endswith("\n")
        objects = [json.loads(line) for line in out.splitlines()]
        for o in objects:
            check_object(o)
        return code, objects

    def one(self, file, *arguments):
        code, objects = self.objects(file, *arguments)
        equal(len(objects), 1)
        o = objects[0]
        equal(code, EXIT[o["verdict"]])
        return o

    def changed(self, name, offset, value=None, source=None):
        """A copy of a bundle with one byte changed."""
        data = bytearray((source or self.full).read_bytes())
        data[offset] = (data[offset] ^ 1) if value is None else value
        return self.file(name, data)

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path


def equal(found, wanted):
    assert found == wanted, f"{found!r}, not {wanted!r}"


def check_object(o):
    """What holds for every JSON object, whatever the verdict."""
    equal(list(o), FIELDS)
    assert o["verdict"] in EXIT, o
    for name in ("file", "stage", "reason", "field"):
        assert isinstance(o[name], str), o
    assert isinstance(o["offset"], int) and o["offset"] >= 0, o
    assert isinstance(o["elapsed_us"], (int, float)) and o["elapsed_us"] >= 0, o
    for name in ("program_digest", "setup_digest"):
        assert o[name] is None or re.fullmatch("[0-9a-f]{64}", o[name]), o
    for name in ("inputs", "outputs"):
        assert o[name] is None or re.fullmatch("([0-9a-f]{2})*", o[name]), o
    assert o["panic"] in (None, True, False), o
    if o["verdict"] == "accepted":
        equal([o["stage"], o["reason"], o["field"], o["offset"]], ["", "", "", 0])
        assert None not in o.values(), o
        assert o["elapsed_us"] > 0, o
    else:
        assert o["stage"] != "" and o["reason"] != "", o
        assert "unknown" not in (o["stage"], o["reason"], o["field"]), o


def test_verdicts(t):
    """Exit codes 0, 1 and 2, in text and in JSON."""
    rejected = t.changed("rejected", 143602)
    malformed = t.file("malformed", t.full.read_bytes()[:100000])
    for path, code in ((t.full, 0), (t.committed, 0), (rejected, 1), (t.hiding, 1), (malformed, 2)):
        for form in ([], ["--json"]):
            found, out, err = t.run("verify", *form, path)
            equal(found, code)
            assert out != "", path
            equal(err, "")


def test_json(t):
    """Every value of an accepted, a rejected and a malformed bundle."""
    for path, digest in ((t.full, FULL), (t.committed, COMMITTED)):
        o = t.one(path)
        assert o.pop("elapsed_us") < 60e6
        equal(o, {"file": str(path), "verdict": "accepted", "stage": "", "reason": "", "field": "",
                  "offset": 0, "trace_length": 512, "program_digest": digest,
                  "setup_digest": SETUP, "inputs": "090503", "outputs": "0f", "panic": False})

    # One number of stage 3: in which sumcheck, and where it begins.
    o = t.one(t.changed("round", 143602))
    equal([o["verdict"], o["stage"], o["reason"]], ["rejected", "stage 3", "final claim"])
    assert o["field"].startswith("proof.stage3_sumcheck["), o
    assert 123000 < o["offset"] <= 143602, o
    equal([o["program_digest"], o["outputs"], o["trace_length"]], [FULL, "0f", 512])
    assert o["elapsed_us"] > 0, o

    # Another output.
    o = t.one(t.changed("output", 123526, 0x10))
    equal([o["verdict"], o["outputs"]], ["rejected", "10"])

    # A panic that did not happen.
    data = t.full.read_bytes()
    at = 123526 + 1  # behind the one output byte
    equal(data[at], 0)
    o = t.one(t.changed("panic", at, 1))
    equal([o["verdict"], o["panic"]], ["rejected", True])
    o = t.one(t.changed("bool", at, 2))
    equal([o["verdict"], o["stage"], o["field"], o["offset"]],
          ["malformed", "decode", "device.panic", at])

    # Malformed where a part begins, and at the end.
    o = t.one(t.changed("mode", 0, 9))
    equal([o["verdict"], o["stage"], o["offset"]], ["malformed", "decode", 0])
    equal([o["program_digest"], o["inputs"], o["panic"]], [None, None, None])
    o = t.one(t.file("longer", data + b"\0"))
    equal([o["verdict"], o["reason"], o["offset"]], ["malformed", "bytes after the end", len(data)])
    o = t.one(t.file("shorter", data[:-1]))
    equal([o["verdict"], o["reason"]], ["malformed", "truncated"])

    # A group element in the proof: the offset is one of the file.
    o = t.one(t.changed("element", 123526 + 400))
    equal(o["verdict"], "malformed")
    assert 123526 < o["offset"] <= 123526 + 400, o

    # The advice commitment stands behind the proof.
    element = bytes([1, 0xfb, 0x80, 0x01]) + bytes(384)
    o = t.one(t.file("trusted", data[:-1] + element))
    if o["verdict"] == "malformed":
        equal([o["field"], o["offset"]], ["trusted_advice_commitment", len(data) + 3])

    # Key and setup that are not what they say.
    o = t.one(t.changed("row", 30000))
    equal(o["stage"], "key" if o["verdict"] == "rejected" else "decode")
    o = t.one(t.hiding)
    equal([o["verdict"], o["stage"], o["reason"]],
          ["rejected", "config", "unsupported: hiding proof"])


def test_several_files(t):
    """One answer for each file, in order; the worst decides the code."""
    good, bad = t.full, t.changed("rejected", 143602)
    broken = t.file("malformed", b"\0" * 10)
    for files in ([good, t.committed], [good, bad], [bad, good], [good, broken, bad],
                  [broken, good], [good, t.folder / "missing", good]):
        code, objects = t.objects(*files)
        equal([o["file"] for o in objects], [str(f) for f in files])
        equal(code, max(EXIT[o["verdict"]] for o in objects))
        code, out, _ = t.run("verify", *files)
        equal(code, max(EXIT[o["verdict"]] for o in objects))
        for f in files:
            assert str(f) in out, out
    code, objects = t.objects(*[good] * 5)
    equal([code, len(objects)], [0, 5])
    # Pins hold for every file.
    code, objects = t.objects("--expect-program", FULL, good, t.committed)
    equal([o["verdict"] for o in objects], ["accepted", "rejected"])
    equal(code, 1)


def test_odd_files(t):
    """Whatever a path leads to, the answer is `malformed`, code 2."""
    def malformed(path, **options):
        code, objects = t.objects(path, **options)
        equal([code, len(objects)], [2, 1])
        o = objects[0]
        equal([o["verdict"], o["offset"]], ["malformed", 0])
        code, out, err = t.run("verify", path, **options)
        equal(code, 2)
        assert "MALFORMED" in out, out
        return o

    o = malformed(t.folder / "missing")
    equal([o["stage"], o["reason"]], ["read", "No such file or directory"])
    equal(malformed(t.folder)["stage"], "read")
    equal(malformed("/")["stage"], "read")
    equal(malformed("x" * 5000)["stage"], "read")
    equal(malformed("")["stage"], "read")
    equal(malformed(t.full / "below")["stage"], "read")
    equal(malformed(t.file("empty", b""))["reason"], "truncated")
    equal(malformed("/dev/null")["reason"], "truncated")
    malformed(t.file("text", b"This is not a bundle.\n"))
    malformed(__file__)
    malformed(t.program)
    os.symlink("loop", t.folder / "loop")
    equal(malformed(t.folder / "loop")["stage"], "read")
    if os.geteuid() != 0:
        secret = t.file("secret", t.full.read_bytes())
        secret.chmod(0)
        equal(malformed(secret)["reason"], "Permission denied")
    # Without an end; a limit on the memory shows that none is needed.
    if os.path.exists("/dev/zero"):
        equal(malformed("/dev/zero")["stage"], "read")

    # Names are only names.
    for name in (b"a b", b"[a,b]", b"{x}", b"\xff\xfe", "\u00e4".encode(), b"new\nline", b"'\"\\",
                 b"-x", b"%s%n", b"=x"):
        path = os.path.join(os.fsencode(t.folder), name)
        with open(path, "wb") as file:
            file.write(t.committed.read_bytes())
        code, objects = t.objects(path)
        equal([code, len(objects)], [0, 1])
        code, out, err = t.run("verify", "--", os.fsencode(name), cwd=t.folder) if name[:1] == b"-" \
            else (0, "", "")
        equal(code, 0)
    # A bundle that comes through a pipe.
    with open(t.full, "rb") as file:
        data = file.read()
    for name in ("/dev/stdin", "-"):
        done = subprocess.run([t.program, "verify", "--json", name], input=data,
                              capture_output=True, timeout=60)
        equal([done.returncode, json.loads(done.stdout)["verdict"]], [0, "accepted"])
    # Nowhere to write to.
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full:
            for form in ([], ["--json"]):
                done = subprocess.run([t.program, "verify", *form, t.full], stdout=full,
                                      stderr=subprocess.PIPE, timeout=60)
                equal(done.returncode, 2)
                assert done.stderr != b""


def test_expectations(t):
    """Digests pinned on the command line."""
    other = "0" * 63 + "1"
    o = t.one(t.full, "--expect-program", FULL, "--expect-setup", SETUP)
    equal(o["verdict"], "accepted")
    o = t.one(t.full, f"--expect-program={FULL.upper()}", f"--expect-setup={SETUP.upper()}")
    equal(o["verdict"], "accepted")

    o = t.one(t.full, "--expect-program", COMMITTED)
    equal([o["verdict"], o["stage"], o["reason"]],
          ["rejected", "key", "program digest is not the expected one"])
    equal(o["program_digest"], FULL)
    o = t.one(t.full, "--expect-setup", other)
    equal([o["verdict"], o["stage"], o["reason"]],
          ["rejected", "setup", "setup digest is not the expected one"])
    equal(o["setup_digest"], SETUP)
    o = t.one(t.full, "--expect-program", other, "--expect-setup", SETUP)
    equal([o["verdict"], o["stage"]], ["rejected", "key"])

    # Not a digest at all.
    for text in ("", "00", FULL[:-1], FULL + "0", FULL + "00", "0x" + FULL[2:], "g" + FULL[1:],
                 " " + FULL[1:], FULL + "\n", "\u00e4" * 32):
        for option in ("--expect-program", "--expect-setup"):
            code, out, err = t.run("verify", option, text, t.full)
            equal([code, out], [3, ""])
            assert option in err, err
    for option in ("--expect-program", "--expect-setup"):
        code, out, err = t.run("verify", t.full, option)
        equal([code, out], [3, ""])


def test_usage(t):
    """Code 3 and a message on standard error, and nothing on standard output."""
    for arguments in ([], ["verify"], ["inspect"], ["frobnicate"], ["frobnicate", t.full],
                      ["verify", "--frobnicate", t.full], ["verify", "--json"], ["--json"],
                      [t.full], ["verify", "--json=perhaps", t.full], ["--frobnicate"], [""]):
        code, out, err = t.run(*arguments)
        equal([arguments, code, out], [arguments, 3, ""])
        assert err.strip() != "", arguments
        assert "help" in err, err
    for arguments in (["--help"], ["-h"], ["verify", "--help"], ["inspect", "--help"]):
        code, out, err = t.run(*arguments)
        equal([code, err], [0, ""])
        assert "Usage" in out, out
    code, out, err = t.run("--help")
    for text in ("verify", "inspect", "Exit status", "pin"):
        assert text in out, out
    code, out, err = t.run("verify", "--help")
    for text in ("BUNDLE", "--json", "--expect-program", "--expect-setup"):
        assert text in out, out
    code, out, err = t.run("--version")
    equal([code, err], [0, ""])
    assert re.match(r"mote \d+\.\d+\.\d+ \(\w+\)\n$", out), out


def test_inspect(t):
    """Shows what there is, and fails only where there is nothing to show."""
    for path in (t.full, t.committed):
        code, out, err = t.run("inspect", path)
        equal([code, err], [0, ""])
        for text in (str(path), SETUP, "090503", "512"):
            assert text in out, out
        code, out, err = t.run("inspect", "--json", path)
        equal([code, err], [0, ""])
        o = json.loads(out)
        equal([name for name in FIELDS if name not in o], [])
        equal(o["committed_program"], path == t.committed)
        equal(o["memory_bytes"] > 0, True)
        equal(o["key_bytes"] + o["setup_bytes"] + o["proof_bytes"] < path.stat().st_size, True)
    equal(t.run("inspect", t.changed("rejected", 143602))[0], 0)
    equal(t.run("inspect", t.hiding)[0], 0)
    equal(t.run("inspect", t.file("malformed", b"\0" * 10))[0], 2)
    equal(t.run("inspect", t.folder / "missing")[0], 2)
    equal(t.run("inspect", t.full, t.folder / "missing")[0], 2)


def test_text(t):
    """The output for people: no escape codes in a pipe, the verdict, the stage, the place."""
    for path, words in ((t.full, ["ACCEPTED", "stage 7", "dory", "090503", FULL]),
                        (t.changed("rejected", 143602),
                         ["REJECTED", "stage 3", "final claim", "proof.stage3_sumcheck"]),
                        (t.changed("flag", 123527, 2), ["MALFORMED", "device.panic", "123527"]),
                        (t.hiding, ["REJECTED", "unsupported: hiding proof"])):
        for environment in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
            code, out, err = t.run("verify", path, env={**os.environ, **environment})
            equal(err, "")
            assert "\x1b" not in out, out
            for word in words:
                assert word in out, out
            assert "ACCEPTED" not in out or code == 0, out
            equal(out.isascii() and max(map(len, out.splitlines())) < 400, True)


def main():
    group, program, bundles = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        globals()["test_" + group](Tool(program, bundles, folder))


if __name__ == "__main__":
    main()
