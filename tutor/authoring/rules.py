"""The rules of `pytutor check`: a code, a title, and an explanation for `--explain`; written down in rules.toml."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Rule:
    """A rule. `explanation` says why it is one and what to do, in lines of at most 110 characters."""

    code: str
    title: str
    explanation: str

    @property
    def needs_run(self) -> bool:
        """Whether it can fire only when code is run."""
        return self.code.startswith(("E14", "E15")) or self.code in ("W240", "W241", "W242", "W243")


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by its code, in the order of the file."""
    table = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
    return {code: Rule(code, row["title"], row["explanation"]) for code, row in table.items()}
