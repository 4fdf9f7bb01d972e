"""Program keys."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Optional, Type, TypeVar

from ._abi import DIGEST_BYTES, CKeyInfo, CVerdict
from ._buffers import BytesLike, borrow, borrow_exactly
from ._errors import InvalidArgumentError, check
from ._io import MemoryLayout, layout_from_c
from ._library import lib
from ._memory import Handle, open_object

_Self = TypeVar("_Self", bound="ProgramKey")


@dataclass(frozen=True)
class ProgramKeyInfo:
    """Facts about an opened program key."""

    committed: bool
    """True in committed-program mode, False in full mode."""
    digest: bytes
    """The 32 bytes that identify the program, as recomputed from the content."""
    max_trace_length: int
    """Padded cycles."""
    bytecode_length: int
    """Rows, padding included."""
    image_words: int
    """64-bit words of initial memory."""
    entry_address: int
    """Where the program begins."""
    memory_layout: MemoryLayout
    """The guest's memory map."""


class ProgramKey(Handle):
    """What the guest program is, checked. Read-only: any number of threads may use one."""

    _name = "program key"

    @classmethod
    def open(
        cls: Type[_Self], data: BytesLike, digest: BytesLike, revision: Optional[str] = None
    ) -> _Self:
        """Checks a program key and keeps what verification needs of it, not `data`.

        Args:
            data: program and digest as they stand in a bundle (`Bundle.key`).
            digest: the 32 bytes that identify the program the caller wants. The digest is always
                recomputed from the content.
            revision: name of the Jolt revision; None for the newest.

        Raises:
            MalformedError: `data` does not parse.
            RejectedError: it is another program, or not a good key.
        """
        if revision is not None and not isinstance(revision, str):
            raise TypeError(f"revision must be a str, not {type(revision).__name__}")
        if revision is not None and "\0" in revision:
            raise InvalidArgumentError("revision must not contain a NUL")
        name = None if revision is None else revision.encode("utf-8", "surrogatepass")
        key = cls.__new__(cls)
        key._opened = open_object(
            "jolt_key",
            borrow(data, "data"),
            name,
            digest=borrow_exactly(digest, DIGEST_BYTES, "digest"),
        )
        return key

    @property
    def info(self) -> ProgramKeyInfo:
        """Facts about the key."""
        opened = self._hold()
        raw = CKeyInfo(struct_size=ctypes.sizeof(CKeyInfo))
        status = lib.mote_jolt_key_describe(ctypes.byref(raw), opened.address)
        check(status, CVerdict())
        return ProgramKeyInfo(
            committed=bool(raw.committed),
            digest=bytes(raw.digest),
            max_trace_length=raw.max_trace_length,
            bytecode_length=raw.bytecode_length,
            image_words=raw.image_words,
            entry_address=raw.entry_address,
            memory_layout=layout_from_c(raw.memory_layout),
        )
