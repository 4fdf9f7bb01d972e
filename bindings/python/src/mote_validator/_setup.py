"""Dory verifier setups."""

from __future__ import annotations

from typing import Type, TypeVar

from ._abi import DIGEST_BYTES
from ._buffers import BytesLike, borrow, borrow_exactly
from ._memory import Handle, open_object

_Self = TypeVar("_Self", bound="DorySetup")


class DorySetup(Handle):
    """Parameters of the commitment scheme, checked. Read-only, so threads may share it."""

    _name = "setup"

    @classmethod
    def open(cls: Type[_Self], data: BytesLike, sha256: BytesLike) -> _Self:
        """Checks a setup: its SHA-256, the subgroup of each element, the relations between them.

        Takes about 10 ms, so do it once. `data` is not needed any more afterwards.

        Args:
            data: the setup as it stands in a bundle (`Bundle.setup`).
            sha256: the 32 bytes that identify the setup the caller trusts.

        Raises:
            MalformedError: `data` does not parse.
            RejectedError: it is another setup, or not a good one.
        """
        setup = cls.__new__(cls)
        setup._opened = open_object(
            "dory_setup",
            borrow(data, "data"),
            digest=borrow_exactly(sha256, DIGEST_BYTES, "sha256"),
        )
        return setup
