"""`pytutor check [PATH…]`: check lessons, their structure and what their code does."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tutor.authoring.lint import Report, lint
from tutor.authoring.report import explanation_lines, json_text, text_lines
from tutor.authoring.rules import all_rules
from tutor.course.findings import did_you_mean
from tutor.course.model import Lesson
from tutor.errors import TutorError
from tutor.paths import bundled_course_dir
from tutor.printable import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="lesson files, or folders of them")
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")
    parser.add_argument("--no-run", action="store_true", help="check the structure only; run no code")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="run N lessons at a time (default: 1)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    parser.add_argument("--explain", metavar="CODE", help="say what a rule such as E143 means, and check nothing")


def run(arguments: argparse.Namespace) -> int:
    """Check and print; return 1 when there are errors, or with `--strict` warnings, else 0."""
    if arguments.explain is not None:
        return _explain(arguments.explain)
    started = time.monotonic()
    course = getattr(arguments, "course", None) or bundled_course_dir()
    report = _checked(arguments, arguments.paths or [course])
    seconds = time.monotonic() - started
    if arguments.format == "json":
        print(json_text(report, seconds))
    else:
        # A surrogate in a file's name must not end the report.
        for line in text_lines(report, seconds):
            sys.stdout.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
    return 1 if report.errors or (arguments.strict and report.warnings) else 0


def _checked(arguments: argparse.Namespace, paths: list[Path]) -> Report:
    if arguments.no_run:
        return lint(paths)
    from tutor.authoring.execution import Execution

    python, device = getattr(arguments, "python", None), getattr(arguments, "device", None)
    return lint(paths, Execution(python, device, max(arguments.jobs, 1), _say))


def _say(lesson: Lesson) -> None:
    """Running a course takes minutes: tell whoever waits at a terminal where it is."""
    if sys.stderr.isatty():
        print(f"running {printable(lesson.path.name, one_line=True)}", file=sys.stderr)


def _explain(code: str) -> int:
    rules = all_rules()
    rule = rules.get(code.upper())
    if rule is None:
        raise TutorError("Unknown rule", f"there is no {code!r}.", did_you_mean(code.upper(), rules))
    for line in explanation_lines(rule):
        print(line)
    return 0
