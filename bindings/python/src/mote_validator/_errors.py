"""What is raised. Besides these: TypeError for wrong types, MemoryError if memory runs out."""

from __future__ import annotations

from . import _abi
from ._abi import CVerdict
from ._library import text_of
from ._verdict import Verdict, from_c


class MoteError(Exception):
    """Base of all errors of this package."""


class _VerdictError(MoteError):
    """An error that is about the subject, not about the call."""

    _what = ""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        """Where and why."""

    def __str__(self) -> str:
        return f"{self._what}: {self.verdict}"


class MalformedError(_VerdictError):
    """The bytes do not parse; `verdict` names field and offset."""

    _what = "malformed"


class RejectedError(_VerdictError):
    """The bytes parse, and the answer is no; `verdict` names stage and reason."""

    _what = "rejected"


class InvalidArgumentError(MoteError, ValueError):
    """A value that cannot be meant: a digest of 31 bytes, a handle that was closed."""


class LimitExceededError(MoteError):
    """Well-formed, but larger than the limits the library was built with."""


class UnsupportedError(MoteError):
    """The library was built for a processor this one is not."""


def check(status: int, raw: CVerdict, base: int = 0) -> Verdict:
    """The verdict of a call, or the error that its status means."""
    if status == _abi.OK:
        return from_c(raw, base)
    if status == _abi.MALFORMED:
        raise MalformedError(from_c(raw, base, malformed=True))
    text = text_of("mote_status_text", status)
    if status == _abi.INVALID_ARGUMENT:
        raise InvalidArgumentError(text)
    if status == _abi.LIMIT_EXCEEDED:
        raise LimitExceededError(text)
    if status == _abi.UNSUPPORTED:
        raise UnsupportedError(text)
    raise MoteError(text)
