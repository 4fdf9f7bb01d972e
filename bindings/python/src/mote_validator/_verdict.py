"""What was found out about a key, a setup or a proof."""

from __future__ import annotations

from dataclasses import dataclass

from ._abi import CVerdict
from ._library import text_of


@dataclass(frozen=True)
class Verdict:
    """The answer to "is it good?". Texts are for people; programs compare the codes.

    A Verdict that a call returns is about bytes that parse. The one a MalformedError carries says
    which part of the bytes does not.
    """

    accepted: bool
    """True only if every check was made and every check held."""
    stage: str = ""
    """Where it ended, such as "stage 3"; empty if accepted."""
    reason: str = ""
    """Why; empty if accepted."""
    field: str = ""
    """Which part, such as "proof.stage5_sumcheck[137]"; empty if none in particular."""
    index: int = 0
    """Which element of that part, or which round."""
    offset: int = 0
    """Byte position in the bytes that were passed; 0 if the answer has no place in them."""
    stage_code: int = 0
    """Number of the stage; never changes meaning."""
    reason_code: int = 0
    """Number of the reason; never changes meaning."""
    field_code: int = 0
    """Number of the field; never changes meaning."""

    def require_accepted(self) -> Verdict:
        """Returns itself if accepted.

        Raises:
            RejectedError: it is not.
        """
        if not self.accepted:
            from ._errors import RejectedError

            raise RejectedError(self)
        return self

    def __str__(self) -> str:
        if self.accepted:
            return "accepted"
        text = f"{self.stage}: {self.reason}"
        if self.field:
            text += f" ({self.field})"
        return text + f", offset {self.offset}" if self.offset else text


def from_c(raw: CVerdict, base: int = 0, malformed: bool = False) -> Verdict:
    """A verdict whose bytes begin `base` bytes into what the caller passed."""
    if raw.accepted == 1:
        return Verdict(accepted=True)
    placed = malformed or raw.offset != 0
    return Verdict(
        accepted=False,
        stage=text_of("mote_stage_text", raw.stage),
        reason=text_of("mote_reason_text", raw.reason),
        field=text_of("mote_field_text", raw.field).replace("[]", f"[{raw.index}]", 1),
        index=raw.index,
        offset=base + raw.offset if placed else 0,
        stage_code=raw.stage,
        reason_code=raw.reason,
        field_code=raw.field,
    )
