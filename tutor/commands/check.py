"""`pytutor check [PATH…]`: check lessons, their structure and what their code does."""

from __future__ import annotations

import argparse
import difflib
import sys
import time
from dataclasses import replace
from pathlib import Path

from tutor.authoring.changed import only_changed
from tutor.authoring.lint import Report, lint
from tutor.authoring.machine_report import github_lines, json_text, sarif_text
from tutor.authoring.outputs import with_outputs
from tutor.authoring.report import explanation_lines, text_lines
from tutor.authoring.rules import all_rules
from tutor.commands.opening import course_root
from tutor.course.findings import did_you_mean
from tutor.course.model import Lesson
from tutor.errors import TutorError
from tutor.printable import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="lesson files, or folders of them")
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")
    parser.add_argument("--no-run", action="store_true", help="check the structure only; run no code")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="run N lessons at a time (default: 1)")
    parser.add_argument("--changed", action="store_true", help="only the lessons that git says have changed")
    parser.add_argument("--base", default="HEAD", metavar="REF", help="with --changed: since this commit or branch")
    parser.add_argument("--fix", action="store_true", help="write outputs that are out of date into the files")
    parser.add_argument(
        "--format", choices=("text", "json", "github", "sarif"), default="text", help="how to print (default: text)"
    )
    parser.add_argument("--explain", metavar="CODE", help="say what a rule such as E143 means, and check nothing")


def run(arguments: argparse.Namespace) -> int:
    """Check and print; return 1 when there are errors, or with `--strict` warnings, else 0."""
    if arguments.explain is not None:
        return _explain(arguments.explain)
    if arguments.fix and arguments.no_run:
        raise TutorError("Nothing to fix", "outputs are known only when the code is run.", "Leave out --no-run.")
    started = time.monotonic()
    paths = arguments.paths or [course_root(arguments)]
    if arguments.changed:
        paths = only_changed(paths, arguments.base)
        if not paths:
            print(f"No lesson has changed since {printable(arguments.base, one_line=True)}.", file=sys.stderr)
    report = _checked(arguments, paths)
    _print(report, time.monotonic() - started, arguments.format)
    return 1 if report.errors or (arguments.strict and report.warnings) else 0


def _print(report: Report, seconds: float, form: str) -> None:
    if form == "json":
        lines = [json_text(report, seconds)]
    elif form == "sarif":
        lines = [sarif_text(report)]
    else:
        lines = list(github_lines(report) if form == "github" else text_lines(report, seconds))
    for line in lines:
        # A surrogate in a file's name must not end the report.
        sys.stdout.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")


def _checked(arguments: argparse.Namespace, paths: list[Path]) -> Report:
    if arguments.no_run:
        return lint(paths)
    from tutor.authoring.execution import Execution

    python, device = getattr(arguments, "python", None), getattr(arguments, "device", None)
    execution = Execution(python, device, max(arguments.jobs, 1), _say)
    report = lint(paths, execution)
    return _fixed(report, execution.stale) if arguments.fix else report


def _fixed(report: Report, stale: dict[Path, dict[int, str]]) -> Report:
    """Write the outputs that are out of date into their files; the report without them."""
    left = list(report.problems)
    for path, outputs in stale.items():
        if not outputs:
            continue
        try:
            text = path.read_text(encoding="utf-8")
            path.write_text(with_outputs(text, outputs), encoding="utf-8", newline="\n")
        except OSError as error:
            raise TutorError("Not fixed", f"{path}: {error.strerror or error}.") from None
        number = f"{len(outputs)} output{'s' if len(outputs) != 1 else ''}"
        print(f"{printable(str(path), one_line=True)}: {number} written", file=sys.stderr)
        left = [one for one in left if not (one.code == "W240" and one.path == path and one.line in outputs)]
    return replace(report, problems=tuple(left))


def _say(lesson: Lesson) -> None:
    """Running a course takes minutes: tell whoever waits at a terminal where it is."""
    if sys.stderr.isatty():
        print(f"running {printable(lesson.path.name, one_line=True)}", file=sys.stderr)


def _explain(code: str) -> int:
    rules = all_rules()
    rule = rules.get(code.upper())
    if rule is None:
        near = did_you_mean(code.upper(), rules) if difflib.get_close_matches(code.upper(), rules) else ""
        hint = near or f"Codes go from {min(rules)} to {max(rules)}; each problem begins with its own."
        raise TutorError("Unknown rule", f"there is no {code!r}.", hint)
    for line in explanation_lines(rule):
        print(line)
    return 0
