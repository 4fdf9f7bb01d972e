"""`mote-evm` from outside: exit codes, JSON, traces, odd files.

    evm_test.py GROUP MOTE_EVM STATE_TEST_FILE

GROUP is one of the functions called test_GROUP below. Only the standard library is needed.
"""
import json
import pathlib
import subprocess
import sys
import tempfile


class Tool:
    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)

    def run(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, timeout=120)
        assert done.returncode >= 0, f"killed by signal {-done.returncode}"
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def json(self, *arguments):
        code, out, _ = self.run(*arguments, "--json")
        return code, [json.loads(line) for line in out.splitlines()]

    def file(self, content):
        path = self.folder / "file.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path


def test_run(tool, _):
    code, lines = tool.json("run", "--code", "6001600101600052602060 00f3".replace(" ", ""))
    assert code == 0 and lines[-1]["result"] == "success", lines
    assert lines[-1]["output"] == "0x" + "00" * 31 + "02" and lines[-1]["gasUsed"] == 24
    assert tool.json("run", "--code", "60006000fd")[0] == 1
    assert tool.json("run", "--code", "fe")[1][-1]["result"] == "invalid instruction"
    assert tool.json("run", "--code", "5f", "--fork", "Paris")[0] == 1
    assert tool.json("run", "--code", "5f", "--fork", "Shanghai")[0] == 0
    assert tool.json("run", "--code", "6001", "--gas", "2")[1][-1]["result"] == "out of gas"
    assert tool.json("run", "--code", "36600055", "--input", "0x0102")[0] == 0


def test_trace(tool, _):
    # CALL to an empty account, then ADD without items: halts.
    code, lines = tool.json("run", "--trace", "--code", "60006000600060006000603061fffff15001")
    steps = lines[:-1]
    assert code == 1 and lines[-1]["result"] == "stack underflow or overflow"
    assert [s["opName"] for s in steps] == ["PUSH1"] * 6 + ["PUSH2", "CALL", "POP", "ADD"]
    for before, after in zip(steps, steps[1:]):
        if before["opName"] != "CALL":
            assert int(before["gas"], 16) - int(before["gasCost"], 16) == int(after["gas"], 16)
    assert int(steps[7]["gasCost"], 16) == 2600 + 0xffff
    assert steps[-1]["error"] == "stack underflow or overflow" and steps[-1]["stack"] == []
    assert all(s["depth"] == 1 for s in steps)


def test_statetest(tool, state_test):
    code, lines = tool.json("statetest", state_test)
    assert code == 0 and lines[-1]["failed"] == 0 and lines[-1]["passed"] == len(lines) - 1 > 0
    content = json.loads(pathlib.Path(state_test).read_text())
    fork, cases = next(iter(next(iter(content.values()))["post"].items()))
    cases[0]["hash"] = "0x" + "11" * 32
    code, lines = tool.json("statetest", tool.file(content))
    assert code == 1 and lines[-1]["failed"] == 1
    assert not lines[0]["pass"] and "state root" in lines[0]["why"] and lines[0]["fork"] == fork
    assert tool.run("statetest", tool.folder, "--skip", "file")[0] == 2
    assert tool.json("statetest", state_test, "--trace")[1][0]["pc"] == 0


def test_tx(tool, state_test):
    content = next(iter(json.loads(pathlib.Path(state_test).read_text()).values()))
    fork, cases = next(iter(content["post"].items()))
    raw = cases[0]["txbytes"]
    code, lines = tool.json("tx", tool.file({"tx": raw}))
    assert code == 0 and lines[0]["sender"] == content["transaction"]["sender"]
    whole = {"tx": raw, "fork": fork, "env": content["env"], "pre": content["pre"]}
    code, lines = tool.json("tx", tool.file(whole))
    assert code == 0 and lines[0]["stateRoot"] == cases[0]["hash"], lines
    code, lines = tool.json("tx", tool.file({**whole, "pre": {}}))
    assert code == 1 and lines[0]["refused"] == "funds_insufficient"
    code, lines = tool.json("tx", tool.file({"tx": raw[:-2]}))
    assert code == 1 and lines[0]["refused"] == "malformed"


def test_odd_files(tool, _):
    assert tool.run("statetest", tool.folder / "nothing.json")[0] == 2
    for content in ("", "{", "[]", "{}", '{"a": 1}', '{"a": {"pre": {}, "post": {"Osaka": [{}]}}}'):
        assert tool.run("statetest", tool.file(content))[0] == 2, content
        assert tool.run("tx", tool.file(content))[0] == 2, content
    assert tool.run("tx", tool.file({"tx": "0xzz"}))[0] == 2
    assert tool.run("run", "--code", "0xzz")[0] == 2


def test_usage(tool, _):
    assert tool.run()[0] == 3
    assert tool.run("run")[0] == 3
    assert tool.run("run", "--code", "00", "--fork", "Atlantis")[0] == 3
    for help_of in ([], ["run"], ["tx"], ["statetest"]):
        assert tool.run(*help_of, "--help")[0] == 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        globals()["test_" + sys.argv[1]](Tool(sys.argv[2], folder), sys.argv[3])
