"""The structs of mote.h, field by field. tests/layout_test.py compares them with the header."""

from __future__ import annotations

import ctypes
from ctypes import c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

ABI_VERSION = 1

OK = 0
MALFORMED = 2
INVALID_ARGUMENT = 3
MEMORY_TOO_SMALL = 4
LIMIT_EXCEEDED = 5
UNSUPPORTED = 6

GT_BYTES = 384
DIGEST_BYTES = 32

LAYOUT_FIELDS = (
    "program_size",
    "max_trusted_advice_size",
    "trusted_advice_start",
    "trusted_advice_end",
    "max_untrusted_advice_size",
    "untrusted_advice_start",
    "untrusted_advice_end",
    "max_input_size",
    "max_output_size",
    "input_start",
    "input_end",
    "output_start",
    "output_end",
    "stack_size",
    "stack_end",
    "heap_size",
    "heap_end",
    "panic",
    "termination",
    "io_end",
)


class CVerdict(ctypes.Structure):
    """mote_verdict"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("accepted", c_uint32),
        ("stage", c_uint32),
        ("reason", c_uint32),
        ("field", c_uint32),
        ("index", c_uint32),
        ("offset", c_uint64),
    ]


class CMemoryLayout(ctypes.Structure):
    """mote_memory_layout"""

    _fields_ = [(name, c_uint64) for name in LAYOUT_FIELDS]


class CKeyInfo(ctypes.Structure):
    """mote_jolt_key_info"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("committed", c_uint32),
        ("digest", c_uint8 * DIGEST_BYTES),
        ("max_trace_length", c_uint64),
        ("bytecode_length", c_uint64),
        ("image_words", c_uint64),
        ("entry_address", c_uint64),
        ("memory_layout", CMemoryLayout),
    ]


class CPublicIo(ctypes.Structure):
    """mote_public_io"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("panic", c_uint32),
        ("inputs", c_void_p),
        ("inputs_bytes", c_size_t),
        ("outputs", c_void_p),
        ("outputs_bytes", c_size_t),
        ("memory_layout", ctypes.POINTER(CMemoryLayout)),
    ]


ON_STAGE = ctypes.CFUNCTYPE(None, c_void_p, c_uint32)
ON_TRANSCRIPT = ctypes.CFUNCTYPE(None, c_void_p, c_uint32, c_void_p)


class CObserver(ctypes.Structure):
    """mote_observer"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("context", c_void_p),
        ("on_stage", ON_STAGE),
        ("on_transcript", ON_TRANSCRIPT),
    ]


class CSpan(ctypes.Structure):
    """mote_span"""

    _fields_ = [("data", c_void_p), ("bytes", c_size_t)]


class CBundle(ctypes.Structure):
    """mote_jolt_bundle"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("panic", c_uint32),
        ("key", CSpan),
        ("setup", CSpan),
        ("proof", CSpan),
        ("trusted_advice", CSpan),
        ("inputs", CSpan),
        ("outputs", CSpan),
        ("memory_layout", CMemoryLayout),
        ("key_digest", c_uint8 * DIGEST_BYTES),
        ("setup_digest", c_uint8 * DIGEST_BYTES),
    ]


class CProofInfo(ctypes.Structure):
    """mote_jolt_proof_info"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("address_major", c_uint32),
        ("trace_length", c_uint64),
        ("ram_words", c_uint64),
        ("log_k_chunk", c_uint32),
        ("log_k_virtual", c_uint32),
        ("ram_phase1", c_uint32),
        ("ram_phase2", c_uint32),
        ("registers_phase1", c_uint32),
        ("registers_phase2", c_uint32),
        ("instruction_commitments", c_uint32),
        ("ram_commitments", c_uint32),
        ("bytecode_commitments", c_uint32),
        ("untrusted_advice", c_uint32),
        ("sumcheck_rounds", c_uint32 * 10),
        ("opening_bytes", c_uint32),
    ]
