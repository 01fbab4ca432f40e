"""Collecting what is wrong with one file while it is being read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tutor.course.characters import one_line
from tutor.course.problems import Problem, Severity


class Findings:
    """The problems of one file. Lines and columns are held inside the file, so that an editor can jump there."""

    def __init__(self, path: Path, text: str = "") -> None:
        self.path = path
        self.lines = text.split("\n")
        self.problems: list[Problem] = []

    def add(self, code: str, message: str, line: int = 1, column: int = 1) -> None:
        """Note a problem; codes that begin with W are warnings. `line` and `column` count from 1."""
        line = min(max(line, 1), len(self.lines))
        column = min(max(column, 1), len(self.lines[line - 1]) + 1)
        severity = Severity.WARNING if code.startswith("W") else Severity.ERROR
        self.problems.append(Problem(code, one_line(message), self.path, line, column, severity))

    def column_of(self, line: int, text: str) -> int:
        """Column (from 1) at which `text` begins on `line`, 1 where it is not there."""
        return self.lines[line - 1].find(text) + 1 or 1 if 1 <= line <= len(self.lines) else 1

    def sorted(self) -> tuple[Problem, ...]:
        """All problems by place."""
        return tuple(sorted(self.problems, key=lambda problem: (problem.line, problem.column, problem.code)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, or all of them where none is near."""
    import difflib

    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(words)}."
