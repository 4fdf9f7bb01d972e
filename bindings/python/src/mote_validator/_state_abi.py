"""The structs of mote_state.h, field by field. tests/native_test.py compares them with the header."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any, Dict, List, Tuple

from ._abi import CSpan

ROOT_BYTES = 32
KEY_BYTES_MAX = 255
VALUE_BYTES_MAX = 65535
PROOF_BYTES_MAX = 1 << 27
OPERATIONS_MAX = 1 << 21
NO_HEIGHT = (1 << 64) - 1

F_TRUNCATED = 1
F_TRAILING = 2
F_MAGIC = 3
F_SHARD_MASK = 4
F_NEXT_SN = 5
F_ENTRY_COUNT = 6
F_CHUNK_COUNT = 7
F_ENTRY = 8
F_ENTRY_ORDER = 9
F_ENTRY_PADDING = 10
F_CHUNK_ORDER = 11
F_BATCH_KEY = 12
F_BATCH_VALUE = 13
F_BATCH_COLLISION = 14
F_ROOT = 32
F_MISSING = 33
F_SN_SPACE = 34

UNPROVEN = 0
PRESENT = 1
ABSENT = 2


class CStateVerdict(ctypes.Structure):
    """mote_state_verdict"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("accepted", c_uint32),
        ("fault", c_uint32),
        ("operation", c_uint32),
        ("offset", c_uint64),
    ]


class COperation(ctypes.Structure):
    """mote_state_operation"""

    _fields_ = [("key", CSpan), ("value", CSpan), ("erase", c_uint32)]


_SIZE = POINTER(c_size_t)
_VERDICT = POINTER(CStateVerdict)
_OPEN: List[Any] = [
    POINTER(c_void_p),
    _VERDICT,
    c_void_p,
    c_size_t,
    c_void_p,
    c_uint64,
    c_void_p,
    c_size_t,
]
_LOOKUP: List[Any] = [POINTER(c_uint32), POINTER(CSpan), c_void_p, c_void_p, c_size_t]

FUNCTIONS: Dict[str, Tuple[Any, List[Any]]] = {
    "mote_state_fault_text": (c_char_p, [c_uint32]),
    "mote_state_answer_text": (c_char_p, [c_uint32]),
    "mote_state_proof_size": (c_uint32, [_SIZE, c_size_t]),
    "mote_state_proof_open": (c_uint32, _OPEN),
    "mote_state_witness_open": (c_uint32, _OPEN),
    "mote_state_lookup": (c_uint32, _LOOKUP),
    "mote_state_lookup_after": (c_uint32, [*_LOOKUP, c_uint64]),
    "mote_state_apply_size": (c_uint32, [_SIZE, c_void_p, c_size_t]),
    "mote_state_apply": (
        c_uint32,
        [
            c_void_p,
            _VERDICT,
            c_void_p,
            c_size_t,
            c_void_p,
            c_uint64,
            POINTER(COperation),
            c_size_t,
        ],
    ),
}
