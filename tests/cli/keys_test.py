"""`mote keys` and `mote vote-record` from outside: files, modes, exit codes, moves between machines.

    keys_test.py GROUP MOTE VECTORS

GROUP is one of the functions called test_GROUP below, VECTORS the folder of tests/vectors. Only the
standard library is needed: keystores are opened again with hashlib and an AES of a few lines.
"""
import fcntl
import hashlib
import json
import os
import pathlib
import pty
import select
import stat
import subprocess
import sys
import tempfile

CHAIN = "0x" + "11" * 32
OTHER_CHAIN = "0x" + "12" * 32
PASSWORD = "correct horse"
CHEAP = ("--kdf-cost", "14")


class Tool:
    def __init__(self, program, vectors, folder):
        self.program = program
        self.vectors = pathlib.Path(vectors)
        self.folder = pathlib.Path(folder)
        self.keys = self.folder / "keys"

    def run(self, *arguments, stdin=b""):
        done = subprocess.run([self.program, *map(os.fspath, map(str, arguments))],
                              capture_output=True, timeout=120, input=stdin,
                              start_new_session=True)  # no terminal to ask on
        assert done.returncode >= 0, f"killed by signal {-done.returncode}"
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def json(self, *arguments, code=0, stdin=b""):
        found, out, err = self.run(*arguments, "--json", stdin=stdin)
        assert found == code, (found, out, err)
        return json.loads(out)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def new(self, *arguments, chain=CHAIN, folder=None):
        return self.json("keys", "new", "--dir", folder or self.keys, "--chain", chain,
                         "--password-file", self.file("password", PASSWORD + "\n"), *CHEAP,
                         *arguments)

    def show(self, made, chain=CHAIN):
        return self.json("vote-record", "show", made["vote_record"], "--chain", chain, "--key",
                         made["public_key"])


def equal(found, wanted):
    assert found == wanted, f"{found!r}, not {wanted!r}"


def sbox():
    """AES's table: inverses in GF(2^8), then an affine map."""
    table, p, q = [0] * 256, 1, 1
    while True:
        p = p ^ (p << 1) & 0xff ^ (0x1b if p & 0x80 else 0)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xff
        q ^= 0x09 if q & 0x80 else 0
        turned = q
        for shift in range(1, 5):
            turned ^= (q << shift | q >> (8 - shift)) & 0xff
        table[p] = turned ^ 0x63
        if p == 1:
            table[0] = 0x63
            return table


SBOX = sbox()


def aes128(key, block):
    words = [list(key[i:i + 4]) for i in range(0, 16, 4)]
    round_constant = 1
    for i in range(4, 44):
        word = list(words[i - 1])
        if i % 4 == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= round_constant
            round_constant = round_constant << 1 ^ (0x11b if round_constant & 0x80 else 0)
        words.append([a ^ b for a, b in zip(word, words[i - 4])])
    keys = [sum(words[i:i + 4], []) for i in range(0, 44, 4)]
    state = [a ^ b for a, b in zip(block, keys[0])]
    double = [b << 1 ^ (0x11b if b & 0x80 else 0) for b in range(256)]
    for number in range(1, 11):
        state = [SBOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if number < 10:
            for c in range(0, 16, 4):
                a = state[c:c + 4]
                state[c:c + 4] = [double[a[i]] ^ double[a[(i + 1) % 4]] ^ a[(i + 1) % 4]
                                  ^ a[(i + 2) % 4] ^ a[(i + 3) % 4] for i in range(4)]
        state = [a ^ b for a, b in zip(state, keys[number])]
    return bytes(state)


def secret_of(path, password=PASSWORD):
    """Opens a keystore as EIP-2335 says."""
    crypto = json.loads(pathlib.Path(path).read_text())["crypto"]
    params = crypto["kdf"]["params"]
    salt = bytes.fromhex(params["salt"])
    if crypto["kdf"]["function"] == "scrypt":
        key = hashlib.scrypt(password.encode(), salt=salt, n=params["n"], r=params["r"],
                             p=params["p"], dklen=32, maxmem=1 << 30)
    else:
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, params["c"], 32)
    message = bytes.fromhex(crypto["cipher"]["message"])
    equal(hashlib.sha256(key[16:] + message).hexdigest(), crypto["checksum"]["message"])
    counter = int.from_bytes(bytes.fromhex(crypto["cipher"]["params"]["iv"]), "big")
    stream = b"".join(aes128(key[:16], ((counter + i) % (1 << 128)).to_bytes(16, "big"))
                      for i in range(2))
    return bytes(a ^ b for a, b in zip(message, stream)).hex()


