"""Runs an exercise as learners would: starter, solution, alternatives, mistakes, and an answer with nothing in it."""

from __future__ import annotations

import time

from tutor.authoring.bench import Bench, ending, went_outside
from tutor.authoring.empty import empty_answers
from tutor.authoring.mutants import mutants
from tutor.course.findings import Findings
from tutor.course.fresh import count, fresh_exercise, told
from tutor.course.items import Answer, Code, Exercise, Knob
from tutor.course.model import FrontMatter, Lesson
from tutor.runner.client import new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check
from tutor.runner.transcript import RunRecord

SETS = 8
"""So many sets of fresh numbers are tried at most."""

PATIENCE = 8.0
"""Seconds for the sets of one item: slow ones are tried with fewer."""


class ExerciseRun:
    """Checks of one exercise against the namespace that the cells above have made.

    `seconds` is the wall time of all of them; `solution_ran` is False when the solution did not get through its check,
    `solution_passed` when it did not pass.
    """

    def __init__(self, bench: Bench, lesson: Lesson, exercise: Exercise, findings: Findings) -> None:
        self._bench, self._lesson, self._exercise, self._findings = bench, lesson, exercise, findings
        self.seconds = 0.0
        self.solution_ran = self.solution_passed = True

    async def run(self) -> None:
        """Check every answer that the lesson gives, and those that it must not accept."""
        exercise = self._exercise
        fence = exercise.starter.line - 1
        if (await self._check(exercise.starter.source)).passed:
            self._findings.add("E142", "the starter passes every check without a change", fence)
        for answer in (exercise.solution, *exercise.alternatives):
            await self._accept(answer)
        for source in empty_answers(exercise.starter.source):
            record = await self._check(source)
            if record.passed:
                what = "pass" if source == "pass" else "functions that return None"
                self._findings.add("E147", f"an empty answer ({what}) passes every check", fence)
                break
            for verdict in record.verdicts if source == "pass" else ():
                if verdict.ok:
                    self._findings.add("E147", "an empty answer (pass) passes this check", verdict.line)
        for mistake in exercise.mistakes:
            await self._reject(mistake)
        if self.solution_ran:
            await self._reject_mutants()
        began = time.monotonic()
        for seed in sets_of(exercise.generator):
            if not await self._fresh_numbers(seed) or time.monotonic() - began > PATIENCE:
                break

    async def _check(self, source: str, line: int = 0) -> RunRecord:
        exercise, name = self._exercise, str(self._lesson.path)
        solution = exercise.solution.code
        record = await self._bench.perform(
            Check(
                run=new_run_id(),
                code=Cell(exercise.key, source, name, line or exercise.starter.line),
                tests=tuple(Cell(test.key, test.source, name, test.line) for test in exercise.tests),
                solution=Cell(solution.key, solution.source, name, solution.line),
                tag=exercise.key,
                label=f"check of {exercise.name}",
                timeout=seconds_for(exercise.starter, self._lesson.front),
                seed=self._lesson.front.seed,
            )
        )
        self.seconds += record.seconds
        return record

    async def _accept(self, answer: Answer) -> None:
        record = await self._check(answer.code.source, answer.code.line)
        if record.passed:
            return
        if answer is self._exercise.solution:
            self.solution_passed = False
            self.solution_ran = record.outcome == "ok"
        name = self._name(answer)
        if record.outcome == "timeout":
            limit = seconds_for(self._exercise.starter, self._lesson.front)
            self._findings.add("E145", f"the check of {name} took more than {limit:g} s", answer.line)
            return
        for verdict in record.verdicts:
            if not verdict.ok:
                sides = f" (expected {verdict.expected}, got {verdict.got})" if verdict.expected or verdict.got else ""
                said = verdict.message or verdict.source
                self._findings.add("E143", f"{name} fails this check: {said}{sides}", verdict.line)
        if record.outcome != "ok":
            line, column = failure_place(record, self._lesson, answer.code.line)
            code = "E148" if went_outside(record) else "E143"
            self._findings.add(code, f"{name} does not get through: {ending(record)}", line, column)
        elif not record.verdicts:
            self._findings.add("E118", "nothing was checked: no assert was reached", self._exercise.tests[0].line)

    async def _fresh_numbers(self, seed: int) -> bool:
        """Check what the lesson gives with other numbers, as in a review; whether all of it was judged rightly."""
        knobs, exercise = self._exercise.generator, fresh_exercise(self._exercise, seed)
        again = ExerciseRun(self._bench, self._lesson, exercise, self._findings)
        trouble = await again._misjudged()
        self.seconds += again.seconds
        if trouble:
            self._findings.add("E152", f"with {told(knobs, seed)} {trouble}", knobs[0].line)
        return not trouble

    async def _misjudged(self) -> str:
        """What is judged wrongly first: "the starter passes every check"; "" where nothing is."""
        exercise = self._exercise
        if (await self._check(exercise.starter.source)).passed:
            return "the starter passes every check"
        for answer in (exercise.solution, *exercise.alternatives):
            record = await self._check(answer.code.source, answer.code.line)
            if not record.passed:
                failed = next((verdict.message for verdict in record.verdicts if not verdict.ok), ending(record))
                return f"{self._name(answer)} fails: {failed}"
        for mistake in exercise.mistakes:
            if (await self._check(mistake.code.source, mistake.code.line)).passed:
                return f"the mistake on line {mistake.line} passes every check"
        return ""

    def _name(self, answer: Answer) -> str:
        return "the solution" if answer is self._exercise.solution else f"the alternative on line {answer.line}"

    async def _reject(self, mistake: Answer) -> None:
        record = await self._check(mistake.code.source, mistake.code.line)
        if record.passed:
            message = "this mistake passes every check: add one that rejects it"
            self._findings.add("E150", message, mistake.line)
        elif record.outcome not in ("ok", "error"):
            message = f"this mistake is not rejected by a check: {ending(record)}"
            self._findings.add("E150", message, mistake.line)

    async def _reject_mutants(self) -> None:
        """Check the solution with one thing wrong in it, each such thing in turn."""
        code = self._exercise.solution.code
        for mutant in mutants(code.source):
            if (await self._check(mutant.source, code.line)).passed:
                message = f"the solution {mutant.words} passes every check: add one that rejects it"
                self._findings.add("E151", message, code.line + mutant.line - 1)


def sets_of(knobs: tuple[Knob, ...]) -> range:
    """The seeds of the fresh numbers that are tried: of all sets there are, or of `SETS`."""
    return range(min(SETS, count(knobs)) if knobs else 0)


def seconds_for(code: Code, front: FrontMatter) -> float:
    """The time limit of a cell in seconds."""
    return code.timeout or front.timeout


def failure_place(record: RunRecord, lesson: Lesson, otherwise: int) -> tuple[int, int]:
    """Line and column (from 1) in the lesson where a run failed; the line `otherwise` where it does not say."""
    frames = record.failure.frames if record.failure is not None else ()
    for frame in reversed(frames):
        if frame.filename == str(lesson.path) and frame.line > 0:
            return frame.line, max(frame.column, 0) + 1
    return otherwise, 1
