"""Bundle files: a key, a setup, public I/O and a proof in one."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Dict, Optional

from ._abi import CBundle, CSpan, CVerdict
from ._buffers import BytesLike, borrow
from ._errors import check
from ._io import PublicIo, layout_from_c
from ._library import lib


@dataclass(frozen=True)
class Bundle:
    """A bundle taken apart: views of its bytes, which are not checked beyond where they end.

    A bundle brings its own key and setup, so whoever made it chose them. Compare `key_digest` and
    `setup_digest` with values from elsewhere, or pass those to ProgramKey.open and DorySetup.open.
    """

    key: memoryview
    """For ProgramKey.open."""
    setup: memoryview
    """For DorySetup.open."""
    proof: memoryview
    """For Verifier.verify."""
    trusted_advice: Optional[memoryview]
    """For Verifier.verify; None if the bundle has none."""
    io: PublicIo
    """What the bundle says the program read and wrote."""
    key_digest: bytes
    """Digest of the program as the bundle states it; ProgramKey.open recomputes it."""
    setup_digest: bytes
    """SHA-256 of the setup."""
    offsets: Dict[str, int] = field(repr=False, compare=False)
    """Where key, setup, proof and trusted_advice begin in the bundle."""

    @classmethod
    def open(cls, data: BytesLike) -> Bundle:
        """Takes a bundle apart.

        Raises:
            MalformedError: `data` is not a bundle.
        """
        held = borrow(data, "data")
        raw = CBundle(struct_size=ctypes.sizeof(CBundle))
        verdict = CVerdict(struct_size=ctypes.sizeof(CVerdict))
        status = lib.mote_jolt_bundle_open(
            ctypes.byref(raw), ctypes.byref(verdict), held.address, held.size
        )
        check(status, verdict).require_accepted()

        def at(span: CSpan) -> int:
            address: int = span.data or held.address  # NULL: there is no such part
            return address - held.address

        def part(span: CSpan) -> memoryview:
            return held.view[at(span) : at(span) + span.bytes]

        return cls(
            key=part(raw.key),
            setup=part(raw.setup),
            proof=part(raw.proof),
            trusted_advice=part(raw.trusted_advice) if raw.trusted_advice.bytes else None,
            io=PublicIo(
                inputs=bytes(part(raw.inputs)),
                outputs=bytes(part(raw.outputs)),
                panic=bool(raw.panic),
                memory_layout=layout_from_c(raw.memory_layout),
            ),
            key_digest=bytes(raw.key_digest),
            setup_digest=bytes(raw.setup_digest),
            offsets={
                name: at(getattr(raw, name))
                for name in ("key", "setup", "proof", "trusted_advice")
            },
        )
