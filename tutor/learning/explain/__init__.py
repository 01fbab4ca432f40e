"""Exceptions in plain words, with the learner's own names and shapes. Pure: a `Trouble` in, an `Explanation` out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tutor.learning.explain.rules import Rule
from tutor.learning.explain.trouble import Thing, Trouble

__all__ = ["Explanation", "Thing", "Trouble", "explain", "rules"]


@dataclass(frozen=True)
class Explanation:
    """An exception in words: what happened, what to do; code stands between backticks.

    `rule` names the rule that found them, `concepts` what to read up on.
    """

    rule: str
    what: str
    repair: str
    concepts: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """Both as one line of text."""
        return f"{self.what} {self.repair}".strip()


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they are asked: the first one with words has them."""
    from tutor.learning.explain import autograd, dtypes, gpus, indices, layers, loading, losses, modules, python, shapes

    rooms = (layers, shapes, losses, gpus, dtypes, autograd, indices, modules, loading, python)
    return tuple(rule for room in rooms for rule in room.RULES)


def explain(trouble: Trouble) -> Explanation | None:
    """The words for an exception; None where no rule knows it."""
    for rule in rules():
        words = rule.words(trouble)
        if words is not None:
            return Explanation(rule.name, words[0], words[1], rule.concepts)
    return None
