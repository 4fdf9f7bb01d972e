"""`mote-execute` from outside: exit codes, JSON, equal runs, the report, Ctrl-C.

    execute_test.py GROUP MOTE_EXECUTE

GROUP is one of the functions called test_GROUP below. Only the standard library is needed.
"""
import html.parser
import json
import pathlib
import signal
import subprocess
import sys
import tempfile

# With one lane nobody waits for another block.
SMALL = ["--accounts", "300", "--blocks", "3", "--transactions", "60", "--lanes", "1", "--threads",
         "2"]
WORKLOADS = ["independent", "native", "erc20", "hot", "hot-erc20", "swap-one", "swap-many", "mint",
             "mixed", "all-to-one"]
# What a run decides; the rest is how long it took, and how threads met.
DECIDED = ["block", "transactions", "refused", "reverted", "gas", "bytes", "accesses",
           "receipts_root", "state", "equal", "waiting", "hot_price", "hot_key", "other_price",
           "priced_keys"]


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, timeout=120)
    assert done.returncode >= 0, f"killed by signal {-done.returncode}"
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def run_json(program, *arguments):
    code, out, err = run(program, *arguments, "--json")
    assert (code, err) == (0, ""), (code, err)
    return [json.loads(line) for line in out.splitlines()]


def equal(got, wanted):
    assert got == wanted, f"{got!r} instead of {wanted!r}"


def decided(lines):
    return [{name: line[name] for name in DECIDED} for line in lines[:-1]]


def test_json(program, _folder):
    lines = run_json(program, *SMALL)
    equal(len(lines), 4)
    equal([line["block"] for line in lines[:3]], [1, 2, 3])
    total = lines[-1]
    equal((total["workload"], total["state"], total["blocks"]), ("mixed", "memory", 3))
    equal((total["transactions"], total["refused"], total["equal"]), (180, 0, True))
    equal(total["gas"], sum(line["gas"] for line in lines[:3]))
    for line in lines[:3]:
        equal((line["transactions"], line["reverted"], line["equal"]), (60, 0, True))
        assert line["gas"] > 60 * 21000 and line["sequential"]["seconds"] > 0
        equal(line["replay"]["executed_again"], 0)
        equal(len(line["receipts_root"]), 64)
    assert len({line["state"] for line in lines[:3]}) == 3, "blocks that change nothing"


def test_equal_runs(program, _folder):
    def made(seed, threads):
        return decided(run_json(program, *SMALL[:-1], threads, "--seed", seed))

    one = made(7, 1)
    equal(made(7, 2), one)
    equal(made(7, 4), one)
    assert made(8, 1) != one, "the seed does nothing"


def test_workloads(program, _folder):
    for name in WORKLOADS:
        total = run_json(program, *SMALL, "--workload", name, "--skew", 3)[-1]
        equal((total["workload"], total["transactions"], total["equal"]), (name, 180, True))


def test_store(program, folder):
    def shared(lines):
        return [{name: value for name, value in line.items() if name != "state"}
                for line in decided(lines)]

    memory = run_json(program, *SMALL)
    store = run_json(program, *SMALL, "--state", "qmdb", "--folder", folder / "store")
    equal(store[-1]["state"], "qmdb")
    equal(shared(store), shared(memory))
    again = run_json(program, *SMALL, "--state", "qmdb", "--folder", folder / "again")
    equal(decided(again), decided(store))
    # The roots are the store's own.
    tool = pathlib.Path(program).with_name("mote-state")
    code, out, err = run(tool, "root", folder / "store")
    equal((code, err), (0, ""))
    assert store[2]["state"] in out, out
    code, _, err = run(program, *SMALL, "--state", "qmdb", "--folder", folder / "store")
    equal(code, 2)
    assert err.startswith("mote-execute: "), err


def test_prices(program, _folder):
    """One counter that everybody wants gets dearer from block to block, and nothing else does."""
    *blocks, total = run_json(program, "--accounts", 400, "--blocks", 12, "--transactions", 400,
                              "--lanes", 48)
    assert total["equal"] and total["refused"] == 0, total
    prices = [block["hot_price"] for block in blocks]
    equal(prices[0], 1)
    assert all(before < after for before, after in zip(prices, prices[1:])), prices
    assert prices[-1] > 2 and blocks[-1]["waiting"] > 0, blocks[-1]
    for block in blocks[1:]:
        equal(block["priced_keys"], 1)
        assert block["hot_key"].startswith("slot 0x0 of 0x"), block
        assert abs(block["other_price"] - 1) < 0.01, block


def test_text(program, _folder):
    code, out, err = run(program, "--accounts", "300", "--blocks", "10", "--transactions", "60")
    equal((code, err), (0, ""))
    assert "block 10 of 10" in out and "equal in every block and way" in out, out
    code, out, _ = run(program, *SMALL, "--quiet")
    assert code == 0 and "block 3" not in out and "3 blocks" in out, out


def test_report(program, folder):
    path = folder / "report.html"
    code, out, err = run(program, *SMALL, "--report", path)
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
    equal(Parser.seen.count("svg"), 4)  # two charts and two schedules
    assert Parser.seen.count("rect") >= 120, "no schedule"
    assert "path" in Parser.seen and "http" not in text, "no dependencies, or a link"
    code, _, err = run(program, *SMALL, "--report", folder / "missing" / "report.html")
    equal(code, 2)
    assert "cannot write" in err


def test_interrupt(program, folder):
    report = folder / "report.html"
    process = subprocess.Popen(
        [program, "--accounts", "300", "--transactions", "60", "--blocks", "1000000", "--json",
         "--report", report], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    equal((process.returncode, err), (130, b""))
    total = json.loads((b"".join(lines) + out).splitlines()[-1])
    assert total["interrupted"] and total["blocks"] >= 3 and total["equal"], total
    assert "interrupted" in report.read_text()


def test_dump(program, folder):
    """What another tool makes of the first block is what this one says."""
    mote_evm = pathlib.Path(program).with_name("mote-evm")
    path = folder / "block.json"
    equal(run(program, *SMALL, "--dump", path), (0, "", ""))
    code, out, err = run(mote_evm, "block", path, "--json")
    equal((code, err), (0, ""))
    total = json.loads(out.splitlines()[-1])
    first = run_json(program, *SMALL)[0]
    equal((total["executed"], total["refused"]), (60, 0))
    # In another order, which costs the same here.
    equal(total["gasUsed"], first["gas"])
    code, _, err = run(program, *SMALL, "--dump", folder / "missing" / "block.json")
    equal(code, 2)
    assert "cannot write" in err


def test_usage(program, _folder):
    for arguments in (["--workload", "nothing"], ["--accounts", "1"], ["--blocks", "0"], ["--what"],
                      ["--contention-degree", "2"], ["--threads", "0"], ["--skew", "0"],
                      ["--state", "disk"], ["--state", "qmdb"], ["--folder", "x"]):
        code, out, err = run(program, *arguments)
        equal((arguments, code, out), (arguments, 3, ""))
        assert err, arguments
    code, out, _ = run(program, "--help")
    assert code == 0 and "Exit status" in out and "swap-many" in out
    assert run(program, "--version")[1].startswith("mote-execute ")


def main():
    group, program = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        globals()["test_" + group](program, pathlib.Path(folder))


if __name__ == "__main__":
    main()
