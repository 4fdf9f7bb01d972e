"""Decides about proofs."""

from __future__ import annotations

import ctypes
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional

from ._abi import GT_BYTES, ON_STAGE, CObserver, CVerdict
from ._buffers import BytesLike, borrow, borrow_exactly
from ._errors import InvalidArgumentError, check
from ._io import HeldIo, PublicIo
from ._key import ProgramKey
from ._library import lib, text_of
from ._memory import Handle, Memory, Opened, verify_size
from ._setup import DorySetup
from ._verdict import Verdict

OnStage = Callable[[str], object]
"""Called with the name of a stage when that stage begins."""


class _Watch:
    """Hands stages to a function of the caller, and keeps what it raises until C has returned."""

    def __init__(self, on_stage: Optional[OnStage]) -> None:
        if on_stage is not None and not callable(on_stage):
            raise TypeError(f"on_stage must be callable, not {type(on_stage).__name__}")
        self._on_stage = on_stage
        self._error: Optional[BaseException] = None
        self._observer = CObserver(
            struct_size=ctypes.sizeof(CObserver), on_stage=ON_STAGE(self._begin)
        )

    def _begin(self, _context: Optional[int], stage: int) -> None:
        if self._on_stage is None or self._error is not None:
            return
        try:
            self._on_stage(text_of("mote_stage_text", stage))
        except BaseException as error:  # C frames cannot be unwound: raised again by finish().
            self._error = error

    def pointer(self) -> Optional[Any]:
        """The argument for C."""
        return None if self._on_stage is None else ctypes.byref(self._observer)

    def finish(self) -> None:
        """Raises what the function raised."""
        error, self._error = self._error, None
        if error is not None:
            raise error


class Verifier(Handle):
    """Verifies proofs under one program key and one setup.

    Has working memory of its own. Calls from several threads at once are served one after the
    other; use one Verifier per thread to have them run at the same time.
    """

    _name = "verifier"

    def __init__(self, key: ProgramKey, setup: DorySetup) -> None:
        """Takes working memory for proofs under this key and setup, which may be shared."""
        if not isinstance(key, ProgramKey):
            raise TypeError(f"key must be a ProgramKey, not {type(key).__name__}")
        if not isinstance(setup, DorySetup):
            raise TypeError(f"setup must be a DorySetup, not {type(setup).__name__}")
        self._key = key
        self._setup = setup
        self._busy = threading.Lock()
        self._runner: Optional[int] = None
        memory = Memory(verify_size(key._hold(), setup._hold()))
        self._opened = Opened(memory, memory.address)

    @property
    def memory_bytes(self) -> int:
        """Bytes of working memory."""
        return self._hold().memory.size

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._runner == threading.get_ident():
            raise InvalidArgumentError("verify() was called by its own on_stage")
        with self._busy:
            self._runner = threading.get_ident()
            try:
                yield
            finally:
                self._runner = None

    def verify(
        self,
        io: PublicIo,
        proof: BytesLike,
        trusted_advice: Optional[BytesLike] = None,
        on_stage: Optional[OnStage] = None,
    ) -> Verdict:
        """Decides whether `proof` shows that the program of the key does what `io` says.

        Time and memory are bounded for every input. Other Python threads run meanwhile.

        Args:
            io: what the caller believes the program read and wrote.
            proof: anything anyone sent.
            trusted_advice: 384-byte commitment to advice the caller vouches for.
            on_stage: called with the name of each stage as it begins. What it raises is raised
                after the call; it is not called again in between.

        Returns:
            The verdict. Check `accepted`, or call `require_accepted()`.

        Raises:
            MalformedError: `proof` or `trusted_advice` does not parse.
            InvalidArgumentError: a handle is closed, or a value cannot be meant.
        """
        return self._verify(io, proof, trusted_advice, on_stage, 0, 0)

    def _verify(
        self,
        io: PublicIo,
        proof: BytesLike,
        trusted_advice: Optional[BytesLike],
        on_stage: Optional[OnStage],
        proof_base: int,
        advice_base: int,
    ) -> Verdict:
        held = HeldIo(io)
        bytes_ = borrow(proof, "proof")
        advice = None
        if trusted_advice is not None:
            advice = borrow_exactly(trusted_advice, GT_BYTES, "trusted_advice")
        watch = _Watch(on_stage)
        verdict = CVerdict(struct_size=ctypes.sizeof(CVerdict))
        with self._turn():
            work, key, setup = self._hold(), self._key._hold(), self._setup._hold()
            status = lib.mote_jolt_verify(
                ctypes.byref(verdict),
                work.memory.address,
                work.memory.size,
                key.address,
                setup.address,
                ctypes.byref(held.raw),
                bytes_.address,
                bytes_.size,
                None if advice is None else advice.address,
                watch.pointer(),
            )
        watch.finish()
        # The advice commitment is a span of its own, behind the proof.
        in_advice = text_of("mote_field_text", verdict.field) == "trusted_advice_commitment"
        return check(status, verdict, advice_base if in_advice else proof_base)