def test_model(tool):
    # FIPS 197, appendix B: the model above is AES.
    equal(aes128(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"),
                 bytes.fromhex("3243f6a8885a308d313198a2e0370734")).hex(),
          "3925841d02dc09fbdc118597196a0b32")


def test_new(tool):
    made = tool.new()
    keystore = json.loads(pathlib.Path(made["keystore"]).read_text())
    equal("0x" + keystore["pubkey"], made["public_key"])
    equal((keystore["version"], keystore["path"]), (4, ""))
    equal(len(made["possession"]), 2 + 2 * 96)
    for name in (made["keystore"], made["vote_record"]):
        equal(stat.S_IMODE(os.stat(name).st_mode), 0o600)
    equal(stat.S_IMODE(os.stat(tool.keys).st_mode), 0o700)
    equal(sorted(os.listdir(tool.keys)),
          sorted(os.path.basename(made[n]) for n in ("keystore", "vote_record")))
    # The first record: nothing to sign at (0, 0).
    record = tool.show(made)
    equal({n: record[n] for n in ("state", "seq", "epoch", "view", "notarized", "second")},
          {"state": "exact", "seq": "1", "epoch": "0", "view": "0", "notarized": "used",
           "second": "used"})
    equal(os.path.basename(made["vote_record"]), record["key_name"] + ".record")
    assert int(secret_of(made["keystore"]), 16) > 0
    other = tool.new("--kdf", "pbkdf2", "--description", "second")
    assert other["public_key"] != made["public_key"]
    assert secret_of(other["keystore"]) != secret_of(made["keystore"])
    code, out, err = tool.run("keys", "new", "--dir", tool.keys, "--chain", CHAIN,
                              "--password-file", tool.file("password", PASSWORD), *CHEAP)
    equal((code, err), (0, ""))
    equal([line.split()[0] for line in out.splitlines()],
          ["public", "possession", "keystore", "vote"])


def test_seed(tool):
    case = json.loads((tool.vectors / "bls/eip2333.json").read_text())["cases"][0]
    seed = tool.file("seed", case["seed"].removeprefix("0x") + "\n")
    made = tool.new("--seed-file", seed, "--path", f"m/{case['child_index']}")
    equal("0x" + secret_of(made["keystore"]), case["child_SK"])
    equal(json.loads(pathlib.Path(made["keystore"]).read_text())["path"],
          f"m/{case['child_index']}")
    # Once more: the key is there, and its record was not touched.
    code, _, err = tool.run("keys", "new", "--dir", tool.keys, "--chain", CHAIN, *CHEAP,
                            "--seed-file", seed, "--path", f"m/{case['child_index']}",
                            "--password-file", tool.file("password", PASSWORD))
    equal(code, 2)
    assert "File exists" in err, err
    # An interrupted run left the record only: it goes on.
    os.unlink(made["keystore"])
    equal(tool.new("--seed-file", seed, "--path", f"m/{case['child_index']}")["public_key"],
          made["public_key"])
    for bad in ("00" * 31, "00" * 257, "0g" * 32, "000" + "00" * 32, ""):
        code, out, err = tool.run("keys", "new", "--dir", tool.keys, "--chain", CHAIN, *CHEAP,
                                  "--seed-file", tool.file("bad", bad), "--password-file",
                                  tool.file("password", PASSWORD))
        equal((code, out), (2, ""))
    code, out, _ = tool.run("keys", "new", "--dir", tool.keys, "--chain", CHAIN, *CHEAP,
                            "--seed-file", seed, "--path", "m/01", "--password-file",
                            tool.file("password", PASSWORD))
    equal((code, out), (2, ""))


def test_passwords(tool):
    def run(*arguments, stdin=b""):
        return tool.run("keys", "new", "--dir", tool.keys, "--chain", CHAIN, *CHEAP, *arguments,
                        stdin=stdin)
    for bad in ("short", "seven77", b"\xff" * 9, "two lines\nhere", "x" * 1025, "\x01" * 20):
        code, out, err = run("--password-file", tool.file("password", bad))
        equal((code, out), (2, ""))
        assert err.startswith("mote: "), err
    assert not tool.keys.exists()
    code, _, err = run("--password-file", tool.folder / "missing")
    equal(code, 2)
    code, _, err = run()
    equal(code, 2)
    assert "no terminal" in err, err
    equal(run("--password-file", "-", stdin=b"from standard input\n")[0], 0)
    keystore = next(tool.keys.glob("*.json"))
    secret_of(keystore, "from standard input")
    # Two passwords from standard input, one line each.
    code, out, err = tool.run("keys", "export", keystore, "--out", tool.folder / "copy", *CHEAP,
                              "--password-file", "-", "--new-password-file", "-",
                              stdin=b"from standard input\nanother password\n")
    equal((code, err), (0, ""))
    equal(secret_of(tool.folder / "copy", "another password"),
          secret_of(keystore, "from standard input"))


