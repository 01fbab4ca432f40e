"""The lesson file that is being written: its last good reading, and what is wrong with the newest one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.authoring.changes import Place, cells_to_run, first_change
from tutor.authoring.excerpt import excerpt
from tutor.course.characters import unified_lines
from tutor.course.items import Snippet
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.course.problems import Problem

_WIDTH = 74
"""Columns of an excerpt, so that its line and its caret do not wrap in 80."""
_FOLLOWS = frozenset({"E113", "E114", "E118", "E119"})
"""Rules that something is missing: often because of a slip in what would be it, which another rule names."""


@dataclass(frozen=True)
class Reading:
    """What a save has changed: the place to look at, and the cells to run again."""

    place: Place | None
    cells: tuple[Snippet, ...]


class Manuscript:
    """Reads the file. `lesson` is the newest reading without errors, or the first one where there has been none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lesson = parse_lesson(path)
        self.problem = _first(self.lesson.errors)
        self.more_problems = max(0, len(self.lesson.errors) - 1)
        self.excerpt = self._excerpt()

    def read(self, path: Path | None = None) -> Lesson:
        """The lesson to show; the way in which the study reads it."""
        return self.lesson

    def take_save(self) -> Reading:
        """Read the file again; nothing has changed for the reader where it has errors, or says the same."""
        fresh = parse_lesson(self.path)
        self.problem = _first(fresh.errors)
        self.more_problems = max(0, len(fresh.errors) - 1)
        self.excerpt = self._excerpt()
        if self.problem is not None:
            return Reading(None, ())
        before, self.lesson = self.lesson, fresh
        return Reading(first_change(before, fresh), cells_to_run(before, fresh))

    @property
    def text(self) -> str:
        """The file's text as it is now. Raises `OSError`, or `UnicodeDecodeError`."""
        return unified_lines(self.path.read_text(encoding="utf-8"))

    def _excerpt(self) -> tuple[str, str]:
        """The source line of the problem, and a caret under its column; both empty where there is no such line."""
        if self.problem is None:
            return "", ""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return "", ""
        if not 0 < self.problem.line <= len(lines):
            return "", ""
        return excerpt(lines[self.problem.line - 1], self.problem.column, _WIDTH)


def _first(errors: Sequence[Problem]) -> Problem | None:
    """The error to be shown: the first one in the file that may be the cause of others."""
    return min(errors, key=lambda one: (one.code in _FOLLOWS, one.line), default=None)
