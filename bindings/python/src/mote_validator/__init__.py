"""Verifies Jolt zkVM proofs, with the native Mote library.

    from mote_validator import verify_bundle

    verdict = verify_bundle(data, expect_program=program_digest, expect_setup=setup_digest)
    if verdict.accepted: ...

Three kinds of "no" stay apart: the call could not be done (InvalidArgumentError, TypeError,
MemoryError, ...), the bytes do not parse (MalformedError), the subject is not good (a Verdict with
accepted False, or RejectedError where there is nothing to go on with).
"""

from ._buffers import BytesLike
from ._bundle import Bundle
from ._errors import (
    InvalidArgumentError,
    LimitExceededError,
    MalformedError,
    MoteError,
    RejectedError,
    UnsupportedError,
)
from ._io import MemoryLayout, PublicIo
from ._key import ProgramKey, ProgramKeyInfo
from ._library import lib as _lib
from ._proof_info import ProofInfo, describe_proof
from ._setup import DorySetup
from ._verdict import Verdict
from ._verifier import OnStage, Verifier
from ._verify_bundle import verify_bundle

__version__ = "0.1.0"

__all__ = [
    "Bundle",
    "BytesLike",
    "DorySetup",
    "InvalidArgumentError",
    "LimitExceededError",
    "MalformedError",
    "MemoryLayout",
    "MoteError",
    "OnStage",
    "ProgramKey",
    "ProgramKeyInfo",
    "ProofInfo",
    "PublicIo",
    "RejectedError",
    "UnsupportedError",
    "Verdict",
    "Verifier",
    "abi_version",
    "arch_name",
    "describe_proof",
    "verify_bundle",
]


def abi_version() -> int:
    """The version of the C interface that the loaded library has."""
    version: int = _lib.mote_abi_version()
    return version


def arch_name() -> str:
    """The arithmetic this machine gets, such as "x86_64_adx" or "portable"."""
    name: bytes = _lib.mote_arch_name()
    return name.decode("ascii", "replace")