def test_terminal(tool):
    """Asks twice, shows nothing of it, and Ctrl-C leaves the terminal as it was."""
    def talk(answers):
        child, terminal = pty.fork()
        if child == 0:
            os.execv(tool.program, [tool.program, "keys", "new", "--dir", str(tool.keys),
                                    "--chain", CHAIN, *CHEAP])
        shown = b""

        def more():
            assert select.select([terminal], [], [], 60)[0], shown
            try:
                return os.read(terminal, 1000)
            except OSError:  # what a terminal says when nobody is left on it
                return b""
        try:
            for prompt, answer in answers:
                while not shown.endswith(prompt):
                    part = more()
                    assert part, shown
                    shown += part
                os.write(terminal, answer)
            while part := more():
                shown += part
        except AssertionError:
            os.kill(child, 9)
            raise
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown

    code, shown = talk([(b"New password: ", b"typed secret\n"),
                        (b"again: ", b"typed secret\n")])
    equal(code, 0)
    assert b"typed" not in shown, shown
    secret_of(next(tool.keys.glob("*.json")), "typed secret")
    code, shown = talk([(b"New password: ", b"typed secret\n"), (b"again: ", b"typed sacret\n")])
    equal(code, 2)
    assert b"differ" in shown, shown
    code, shown = talk([(b"New password: ", b"typed\x03")])
    equal(code, 2)
    assert b"interrupted" in shown, shown


def test_import(tool):
    vector = json.loads((tool.vectors / "bls/eip2335.json").read_text())
    password = tool.file("typed", bytes.fromhex(vector["password_utf8_hex"][2:]))
    source = tool.file("foreign.json", json.dumps(vector["keystores"][1]))

    def run(*arguments):
        return tool.run("keys", "import", source, "--dir", tool.keys, "--chain", CHAIN, *CHEAP,
                        "--password-file", password, *arguments)
    # Nobody may forget to say what the key has voted.
    for arguments in ((), ("--never-voted", "--vote-record", "x")):
        code, _, err = run(*arguments)
        equal(code, 2)
        assert "--never-voted" in err, err
    code, out, err = run("--never-voted", "--json")
    equal((code, err), (0, ""))
    made = json.loads(out)
    equal(made["public_key"], "0x" + vector["keystores"][1]["pubkey"])
    normalized = bytes.fromhex(vector["password_after_nfkd_and_control_strip"][2:]).decode()
    equal("0x" + secret_of(made["keystore"], normalized), vector["secret"])
    equal(json.loads(pathlib.Path(made["keystore"]).read_text())["path"],
          vector["keystores"][1]["path"])

    # A wrong password is an answer, damage is not.
    code, out, err = tool.run("keys", "import", source, "--dir", tool.keys, "--chain", CHAIN,
                              "--password-file", tool.file("wrong", "wrong password"),
                              "--never-voted")
    equal((code, out), (1, ""))
    assert "wrong password" in err, err
    error = tool.json("keys", "export", source, "--out", tool.folder / "x", "--password-file",
                      tool.file("wrong", "wrong password"), code=1)
    equal(error["file"], str(source))
    for change, field in ((lambda k: k.update(version=3), "version"),
                          (lambda k: k["crypto"]["kdf"].update(function="x"), "crypto.kdf"),
                          (lambda k: k.pop("uuid"), "uuid")):
        keystore = json.loads(json.dumps(vector["keystores"][1]))
        change(keystore)
        code, out, err = tool.run("keys", "export", tool.file("bad.json", json.dumps(keystore)),
                                  "--out", tool.folder / "x", "--password-file", password,
                                  "--new-password-file", tool.file("password", PASSWORD))
        equal((code, out), (2, ""))
        assert field in err, err
    costly = json.loads(json.dumps(vector["keystores"][0]))
    costly["crypto"]["kdf"]["params"]["n"] = 1 << 30
    code, _, err = tool.run("keys", "export", tool.file("bad.json", json.dumps(costly)), "--out",
                            tool.folder / "x", "--password-file", password)
    equal(code, 2)
    assert "costs more" in err, err
    assert not (tool.folder / "x").exists()


