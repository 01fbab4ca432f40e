"""What a rule is: the messages that it knows, and the words that it finds for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tutor.learning.explain.trouble import Trouble

Words = tuple[str, str]
"""What happened, and the likely repair: a sentence or two each, code between backticks."""

Find = Callable[[Trouble, "re.Match[str]"], "Words | None"]


@dataclass(frozen=True)
class Rule:
    """Explains exceptions of some kinds whose message fits a pattern; None from `find` passes them on.

    `kinds` are names of exception types, empty for any. `concepts` are ids of the course, the best one first.
    """

    name: str
    kinds: tuple[str, ...]
    pattern: re.Pattern[str]
    concepts: tuple[str, ...]
    find: Find

    def words(self, trouble: Trouble) -> Words | None:
        """The words for an exception, None where this rule has none."""
        if self.kinds and trouble.kind not in self.kinds:
            return None
        match = self.pattern.search(trouble.message)
        return self.find(trouble, match) if match else None


class Rules(list[Rule]):
    """Rules in the order in which they are asked."""

    def on(self, pattern: str, *kinds: str, teaches: str = "") -> Callable[[Find], Find]:
        """Decorator: the function finds the words for messages that fit `pattern`.

        `teaches` are the ids of concepts, separated by blanks.
        """

        def add(find: Find) -> Find:
            name = find.__name__.strip("_").replace("_", "-")
            self.append(Rule(name, kinds, re.compile(pattern, re.DOTALL), tuple(teaches.split()), find))
            return find

        return add
