"""The structs of mote_svid.h, field by field. tests/native_test.py compares them with the header."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from typing import Any, Dict, List, Tuple

from ._abi import DIGEST_BYTES, CSpan

HEADER_BYTES = 176
PUBLIC_KEY_BYTES = 48
ENTROPY_BYTES = 32
BLOCK_BYTES_MAX = 1 << 30
SAMPLES_DEFAULT = 16
NO_VALIDATOR = 0xFFFFFFFF

INCOMPLETE = 0
REJECTED = 1
PROVISIONAL = 2

E_HEADER = 1
E_PARAMS = 2
E_COMMIT = 3
E_Z = 4
E_ROW_SHAPE = 5
E_PATH = 6
E_FINGERPRINT = 7

NOT_SHOWN = 0
ROW_IS_CORRECT = 1
CONVICTS = 2

REBUILT = 0
INSUFFICIENT = 1
MISMATCH = 2

_Digest = c_uint8 * DIGEST_BYTES


class CShareVerdict(ctypes.Structure):
    """mote_svid_verdict"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("outcome", c_uint32),
        ("step", c_uint32),
        ("fault", c_uint32),
        ("row", c_uint32),
    ]


class CValidators(ctypes.Structure):
    """mote_svid_validators"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("count", c_uint32),
        ("stakes", POINTER(c_uint64)),
        ("public_keys", c_void_p),
        ("public_keys_bytes", c_size_t),
        ("seed", _Digest),
    ]


class CParams(ctypes.Structure):
    """mote_svid_params"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("row_bytes", c_uint32),
        ("block_bytes", c_uint64),
        ("data_rows", c_uint32),
        ("code_rows", c_uint32),
        ("rows", c_uint32),
        ("z_bytes", c_uint32),
    ]


class CRange(ctypes.Structure):
    """mote_svid_range"""

    _fields_ = [("struct_size", c_uint32), ("first", c_uint32), ("count", c_uint32)]


class CHeaderInfo(ctypes.Structure):
    """mote_svid_header_info"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("zone", c_uint32),
        ("height", c_uint64),
        ("epoch", c_uint64),
        ("block_bytes", c_uint64),
        ("data_rows", c_uint32),
        ("rows", c_uint32),
        ("row_bytes", c_uint32),
        ("chain_id", _Digest),
        ("data_root", _Digest),
        ("parity_root", _Digest),
        ("z_digest", _Digest),
        ("svid_root", _Digest),
        ("announce_digest", _Digest),
    ]


class CExpected(ctypes.Structure):
    """mote_svid_expected"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("zone", c_uint32),
        ("height", c_uint64),
        ("epoch", c_uint64),
        ("block_bytes_max", c_uint64),
        ("chain_id", _Digest),
        ("svid_root", _Digest),
    ]


class CRequest(ctypes.Structure):
    """mote_svid_request"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("validator", c_uint32),
        ("rows", POINTER(c_uint32)),
        ("row_count", c_size_t),
    ]


class CRows(ctypes.Structure):
    """mote_svid_rows"""

    _fields_ = [
        ("first", c_uint32),
        ("count", c_uint32),
        ("rows", CSpan),
        ("data_path", CSpan),
        ("parity_path", CSpan),
    ]


class CFinding(ctypes.Structure):
    """mote_svid_finding"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("finding", c_uint32),
        ("fault", c_uint32),
        ("svid_root", _Digest),
        ("announce_digest", _Digest),
    ]


class CRow(ctypes.Structure):
    """mote_svid_row"""

    _fields_ = [("number", c_uint32), ("data", CSpan)]


_SIZE = POINTER(c_size_t)
_U32 = POINTER(c_uint32)
_VERDICT = POINTER(CShareVerdict)
_SHARE: List[Any] = [c_void_p, POINTER(CExpected), POINTER(CRequest), c_void_p, c_size_t]

FUNCTIONS: Dict[str, Tuple[Any, List[Any]]] = {
    "mote_svid_outcome_text": (c_char_p, [c_uint32]),
    "mote_svid_fault_text": (c_char_p, [c_uint32]),
    "mote_svid_epoch_size": (c_uint32, [_SIZE, c_size_t]),
    "mote_svid_epoch_open": (
        c_uint32,
        [POINTER(c_void_p), c_void_p, c_size_t, POINTER(CValidators)],
    ),
    "mote_svid_params_of": (c_uint32, [POINTER(CParams), c_void_p, c_uint64]),
    "mote_svid_assigned_rows": (
        c_uint32,
        [POINTER(CRange), c_void_p, c_uint64, c_uint32, c_uint64, c_uint32],
    ),
    "mote_svid_header_describe": (c_uint32, [POINTER(CHeaderInfo), c_void_p, c_size_t]),
    "mote_svid_share_size": (c_uint32, [_SIZE, _VERDICT, *_SHARE]),
    "mote_svid_share_open": (
        c_uint32,
        [POINTER(c_void_p), _VERDICT, c_void_p, c_size_t, *_SHARE],
    ),
    "mote_svid_share_begin_source": (c_uint32, [c_void_p]),
    "mote_svid_share_append_z": (c_uint32, [_U32, c_void_p, c_void_p, c_size_t]),
    "mote_svid_share_end_z": (c_uint32, [_U32, c_void_p]),
    "mote_svid_share_begin_rows": (
        c_uint32,
        [
            _U32,
            c_void_p,
            c_uint32,
            c_uint32,
            c_uint64,
            c_void_p,
            c_size_t,
            c_void_p,
            c_size_t,
        ],
    ),
    "mote_svid_share_append_rows": (c_uint32, [_U32, c_void_p, c_void_p, c_size_t]),
    "mote_svid_share_end_rows": (c_uint32, [_U32, c_void_p]),
    "mote_svid_share_verdict": (c_uint32, [_VERDICT, c_void_p]),
    "mote_svid_share_holds": (c_uint32, [_U32, c_void_p, c_uint32]),
    "mote_svid_check_share": (
        c_uint32,
        [_VERDICT, c_void_p, c_size_t, *_SHARE, c_void_p, c_size_t, POINTER(CRows), c_size_t],
    ),
    "mote_svid_sample_rows": (c_uint32, [_U32, c_size_t, c_uint32, c_void_p, c_size_t]),
    "mote_svid_sample_bound": (c_uint32, [POINTER(c_double), c_uint32, c_uint32, c_uint32]),
    "mote_svid_bad_row_size": (c_uint32, [_SIZE]),
    "mote_svid_check_bad_row": (
        c_uint32,
        [
            POINTER(CFinding),
            c_void_p,
            c_size_t,
            c_void_p,
            c_void_p,
            c_void_p,
            c_size_t,
            POINTER(CRows),
            c_void_p,
            c_size_t,
        ],
    ),
    "mote_svid_equivocates": (
        c_uint32,
        [_U32, c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_size_t],
    ),
    "mote_svid_reconstruct_size": (c_uint32, [_SIZE, c_void_p, c_size_t]),
    "mote_svid_reconstruct": (
        c_uint32,
        [
            _U32,
            c_void_p,
            c_size_t,
            c_void_p,
            c_size_t,
            c_void_p,
            c_size_t,
            POINTER(CRow),
            c_size_t,
        ],
    ),
}
