"""SVID: checks shares of blocks, draws samples, judges evidence, rebuilds blocks.

    from mote_validator import svid

    epoch = svid.Epoch.open(seed, stakes, public_keys)
    verdict = svid.check_share(epoch, expected, header, z, messages, validator=7)
    if verdict.outcome == "provisional": ...

or, as the bytes arrive, in pieces of any size and in any order, with a ShareChecker. Everything that
is said about a share is a ShareVerdict; errors are for calls that cannot be done.
"""

from __future__ import annotations

import ctypes
import os
import threading
from ctypes import byref, c_double, c_size_t, c_uint32, c_uint64, c_void_p, sizeof
from dataclasses import dataclass
from typing import Any, Iterable, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar

from . import _abi, _svid_abi
from ._abi import DIGEST_BYTES, CSpan, CVerdict
from ._buffers import Borrowed, BytesLike, borrow, borrow_exactly
from ._errors import InvalidArgumentError, MalformedError, check
from ._library import lib, text_of
from ._memory import Handle, Memory, Opened
from ._svid_abi import BLOCK_BYTES_MAX, ENTROPY_BYTES, PUBLIC_KEY_BYTES, SAMPLES_DEFAULT
from ._verdict import Verdict

__all__ = [
    "BLOCK_BYTES_MAX",
    "SAMPLES_DEFAULT",
    "Epoch",
    "Expected",
    "Finding",
    "Header",
    "Params",
    "Reconstruction",
    "RowRange",
    "Rows",
    "ShareChecker",
    "ShareVerdict",
    "check_bad_row",
    "check_share",
    "describe_header",
    "equivocates",
    "failure_bound",
    "reconstruct",
    "sample_rows",
]

_EpochSelf = TypeVar("_EpochSelf", bound="Epoch")


@dataclass(frozen=True)
class ShareVerdict:
    """The answer about a share."""

    outcome: str
    """"incomplete": nothing wrong, something missing. "rejected": `fault` says why. "provisional":
    every row asked for holds against a Z that no proof has bound to the block yet."""
    step: int
    """The failing step, or the last one finished."""
    fault: str = ""
    """E_HEADER to E_FINGERPRINT; empty unless rejected. The last one condemns the dispersal, the
    others what was received."""
    row: Optional[int] = None
    """Of E_FINGERPRINT: the row that is not the code's."""


@dataclass(frozen=True)
class Params:
    """The shape of one dispersal. An empty block has no rows."""

    block_bytes: int
    """B."""
    row_bytes: int
    """L."""
    data_rows: int
    """k: so many rows rebuild the block."""
    code_rows: int
    """K, the power of two above."""
    rows: int
    """N."""
    z_bytes: int
    """16 k."""


@dataclass(frozen=True)
class RowRange:
    """Rows first, first + 1, ... modulo N."""

    first: int
    """Number of the first row."""
    count: int
    """How many."""


@dataclass(frozen=True)
class Expected:
    """What the receiver knows before a byte arrives."""

    chain_id: BytesLike
    """32 bytes."""
    zone: int
    """Of the block."""
    height: int
    """Of the block."""
    epoch: int
    """Of the block."""
    svid_root: BytesLike
    """The 32 bytes of the root asked for."""
    block_bytes_max: int = BLOCK_BYTES_MAX
    """The chain's limit."""


@dataclass(frozen=True)
class Rows:
    """Rows as one message has them."""

    first: int
    """Number of the first row."""
    count: int
    """How many."""
    rows: BytesLike
    """One after the other."""
    data_path: BytesLike = b""
    """Of the data rows among them."""
    parity_path: BytesLike = b""
    """Of the parity rows among them."""


@dataclass(frozen=True)
class Header:
    """What a header says. Nothing in it was checked."""

    zone: int
    """Of the block."""
    height: int
    """Of the block."""
    epoch: int
    """Of the block."""
    block_bytes: int
    """B."""
    data_rows: int
    """k."""
    rows: int
    """N."""
    row_bytes: int
    """L."""
    chain_id: bytes
    """32 bytes."""
    data_root: bytes
    """BLAKE3 of the block."""
    parity_root: bytes
    """Of the parity rows."""
    z_digest: bytes
    """BLAKE3 of Z."""
    svid_root: bytes
    """What names this dispersal."""
    announce_digest: bytes
    """What the scheduled producer signs."""


