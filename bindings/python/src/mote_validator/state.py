"""State: checks proofs about keys of a chain's state, and blocks without the state.

    from mote_validator import state

    proof = state.Proof.open(root, data, height)    # RejectedError: it is under another root
    answer = proof.lookup(key)
    if answer.answer == "present": use(answer.value)

    witness = state.Witness.open(old_root, data, height - 1)
    verdict = witness.apply(height, [(key, value), (other_key, None)])
    if verdict.accepted: compare(verdict.root)

The root is that of a header the caller trusts. A proof that says nothing about a key is "unproven",
which is not "absent".
"""

from __future__ import annotations

import ctypes
from ctypes import byref, c_size_t, c_uint8, c_uint32, c_void_p, sizeof
from dataclasses import dataclass
from typing import Any, Iterable, List, Optional, Tuple, Type, TypeVar

from . import _abi, _state_abi
from ._abi import CSpan, CVerdict
from ._buffers import Borrowed, BytesLike, borrow, borrow_exactly
from ._errors import InvalidArgumentError, MalformedError, RejectedError, check
from ._library import lib, text_of
from ._memory import Handle, Memory, Opened
from ._state_abi import KEY_BYTES_MAX, NO_HEIGHT, ROOT_BYTES, VALUE_BYTES_MAX
from ._verdict import Verdict

__all__ = [
    "KEY_BYTES_MAX",
    "VALUE_BYTES_MAX",
    "Answer",
    "BlockVerdict",
    "Proof",
    "Witness",
]

_Self = TypeVar("_Self", bound="Proof")


@dataclass(frozen=True)
class Answer:
    """What a proof says about a key."""

    answer: str
    """"present", "absent", or "unproven": this proof does not say, another one may."""
    value: Optional[bytes] = None
    """Of a present key."""


@dataclass(frozen=True)
class BlockVerdict:
    """What a witness says about a block."""

    accepted: bool
    """Everything that the block needs was there."""
    fault: str = ""
    """"missing": the witness leaves something out; "sn_space": a shard is full. Empty if accepted."""
    root: Optional[bytes] = None
    """The state root after the block; None unless accepted."""


# ------------------------------------------------------------------ arguments


def _height(value: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not 0 <= value < NO_HEIGHT:
        raise InvalidArgumentError(f"{name} must be below 2^64 - 1, not {value}")
    return value


def _told(raw: _state_abi.CStateVerdict, stage: str) -> Verdict:
    return Verdict(
        accepted=raw.accepted == 1,
        stage="" if raw.accepted == 1 else stage,
        reason="" if raw.fault == 0 else text_of("mote_state_fault_text", raw.fault),
        index=raw.operation,
        offset=raw.offset,
        reason_code=raw.fault,
    )


def _demand(status: int, raw: _state_abi.CStateVerdict, stage: str) -> None:
    if status == _abi.MALFORMED:
        raise MalformedError(_told(raw, stage))
    if status != _abi.OK:
        check(status, CVerdict())


def _open_verdict() -> _state_abi.CStateVerdict:
    return _state_abi.CStateVerdict(struct_size=sizeof(_state_abi.CStateVerdict))


def _span(held: Optional[Borrowed]) -> CSpan:
    return CSpan(0, 0) if held is None else CSpan(held.address, held.size)


# ------------------------------------------------------------------ proofs


class Proof(Handle):
    """Entries of the state under a root. Read-only: any number of threads may use one."""

    _name = "proof"
    _kind = "proof"

    @classmethod
    def open(
        cls: Type[_Self], root: BytesLike, data: BytesLike, height: Optional[int] = None
    ) -> _Self:
        """Checks that everything in the proof is under the root; keeps a copy of what it needs.

        Args:
            root: 32 bytes, of a header the caller trusts.
            data: the proof, from anybody.
            height: of that header's block. Without it nothing can be asked about the past.

        Raises:
            MalformedError: `data` does not parse; `verdict` has the reason and the offset.
            RejectedError: it leads to another root.
        """
        trusted = borrow_exactly(root, ROOT_BYTES, "root")
        held = borrow(data, "data")
        at = NO_HEIGHT if height is None else _height(height, "height")
        raw = _open_verdict()
        size = c_size_t()
        _demand(lib.mote_state_proof_size(byref(size), held.size), raw, cls._kind)
        memory = Memory(size.value)
        out = c_void_p()
        status = getattr(lib, f"mote_state_{cls._kind}_open")(
            byref(out),
            byref(raw),
            memory.address,
            memory.size,
            trusted.address,
            at,
            held.address,
            held.size,
        )
        _demand(status, raw, cls._kind)
        if raw.accepted != 1 or out.value is None:
            raise RejectedError(_told(raw, cls._kind))
        proof = cls.__new__(cls)
        proof._opened = Opened(memory, out.value)
        return proof

    def lookup(self, key: BytesLike, after: Optional[int] = None) -> Answer:
        """Says what the proof shows about a key.

        Args:
            key: 1 to 255 bytes.
            after: the height of a block, up to the root's: the answer for the state after it. None:
                for the state of the root.
        """
        opened = self._hold()
        held = borrow(key, "key")
        answer = c_uint32()
        value = CSpan()
        arguments: List[Any] = [
            byref(answer),
            byref(value),
            opened.address,
            held.address,
            held.size,
        ]
        if after is None:
            status = lib.mote_state_lookup(*arguments)
        else:
            status = lib.mote_state_lookup_after(*arguments, _height(after, "after"))
        _demand(status, _open_verdict(), self._kind)
        text = text_of("mote_state_answer_text", answer.value)
        if answer.value != _state_abi.PRESENT:
            return Answer(text)
        return Answer(text, ctypes.string_at(value.data, value.bytes) if value.bytes else b"")


class Witness(Proof):
    """What a block needs of the state before it, under the root before it."""

    _name = "witness"
    _kind = "witness"

    def apply(
        self, height: int, operations: Iterable[Tuple[BytesLike, Optional[BytesLike]]]
    ) -> BlockVerdict:
        """Computes the state root after a block. The witness stays as it is.

        Args:
            height: of the block, above that of the root.
            operations: pairs of a key and its new value, or None to delete it. Of several for one
                key the last counts.

        Raises:
            MalformedError: the block is void; `verdict.index` is the operation to blame.
        """
        opened = self._hold()
        at = _height(height, "height")
        kept: List[Optional[Borrowed]] = []
        made: List[_state_abi.COperation] = []
        for key, value in operations:
            name = borrow(key, "key")
            content = None if value is None else borrow(value, "value")
            kept += [name, content]
            made.append(
                _state_abi.COperation(_span(name), _span(content), 1 if value is None else 0)
            )
        array = (_state_abi.COperation * len(made))(*made)
        raw = _open_verdict()
        size = c_size_t()
        _demand(
            lib.mote_state_apply_size(byref(size), opened.address, len(made)), raw, "block"
        )
        memory = Memory(size.value)
        root = (c_uint8 * ROOT_BYTES)()
        status = lib.mote_state_apply(
            byref(root),
            byref(raw),
            memory.address,
            memory.size,
            opened.address,
            at,
            array,
            len(made),
        )
        _demand(status, raw, "block")
        if raw.accepted == 1:
            return BlockVerdict(True, root=bytes(root))
        return BlockVerdict(False, text_of("mote_state_fault_text", raw.fault))
