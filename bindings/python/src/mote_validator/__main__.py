"""python -m mote_validator BUNDLE: decides whether the proof of a bundle file is good."""

from __future__ import annotations

import argparse
import sys
from typing import IO, List, NoReturn, Optional

from . import Bundle, MalformedError, MoteError, __version__, verify_bundle

EXIT_ACCEPTED, EXIT_REJECTED, EXIT_MALFORMED, EXIT_USAGE = 0, 1, 2, 3
FILE_BYTES_MAX = 256 << 20


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # argparse would exit with 2, which here means malformed.
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def _digest(text: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != 32 or len(text) != 64:
        raise argparse.ArgumentTypeError("a digest is 64 hex digits")
    return digest


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m mote_validator",
        description="Decides whether the proof of a Jolt bundle file is good.",
        epilog="Exit code: 0 accepted, 1 rejected, 2 malformed, 3 it could not be found out.",
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="file; - reads standard input")
    parser.add_argument(
        "--expect-program", metavar="HEX", type=_digest, help="digest of the trusted program"
    )
    parser.add_argument(
        "--expect-setup", metavar="HEX", type=_digest, help="SHA-256 of the trusted setup"
    )
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def _read(path: str) -> bytes:
    def limited(file: IO[bytes]) -> bytes:
        data = file.read(FILE_BYTES_MAX + 1)
        if len(data) > FILE_BYTES_MAX:
            raise OSError(f"larger than {FILE_BYTES_MAX >> 20} MiB")
        return data

    if path == "-":
        return limited(sys.stdin.buffer)
    with open(path, "rb") as file:
        return limited(file)


def _report(kind: str, lines: List[str]) -> None:
    print("\n  ".join([kind, *lines]))


def main(arguments: Optional[List[str]] = None) -> int:
    """Prints the verdict on a bundle file; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        data = _read(options.bundle)
    except (OSError, MemoryError) as error:
        print(f"cannot read {options.bundle}: {error}", file=sys.stderr)
        return EXIT_USAGE
    try:
        verdict = verify_bundle(data, options.expect_program, options.expect_setup)
    except MalformedError as error:
        _report("malformed", [str(error.verdict)])
        return EXIT_MALFORMED
    except (MoteError, MemoryError) as error:
        print(f"{options.bundle}: {error}", file=sys.stderr)
        return EXIT_USAGE
    if not verdict.accepted:
        _report("rejected", [str(verdict)])
        return EXIT_REJECTED
    bundle = Bundle.open(data)
    stated = "   stated by the bundle; pin it with"
    _report(
        "accepted",
        [
            f"program  {bundle.key_digest.hex()}"
            + ("" if options.expect_program else f"{stated} --expect-program"),
            f"setup    {bundle.setup_digest.hex()}"
            + ("" if options.expect_setup else f"{stated} --expect-setup"),
            f"inputs   {bytes(bundle.io.inputs).hex()}",
            f"outputs  {bytes(bundle.io.outputs).hex()}",
            f"panic    {'yes' if bundle.io.panic else 'no'}",
        ],
    )
    return EXIT_ACCEPTED


if __name__ == "__main__":
    sys.exit(main())
