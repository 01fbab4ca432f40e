"""What the linter found, for programs: JSON, GitHub's workflow commands, SARIF."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from tutor import __version__
from tutor.authoring.lint import Report
from tutor.authoring.rules import all_rules
from tutor.course.problems import Problem, Severity

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def json_text(report: Report, seconds: float) -> str:
    """One JSON document: counts, seconds, and the problems."""
    document = {
        "lessons": report.lessons,
        "executed": report.executed,
        "errors": report.errors,
        "warnings": report.warnings,
        "seconds": round(seconds, 3),
        "problems": [
            {
                "path": str(problem.path),
                "line": problem.line,
                "column": problem.column,
                "severity": problem.severity.value,
                "code": problem.code,
                "message": problem.message,
            }
            for problem in report.problems
        ],
    }
    return json.dumps(document, indent=2)


def github_lines(report: Report) -> Iterator[str]:
    """Annotations for a pull request.

    Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands, whose toolkit escapes
    percent signs and line ends in the message, colons and commas as well in the properties.
    """
    for problem in report.problems:
        place = {
            "file": _relative(problem.path),
            "line": str(problem.line),
            "col": str(problem.column),
            "title": problem.code,
        }
        shown = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in place.items())
        yield f"::{problem.severity.value} {shown}::{_escaped(problem.message, _DATA)}"


def sarif_text(report: Report) -> str:
    """One SARIF 2.1.0 document, as code scanning reads it."""
    rules = all_rules()
    used = sorted({problem.code for problem in report.problems})
    described = [
        {
            "id": code,
            "shortDescription": {"text": rules[code].title if code in rules else code},
            "fullDescription": {"text": rules[code].explanation.strip() if code in rules else code},
        }
        for code in used
    ]
    driver = {"name": "pytutor check", "version": __version__, "rules": described}
    run = {"tool": {"driver": driver}, "results": [_result(problem) for problem in report.problems]}
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(problem: Problem) -> dict[str, object]:
    region = {"startLine": problem.line, "startColumn": problem.column}
    return {
        "ruleId": problem.code,
        "level": "error" if problem.severity is Severity.ERROR else "warning",
        "message": {"text": problem.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": Path(_relative(problem.path)).as_posix()},
                    "region": region,
                }
            }
        ],
    }


def _relative(path: Path) -> str:
    here = os.path.relpath(path)
    return here if not here.startswith("..") else str(path)


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
