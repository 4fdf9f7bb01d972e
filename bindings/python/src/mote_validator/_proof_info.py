"""Headline values of a proof."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, fields
from typing import Tuple

from ._abi import CProofInfo, CVerdict
from ._buffers import BytesLike, borrow
from ._errors import check
from ._library import lib


@dataclass(frozen=True)
class ProofInfo:
    """Headline values of a proof, for display. Nothing here was verified."""

    address_major: bool
    trace_length: int
    ram_words: int
    log_k_chunk: int
    log_k_virtual: int
    ram_phase1: int
    ram_phase2: int
    registers_phase1: int
    registers_phase2: int
    instruction_commitments: int
    ram_commitments: int
    bytecode_commitments: int
    untrusted_advice: bool
    sumcheck_rounds: Tuple[int, ...]
    opening_bytes: int


def describe_proof(proof: BytesLike) -> ProofInfo:
    """Reads the headline values of a proof without verifying it.

    Raises:
        MalformedError: `proof` does not parse.
    """
    held = borrow(proof, "proof")
    raw = CProofInfo(struct_size=ctypes.sizeof(CProofInfo))
    verdict = CVerdict(struct_size=ctypes.sizeof(CVerdict))
    status = lib.mote_jolt_proof_describe(
        ctypes.byref(raw), ctypes.byref(verdict), held.address, held.size
    )
    check(status, verdict).require_accepted()
    values = {each.name: getattr(raw, each.name) for each in fields(ProofInfo)}
    values["address_major"] = bool(raw.address_major)
    values["untrusted_advice"] = bool(raw.untrusted_advice)
    values["sumcheck_rounds"] = tuple(raw.sumcheck_rounds)
    return ProofInfo(**values)
