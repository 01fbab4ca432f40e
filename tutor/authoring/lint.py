"""The linter: files in, problems out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.authoring.agreement import check_agreement
from tutor.authoring.code_rules import check_code
from tutor.authoring.item_rules import check_items
from tutor.authoring.prose_rules import check_prose
from tutor.authoring.rules import all_rules
from tutor.authoring.switches import without_switched_off
from tutor.course.catalog import MANIFEST, load_course
from tutor.course.characters import unified_lines
from tutor.course.findings import Findings
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.course.problems import Problem, Severity
from tutor.errors import TutorError


@dataclass(frozen=True)
class Report:
    """What the linter found in `lessons` lesson files; `executed` tells whether their code was run."""

    problems: tuple[Problem, ...]
    lessons: int
    executed: bool

    @property
    def errors(self) -> int:
        """How many of the problems are errors."""
        return sum(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many of the problems are warnings."""
        return len(self.problems) - self.errors


@dataclass(frozen=True)
class _Checked:
    lesson: Lesson
    text: str
    problems: tuple[Problem, ...]


Executor = Callable[[Sequence[Lesson]], dict[Path, list[Problem]]]
"""Runs lessons and gives the problems of each by its path."""


def lint(paths: Iterable[Path], execute: Executor | None = None) -> Report:
    """Check lesson files, and folders with or without a course.toml.

    With `execute`, the code of lessons without structural errors is run. Raises `TutorError` for a path that is not
    there, or a course.toml that cannot be read.
    """
    files, problems = _collect(paths)
    checked = [_check_structure(path) for path in files]
    runnable = [one.lesson for one in checked if not any(p.severity is Severity.ERROR for p in one.problems)]
    ran = execute(runnable) if execute is not None and runnable else {}
    rules = all_rules().values()
    for one in checked:
        path = one.lesson.path
        findings = Findings(path, one.text)
        of_file = [*one.problems, *ran.get(path, ()), *(problem for problem in problems if problem.path == path)]
        problems = [problem for problem in problems if problem.path != path]
        idle = [rule.code for rule in rules if rule.needs_run and path not in ran]
        problems += without_switched_off(of_file, one.text, findings, idle)
        problems += findings.problems
    ordered = sorted(dict.fromkeys(problems), key=lambda p: (str(p.path), p.line, p.column, p.code))
    return Report(tuple(ordered), len(files), execute is not None)


def _collect(paths: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """The lesson files that are meant, each once, and what is wrong with the courses they stand in."""
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if path.is_file():
            files.append(path)
        elif (path / MANIFEST).is_file():
            course = load_course(path)
            problems += course.problems
            files += [entry.path for entry in course.lessons() if entry.path.is_file()]
            files += [problem.path for problem in course.problems if problem.code == "E125"]
        elif path.is_dir():
            files += sorted(one for one in path.rglob("*.md") if one.name.lower() != "readme.md")
        else:
            raise TutorError("Check", f"{path} does not exist.", "Give a lesson file or a folder of them.")
    return list(dict.fromkeys(files)), problems


def _check_structure(path: Path) -> _Checked:
    lesson = parse_lesson(path)
    try:
        text = unified_lines(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return _Checked(lesson, "", lesson.problems)
    findings = Findings(path, text)
    check_prose(lesson, findings)
    check_items(lesson, findings)
    check_code(lesson, findings)
    if not lesson.errors:
        check_agreement(lesson, text, findings)
    return _Checked(lesson, text, (*lesson.problems, *findings.problems))