def test_record(tool):
    made = tool.new()
    record = made["vote_record"]
    # A look needs no key; a wrong key sees nothing.
    equal(tool.json("vote-record", "show", record), tool.show(made))
    other = tool.new()
    equal(tool.json("vote-record", "show", record, "--chain", CHAIN, "--key",
                    other["public_key"], code=1), {"error": "no record counts"})
    tool.json("vote-record", "show", record, "--chain", OTHER_CHAIN, "--key", made["public_key"],
              code=1)
    equal(tool.run("vote-record", "show", record)[1].split()[:2],
          ["key_name", tool.show(made)["key_name"]])
    code, _, err = tool.run("vote-record", "show", tool.folder / "missing")
    equal(code, 2)
    code, _, err = tool.run("vote-record", "show", tool.file("short", "x"))
    equal(code, 2)
    assert "another length" in err, err
    # A voter at work: a look is free, an end is not.
    with open(record, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        tool.show(made)
        code, out, err = tool.run("vote-record", "export", record, "--chain", CHAIN, "--key",
                                  made["public_key"])
        equal((code, out), (2, ""))
        assert "in use" in err, err
    equal(tool.show(made)["state"], "exact")
    # One bit of the record: it does not count.
    data = bytearray(pathlib.Path(record).read_bytes())
    data[4096 + 16] ^= 1
    damaged = tool.file("damaged", bytes(data))
    tool.json("vote-record", "show", damaged, code=1)


def exported(public_key, epoch, view, chain=CHAIN, two="none"):
    return {"format": "1", "chain_id": chain,
            "records": [{"pubkey": public_key, "epoch": str(epoch), "view": str(view),
                         "two": two}]}


def test_move(tool):
    """A key goes from one machine to another: the first one ends, the second starts above it."""
    made = tool.new()
    key = ("--chain", CHAIN, "--key", made["public_key"])
    position = tool.file("position", json.dumps(exported(made["public_key"], 3, 17, two="nullify")))
    record = tool.json("vote-record", "import", made["vote_record"], position, *key)
    equal((record["epoch"], record["view"], record["notarized"], record["second"]),
          ("3", "17", "used", "used"))
    # Never lowered, and the same again changes nothing.
    for epoch, view in ((3, 17), (3, 16), (2, 99), (0, 0)):
        lower = tool.file("lower", json.dumps(exported(made["public_key"], epoch, view)))
        equal(tool.json("vote-record", "import", made["vote_record"], lower, *key), record)
    # The greatest of several records of a key.
    several = exported(made["public_key"], 3, 18)
    several["records"] += exported(made["public_key"], 4, 1)["records"]
    several["records"] += exported(made["public_key"], 3, 99)["records"]
    record = tool.json("vote-record", "import", made["vote_record"],
                       tool.file("several", json.dumps(several)), *key)
    equal((record["epoch"], record["view"]), ("4", "1"))

    out = tool.folder / "export.json"
    code, text, err = tool.run("vote-record", "export", made["vote_record"], *key, "--out", out)
    equal((code, text, err), (0, "", ""))
    equal(json.loads(out.read_text()), exported(made["public_key"], 4, 1, two="finalize"))
    equal(tool.show(made)["state"], "retired")
    # The text can be had again; the record stays as it is, and takes nothing more.
    code, text, _ = tool.run("vote-record", "export", made["vote_record"], *key)
    equal((code, json.loads(text)), (0, exported(made["public_key"], 4, 1, two="finalize")))
    higher = tool.file("higher", json.dumps(exported(made["public_key"], 9, 9)))
    equal(tool.json("vote-record", "import", made["vote_record"], higher, *key)["state"], "retired")

    second = tool.folder / "second"
    moved = tool.json("keys", "import", made["keystore"], "--dir", second, "--chain", CHAIN,
                      "--password-file", tool.file("password", PASSWORD), *CHEAP, "--vote-record",
                      out)
    equal(moved["public_key"], made["public_key"])
    record = tool.show(moved)
    equal((record["state"], record["epoch"], record["view"], record["notarized"]),
          ("exact", "4", "1", "used"))
    equal(secret_of(moved["keystore"]), secret_of(made["keystore"]))
    # Not below what the second machine has by now.
    os.unlink(moved["keystore"])
    tool.json("vote-record", "import", moved["vote_record"], higher, *key)
    again = tool.json("keys", "import", made["keystore"], "--dir", second, "--chain", CHAIN,
                      "--password-file", tool.file("password", PASSWORD), *CHEAP, "--vote-record",
                      out)
    equal(tool.show(again)["epoch"], "9")
    # Somebody who says that it never voted, where a record says otherwise.
    os.unlink(moved["keystore"])
    code, _, err = tool.run("keys", "import", made["keystore"], "--dir", second, "--chain", CHAIN,
                            "--password-file", tool.file("password", PASSWORD), *CHEAP,
                            "--never-voted")
    equal(code, 2)
    assert "votes already" in err, err
    equal(tool.show(again)["epoch"], "9")


def test_exchange_format(tool):
    made = tool.new()
    key = ("--chain", CHAIN, "--key", made["public_key"])
    before = pathlib.Path(made["vote_record"]).read_bytes()
    good = exported(made["public_key"], 3, 17)

    def changed(path, value):
        text = json.loads(json.dumps(good))
        at = text
        for name in path[:-1]:
            at = at[name]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value
        return json.dumps(text)
    record = ("records", 0)
    cases = [(changed(("format",), "2"), "format"), (changed(("format",), 1), "format"),
             (changed(("format",), None), "format"),
             (changed(("chain_id",), OTHER_CHAIN), "another chain"),
             (changed(("chain_id",), "11" * 32), "chain_id"),
             (changed(("chain_id",), None), "chain_id"),
             (changed(("records",), {}), "records"), (changed(("records",), None), "records"),
             (changed(("records",), []), "no record of this key"),
             (changed(record + ("pubkey",), "0x" + "00" * 48), "no record of this key"),
             (changed(record + ("pubkey",), "0x00"), "records[0].pubkey"),
             (changed(record + ("pubkey",), None), "records[0].pubkey"),
             (changed(record + ("epoch",), 3), "records[0].epoch"),
             (changed(record + ("epoch",), "03"), "records[0].epoch"),
             (changed(record + ("epoch",), None), "records[0].epoch"),
             (changed(record + ("view",), "18446744073709551616"), "records[0].view"),
             (changed(record + ("view",), "-1"), "records[0].view"),
             (changed(record + ("view",), None), "records[0].view"),
             (changed(record + ("two",), "used"), "records[0].two"),
             (changed(record + ("two",), None), "records[0].two"),
             (json.dumps(good)[:-1], "not JSON"), ("", "not JSON"),
             ('{"format": "1", ' + json.dumps(good)[1:], "twice"),
             (json.dumps(good) + " " * (1 << 20), "File too large")]
    for text, complaint in cases:
        code, out, err = tool.run("vote-record", "import", made["vote_record"],
                                  tool.file("bad", text), *key)
        equal((code, out), (2, ""))
        assert complaint in err, (text[:200], err)
        equal(pathlib.Path(made["vote_record"]).read_bytes(), before)
    assert tool.json("vote-record", "import", made["vote_record"],
                     tool.file("good", json.dumps(good)), *key)["view"] == "17"
    # The last position that there is.
    last = 2 ** 64 - 1
    record = tool.json("vote-record", "import", made["vote_record"],
                       tool.file("last", json.dumps(exported(made["public_key"], last, last))),
                       *key)
    equal((record["epoch"], record["view"]), (str(last), str(last)))


def test_usage(tool):
    for arguments in (("keys",), ("keys", "new"), ("keys", "new", "--dir", "x"),
                      ("keys", "new", "--dir", "x", "--chain", "0x11"),
                      ("keys", "new", "--dir", "x", "--chain", CHAIN, "--kdf", "argon2"),
                      ("keys", "new", "--dir", "x", "--chain", CHAIN, "--kdf-cost", "13"),
                      ("keys", "new", "--dir", "x", "--chain", CHAIN, "--kdf-cost", "22"),
                      ("keys", "export", "x"), ("keys", "import"), ("vote-record",),
                      ("vote-record", "show"),
                      ("vote-record", "show", "x", "--chain", CHAIN),
                      ("vote-record", "export", "x", "--chain", CHAIN),
                      ("vote-record", "import", "x", "--chain", CHAIN, "--key", "0x" + "00" * 48)):
        code, out, err = tool.run(*arguments)
        equal((code, out), (3, ""))
    for arguments in (("keys", "--help"), ("keys", "new", "--help"), ("vote-record", "--help"),
                      ("vote-record", "export", "--help")):
        code, out, _ = tool.run(*arguments)
        equal(code, 0)
        assert "--help" in out, out


def main():
    group, program, vectors = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        globals()[f"test_{group}"](Tool(program, vectors, folder))


main()
