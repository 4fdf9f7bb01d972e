"""Memory the core works in, and the handles that keep it."""

from __future__ import annotations

import ctypes
from types import TracebackType
from typing import Any, NamedTuple, NoReturn, Optional, Type, TypeVar

from . import _abi
from ._abi import CVerdict
from ._buffers import Borrowed
from ._errors import InvalidArgumentError, check
from ._library import lib

_ALIGNMENT = 16

_Self = TypeVar("_Self", bound="Handle")


class Memory:
    """Zeroed memory at a 16-byte boundary, alive as long as this object."""

    __slots__ = ("_block", "address", "size")

    def __init__(self, size: int) -> None:
        self._block = ctypes.create_string_buffer(size + _ALIGNMENT - 1)
        start = ctypes.addressof(self._block)
        self.address = start + -start % _ALIGNMENT
        self.size = size


class Opened(NamedTuple):
    """An opened object of the core. Who holds this may use `address`, whoever closes meanwhile."""

    memory: Memory
    address: int


class Handle:
    """Owner of native memory. Safe to share between threads; close() never waits."""

    _name = "handle"
    _opened: Optional[Opened] = None

    def __init__(self) -> None:
        raise TypeError(f"use {type(self).__name__}.open()")

    def close(self) -> None:
        """Lets go of the memory; calls that are running keep it until they end. May be repeated."""
        self._opened = None

    @property
    def closed(self) -> bool:
        """True after close()."""
        return self._opened is None

    def _hold(self) -> Opened:
        opened = self._opened
        if opened is None:
            raise InvalidArgumentError(f"the {self._name} is closed")
        return opened

    def __enter__(self: _Self) -> _Self:
        self._hold()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        # Copies would hold addresses into memory that is not theirs.
        raise TypeError(f"a {type(self).__name__} cannot be pickled or copied; it can be shared")


def open_object(kind: str, data: Borrowed, *before: Any, digest: Borrowed) -> Opened:
    """Opens a program key or a setup: mote_<kind>_size, memory, mote_<kind>_open.

    `before` is what stands before the bytes in the arguments of mote_<kind>_open.
    """
    verdict = CVerdict(struct_size=ctypes.sizeof(CVerdict))
    size = ctypes.c_size_t()
    measure = getattr(lib, f"mote_{kind}_size")
    status = measure(ctypes.byref(size), ctypes.byref(verdict), data.address, data.size)
    check(status, verdict).require_accepted()
    memory = Memory(size.value)
    out = ctypes.c_void_p()
    status = getattr(lib, f"mote_{kind}_open")(
        ctypes.byref(out),
        ctypes.byref(verdict),
        memory.address,
        memory.size,
        *before,
        data.address,
        data.size,
        digest.address,
    )
    check(status, verdict).require_accepted()
    assert out.value is not None
    return Opened(memory, out.value)


def verify_size(key: Opened, setup: Opened) -> int:
    """Bytes of working memory that proofs under this key and setup need."""
    size = ctypes.c_size_t()
    status = lib.mote_jolt_verify_size(ctypes.byref(size), key.address, setup.address)
    if status != _abi.OK:
        check(status, CVerdict())
    return size.value
