"""Runs a lesson's code under other conditions: with knobs at their ends, with other seeds, a second time."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

from tutor.authoring.bench import HURRY, Bench, KernelLostError, ending
from tutor.authoring.comparing import difference, same_output, shown
from tutor.course.blocks import Heading
from tutor.course.findings import Findings
from tutor.course.items import Code, Exercise, Knob, Predict, Quiz, Snippet
from tutor.course.model import Lesson, Page
from tutor.course.turning import Value, turned
from tutor.runner.client import new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.transcript import RunRecord

SEEDS = 20
"""So many seeds are tried with a solution."""

WAITING = "waiting"
"""Key of the cell that lets a fork run without waiting."""

PATIENCE = 4.0
"""Seconds for the seeds of one exercise: slow ones are tried with fewer."""


def extremes(knob: Knob) -> Iterator[Value]:
    """The values that a knob must stand: its ends, all choices, both truth values; its default is run anyway."""
    if knob.choices:
        yield from (choice for choice in knob.choices if choice != knob.default)
    elif isinstance(knob.default, bool):
        yield not knob.default
    else:
        for end in (knob.minimum, knob.maximum):
            if end is not None and end != knob.default:
                yield int(end) if isinstance(knob.default, int) else end


class Variations:
    """Tries in forks of the kernel, so that the namespace stays what the lesson has made of it."""

    def __init__(self, bench: Bench, lesson: Lesson, findings: Findings) -> None:
        self._bench, self._lesson, self._findings = bench, lesson, findings
        self.printed: dict[str, str] = {}
        """Key of a snippet or a prediction whose output is compared -> what it printed in the first run."""

    async def again(self) -> None:
        """Run the lesson a second time, and tell of outputs that differ from those of the first (E149)."""
        if not self.printed:
            return
        await self._bench.fresh(hurry=True)
        for _, item in self._lesson.items():
            if isinstance(item, Quiz):
                continue
            code = item.solution.code if isinstance(item, Exercise) else item.code
            if "skip-execution" in code.tags or code.launch:
                continue
            isolated = isinstance(item, Predict) or "raises-exception" in code.tags
            try:
                record = await self._again(code, isolated=isolated)
            except KernelLostError:
                return
            if record.outcome not in ("ok", "error"):
                message = f"in a second run this does not come to its end: {ending(record)}"
                self._findings.add("E149", message, code.line - 1)
                return
            if item.key in self.printed and not same_output(shown(record), self.printed[item.key]):
                line = item.output_line if isinstance(item, Snippet) else code.line - 1
                message = f"a second run prints something else: {difference(shown(record), self.printed[item.key])}"
                self._findings.add("E149", message, line)
                return

    async def _again(self, code: Code, *, isolated: bool) -> RunRecord:
        return await self._bench.perform(
            Run(
                run=new_run_id(),
                cells=(Cell(code.key, code.source, str(self._lesson.path), code.line),),
                isolated=isolated,
                timeout=code.timeout or self._lesson.front.timeout,
                seed=self._lesson.front.seed,
            )
        )

    async def knobs(self, snippet: Snippet) -> None:
        """Tell of values of the snippet's knobs with which it, or a cell that a turn runs again, fails (E146)."""
        below = list(self._turned_by(snippet))
        for knob in snippet.knobs:
            for value in extremes(knob):
                source = turned(snippet.code.source, knob.name, value)
                if source is None:
                    continue
                cells = [(source, snippet.code), *((one.source, one) for one in below)]
                record = await self._run(cells, snippet)
                if record.outcome != "ok":
                    message = f"with {knob.name} = {value!r} a cell fails: {ending(record)}"
                    self._findings.add("E146", message, knob.line or snippet.code.line)

    async def seeds(self, exercise: Exercise) -> None:
        """Tell of a seed with which the solution does not pass (E149)."""
        began = time.monotonic()
        for seed in range(1, SEEDS + 1):
            record = await self._check(exercise, seed)
            if not record.passed:
                failed = next((one for one in record.verdicts if not one.ok), None)
                why = (failed.message or failed.source) if failed is not None else ending(record)
                message = f"the solution fails with seed {seed}: {why}"
                self._findings.add("E149", message, exercise.solution.line)
                return
            if time.monotonic() - began > PATIENCE:
                return

    def _turned_by(self, snippet: Snippet) -> Iterator[Code]:
        """The cells that run again when a knob is turned: those below, up to the next heading or exercise."""
        page = next(page for page, item in self._lesson.items() if item is snippet)
        for block in itertools.takewhile(_goes_on, page.blocks[_index(page, snippet) + 1 :]):
            if isinstance(block, Snippet) and not block.code.launch and "skip-execution" not in block.code.tags:
                yield block.code

    async def _run(self, cells: list[tuple[str, Code]], snippet: Snippet) -> RunRecord:
        name = str(self._lesson.path)
        setup = tuple(Cell(code.key, source, name, code.line) for source, code in cells[:-1])
        source, code = cells[-1]
        seconds = sum(one.timeout or self._lesson.front.timeout for _, one in cells)
        return await self._bench.perform(
            Check(
                run=new_run_id(),
                code=Cell(code.key, source, name, code.line),
                tests=(),
                setup=(Cell(WAITING, HURRY, name, 1), *setup),
                tag=snippet.key,
                label=f"knobs on line {snippet.code.line}",
                timeout=seconds,
                seed=self._lesson.front.seed,
            )
        )

    async def _check(self, exercise: Exercise, seed: int) -> RunRecord:
        name, solution = str(self._lesson.path), exercise.solution.code
        code = Cell(exercise.key, solution.source, name, solution.line)
        return await self._bench.perform(
            Check(
                run=new_run_id(),
                code=code,
                tests=tuple(Cell(test.key, test.source, name, test.line) for test in exercise.tests),
                setup=(Cell(WAITING, HURRY, name, 1),),
                solution=code,
                tag=exercise.key,
                label=f"{exercise.name} with seed {seed}",
                timeout=exercise.starter.timeout or self._lesson.front.timeout,
                seed=seed,
            )
        )


def _goes_on(block: object) -> bool:
    return not isinstance(block, Heading | Exercise)


def _index(page: Page, snippet: Snippet) -> int:
    return next(number for number, block in enumerate(page.blocks) if block is snippet)
