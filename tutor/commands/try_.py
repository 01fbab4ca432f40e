"""`pytutor try LESSON/EXERCISE FILE`: check a file as the answer to an exercise."""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
from pathlib import Path
from typing import Any

from tutor.commands.headless import private_session
from tutor.commands.opening import open_settings, open_study_to_run
from tutor.commands.sources import read_source
from tutor.commands.suspecting import suspect
from tutor.course.items import Exercise
from tutor.course.model import Lesson
from tutor.errors import TutorError
from tutor.plain.verdict import verdict_lines
from tutor.printable import printable
from tutor.runner.transcript import RunRecord
from tutor.settings import Settings
from tutor.study import Study
from tutor.study.recording import CheckResult


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("exercise", metavar="LESSON/EXERCISE", help="such as one-neuron/mse")
    parser.add_argument("file", type=Path, metavar="FILE", help="the Python file to check")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(options: argparse.Namespace) -> int:
    """Check the file and keep the attempt; return 0 only when every check passed."""
    settings = open_settings(options)
    study = open_study_to_run(options, settings)
    lesson, exercise = _find(study, options.exercise)
    source = read_source(options.file)
    record, result = asyncio.run(_check(study, settings, lesson, exercise, source))
    if options.json:
        print(json.dumps(_document(exercise, record, result), allow_nan=False))
    else:
        print(printable(record.text("stdout") + record.text("stderr")), end="")
        print("\n".join(verdict_lines(result, 76)))
    return 0 if result.passed else 1


def _find(study: Study, name: str) -> tuple[Lesson, Exercise]:
    lesson_name, slash, exercise_name = name.partition("/")
    if not slash:
        raise TutorError("Which exercise?", f"{name!r} names none.", "Say LESSON/EXERCISE.")
    lesson = study.lesson(lesson_name)
    exercises = {item.name: item for _, item in lesson.items() if isinstance(item, Exercise)}
    if exercise_name not in exercises:
        near = difflib.get_close_matches(exercise_name, exercises, 1)
        hint = f"Did you mean {near[0]!r}?" if near else f"It has {', '.join(exercises) or 'none'}."
        raise TutorError("No such exercise", f"{lesson.id} has no exercise {exercise_name!r}.", hint)
    return lesson, exercises[exercise_name]


async def _check(
    study: Study, settings: Settings, lesson: Lesson, exercise: Exercise, source: str
) -> tuple[RunRecord, CheckResult]:
    async with private_session(settings) as headless:
        await headless.ready()
        record = await headless.run(study.check_request(lesson, exercise, source, headless.transcript.executed))
        result = study.take(lesson, record, headless.transcript.session, source)
        if result is None:
            raise TutorError("No verdict", f"the check of {exercise.key} left none.")
        result = await suspect(headless, study, lesson, exercise, record, result)
    return record, result


def _document(exercise: Exercise, record: RunRecord, result: CheckResult) -> dict[str, Any]:
    return {
        "exercise": exercise.key,
        "passed": result.passed,
        "headline": result.headline,
        "outcome": record.outcome,
        "seconds": round(record.seconds, 6),
        "mistake": result.mistake.summary if result.mistake else None,
        "checks": [
            {
                "ok": line.ok,
                "message": line.text,
                "expected": line.expected,
                "got": line.got,
                "line": line.line,
                "error": line.error or None,
                "explained": line.explained or None,
            }
            for line in result.lines
        ],
        "traceback": result.traceback or None,
        "explained": result.explained or None,
        "findings": list(result.remarks),
        "stdout": record.text("stdout"),
        "stderr": record.text("stderr"),
    }
