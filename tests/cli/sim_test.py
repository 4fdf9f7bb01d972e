"""`mote-sim` from outside: exit codes, JSON, equal runs, the report.

    sim_test.py GROUP MOTE_SIM

GROUP is one of the functions called test_GROUP below. Only the standard library is needed.
"""
import html.parser
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SMALL = ["--validators", "7", "--views", "40", "--signatures", "simulated"]


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, timeout=120)
    assert done.returncode >= 0, f"killed by signal {-done.returncode}"
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def equal(got, wanted):
    assert got == wanted, f"{got!r} instead of {wanted!r}"


def test_json(program, _folder):
    code, out, err = run(program, *SMALL, "--json")
    equal((code, err), (0, ""))
    (line,) = out.splitlines()
    result = json.loads(line)
    equal(result["violation"], None)
    equal((result["signatures"], result["proofs"]), ("simulated", "simulated"))
    assert result["views"] >= 40 and result["finalized_height"] >= 30, result
    assert result["certificates"] > 80 and result["votes"] > 400, result
    code, out, err = run(program, *SMALL, "--json", "--seeds", "3", "--seed", "5")
    equal([json.loads(line)["seed"] for line in out.splitlines()], [5, 6, 7])


def test_equal_runs(program, _folder):
    first = run(program, *SMALL, "--json", "--faults", "everything", "--seed", "9")
    second = run(program, *SMALL, "--json", "--faults", "everything", "--seed", "9")
    other = run(program, *SMALL, "--json", "--faults", "everything", "--seed", "10")
    equal(first, second)
    assert first != other
    equal(run(program, *SMALL), run(program, *SMALL))


def test_profiles(program, _folder):
    code, out, err = run(program, "--faults", "list")
    equal((code, err), (0, ""))
    names = [line.split()[0] for line in out.splitlines()]
    assert names[0] == "none" and "everything" in names and len(names) == len(set(names)), names
    code, out, _ = run(program, *SMALL, "--faults", "all", "--seeds", str(len(names)), "--json")
    equal(code, 0)
    equal({json.loads(line)["faults"] for line in out.splitlines()}, set(names))


def test_text(program, _folder):
    code, out, err = run(program, *SMALL)
    equal((code, err), (0, ""))
    assert "signatures: simulated; execution proofs: simulated" in out, out
    assert "\x1b" not in out, "escapes although this is no terminal"
    code, out, _ = run(program, "--validators", "4", "--producers", "3", "--zones", "1",
                       "--views", "3", "--quiet")
    equal(code, 0)
    assert "signatures: real (BLS12-381)" in out, out
    code, out, _ = run(program, "--help")
    equal(code, 0)
    assert "--report" in out and "Exit status" in out


def test_report(program, folder):
    path = folder / "report.html"
    code, out, err = run(program, *SMALL, "--faults", "leaders", "--report", path)
    equal((code, err), (0, ""))
    assert str(path) in out
    text = path.read_text()

    class Parser(html.parser.HTMLParser):
        seen = []

        def handle_starttag(self, tag, attributes):
            self.seen.append(tag)
            for name, value in attributes:
                assert name not in ("src", "href"), f"{tag} is not self-contained: {value}"

    Parser().feed(text)
    equal(Parser.seen.count("svg"), 3)
    assert "polyline" in Parser.seen and "http" not in text, "a chart without a line, or a link"
    assert "two proposals for one view" in text
    again = folder / "again.html"
    run(program, *SMALL, "--faults", "leaders", "--report", again)
    equal(again.read_bytes(), path.read_bytes())
    code, _, err = run(program, *SMALL, "--report", folder / "missing" / "report.html")
    equal(code, 2)
    assert "cannot write" in err


def test_usage(program, _folder):
    for arguments in (["--validators", "3"], ["--producers", "2"], ["--views", "0"], ["--nope"],
                      ["--faults", "nope"], ["--signatures", "nope"], ["--epoch-heights", "12"],
                      ["--zones", "65"], ["--seats", "2049"]):
        code, _, err = run(program, *arguments)
        equal((arguments, code), (arguments, 3))
        assert err, arguments


if __name__ == "__main__":
    group, program = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        globals()[f"test_{group}"](os.path.abspath(program), pathlib.Path(folder))
