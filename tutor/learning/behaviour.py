"""Recognising a typical wrong answer by what it does: it fails the same checks, with the same values.

A wrong explanation is worse than none. So nothing is recognised without evidence that tells programs apart (a value, or
an exception), nor where two of the mistakes behave alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Line = tuple[bool, str, str, str]
"""One assert: whether it held, its sentence, what came, and the exception in one line ("" for none)."""

_VALUE = re.compile(r"\d")
_ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass(frozen=True)
class Fingerprint:
    """What a program did under a check: how each assert went, in order. Nothing is known of one that gave none."""

    lines: tuple[Line, ...] = ()

    @property
    def failed(self) -> tuple[Line, ...]:
        """The asserts that did not hold."""
        return tuple(line for line in self.lines if not line[0])

    @property
    def telling(self) -> bool:
        """Whether it could hardly be another program's: some failure shows a value or an exception."""
        return any(got or error or _VALUE.search(message) for _, message, got, error in self.failed)


def fingerprint(lines: Iterable[Line]) -> Fingerprint:
    """What a check came to, without what differs from process to process."""
    return Fingerprint(tuple((ok, _plain(message), _plain(got), _plain(error)) for ok, message, got, error in lines))


def recognised(
    mine: Fingerprint, mistakes: Mapping[int, Fingerprint], starter: Fingerprint | None = None
) -> int | None:
    """Which of the mistakes behaves like this; None for none, and where more than one does.

    What the untouched starter does is no mistake yet.
    """
    if not mine.telling or mine == starter:
        return None
    alike = [index for index, theirs in mistakes.items() if theirs == mine]
    return alike[0] if len(alike) == 1 else None


def _plain(text: str) -> str:
    """Without addresses in memory."""
    return _ADDRESS.sub("0x", text)
