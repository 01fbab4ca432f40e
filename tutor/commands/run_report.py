"""What `pytutor run` says: output as it comes, curves and errors after it, or all of it as one JSON document."""

from __future__ import annotations

import math
import sys
from typing import Any

from tutor.commands.headless import Headless
from tutor.commands.run_plan import Step, as_expected
from tutor.metrics.board import Board
from tutor.metrics.series import Series
from tutor.metrics.words import summary
from tutor.printable import printable
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Failure
from tutor.runner.protocol.run_events import Notice, Output, OutputSkipped, Result
from tutor.runner.transcript import MORE_OUTPUT, RunRecord
from tutor.study.autopsy import autopsy
from tutor.study.explaining import explained


def echo(event: Event) -> None:
    """Print an event as it comes: what the code prints to stdout and stderr goes to ours."""
    if isinstance(event, Output):
        stream = sys.stderr if event.stream == "stderr" else sys.stdout
        stream.write(printable(event.text))
        stream.flush()
    elif isinstance(event, Result):
        print(printable(event.text), flush=True)
    elif isinstance(event, OutputSkipped):
        print(f"[{event.count:,} bytes of {event.stream} not kept{MORE_OUTPUT}]", file=sys.stderr)
    elif isinstance(event, Notice):
        print(f"[{printable(event.text)}]", file=sys.stderr)


def report(steps: list[Step], records: list[RunRecord], headless: Headless) -> None:
    """What is left to say after the output: curves, how it ended, where it failed."""
    for step, record in zip(steps, records, strict=False):
        report_run(record, headless.board(record.run))
        if step.may_raise and record.outcome == "ok":
            print(f"pytutor: {record.label!r} should raise an exception and did not.", file=sys.stderr)


def report_run(record: RunRecord, board: Board) -> None:
    """The same for one run."""
    if board.series:
        from tutor.plot.text import plain_chart  # plotext, which a script without a curve need not wait for

        print("\n".join(plain_chart(list(board.series.values()), 76, 16)))
        print(printable(summary(board)))
    if record.failure is not None:
        print(printable(record.failure.text).rstrip(), file=sys.stderr)
        if (words := explained(record.failure)) is not None:
            print(printable(f"pytutor: {words.plain}"), file=sys.stderr)
    if record.words:
        print(f"pytutor: {printable(record.words)}", file=sys.stderr)
    for remark in autopsy(record, board.main):
        print(f"pytutor: {printable(remark.plain)}", file=sys.stderr)


def document(path: str, steps: list[Step], records: list[RunRecord], headless: Headless, device: str) -> dict[str, Any]:
    """The one JSON document of `--json`. Seconds are wall time in the kernel.

    A cell's outcome is that of its run, "skipped" for one that the file says not to run, "" for one not reached.
    """
    by_run = {record.run: record for record in records}
    failed = next((by_run[one.request.run] for one in steps if _failed(one, by_run.get(one.request.run))), None)
    last = records[-1] if records else None
    return {
        "file": path,
        "outcome": "ok" if failed is None else failed.outcome,
        "exit_code": last.exit_code if last else None,
        "signal": last.signal if last else None,
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
        "findings": [
            {"cell": record.tag, "kind": one.kind, "line": one.line or None, "what": one.what, "remedy": one.remedy}
            for record in records
            for one in autopsy(record, headless.board(record.run).main)
        ],
        "cells": [_cell(step, by_run.get(step.request.run)) for step in steps],
    }


def _failed(step: Step, record: RunRecord | None) -> bool:
    return record is not None and not as_expected(step, record)


def _cell(step: Step, record: RunRecord | None) -> dict[str, Any]:
    """One cell; "error" is there only where it raised."""
    outcome = record.outcome if record is not None else "skipped" if step.skip else ""
    cell: dict[str, Any] = {
        "cell": step.request.tag,
        "outcome": outcome,
        "seconds": round(record.seconds, 6) if record is not None else 0.0,
    }
    if record is not None and record.failure is not None:
        cell["error"] = _error(record)
    return cell


def _error(record: RunRecord) -> dict[str, Any] | None:
    if record.failure is None:
        return None
    frames = [frame for frame in record.failure.frames if frame.learner]
    return {
        "type": record.failure.kind,
        "message": record.failure.message,
        "line": frames[-1].line if frames else None,
        "traceback": record.failure.text,
        "explained": _explained(record.failure),
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


def _explained(failure: Failure) -> dict[str, str] | None:
    words = explained(failure)
    return {"rule": words.rule, "what": words.what, "repair": words.repair} if words is not None else None
