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


def rlp(item):
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < 0x80:
            return item
        payload, short = item, 0x80
    else:
        payload, short = b"".join(map(rlp, item)), 0xc0
    if len(payload) < 56:
        return bytes([short + len(payload)]) + payload
    length = len(payload).to_bytes((len(payload).bit_length() + 7) // 8, "big")
    return bytes([short + 55 + len(length)]) + length + payload


def legacy(tool, nonce, to, value, data=b"", r=1):
    """A transaction with a made-up signature, and whose it is."""
    for r in range(r, r + 50):
        fields = [nonce, 10, 100000, to, value, data, 37, r, 0x7654321]
        raw = "0x" + rlp(fields).hex()
        code, lines = tool.json("tx", tool.file({"tx": raw}))
        if code == 0:
            return raw, lines[0]["sender"]
    raise AssertionError("nobody's signature")


def block_of(tool):
    shop, contract = bytes(18) + b"\x0e\x09", bytes(19) + b"\xcc"
    first, a = legacy(tool, 0, shop, 5)
    second, b = legacy(tool, 0, contract, 1, b"\x01", r=100)
    third, c = legacy(tool, 3, shop, 1, r=200)
    fourth, d = legacy(tool, 0, shop, 1, r=300)
    return {
        "env": {"currentCoinbase": "0x" + "00" * 19 + "c0", "currentNumber": "0x5",
                "currentTimestamp": "0x1000", "currentGasLimit": "0x989680", "currentBaseFee": "0x7"},
        # slot[0] += 1; log1(topic slot[0]).
        "pre": {"0x" + contract.hex(): {"code": "0x600054600101806000555f5fa1", "nonce": "0x1"},
                **{sender: {"balance": "0xffffffff"} for sender in (a, b, c)}},
        "transactions": [first, "0x", second, third, "0xff00", fourth],
    }


def test_block(tool, _):
    content = block_of(tool)
    file = tool.file(content)
    code, lines = tool.json("block", file)
    assert code == 0 and len(lines) == 7, lines
    assert [line.get("refused") for line in lines[:6]] == [
        None, "malformed", None, "nonce_too_high", "malformed", "funds_insufficient"], lines
    assert lines[0]["gasUsed"] == 21000 and lines[0]["receipt"].startswith("0xf90108018252 08".replace(" ", ""))
    assert lines[2]["logs"] == 1 and lines[2]["cumulativeGasUsed"] == 21000 + lines[2]["gasUsed"]
    assert lines[6]["executed"] == 2 and lines[6]["refused"] == 4
    assert lines[6]["gasUsed"] == lines[2]["cumulativeGasUsed"]
    for threads in (1, 2, 4):
        again = tool.json("block", file, "--threads", threads)
        again[1][6].pop("executedAgain")
        assert again == (code, lines), again
    traced = tool.json("block", file, "--trace")[1]
    assert [line for line in traced if "pc" not in line] == lines
    assert [line["opName"] for line in traced if "pc" in line][:2] == ["PUSH1", "SLOAD"]
    assert tool.run("block", file, "--trace", "--threads", 2)[0] == 2
    out = tool.run("block", file)[1]
    assert "refused: an earlier nonce is missing" in out and "stateRoot" in out

    # The funds that were missing come with a payment before.
    content["transactions"][0], sender = legacy(tool, 0, bytes.fromhex(
        tool.json("tx", tool.file({"tx": content["transactions"][5]}))[1][0]["sender"][2:]), 10**7, r=400)
    content["pre"][sender] = {"balance": "0xffffffff"}
    code, lines = tool.json("block", tool.file(content), "--threads", 2)
    assert code == 0 and lines[5]["result"] == "success", lines

    content["env"]["currentGasLimit"] = "0x186a0"
    assert tool.json("block", tool.file(content))[1][2]["refused"] == "gas_limit_above_block"
    content["fork"] = "Paris"
    assert tool.run("block", tool.file(content))[0] == 2
    assert tool.run("block", tool.file("{}"))[0] == 2
    assert tool.run("block", tool.file("mtb1"))[0] == 2
    assert tool.run("block", tool.folder / "none")[0] == 2
    assert tool.run("block", file, "--threads", 0)[0] == 3


def test_block_lists(tool, _):
    content = block_of(tool)
    pre, binary = tool.folder / "pre.json", tool.folder / "block.bin"
    pre.write_text(json.dumps(content["pre"]))
    code, lines = tool.json("block", tool.file(content), "--write", binary)
    assert code == 0
    assert tool.json("block", binary, "--pre", pre) == (0, lines)
    code, again = tool.json("block", binary, "--pre", pre, "--threads", 3)
    assert code == 0 and again[6].pop("executedAgain") == 0 and again == lines
    # Without the accounts nothing can be paid for.
    assert tool.json("block", binary)[0] == 1

    # The list of the last transaction, which was refused: nonce and balance of its sender, read. Say written.
    good = binary.read_bytes()
    bad = bytearray(good)
    assert bad[-4] % 4 == 0
    bad[-4] += 1
    binary.write_bytes(bad)
    for threads in ([], ["--threads", 2]):
        code, again = tool.json("block", binary, "--pre", pre, *threads)
        assert code == 1 and "access lists" in again[6]["why"]
        assert again[6]["stateRoot"] == lines[6]["stateRoot"]
    for wrong in (good[:-1], good + b"\0", b"mtb2" + good[4:]):
        binary.write_bytes(wrong)
        assert tool.run("block", binary)[0] == 2
    assert tool.run("block", tool.file(content), "--write", tool.folder / "no" / "where")[0] == 2


def test_usage(tool, _):
    assert tool.run()[0] == 3
    assert tool.run("run")[0] == 3
    assert tool.run("run", "--code", "00", "--fork", "Atlantis")[0] == 3
    for help_of in ([], ["run"], ["tx"], ["block"], ["statetest"]):
        assert tool.run(*help_of, "--help")[0] == 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        globals()["test_" + sys.argv[1]](Tool(sys.argv[2], folder), sys.argv[3])
