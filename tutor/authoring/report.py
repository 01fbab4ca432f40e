"""What the linter found, as lines for people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tutor.authoring.excerpt import excerpt
from tutor.authoring.lint import Report
from tutor.authoring.rules import Rule
from tutor.course.characters import one_line, unified_lines
from tutor.course.problems import Problem

_WIDTH = 100


def text_lines(report: Report, seconds: float) -> Iterator[str]:
    """Each problem with its place, source line and caret, and a closing line with counts.

    All of it is safe for a terminal, whatever the lessons hold.
    """
    sources: dict[Path, list[str]] = {}
    for problem in report.problems:
        if problem.path not in sources:
            sources[problem.path] = _source(problem.path)
        place = f"{_shown_path(problem.path)}:{problem.line}:{problem.column}"
        yield f"{place}: {problem.severity.value} {problem.code} {one_line(problem.message)}"
        yield from _excerpt(sources[problem.path], problem)
    yield _closing(report, seconds)


def explanation_lines(rule: Rule) -> Iterator[str]:
    """A rule for `--explain`."""
    yield f"{rule.code}: {rule.title}"
    yield ""
    yield rule.explanation


def _source(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return unified_lines(text).split("\n")


def _excerpt(lines: list[str], problem: Problem) -> Iterator[str]:
    """The source line and a caret below the column; of a long line the part around it."""
    if problem.line > len(lines) or not lines[problem.line - 1].strip():
        return
    yield from (f"    {shown}" for shown in excerpt(lines[problem.line - 1], problem.column, _WIDTH))


def _shown_path(path: Path) -> str:
    """The path as one would type it here."""
    here = os.path.relpath(path)
    return one_line(here if not here.startswith("..") else str(path))


def _closing(report: Report, seconds: float) -> str:
    what = "checked and run" if report.executed else "checked"
    counts = f"{_count(report.errors, 'error')}, {_count(report.warnings, 'warning')}"
    return f"{_count(report.lessons, 'lesson')} {what} in {seconds:.1f} s: {counts}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
