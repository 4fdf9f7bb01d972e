"""Bytes of the caller as an address that stays good during a call.

A verdict must be about one state of the bytes, whatever other threads do meanwhile. So `bytes`, and
any memoryview of `bytes`, is used where it lies; what somebody could still change (a bytearray, a
memoryview of one, a mapped file) is copied first. Memory-safety does not rest on the caller's care.
"""

from __future__ import annotations

import ctypes
from typing import Any, Optional, Union

from ._errors import InvalidArgumentError

BytesLike = Union[bytes, bytearray, memoryview]


class _PyBuffer(ctypes.Structure):
    """Py_buffer of CPython, part of its stable ABI."""

    _fields_ = [
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.c_void_p),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_void_p),
        ("shape", ctypes.c_void_p),
        ("strides", ctypes.c_void_p),
        ("suboffsets", ctypes.c_void_p),
        ("internal", ctypes.c_void_p),
    ]


# Other Pythons have no such interface: there every view is copied.
_python: Optional[Any] = getattr(ctypes, "pythonapi", None)
if _python is not None:
    try:
        _get_buffer = _python.PyObject_GetBuffer
        _get_buffer.argtypes = [ctypes.py_object, ctypes.POINTER(_PyBuffer), ctypes.c_int]
        _get_buffer.restype = ctypes.c_int
        _release_buffer = _python.PyBuffer_Release
        _release_buffer.argtypes = [ctypes.POINTER(_PyBuffer)]
        _release_buffer.restype = None
    except AttributeError:
        _python = None


class Borrowed:
    """Address and number of bytes that do not change, good as long as this object lives."""

    __slots__ = ("address", "size", "view")

    def __init__(self, address: int, size: int, view: memoryview) -> None:
        self.address = address
        self.size = size
        self.view = view
        """The same bytes for Python."""


def _of_bytes(data: bytes) -> Borrowed:
    address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
    return Borrowed(address, len(data), memoryview(data))


def _of_view(view: memoryview) -> Borrowed:
    immutable = type(view.obj) is bytes and view.c_contiguous
    if _python is None or not immutable or view.nbytes == 0:
        return _of_bytes(view.tobytes())
    # A view of our own, which the caller cannot release.
    own = view.cast("B")
    buffer = _PyBuffer()
    _get_buffer(own, ctypes.byref(buffer), 0)
    address: int = buffer.buf
    # The bytes object, which `own` keeps, does not move.
    _release_buffer(ctypes.byref(buffer))
    return Borrowed(address, own.nbytes, own)


def borrow(data: BytesLike, name: str) -> Borrowed:
    """Takes bytes, bytearray or memoryview; TypeError for anything else."""
    if type(data) is bytes:
        return _of_bytes(data)
    if isinstance(data, bytes):
        # A subclass may lie about its length; a slice by the base class is plain bytes.
        return _of_bytes(bytes.__getitem__(data, slice(None)))
    if isinstance(data, bytearray):
        return _of_bytes(memoryview(data).tobytes())
    if isinstance(data, memoryview):
        return _of_view(data)
    kind = type(data).__name__
    raise TypeError(f"{name} must be bytes, bytearray or memoryview, not {kind}")


def borrow_exactly(data: BytesLike, size: int, name: str) -> Borrowed:
    """The same, of exactly `size` bytes; InvalidArgumentError for another number."""
    borrowed = borrow(data, name)
    if borrowed.size != size:
        raise InvalidArgumentError(f"{name} must have {size} bytes, not {borrowed.size}")
    return borrowed
