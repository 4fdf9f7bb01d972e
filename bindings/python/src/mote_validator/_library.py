"""Finds libmote, loads it and declares its functions.

The file that MOTE_LIBRARY names is taken if it is set; otherwise the one that the wheel brought,
which lies beside this module. Nothing else is searched, so that no stray library is picked up.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, c_char_p, c_size_t, c_uint32, c_void_p
from pathlib import Path

from ._abi import (
    ABI_VERSION,
    CBundle,
    CKeyInfo,
    CObserver,
    CProofInfo,
    CPublicIo,
    CVerdict,
)
from ._state_abi import FUNCTIONS as _STATE_FUNCTIONS
from ._svid_abi import FUNCTIONS as _SVID_FUNCTIONS

if sys.platform == "win32":
    _FILE = "mote.dll"
elif sys.platform == "darwin":
    _FILE = "libmote.dylib"
else:
    _FILE = "libmote.so"

_SIZE = POINTER(c_size_t)
_VERDICT = POINTER(CVerdict)

# Bytes and opened objects are passed as addresses: argtypes of None and int are void pointers.
_FUNCTIONS = {
    "mote_abi_version": (c_uint32, []),
    "mote_arch_name": (c_char_p, []),
    "mote_status_text": (c_char_p, [c_uint32]),
    "mote_stage_text": (c_char_p, [c_uint32]),
    "mote_reason_text": (c_char_p, [c_uint32]),
    "mote_field_text": (c_char_p, [c_uint32]),
    "mote_jolt_key_size": (c_uint32, [_SIZE, _VERDICT, c_void_p, c_size_t]),
    "mote_jolt_key_open": (
        c_uint32,
        [POINTER(c_void_p), _VERDICT, c_void_p, c_size_t, c_char_p, c_void_p, c_size_t, c_void_p],
    ),
    "mote_jolt_key_describe": (c_uint32, [POINTER(CKeyInfo), c_void_p]),
    "mote_dory_setup_size": (c_uint32, [_SIZE, _VERDICT, c_void_p, c_size_t]),
    "mote_dory_setup_open": (
        c_uint32,
        [POINTER(c_void_p), _VERDICT, c_void_p, c_size_t, c_void_p, c_size_t, c_void_p],
    ),
    "mote_jolt_verify_size": (c_uint32, [_SIZE, c_void_p, c_void_p]),
    "mote_jolt_verify": (
        c_uint32,
        [
            _VERDICT,
            c_void_p,
            c_size_t,
            c_void_p,
            c_void_p,
            POINTER(CPublicIo),
            c_void_p,
            c_size_t,
            c_void_p,
            POINTER(CObserver),
        ],
    ),
    "mote_jolt_bundle_open": (c_uint32, [POINTER(CBundle), _VERDICT, c_void_p, c_size_t]),
    "mote_jolt_proof_describe": (c_uint32, [POINTER(CProofInfo), _VERDICT, c_void_p, c_size_t]),
    **_STATE_FUNCTIONS,
    **_SVID_FUNCTIONS,
}


def _load() -> ctypes.CDLL:
    named = os.environ.get("MOTE_LIBRARY")
    path = Path(named).resolve() if named else Path(__file__).resolve().with_name(_FILE)
    if not path.is_file():
        raise ImportError(
            f"libmote is not at {path}. Install the wheel of mote-validator, "
            "or set MOTE_LIBRARY to the file of the shared library."
        )
    try:
        library = ctypes.CDLL(str(path))
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype = result
            function.argtypes = arguments
    except (OSError, AttributeError) as error:
        raise ImportError(f"{path} is not a libmote that this machine can load: {error}") from error
    version = library.mote_abi_version()
    if version != ABI_VERSION:
        raise ImportError(
            f"{path} has version {version} of the C interface; this package needs {ABI_VERSION}"
        )
    return library


lib = _load()


def text_of(function: str, code: int) -> str:
    """What a code means to people, by the library's own list."""
    text: bytes = getattr(lib, function)(code)
    return text.decode("utf-8", "replace")
