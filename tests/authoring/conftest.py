"""A runner that runs lesson code in the test's own process, behind the interface of a session."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import io
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.authoring import exercise_run, lesson_run, variations
from tutor.authoring.bench import Bench
from tutor.authoring.lesson_run import LessonRun
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.course.problems import Problem
from tutor.runner.protocol.parts import Cell, Failure, Frame
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.run_events import CheckVerdict, Output, Result, RunFinished
from tutor.runner.replay import ReplaySession
from tutor.runner.script import Step

HEAD = "---\ntitle: T\nid: t\nsummary: S\nminutes: 5\nseed: 0\n---\n\n# T\n\n## P\n\n"


@pytest.fixture(autouse=True)
def _all_seeds_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine would come through fewer of them in the linter's time, and not to the one that fails."""
    for module in (exercise_run, lesson_run, variations):
        monkeypatch.setattr(module, "PATIENCE", 3600.0)


class InProcess:
    """Answers requests by running them here.

    Code with "slow" in it takes 6 s, code with "endless" runs into its timeout, and a check of code with "fatal" takes
    the kernel with it.
    """

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {}

    def __call__(self, request: Run | Check) -> Iterable[Step]:
        return list(self._run(request) if isinstance(request, Run) else self._check(request))

    def _run(self, request: Run) -> Iterator[Step]:
        namespace = dict(self.namespace) if request.isolated else self.namespace
        if request.launch:
            namespace = {"launch": request.launch}  # a program of its own
        for cell in request.cells:
            if "endless" in cell.source:
                yield RunFinished(outcome="timeout", words="It took too long.")
                return
            failed = yield from self._cell(cell, namespace)
            if failed is not None:
                yield RunFinished(outcome="error", failure=failed)
                return
        yield RunFinished(outcome="ok", seconds=6.0 if "slow" in request.cells[-1].source else 0.1)

    def _cell(self, cell: Cell, namespace: dict[str, Any]) -> Iterator[Step]:
        out, err = io.StringIO(), io.StringIO()
        failure = None
        body = ast.increment_lineno(ast.parse(cell.source), cell.line - 1).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        value = None
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                exec(
                    compile("\n" * (cell.line - 1) + ast.unparse(ast.Module(body, [])), cell.filename, "exec"),
                    namespace,
                )
                if isinstance(last, ast.Expr):
                    value = eval(compile(ast.Expression(last.value), cell.filename, "eval"), namespace)
            except Exception as error:  # noqa: BLE001  what lesson code raises is data here
                failure = self._failure(error, cell)
        if out.getvalue():
            yield Output(stream="stdout", text=out.getvalue())
        if err.getvalue():
            yield Output(stream="stderr", text=err.getvalue())
        if value is not None:
            yield Result(text=repr(value))
        return failure

    @staticmethod
    def _failure(error: Exception, cell: Cell) -> Failure:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == cell.filename]
        line = frames[-1].lineno or cell.line if frames else cell.line
        return Failure(type(error).__name__, str(error), (Frame(cell.filename, line, "<module>", column=2),))

    def _check(self, request: Check) -> Iterator[Step]:
        namespace = dict(self.namespace)
        if "fatal" in request.code.source:
            yield RunFinished(outcome="died", words="The process was killed.")
            return
        failed = yield from self._cell(request.code, namespace)
        if failed is not None:
            yield RunFinished(outcome="error", stage="code", failure=failed)
            return
        for test in request.tests:
            for statement in ast.parse(test.source).body:
                if isinstance(statement, ast.Assert):
                    yield self._verdict(statement, test, namespace)
                else:
                    exec(compile(ast.Module([statement], []), "t", "exec"), namespace)
        yield RunFinished(outcome="ok", seconds=0.1)

    def _verdict(self, statement: ast.Assert, test: Cell, namespace: dict[str, Any]) -> CheckVerdict:
        line = test.line + statement.lineno - 1
        try:
            ok = bool(eval(compile(ast.Expression(statement.test), "t", "eval"), namespace))
        except (NameError, TypeError) as error:
            return CheckVerdict(message=str(error), line=line, failure=self._failure(error, test))
        message = eval(compile(ast.Expression(statement.msg), "t", "eval"), namespace) if statement.msg else ""
        return CheckVerdict(ok=ok, message=message, line=line)


Execute = Callable[[str], list[Problem]]


@pytest.fixture
def execute(tmp_path: Path) -> Execute:
    """Run a lesson's body as the linter does; gives its problems. The body's first line is line 13 of the file."""

    def run(body: str, head: str = HEAD) -> list[Problem]:
        path = tmp_path / "lesson.md"
        path.write_text(head + body)
        return asyncio.run(_run(parse_lesson(path)))

    async def _run(lesson: Lesson) -> list[Problem]:
        assert not lesson.errors, lesson.errors
        worker = InProcess()
        session = ReplaySession(worker)
        bench = Bench(session)
        await bench.ready()
        problems = await asyncio.wait_for(LessonRun(bench, lesson).run(), 30)
        await session.close()
        return problems

    return run
