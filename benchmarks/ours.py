"""Our runner, as the benchmarks drive it: the same steps as `benchmarks.peer`."""

from __future__ import annotations

import time
from collections.abc import Callable

from tutor.commands.headless import Headless
from tutor.runner.client import new_run_id
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Run
from tutor.runner.protocol.run_events import Output, OutputSkipped
from tutor.runner.transcript import RunRecord


def cell(source: str) -> Cell:
    """A cell of a file that is none."""
    return Cell(key="bench", source=source, filename="bench.py")


async def run(ours: Headless, source: str, heard: Callable[[str], object] = lambda text: None) -> float:
    """Seconds that running `source` took; `heard` gets what it printed. Raises `RuntimeError` when it fails."""

    def watch(event: Event) -> None:
        if isinstance(event, Output):
            heard(event.text)

    begin = time.perf_counter()
    record = await ours.run(Run(run=new_run_id(), cells=(cell(source),)), watch)
    _expect_ok(record, source)
    return time.perf_counter() - begin


async def received(ours: Headless, source: str) -> tuple[float, int]:
    """Seconds, and how many bytes of output came or were counted."""
    count = 0

    def watch(event: Event) -> None:
        nonlocal count
        if isinstance(event, Output):
            count += len(event.text)
        elif isinstance(event, OutputSkipped):
            count += event.count

    begin = time.perf_counter()
    _expect_ok(await ours.run(Run(run=new_run_id(), cells=(cell(source),)), watch), source)
    return time.perf_counter() - begin, count


def _expect_ok(record: RunRecord, source: str) -> None:
    if record.outcome != "ok":
        raise RuntimeError(f"{source[:60]!r} ended {record.outcome}: {record.words}")
