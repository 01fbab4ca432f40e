"""Recognising a typical wrong answer by what it does: it fails the same checks, with the same values.

A wrong explanation is worse than none. So nothing is recognised without evidence that tells programs apart (a value, or
an exception), nor where two of the mistakes behave alike.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tutor.learning.program import parsed

Line = tuple[bool, str, str, str]
"""One assert: whether it held, its sentence, what came, and the exception in one line ("" for none)."""

_VALUE = re.compile(r"\d")
_ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass(frozen=True)
class Fingerprint:
    """What a program did under a check: how each assert went, in order. Nothing is known of one that gave none.

    `fixed` are sentences that the check says to every program that fails there.
    """

    lines: tuple[Line, ...] = ()
    fixed: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def failed(self) -> tuple[Line, ...]:
        """The asserts that did not hold."""
        return tuple(line for line in self.lines if not line[0])

    @property
    def telling(self) -> bool:
        """Whether it could hardly be another program's: some failure shows a value or an exception."""
        return any(
            got or error or (_VALUE.search(message) and message not in self.fixed)
            for _, message, got, error in self.failed
        )


def fingerprint(lines: Iterable[Line], fixed: frozenset[str] = frozenset()) -> Fingerprint:
    """What a check came to, without what differs from process to process."""
    plain = ((ok, _plain(message), _plain(got), _plain(error)) for ok, message, got, error in lines)
    return Fingerprint(tuple(plain), fixed)


def fixed_sentences(test: str) -> frozenset[str]:
    """The sentences of a test's asserts that are written out, in one piece or as a choice of two: they hold no value
    of the program that is checked, whatever numbers stand in them."""
    tree = parsed(test)
    return frozenset(
        one.value
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.Assert)
        for one in ([node.msg.body, node.msg.orelse] if isinstance(node.msg, ast.IfExp) else [node.msg])
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


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
