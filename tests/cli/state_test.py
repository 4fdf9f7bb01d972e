"""`mote-state` from outside: stores, exit codes, JSON, damaged files, kill -9.

    state_test.py GROUP MOTE_STATE VECTORS

GROUP is one of the functions called test_GROUP below. Only the standard library is needed.
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

CREATED = "18090d97318db0e137dbadd6fc66d61d1a4b9c72bb6df99a88b71294f7040f58"


class Tool:
    def __init__(self, program, folder, vectors):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.vectors = pathlib.Path(vectors)
        self.store = self.folder / "store"

    def run(self, *arguments, stdin=None):
        done = subprocess.run([self.program, *map(os.fspath, map(str, arguments))],
                              capture_output=True, timeout=120, input=stdin)
        assert done.returncode >= 0, f"killed by signal {-done.returncode}"
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def json(self, *arguments):
        code, out, err = self.run(*arguments, "--json")
        assert err == "", err
        return code, [json.loads(line) for line in out.splitlines()]

    def text(self, content, name="batch"):
        path = self.folder / name
        path.write_text(content)
        return path

    def create(self, *arguments):
        code, objects = self.json("create", self.store, *arguments)
        equal((code, objects), (0, [{"height": None, "root": CREATED}]))

    def apply(self, content):
        code, objects = self.json("apply", self.store, self.text(content))
        equal(code, 0)
        return objects

    def root(self, *arguments):
        code, objects = self.json("root", self.store, *arguments)
        equal(code, 0)
        return objects[0]["root"]

    def prove(self, key, *arguments):
        path = self.folder / "proof"
        code, objects = self.json("prove", self.store, key, "--out", path, *arguments)
        equal(code, 0)
        equal(objects[0]["bytes"], path.stat().st_size)
        return path

    def verify(self, proof, root, key, *arguments):
        code, objects = self.json("verify", proof, "--root", root, "--key", key, *arguments)
        equal(code, {"present": 0, "absent": 0, "unproven": 1, "rejected": 1,
                     "malformed": 2}[objects[0]["answer"]])
        return objects[0]["answer"], objects[0]["value"]


def equal(a, b):
    assert a == b, f"{a!r} is not {b!r}"


def random_text(seed, blocks, keys=50):
    rng = random.Random(seed)
    text = ""
    for _ in range(blocks):
        for _ in range(rng.randrange(20)):
            key = f"{rng.randrange(keys):040x}"
            if rng.random() < 0.3:
                text += f"del {key}\n"
            else:
                text += f"put {key} {rng.randbytes(rng.randrange(20)).hex() or '-'}\n"
        text += "\n"
    return text


def test_vectors(tool):
    for number, case in enumerate(json.loads((tool.vectors / "edge.json").read_text())):
        if "text" not in case:
            continue
        tool.store = tool.folder / f"store-{number}"
        tool.create("--segment-bytes", 4096)
        objects = tool.apply(case["text"])
        equal([o["root"] for o in objects], case["roots"])
        equal([o["height"] for o in objects], list(range(1, len(case["roots"]) + 1)))
        equal(tool.root(), case["roots"][-1])
        for height, root in enumerate(case["roots"], 1):
            equal(tool.root("--height", height), root)


def test_proofs(tool):
    tool.create()
    tool.apply("put 01 aabb\nput 02 -\n\nput 01 cc\ndel 02\n\nput 03 03\n")
    root = tool.root()
    equal(tool.verify(tool.prove("01"), root, "01"), ("present", "cc"))
    equal(tool.verify(tool.prove("02"), root, "02"), ("absent", None))
    equal(tool.verify(tool.prove("01"), root, "03"), ("unproven", None))
    equal(tool.verify(tool.prove("01"), tool.root("--height", 1), "01"), ("rejected", None))
    equal(tool.verify(tool.prove("01", "--height", 1), root, "01", "--height", 1),
          ("present", "aabb"))
    equal(tool.verify(tool.prove("02", "--height", 1), root, "02", "--height", 1), ("present", ""))
    equal(tool.verify(tool.prove("03", "--height", 2), root, "03", "--height", 2), ("absent", None))
    # Hexadecimal on standard output and from standard input.
    code, out, _ = tool.run("prove", tool.store, "01")
    equal(code, 0)
    code, out, _ = tool.run("verify", "-", "--root", root, "--key", "01", stdin=out.encode())
    equal((code, out), (0, "present cc\n"))
    for change, answer in ((lambda b: b[:-1], "malformed"), (lambda b: b + b"\0", "malformed"),
                           (lambda b: b[:-1] + bytes([b[-1] ^ 1]), "rejected"),
                           (lambda b: b"", "malformed")):
        proof = tool.prove("01")
        proof.write_bytes(change(proof.read_bytes()))
        equal(tool.verify(proof, root, "01")[0], answer)


def test_get(tool):
    tool.create()
    tool.apply("put 01 aabb\nput 02 -\n")
    equal(tool.run("get", tool.store, "01")[:2], (0, "aabb\n"))
    equal(tool.run("get", tool.store, "02")[:2], (0, "-\n"))
    equal(tool.run("get", tool.store, "03")[:2], (1, "absent\n"))
    code, objects = tool.json("get", tool.store, "02")
    equal((code, objects[0]["value"], objects[0]["present"]), (0, "", True))


def test_witness(tool):
    for case in json.loads((tool.vectors / "witnesses.json").read_text()):
        if "neighbours" in case["history"]:
            continue
        # The state of the vectors is not in the file: any store shows the form.
        tool.create()
        code, objects = tool.json("witness", tool.store, tool.text(case["batch"]))
        equal(code, 0)
        equal(objects[0]["root"], CREATED)
        equal(objects[0]["witness"][:8], b"mqw1".hex())
        equal(tool.root(), CREATED)  # nothing was applied
        break
    code, _, err = tool.run("witness", tool.store, tool.text("put 01 02\n\nput 01 03\n"))
    equal(code, 2)
    assert "one block" in err


def test_bad_lines(tool):
    tool.create()
    good = "put 01 02\n\nput 02 03\n\n"
    for line in ("put 01", "del", "x", "put 0 1", "del 01 02", "put 01 02 "):
        before = tool.json("root", tool.store)[1]
        code, objects = tool.json("apply", tool.store, tool.text(good + "put 05 06\n" + line))
        equal(code, 2)
        assert "line 6" in objects[-1]["error"], objects
        # The blocks before it are applied, its own is not.
        equal(len(objects), 3)
        equal(tool.run("get", tool.store, "05")[0], 1)
        assert tool.json("root", tool.store)[1] != before
    equal(tool.run("apply", tool.store, tool.folder / "none")[0], 2)


def test_usage(tool):
    equal(tool.run()[0], 3)
    equal(tool.run("--help")[0], 0)
    equal(tool.run("nothing")[0], 3)
    equal(tool.run("get", tool.store)[0], 3)
    equal(tool.run("get", tool.store, "0")[0], 3)
    equal(tool.run("get", tool.store, "zz")[0], 3)
    equal(tool.run("verify", "x", "--root", "00", "--key", "01")[0], 3)
    equal(tool.run("create", tool.store, "--segment-bytes", "1")[0], 3)
    for command in (("root",), ("stats",), ("fsck",), ("get", "01"), ("prove", "01"),
                    ("apply", tool.text(""))):
        code, _, err = tool.run(command[0], tool.store, *command[1:])
        equal(code, 2)
        assert "store" in err
    tool.create()
    code, _, err = tool.run("create", tool.store)
    equal(code, 2)
    assert "already" in err
    equal(tool.run("root", tool.store, "--height", "-1")[0], 3)
    code, _, err = tool.run("prove", tool.store, "01", "--height", "x")
    equal(code, 3)


def test_stats(tool):
    tool.create()
    tool.apply("put 01 02\nput 03 04\n")
    code, objects = tool.json("stats", tool.store)
    equal(code, 0)
    equal((objects[0]["keys"], objects[0]["blocks"], objects[0]["height"]), (2, 1, 1))
    code, out, _ = tool.run("stats", tool.store, "--prometheus")
    equal(code, 0)
    assert "\nmote_state_keys 2\n" in out
    for line in out.splitlines():
        assert line.startswith("# ") or len(line.split()) == 2, line
    assert "keys" in tool.run("stats", tool.store)[1]


def test_log(tool):
    """Events are JSON lines in a file or on standard error, and say what opening found."""
    log = tool.folder / "log"

    def events(text):
        return [json.loads(line) for line in text.splitlines()]

    equal(tool.run("create", tool.store)[0], 0)
    equal(tool.run("apply", tool.store, tool.text("put 01 02\n"), "--log", log)[0], 0)
    first = events(log.read_text())
    equal([e["event"] for e in first], ["opened", "changes_written"])
    equal([e["level"] for e in first], ["info", "info"])
    assert first[1]["height"] == 1 and first[1]["bytes"] > 0 and first[0]["time"] > 1e9
    # Appended to, and a broken superblock is told.
    superblock = tool.store / "superblock"
    content = bytearray(superblock.read_bytes())
    content[10] ^= 1
    superblock.write_bytes(bytes(content))
    code, _, err = tool.run("apply", tool.store, tool.text("put 01 03\n"), "--log", "-")
    equal(code, 0)
    second = events(err)
    assert {"warning"} == {e["level"] for e in second if e["event"] == "superblock_repaired"}
    equal(len(events(log.read_text())), 2)
    equal(tool.run("root", tool.store, "--log", log)[0], 0)
    equal(len(events(log.read_text())), 3)
    code, _, err = tool.run("root", tool.store, "--log", tool.folder / "none" / "log")
    equal(code, 2)
    assert "none" in err


def test_damage(tool):
    tool.create("--segment-bytes", 4096)
    roots = [o["root"] for o in tool.apply(random_text(1, 20))]
    equal(tool.json("fsck", tool.store)[0], 0)
    rng = random.Random(2)
    for path in sorted(tool.store.iterdir()):
        content = path.read_bytes()
        if not content:
            continue
        for offset in [rng.randrange(len(content)) for _ in range(3)]:
            changed = bytearray(content)
            changed[offset] ^= 1 << rng.randrange(8)
            path.write_bytes(changed)
            code, objects = tool.json("fsck", tool.store)
            equal(code, 1)
            assert any(o.get("file") == path.name for o in objects), (path.name, offset, objects)
            if objects[-1].get("root"):
                equal(objects[-1]["root"], roots[-1])
            path.write_bytes(content)
    equal(tool.json("fsck", tool.store)[0], 0)
    superblock = tool.store / "superblock"
    content = superblock.read_bytes()
    for slot in (0, 4096):
        superblock.write_bytes(content[:slot] + bytes(100) + content[slot + 100:])
        equal(tool.json("fsck", tool.store, "--repair")[0], 0)
        equal(tool.json("fsck", tool.store)[0], 0)
        equal(tool.root(), roots[-1])
        content = superblock.read_bytes()


def test_locked(tool):
    tool.create()
    fifo = tool.folder / "fifo"
    os.mkfifo(fifo)
    holder = subprocess.Popen([tool.program, "apply", tool.store, fifo], stdout=subprocess.PIPE)
    with open(fifo, "w") as batch:
        batch.write("put 01 02\n\n")
        batch.flush()
        holder.stdout.readline()  # it has the store now
        code, _, err = tool.run("root", tool.store)
        equal(code, 2)
        assert "in use" in err, err
    equal(holder.wait(60), 0)
    equal(tool.run("get", tool.store, "01")[:2], (0, "02\n"))


def test_kill(tool):
    """kill -9 at any time: what was printed is there, and the rest follows to the same roots."""
    text = random_text(3, 1500, keys=3000)
    tool.store = tool.folder / "whole"
    tool.create()
    expected = [o["root"] for o in tool.apply(text)]
    lines, starts = text.split("\n"), [0]
    for i, line in enumerate(lines[:-1]):
        if line == "":
            starts.append(i + 1)
    rng = random.Random(time.time_ns())
    tool.store = tool.folder / "killed"
    tool.create("--segment-bytes", 65536)
    rounds = int(os.environ.get("MOTE_KILL_ROUNDS", "15"))
    for _ in range(rounds):
        height = tool.json("root", tool.store)[1][0]["height"] or 0
        if height == len(expected):
            break
        rest = tool.text("\n".join(lines[starts[height]:]), "rest")
        process = subprocess.Popen([tool.program, "apply", tool.store, rest],
                                   stdout=subprocess.PIPE, text=True)
        time.sleep(rng.random() * 0.25)
        process.send_signal(signal.SIGKILL)
        printed = process.stdout.read().splitlines()
        process.wait()
        complete = [line for line in printed if len(line.split()) == 2 and len(line.split()[1]) == 64]
        code, objects = tool.json("root", tool.store)
        equal(code, 0)
        now = objects[0]["height"] or 0
        assert now >= height + len(complete), (now, height, len(complete))
        equal(objects[0]["root"], expected[now - 1] if now else CREATED)
    height = tool.json("root", tool.store)[1][0]["height"] or 0
    rest = "\n".join(lines[starts[height]:])
    if height < len(expected):
        tool.apply(rest)
    equal(tool.root(), expected[-1])
    equal(tool.json("fsck", tool.store)[0], 0)


def test_exercise(tool):
    tool.create()
    code, objects = tool.json("exercise", tool.store, "--accounts", 20000, "--updates", 20000,
                              "--block-ops", 1000, "--workers", 2)
    equal(code, 0)
    equal([o["phase"] for o in objects], ["accounts loaded", "updates"])
    root = tool.root()
    done = subprocess.run([tool.program, "exercise", tool.store, "--accounts", "20000", "--updates",
                           "5000", "--block-ops", "1000", "--kill-in-block", "1"],
                          capture_output=True, timeout=120)
    equal(done.returncode, -signal.SIGKILL)
    equal(tool.root(), root)
    account = (7).to_bytes(8, "little").hex() + 24 * "0"
    equal(tool.verify(tool.prove(account), root, account)[0], "present")


def main():
    group, program, vectors = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        globals()["test_" + group](Tool(program, folder, vectors))


main()