@dataclass(frozen=True)
class Finding:
    """The answer about a claim that a row of a dispersal is not the code's."""

    finding: str
    """"convicts" (the producer, if the announce signature holds), "row is correct" or "not shown"."""
    fault: str
    """Which of steps 1 to 6 failed, if nothing is shown; otherwise empty."""
    svid_root: bytes
    """Of the header."""
    announce_digest: bytes
    """What the scheduled producer must have signed."""


@dataclass(frozen=True)
class Reconstruction:
    """What rows lead to."""

    result: str
    """"rebuilt"; "insufficient": fewer than k rows; "mismatch": they do not lead to the header's data
    root, nor do they without any one of them."""
    block: Optional[bytes]
    """The block, whose BLAKE3 is the header's data_root; None unless rebuilt."""


# ------------------------------------------------------------------ arguments


def _integer(value: int, bits: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not 0 <= value < 1 << bits:
        raise InvalidArgumentError(f"{name} must have {bits} bits, not be {value}")
    return value


def _demand(status: int) -> None:
    if status == _abi.MALFORMED:
        raise MalformedError(
            Verdict(accepted=False, stage="header", reason="not the header of a dispersal")
        )
    if status != _abi.OK:
        check(status, CVerdict())


def _span(borrowed: Borrowed) -> CSpan:
    return CSpan(borrowed.address, borrowed.size)


def _digest(data: BytesLike, name: str) -> Any:
    held = borrow_exactly(data, DIGEST_BYTES, name)
    return (ctypes.c_uint8 * DIGEST_BYTES).from_buffer_copy(held.view)


def _fault(code: c_uint32) -> str:
    return "" if code.value == 0 else text_of("mote_svid_fault_text", code.value)


def _verdict(raw: _svid_abi.CShareVerdict) -> ShareVerdict:
    convicted = raw.fault == _svid_abi.E_FINGERPRINT
    return ShareVerdict(
        outcome=text_of("mote_svid_outcome_text", raw.outcome),
        step=raw.step,
        fault="" if raw.fault == 0 else text_of("mote_svid_fault_text", raw.fault),
        row=raw.row if convicted else None,
    )


def _open_verdict() -> _svid_abi.CShareVerdict:
    return _svid_abi.CShareVerdict(struct_size=sizeof(_svid_abi.CShareVerdict))


class _HeldRows:
    """Messages as an array of mote_svid_rows, and what keeps their bytes."""

    def __init__(self, messages: Iterable[Rows]) -> None:
        self._kept: List[Borrowed] = []
        made = []
        for message in messages:
            if not isinstance(message, Rows):
                raise TypeError(f"messages must be Rows, not {type(message).__name__}")
            parts = [
                borrow(message.rows, "rows"),
                borrow(message.data_path, "data_path"),
                borrow(message.parity_path, "parity_path"),
            ]
            self._kept += parts
            made.append(
                _svid_abi.CRows(
                    _integer(message.first, 32, "first"),
                    _integer(message.count, 32, "count"),
                    *map(_span, parts),
                )
            )
        self.count = len(made)
        self.raw = (_svid_abi.CRows * len(made))(*made)


# ------------------------------------------------------------------ epoch


class Epoch(Handle):
    """The validators of an epoch, put in order once. Any number of threads may use one."""

    _name = "epoch"
    _count = 0
    _assigned = False

    @classmethod
    def open(
        cls: Type[_EpochSelf],
        seed: BytesLike,
        stakes: Sequence[int],
        public_keys: Optional[BytesLike] = None,
    ) -> _EpochSelf:
        """Copies the stakes and puts the validators in order.

        Args:
            seed: 32 bytes.
            stakes: of the validators that have stake, in the order of the epoch's list; none zero,
                their sum below 2^64.
            public_keys: 48 bytes each, one after the other. None: nobody's rows are asked for,
                only samples.
        """
        raw = _svid_abi.CValidators(struct_size=sizeof(_svid_abi.CValidators))
        raw.seed = _digest(seed, "seed")
        amounts = [_integer(stake, 64, "stake") for stake in stakes]
        list_ = (c_uint64 * len(amounts))(*amounts)
        raw.stakes = list_
        raw.count = len(amounts)
        keys = None
        if public_keys is not None:
            keys = borrow_exactly(public_keys, PUBLIC_KEY_BYTES * len(amounts), "public_keys")
            raw.public_keys = keys.address
            raw.public_keys_bytes = keys.size
        size = c_size_t()
        _demand(lib.mote_svid_epoch_size(byref(size), len(amounts)))
        memory = Memory(size.value)
        out = c_void_p()
        _demand(lib.mote_svid_epoch_open(byref(out), memory.address, memory.size, byref(raw)))
        assert out.value is not None
        epoch = cls.__new__(cls)
        epoch._opened = Opened(memory, out.value)
        epoch._count = len(amounts)
        epoch._assigned = keys is not None
        return epoch

    def params(self, block_bytes: int) -> Params:
        """The only parameters a block of so many bytes may have.

        Raises:
            LimitExceededError: it may have none.
        """
        opened = self._hold()
        raw = _svid_abi.CParams(struct_size=sizeof(_svid_abi.CParams))
        _demand(
            lib.mote_svid_params_of(
                byref(raw), opened.address, _integer(block_bytes, 64, "block_bytes")
            )
        )
        return Params(
            block_bytes=raw.block_bytes,
            row_bytes=raw.row_bytes,
            data_rows=raw.data_rows,
            code_rows=raw.code_rows,
            rows=raw.rows,
            z_bytes=raw.z_bytes,
        )

    def assigned_rows(self, block_bytes: int, zone: int, height: int, validator: int) -> RowRange:
        """The rows of one validator, a position in the list. The epoch needs public keys."""
        opened = self._hold()
        raw = _svid_abi.CRange(struct_size=sizeof(_svid_abi.CRange))
        _demand(
            lib.mote_svid_assigned_rows(
                byref(raw),
                opened.address,
                _integer(block_bytes, 64, "block_bytes"),
                _integer(zone, 32, "zone"),
                _integer(height, 64, "height"),
                self._member(validator),
            )
        )
        return RowRange(raw.first, raw.count)

    def _member(self, validator: int) -> int:
        position = _integer(validator, 32, "validator")
        if not self._assigned:
            raise InvalidArgumentError("the epoch has no public keys, so nobody has rows")
        if position >= self._count:
            raise InvalidArgumentError(f"validator must be below {self._count}, not {position}")
        return position


# ------------------------------------------------------------------ share


class _Opening:
    """What opens a share, as structs of C."""

    def __init__(
        self,
        epoch: Epoch,
        expected: Expected,
        header: BytesLike,
        validator: Optional[int],
        rows: Optional[Sequence[int]],
    ) -> None:
        if not isinstance(epoch, Epoch):
            raise TypeError(f"epoch must be an Epoch, not {type(epoch).__name__}")
        if not isinstance(expected, Expected):
            raise TypeError(f"expected must be an Expected, not {type(expected).__name__}")
        if (validator is None) == (rows is None):
            raise TypeError("either validator or rows says which rows are asked for")
        self._epoch = epoch._hold()
        self._expected = _svid_abi.CExpected(
            struct_size=sizeof(_svid_abi.CExpected),
            zone=_integer(expected.zone, 32, "zone"),
            height=_integer(expected.height, 64, "height"),
            epoch=_integer(expected.epoch, 64, "epoch"),
            block_bytes_max=_integer(expected.block_bytes_max, 64, "block_bytes_max"),
            chain_id=_digest(expected.chain_id, "chain_id"),
            svid_root=_digest(expected.svid_root, "svid_root"),
        )
        self._request = _svid_abi.CRequest(struct_size=sizeof(_svid_abi.CRequest))
        if rows is None:
            assert validator is not None
            self._request.validator = epoch._member(validator)
        else:
            numbers = [_integer(row, 32, "row") for row in rows]
            self._request.validator = _svid_abi.NO_VALIDATOR
            self._request.rows = (c_uint32 * len(numbers))(*numbers)
            self._request.row_count = len(numbers)
        self._header = borrow(header, "header")

    def arguments(self) -> Tuple[Any, ...]:
        """Those that mote_svid_share_size, _open and mote_svid_check_share have in common."""
        return (
            self._epoch.address,
            byref(self._expected),
            byref(self._request),
            self._header.address,
            self._header.size,
        )

    def memory(self, verdict: _svid_abi.CShareVerdict) -> Optional[Memory]:
        """Memory for the check; None if the header was refused, and `verdict` says why."""
        size = c_size_t()
        _demand(lib.mote_svid_share_size(byref(size), byref(verdict), *self.arguments()))
        return None if size.value == 0 else Memory(size.value)


class ShareChecker(Handle):
    """The check of one share, in pieces of any size and in any order.

    Each method that takes something returns what is wrong with it (E_HEADER to E_FINGERPRINT), or an
    empty text; verdict() has the answer at any time. Calls from several threads at once are served
    one after the other.
    """

    _name = "share checker"

    def __init__(
        self,
        epoch: Epoch,
        expected: Expected,
        header: BytesLike,
        *,
        validator: Optional[int] = None,
        rows: Optional[Sequence[int]] = None,
    ) -> None:
        """Makes steps 1 to 3. A header that fails is an answer: verdict() has it.

        Args:
            validator: position in the list of the one whose rows are asked for.
            rows: or those of a sampler, ascending.
        """
        opening = _Opening(epoch, expected, header, validator, rows)
        self._busy = threading.Lock()
        self._refused: Optional[ShareVerdict] = None
        verdict = _open_verdict()
        memory = opening.memory(verdict)
        if memory is None:
            self._refused = _verdict(verdict)
            self._opened = Opened(Memory(0), 0)
            return
        out = c_void_p()
        _demand(
            lib.mote_svid_share_open(
                byref(out), byref(verdict), memory.address, memory.size, *opening.arguments()
            )
        )
        assert out.value is not None
        self._opened = Opened(memory, out.value)

    def _take(self, function: str, *arguments: Any) -> str:
        with self._busy:
            opened = self._hold()
            if self._refused is not None:
                return self._refused.fault
            fault = c_uint32()
            _demand(
                getattr(lib, f"mote_svid_share_{function}")(
                    byref(fault), opened.address, *arguments
                )
            )
            return _fault(fault)

    def begin_source(self) -> None:
        """Another peer begins: what its predecessors got wrong in steps 4 to 6 counts no longer,
        what they left unfinished is dropped, and what they proved stays."""
        with self._busy:
            opened = self._hold()
            if self._refused is None:
                _demand(lib.mote_svid_share_begin_source(opened.address))

    def append_z(self, part: BytesLike) -> str:
        """Takes the next bytes of Z."""
        held = borrow(part, "part")
        return self._take("append_z", held.address, held.size)

    def end_z(self) -> str:
        """No more of Z comes from this source: one that is too short is wrong."""
        return self._take("end_z")

    def begin_rows(
        self,
        first: int,
        count: int,
        rows_bytes: int,
        data_path: BytesLike = b"",
        parity_path: BytesLike = b"",
    ) -> str:
        """Announces rows, `rows_bytes` in all. After a fault append_rows() ignores what comes."""
        data = borrow(data_path, "data_path")
        parity = borrow(parity_path, "parity_path")
        return self._take(
            "begin_rows",
            _integer(first, 32, "first"),
            _integer(count, 32, "count"),
            _integer(rows_bytes, 64, "rows_bytes"),
            data.address,
            data.size,
            parity.address,
            parity.size,
        )

    def append_rows(self, part: BytesLike) -> str:
        """Takes the next bytes of the announced rows; the last one checks the paths."""
        held = borrow(part, "part")
        return self._take("append_rows", held.address, held.size)

    def end_rows(self) -> str:
        """The announced rows end here; if some are missing, all of this message is dropped."""
        return self._take("end_rows")

    def verdict(self) -> ShareVerdict:
        """What is known so far."""
        with self._busy:
            opened = self._hold()
            if self._refused is not None:
                return self._refused
            raw = _open_verdict()
            _demand(lib.mote_svid_share_verdict(byref(raw), opened.address))
            return _verdict(raw)

    def holds(self, row: int) -> bool:
        """Whether a row passed steps 5 to 7: what reconstruct() may be given."""
        number = _integer(row, 32, "row")
        with self._busy:
            opened = self._hold()
            if self._refused is not None:
                return False
            answer = c_uint32()
            _demand(lib.mote_svid_share_holds(byref(answer), opened.address, number))
            return answer.value == 1


def check_share(
    epoch: Epoch,
    expected: Expected,
    header: BytesLike,
    z: Optional[BytesLike],
    messages: Iterable[Rows],
    *,
    validator: Optional[int] = None,
    rows: Optional[Sequence[int]] = None,
) -> ShareVerdict:
    """Checks a share that is complete.

    Args:
        z: None: none was received.
        validator: position in the list of the one whose rows are asked for.
        rows: or those of a sampler, ascending.
    """
    opening = _Opening(epoch, expected, header, validator, rows)
    z_held = None if z is None else borrow(z, "z")
    held = _HeldRows(messages)
    verdict = _open_verdict()
    memory = opening.memory(verdict)
    if memory is None:
        return _verdict(verdict)
    _demand(
        lib.mote_svid_check_share(
            byref(verdict),
            memory.address,
            memory.size,
            *opening.arguments(),
            None if z_held is None else z_held.address,
            0 if z_held is None else z_held.size,
            held.raw,
            held.count,
        )
    )
    return _verdict(verdict)


# ------------------------------------------------------------------ sampling


def sample_rows(
    total_rows: int, count: int = SAMPLES_DEFAULT, entropy: Optional[BytesLike] = None
) -> List[int]:
    """Draws distinct rows of `total_rows`, ascending; all of them if `count` is more.

    Draw after the header is known. `entropy` is for tests: without it 32 bytes come from the system.
    """
    total = _integer(total_rows, 32, "total_rows")
    wanted = min(total, _integer(count, 32, "count"))
    random = borrow_exactly(
        os.urandom(ENTROPY_BYTES) if entropy is None else entropy, ENTROPY_BYTES, "entropy"
    )
    rows = (c_uint32 * wanted)()
    _demand(lib.mote_svid_sample_rows(rows, wanted, total, random.address, random.size))
    return list(rows)


def failure_bound(data_rows: int, rows: int, samples: int) -> float:
    """Probability, at most, that all samples were served although the block cannot be rebuilt.

    Several attempts multiply it. `data_rows` is k, `rows` is N.
    """
    bound = c_double()
    _demand(
        lib.mote_svid_sample_bound(
            byref(bound),
            _integer(data_rows, 32, "data_rows"),
            _integer(rows, 32, "rows"),
            _integer(samples, 32, "samples"),
        )
    )
    return bound.value


# ------------------------------------------------------------------ headers and evidence


def describe_header(header: BytesLike) -> Header:
    """What a header says.

    Raises:
        MalformedError: it is none, or has a shape no block leads to.
    """
    held = borrow(header, "header")
    raw = _svid_abi.CHeaderInfo(struct_size=sizeof(_svid_abi.CHeaderInfo))
    _demand(lib.mote_svid_header_describe(byref(raw), held.address, held.size))
    return Header(
        zone=raw.zone,
        height=raw.height,
        epoch=raw.epoch,
        block_bytes=raw.block_bytes,
        data_rows=raw.data_rows,
        rows=raw.rows,
        row_bytes=raw.row_bytes,
        chain_id=bytes(raw.chain_id),
        data_root=bytes(raw.data_root),
        parity_root=bytes(raw.parity_root),
        z_digest=bytes(raw.z_digest),
        svid_root=bytes(raw.svid_root),
        announce_digest=bytes(raw.announce_digest),
    )


def check_bad_row(
    epoch: Epoch, chain_id: BytesLike, header: BytesLike, row: Rows, z: BytesLike
) -> Finding:
    """Checks the claim that a row of a dispersal is not the code's.

    Zone, height and epoch are those of the header, which only has to be of our chain; `epoch` is the
    one it names. `row` has one row, `z` all of Z.
    """
    if not isinstance(epoch, Epoch):
        raise TypeError(f"epoch must be an Epoch, not {type(epoch).__name__}")
    opened = epoch._hold()
    chain = borrow_exactly(chain_id, DIGEST_BYTES, "chain_id")
    head = borrow(header, "header")
    message = _HeldRows([row])
    z_held = borrow(z, "z")
    size = c_size_t()
    _demand(lib.mote_svid_bad_row_size(byref(size)))
    memory = Memory(size.value)
    raw = _svid_abi.CFinding(struct_size=sizeof(_svid_abi.CFinding))
    _demand(
        lib.mote_svid_check_bad_row(
            byref(raw),
            memory.address,
            memory.size,
            opened.address,
            chain.address,
            head.address,
            head.size,
            message.raw,
            z_held.address,
            z_held.size,
        )
    )
    names = {_svid_abi.CONVICTS: "convicts", _svid_abi.ROW_IS_CORRECT: "row is correct"}
    return Finding(
        finding=names.get(raw.finding, "not shown"),
        fault="" if raw.fault == 0 else text_of("mote_svid_fault_text", raw.fault),
        svid_root=bytes(raw.svid_root),
        announce_digest=bytes(raw.announce_digest),
    )


def equivocates(
    chain_id: BytesLike, first: BytesLike, second: BytesLike
) -> Optional[Tuple[bytes, bytes]]:
    """The two digests that one producer must have signed, if two headers are of one place in the
    chain and name different dispersals; otherwise None."""
    chain = borrow_exactly(chain_id, DIGEST_BYTES, "chain_id")
    a, b = borrow(first, "first"), borrow(second, "second")
    answer = c_uint32()
    announces = (ctypes.c_uint8 * (2 * DIGEST_BYTES))()
    _demand(
        lib.mote_svid_equivocates(
            byref(answer), announces, chain.address, a.address, a.size, b.address, b.size
        )
    )
    if answer.value == 0:
        return None
    both = bytes(announces)
    return both[:DIGEST_BYTES], both[DIGEST_BYTES:]


# ------------------------------------------------------------------ reconstruction


def reconstruct(header: BytesLike, rows: Mapping[int, BytesLike]) -> Reconstruction:
    """Rebuilds a block from rows that a ShareChecker holds.

    Args:
        header: one that a share was checked with.
        rows: bytes by row number.

    Raises:
        MalformedError: `header` is none.
        InvalidArgumentError: a row number is out of range, or a row has another length.
    """
    head = borrow(header, "header")
    held = [
        (_integer(number, 32, "row"), borrow(data, "row bytes")) for number, data in rows.items()
    ]
    block_bytes = describe_header(head.view).block_bytes
    size = c_size_t()
    _demand(lib.mote_svid_reconstruct_size(byref(size), head.address, head.size))
    memory = Memory(size.value)
    block = ctypes.create_string_buffer(max(1, block_bytes))
    result = c_uint32()
    list_ = (_svid_abi.CRow * len(held))(
        *(_svid_abi.CRow(number, _span(data)) for number, data in held)
    )
    _demand(
        lib.mote_svid_reconstruct(
            byref(result),
            block,
            block_bytes,
            memory.address,
            memory.size,
            head.address,
            head.size,
            list_,
            len(held),
        )
    )
    if result.value == _svid_abi.REBUILT:
        return Reconstruction("rebuilt", ctypes.string_at(block, block_bytes))
    insufficient = result.value == _svid_abi.INSUFFICIENT
    return Reconstruction("insufficient" if insufficient else "mismatch", None)
