"""A bundle to a verdict in one call."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from ._abi import DIGEST_BYTES
from ._buffers import BytesLike, borrow_exactly
from ._bundle import Bundle
from ._errors import MalformedError, RejectedError
from ._key import ProgramKey
from ._setup import DorySetup
from ._verdict import Verdict
from ._verifier import OnStage, Verifier


def verify_bundle(
    data: BytesLike,
    expect_program: Optional[BytesLike] = None,
    expect_setup: Optional[BytesLike] = None,
    on_stage: Optional[OnStage] = None,
) -> Verdict:
    """Opens key and setup of a bundle and verifies its proof. Offsets are those of the bundle.

    Without expectations the digests that the bundle states are used. Whoever made the bundle chose
    them, so "accepted" then only says that some program, under some setup, did this.

    Args:
        data: the bytes of the bundle.
        expect_program: the 32-byte digest of the program that is trusted.
        expect_setup: the SHA-256 of the setup that is trusted.
        on_stage: as for Verifier.verify.

    Returns:
        The verdict on key, setup or proof, whichever ended it.

    Raises:
        MalformedError: some part does not parse.
    """
    for digest, name in ((expect_program, "expect_program"), (expect_setup, "expect_setup")):
        if digest is not None:
            borrow_exactly(digest, DIGEST_BYTES, name)
    if on_stage is not None and not callable(on_stage):
        raise TypeError(f"on_stage must be callable, not {type(on_stage).__name__}")
    try:
        bundle = Bundle.open(data)
    except RejectedError as error:
        return error.verdict
    base = bundle.offsets["key"]
    try:
        key = ProgramKey.open(
            bundle.key, bundle.key_digest if expect_program is None else expect_program
        )
        base = bundle.offsets["setup"]
        setup = DorySetup.open(
            bundle.setup, bundle.setup_digest if expect_setup is None else expect_setup
        )
    except RejectedError as error:
        verdict = error.verdict
        return replace(verdict, offset=base + verdict.offset) if verdict.offset else verdict
    except MalformedError as error:
        verdict = error.verdict
        raise MalformedError(replace(verdict, offset=base + verdict.offset)) from None
    # Not inside the try: what on_stage raises is not about this bundle.
    return Verifier(key, setup)._verify(
        bundle.io,
        bundle.proof,
        bundle.trusted_advice,
        on_stage,
        bundle.offsets["proof"],
        bundle.offsets["trusted_advice"],
    )
