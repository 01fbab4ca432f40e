"""`pytutor run FILE`: run a script, or all cells of a lesson, and report outcome and losses."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.commands.headless import Headless, private_session
from tutor.commands.opening import open_settings
from tutor.commands.sources import read_source
from tutor.errors import TutorError
from tutor.metrics.series import Series
from tutor.metrics.words import summary
from tutor.printable import printable
from tutor.runner.client import new_run_id
from tutor.runner.protocol import Cell, Event, Notice, Output, OutputSkipped, Result, Run
from tutor.runner.transcript import RunRecord


@dataclass(frozen=True)
class Step:
    """One run of the plan; `may_raise` when the lesson says that an exception is what it shows."""

    request: Run
    may_raise: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .py script, or a lesson in .md")
    parser.add_argument(
        "arguments", nargs="*", metavar="ARG", help="arguments of the script (after -- if they begin with -)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    parser.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="stop the code after this many seconds")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of seconds")
    return value


def run(options: argparse.Namespace) -> int:
    """Run the file; return the script's own exit code, or 0 when every cell of a lesson did what it says."""
    path: Path = options.file
    if path.suffix == ".md":
        if options.arguments:
            raise TutorError("Cannot run", "a lesson takes no arguments.")
        steps = _lesson_steps(path, options.timeout)
    elif path.suffix == ".py":
        steps = [_script_step(path, options.arguments, options.timeout)]
    else:
        raise TutorError("Cannot run", f"{path} is neither a .py script nor a lesson in .md.")
    return asyncio.run(_run(steps, options))


def _script_step(path: Path, arguments: list[str], timeout: float | None) -> Step:
    source = read_source(path)
    place = str(path.resolve())
    return Step(
        Run(
            run=new_run_id(),
            cells=(Cell(key=place, source=source, filename=place),),
            tag=place,
            label=path.name,
            timeout=timeout,
            argv=(str(path), *arguments),
            cwd=str(Path.cwd()),
        )
    )


def _lesson_steps(path: Path, timeout: float | None) -> list[Step]:
    from tutor.course.model import Exercise, Snippet
    from tutor.course.parser import parse_lesson

    lesson = parse_lesson(path)
    if lesson.errors:
        first = lesson.errors[0]
        raise TutorError(
            "Cannot run", f"{path}:{first.line}: {first.message}", f"See them all with `pytutor check {path}`."
        )
    steps = []
    for page, item in lesson.items():
        if isinstance(item, Snippet):
            code = item.code
        elif isinstance(item, Exercise):
            code = item.solution.code
        else:
            continue
        if "skip-execution" in code.tags:
            continue
        request = Run(
            run=new_run_id(),
            cells=(Cell(key=item.key, source=code.source, filename=str(path), line=code.line),),
            tag=item.key,
            label=code.name or page.title,
            timeout=timeout or code.timeout or lesson.front.timeout,
            seed=lesson.front.seed,
            launch=code.launch,
        )
        steps.append(Step(request, "raises-exception" in code.tags))
    return steps


async def _run(steps: list[Step], options: argparse.Namespace) -> int:
    async with private_session(open_settings(options)) as headless:
        kernel = await headless.ready()
        records = []
        for step in steps:
            records.append(await headless.run(step.request, None if options.json else _echo))
            if not _as_expected(step, records[-1]):
                break
        if options.json:
            document = _document(str(options.file), steps, records, headless, kernel.device)
            print(json.dumps(document, allow_nan=False))
        else:
            _report(steps, records, headless)
    return _exit_code(steps, records)


def _as_expected(step: Step, record: RunRecord) -> bool:
    if step.may_raise:
        return record.outcome == "error"
    return record.outcome == "ok" or (record.outcome == "exit" and not record.exit_code)


def _exit_code(steps: list[Step], records: list[RunRecord]) -> int:
    """0 when all went as expected; else the exit code the code itself chose, 130 for an interrupt, or 1."""
    if len(records) == len(steps) and all(map(_as_expected, steps, records)):
        return 0
    last = records[-1]
    if last.outcome == "interrupted":
        return 130
    return last.exit_code if last.exit_code and 0 < last.exit_code < 256 else 1


def _echo(event: Event) -> None:
    if isinstance(event, Output):
        stream = sys.stderr if event.stream == "stderr" else sys.stdout
        stream.write(printable(event.text))
        stream.flush()
    elif isinstance(event, Result):
        print(printable(event.text), flush=True)
    elif isinstance(event, OutputSkipped):
        print(f"[{event.count:,} bytes of {event.stream} not kept]", file=sys.stderr)
    elif isinstance(event, Notice):
        print(f"[{printable(event.text)}]", file=sys.stderr)


def _report(steps: list[Step], records: list[RunRecord], headless: Headless) -> None:
    """What is left to say after the output: curves, how it ended, where it failed."""
    for step, record in zip(steps, records, strict=False):
        board = headless.board(record.run)
        if board.series:
            from tutor.plot.text import plain_chart  # plotext, which a script without a curve need not wait for

            print("\n".join(plain_chart(list(board.series.values()), 76, 16)))
            print(printable(summary(board)))
        if record.failure is not None:
            print(printable(record.failure.text).rstrip(), file=sys.stderr)
        if record.words:
            print(f"pytutor: {printable(record.words)}", file=sys.stderr)
        if step.may_raise and record.outcome == "ok":
            print(f"pytutor: {record.label!r} should raise an exception and did not.", file=sys.stderr)


def _document(
    path: str, steps: list[Step], records: list[RunRecord], headless: Headless, device: str
) -> dict[str, Any]:
    """The one JSON document of `--json`. Seconds are wall time in the kernel."""
    done = len(records) == len(steps) and all(map(_as_expected, steps, records))
    last = records[-1] if records else None
    failed = None if done else last
    return {
        "file": path,
        "outcome": "ok" if failed is None else failed.outcome,
        "exit_code": last.exit_code if last else None,
        "words": failed.words if failed else "",
        "error": _error(failed) if failed else None,
        "stdout": "".join(record.text("stdout") for record in records),
        "stderr": "".join(record.text("stderr") for record in records),
        "seconds": round(sum(record.seconds for record in records), 6),
        "device": device,
        "series": [
            {"cell": record.tag, **_series(one)}
            for record in records
            for one in headless.board(record.run).series.values()
        ],
        "cells": [
            {"cell": record.tag, "outcome": record.outcome, "seconds": round(record.seconds, 6)} for record in records
        ],
    }


def _error(record: RunRecord) -> dict[str, Any] | None:
    if record.failure is None:
        return None
    frames = [frame for frame in record.failure.frames if frame.learner]
    return {
        "type": record.failure.kind,
        "message": record.failure.message,
        "line": frames[-1].line if frames else None,
        "traceback": record.failure.text,
    }


def _series(one: Series) -> dict[str, Any]:
    """A series in numbers; "min" and "max" are over its finite values, None where it has none."""
    finite = one.minimum <= one.maximum
    return {
        "name": one.name,
        "role": one.role,
        "count": one.count,
        "first": _number(one.first[1]) if one.first else None,
        "last": _number(one.last[1]) if one.last else None,
        "min": one.minimum if finite else None,
        "max": one.maximum if finite else None,
        "first_bad_step": one.first_bad[0] if one.first_bad else None,
    }


def _number(value: float) -> float | str:
    """JSON has no NaN and no infinity: they become the strings "nan", "inf" and "-inf"."""
    return value if math.isfinite(value) else str(value)
