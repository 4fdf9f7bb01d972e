"""What a program is claimed to have read and written."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Optional

from ._abi import LAYOUT_FIELDS, CMemoryLayout, CPublicIo
from ._buffers import BytesLike, borrow
from ._errors import InvalidArgumentError


@dataclass(frozen=True)
class MemoryLayout:
    """The twenty fields of the guest's memory map: addresses and sizes in bytes, 64 bits each."""

    program_size: int
    max_trusted_advice_size: int
    trusted_advice_start: int
    trusted_advice_end: int
    max_untrusted_advice_size: int
    untrusted_advice_start: int
    untrusted_advice_end: int
    max_input_size: int
    max_output_size: int
    input_start: int
    input_end: int
    output_start: int
    output_end: int
    stack_size: int
    stack_end: int
    heap_size: int
    heap_end: int
    panic: int
    termination: int
    io_end: int


@dataclass(frozen=True)
class PublicIo:
    """What the caller believes the program read and wrote.

    Trailing zero bytes of outputs mean nothing: "0f" and "0f00" are the same output.
    """

    inputs: BytesLike = b""
    """What the program read."""
    outputs: BytesLike = b""
    """What the program wrote."""
    panic: bool = False
    """Whether the program ended in a panic."""
    memory_layout: Optional[MemoryLayout] = None
    """Must equal the key's; None takes the key's."""


def layout_from_c(raw: CMemoryLayout) -> MemoryLayout:
    """MemoryLayout of a mote_memory_layout."""
    return MemoryLayout(*(getattr(raw, name) for name in LAYOUT_FIELDS))


def _layout_to_c(layout: MemoryLayout) -> CMemoryLayout:
    if not isinstance(layout, MemoryLayout):
        raise TypeError(f"memory_layout must be a MemoryLayout, not {type(layout).__name__}")
    values = []
    for name in LAYOUT_FIELDS:
        value = getattr(layout, name)
        if not isinstance(value, int):
            raise TypeError(f"memory_layout.{name} must be an int, not {type(value).__name__}")
        # ctypes would cut it to 64 bits without a word.
        if not 0 <= value < 1 << 64:
            raise InvalidArgumentError(f"memory_layout.{name} must be 0 <= x < 2**64")
        values.append(value)
    return CMemoryLayout(*values)


class HeldIo:
    """A mote_public_io together with everything it points to."""

    __slots__ = ("_held", "raw")

    def __init__(self, io: PublicIo) -> None:
        if not isinstance(io, PublicIo):
            raise TypeError(f"io must be a PublicIo, not {type(io).__name__}")
        if not isinstance(io.panic, bool):
            raise TypeError(f"io.panic must be a bool, not {type(io.panic).__name__}")
        inputs = borrow(io.inputs, "io.inputs")
        outputs = borrow(io.outputs, "io.outputs")
        self.raw = CPublicIo(
            struct_size=ctypes.sizeof(CPublicIo),
            panic=int(io.panic),
            inputs=inputs.address,
            inputs_bytes=inputs.size,
            outputs=outputs.address,
            outputs_bytes=outputs.size,
        )
        self._held: Any = (inputs, outputs)
        if io.memory_layout is not None:
            layout = _layout_to_c(io.memory_layout)
            self.raw.memory_layout = ctypes.pointer(layout)
            self._held += (layout,)
