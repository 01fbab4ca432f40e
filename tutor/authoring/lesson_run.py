"""Runs a lesson from top to bottom, as a learner does who solves every exercise."""

from __future__ import annotations

import re
import time

from tutor.authoring.bench import Bench, KernelLostError, ending, went_outside
from tutor.authoring.comparing import difference, same_output, shown
from tutor.authoring.exercise_run import PATIENCE, ExerciseRun, failure_place, seconds_for, sets_of
from tutor.authoring.variations import Variations
from tutor.course.characters import unified_lines
from tutor.course.findings import Findings
from tutor.course.fresh import fresh_predict, told
from tutor.course.items import Code, Exercise, Item, Predict, Quiz, Snippet
from tutor.course.model import Lesson
from tutor.course.problems import Problem
from tutor.runner.client import new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Run
from tutor.runner.transcript import RunRecord

SLOW_CELL = 5.0
LONGEST_LESSON = 300.0
_WARNING = "Warning"


class LessonRun:
    """One lesson in a fresh kernel.

    `cell_seconds` is the own time of its cells and solutions: calculating and sleeping, without the time in which they
    stood in the queue for a processor.
    """

    def __init__(self, bench: Bench, lesson: Lesson) -> None:
        self._bench, self._lesson = bench, lesson
        text = lesson.path.read_text(encoding="utf-8", errors="replace") if lesson.path.is_file() else ""
        self._findings = Findings(lesson.path, unified_lines(text))
        self._seconds = self.cell_seconds = 0.0
        self._variations = Variations(bench, lesson, self._findings)
        self.stale: dict[int, str] = {}
        """First line of an output that is out of date -> what the cell prints."""

    async def run(self) -> list[Problem]:
        """Run everything; stop at a cell that fails, since those below would fail because of it."""
        await self._bench.fresh()
        for _, item in self._lesson.items():
            try:
                if not await self._item(item):
                    return self._findings.problems
            except KernelLostError as lost:
                message = f"the kernel ended here, so the cells below were not run: {lost}"
                self._findings.add("E140", message, line_of(item))
                return self._findings.problems
        self._judge_time()
        await self._variations.again()
        return self._findings.problems

    async def _item(self, item: Item) -> bool:
        """Run one item; whether those below can be run."""
        if isinstance(item, Snippet):
            return await self._snippet(item)
        if isinstance(item, Exercise):
            return await self._exercise(item)
        return not isinstance(item, Predict) or await self._predict(item)

    async def _snippet(self, snippet: Snippet) -> bool:
        code = snippet.code
        if "skip-execution" in code.tags or (code.launch and _several_machines(code)):
            return True
        if code.launch:
            # Several processes print in no order that could be compared.
            return self._judge_ending(code, await self._cell(code))
        # A cell that is meant to fail is no setup for those below: here too, names made in it end with it.
        record = await self._cell(code, isolated="raises-exception" in code.tags)
        if not self._judge_ending(code, record):
            return False
        if record.outcome == "ok" and snippet.knobs:
            await self._variations.knobs(snippet)
        if snippet.output is not None:
            self._variations.printed[snippet.key] = shown(record)
        if snippet.output is not None and not same_output(shown(record), snippet.output):
            message = f"the output shown is out of date: {difference(shown(record), snippet.output)}"
            self._findings.add("W240", message, snippet.output_line)
            self.stale[snippet.output_line] = shown(record)
        return True

    async def _predict(self, predict: Predict) -> bool:
        if "skip-execution" in predict.code.tags:
            return True
        record = await self._cell(predict.code, self._asked(predict, predict.code), isolated=True)
        if predict.ask == "shape":
            if record.outcome != "ok":
                message = f"the shape of {predict.of} cannot be computed: {ending(record)}"
                self._findings.add("E141", message, *failure_place(record, self._lesson, predict.line))
            else:
                await self._fresh_numbers(predict, record.outcome)
            return True
        if record.outcome not in ("ok", "error"):
            return self._judge_ending(predict.code, record)
        if predict.ask == "curve" and not record.has_points:
            self._findings.add("E141", "the code draws no curve that could be predicted", predict.line)
        if predict.expected is not None:
            self._variations.printed[predict.key] = shown(record)
        if predict.expected is not None and not same_output(shown(record), predict.expected):
            message = f"the code gives something else: {difference(shown(record), predict.expected)}"
            self._findings.add("E141", message, predict.expected_line)
        await self._fresh_numbers(predict, record.outcome)
        return True

    async def _fresh_numbers(self, predict: Predict, outcome: str) -> None:
        """Ask again with other numbers, as a review does; the code must end as with the lesson's own."""
        began = time.monotonic()
        for seed in sets_of(predict.generator):
            again = fresh_predict(predict, seed).code
            record = await self._cell(again, self._asked(predict, again), isolated=True)
            if record.outcome != outcome:
                message = f"with {told(predict.generator, seed)} it ends otherwise: {ending(record)}"
                self._findings.add("E152", message, predict.generator[0].line)
            if record.outcome != outcome or time.monotonic() - began > PATIENCE:
                return

    def _asked(self, predict: Predict, code: Code) -> tuple[Cell, ...]:
        """The code of a prediction, and where a shape is asked for a cell that gives it."""
        cells = (self._as_cell(code),)
        if predict.ask != "shape":
            return cells
        return *cells, Cell(predict.key + "/shape", f"tuple({predict.of}.shape)", str(self._lesson.path), predict.line)

    async def _exercise(self, exercise: Exercise) -> bool:
        if "skip-execution" in exercise.starter.tags:
            return True
        checks = ExerciseRun(self._bench, self._lesson, exercise, self._findings)
        await checks.run()
        self._seconds += checks.seconds
        if checks.solution_passed:
            await self._variations.seeds(exercise)
        solution = exercise.solution.code
        record = await self._cell(solution, label=f"solution of {exercise.name}")
        if record.outcome == "ok":
            return True
        line, column = failure_place(record, self._lesson, solution.line)
        if checks.solution_ran:
            # One that fails here and not in its check leans on something that a check sets up.
            message = f"the solution fails, so the cells below were not run: {ending(record)}"
            self._findings.add("E140", message, line, column)
        return False

    async def _cell(
        self, code: Code, cells: tuple[Cell, ...] = (), isolated: bool = False, label: str = ""
    ) -> RunRecord:
        limit = seconds_for(code, self._lesson.front)
        queued = self._bench.waited()
        record = await self._bench.perform(
            Run(
                run=new_run_id(),
                cells=cells or (self._as_cell(code),),
                tag=code.key,
                label=label or f"line {code.line}",
                isolated=isolated,
                timeout=limit,
                seed=self._lesson.front.seed,
                launch=code.launch,
            )
        )
        own = record.seconds - max(self._bench.waited() - queued, 0.0)
        self._seconds += own
        self.cell_seconds += own
        if own > SLOW_CELL and record.outcome == "ok" and not code.launch:  # starting processes is not its own time
            message = f"this cell takes {own:.1f} s, more than {SLOW_CELL:g}"
            self._findings.add("W241", message, code.line - 1)
        warning = next((line for line in record.text("stderr").split("\n") if _WARNING in line), "")
        if warning:
            self._findings.add("W243", f"a warning on stderr: {warning.strip()}", code.line - 1)
        return record

    def _as_cell(self, code: Code) -> Cell:
        return Cell(code.key, code.source, str(self._lesson.path), code.line)

    def _judge_ending(self, code: Code, record: RunRecord) -> bool:
        """Tell of a cell that did not end as it should; whether the cells below can be run."""
        raises = "raises-exception" in code.tags
        if record.outcome == "ok":
            if raises:
                self._findings.add("E144", "tagged raises-exception, and nothing was raised", code.line - 1)
            return True
        if record.outcome == "timeout":
            limit = seconds_for(code, self._lesson.front)
            message = f"this cell takes more than {limit:g} s, so those below were not run"
            self._findings.add("E145", message, code.line - 1)
            return False
        if raises and record.outcome == "error":
            return True
        line, column = failure_place(record, self._lesson, code.line)
        code_of_rule = "E148" if went_outside(record) else "E140"
        self._findings.add(code_of_rule, f"{ending(record)}; the cells below were not run", line, column)
        return False

    def _judge_time(self) -> None:
        minutes = self._lesson.front.minutes
        if self._seconds > LONGEST_LESSON:
            message = f"the lesson's code takes {self._seconds:.0f} s, more than {LONGEST_LESSON:.0f}"
            self._findings.add("E145", message)
        elif minutes is not None and self._seconds > 60 * minutes:
            message = f"the lesson's code takes {self._seconds / 60:.1f} minutes, more than the {minutes} it names"
            self._findings.add("W242", message)


def _several_machines(code: Code) -> bool:
    """Whether a cell of several processes waits for those of another machine, which will not come here."""
    return re.search(r"--nnodes[ =]+(?!1(?::1)?(?:\s|$))", code.launch) is not None


def line_of(item: Item) -> int:
    """The line of the fence or the region with which an item begins, counted from 1."""
    if isinstance(item, Quiz | Predict):
        return item.line
    return (item.starter if isinstance(item, Exercise) else item.code).line - 1
