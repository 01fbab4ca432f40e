"""A learner's walk through a lesson, with a runner that really executes what is asked, in one process without torch."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tutor.course.model import Course, FrontMatter, Lesson, LessonEntry, Module
from tutor.learning.state import Status
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.protocol.run_events import CellFinished, CheckVerdict, Result, RunFinished, RunQueued
from tutor.runner.protocol.session_events import KernelStarting, SessionStarted
from tutor.runner.transcript import RunRecord, Transcript
from tutor.store.database import Store
from tutor.study import Study

LEARNERS_ERRORS = (ArithmeticError, NameError, SyntaxError, TypeError)

LESSON = """---
title: Adding
id: adding
---

## Adding

```python tags=["hide-cell"]
one = 1
```

```python
two = one + one
```

```python name="inc" tags=["exercise"]
def inc(n):
    pass
```

```python tags=["test"]
assert inc(two) == 3, "two and one is three"
assert inc(-1) == 0, "minus one and one is zero"
```

<details class="solution"><summary>Solution</summary>

```python .noeval
def inc(n):
    return n + one
```

Why.

</details>

```python
log = [inc(two)]
```

<!-- #region predict="shape" ask="shape" of="grid" -->

Which shape?

```python
class Grid:
    shape = [len(log), inc(two)]
grid = Grid()
```

<details class="answer"><summary>Answer</summary>

One by three.

</details>
<!-- #endregion -->
"""


class SmallKernel:
    """Executes requests and keeps the events, as a session's journal would."""

    def __init__(self) -> None:
        self.journal: list[Event] = []
        self.transcript = Transcript()
        self.namespace: dict[str, Any] = {}
        self._tell(SessionStarted(session="s1"))
        self._tell(KernelStarting(generation=1))

    def restart(self) -> None:
        self.namespace = {}
        self._tell(KernelStarting(generation=2))

    def do(self, request: Run | Check) -> RunRecord:
        if isinstance(request, Run):
            self._run(request)
        else:
            self._check(request)
        return self.transcript.runs[request.run]

    def _run(self, request: Run) -> None:
        if request.fresh:
            self.restart()
        self._tell(
            RunQueued(
                run=request.run,
                tag=request.tag,
                cells=request.cells,
                isolated=request.isolated,
                kept_cells=request.kept_cells,
            )
        )
        space = dict(self.namespace) if request.isolated and not request.kept_cells else self.namespace
        outcome = "ok"
        for index, cell in enumerate(request.cells):
            if request.isolated and index == request.kept_cells:
                space = dict(self.namespace)
            try:
                value = self._execute(cell, space)
            except LEARNERS_ERRORS:
                outcome = "error"
            self._tell(CellFinished(run=request.run, key=cell.key, ok=outcome == "ok"))
            if outcome != "ok":
                break
            if value is not None and cell is request.cells[-1]:
                self._tell(Result(run=request.run, text=repr(value)))
        self._tell(RunFinished(run=request.run, outcome=outcome))

    def _check(self, request: Check) -> None:
        cells = (*request.setup, request.code)
        self._tell(RunQueued(run=request.run, kind="check", tag=request.tag, cells=cells))
        space = dict(self.namespace)
        try:
            for cell in cells:
                self._execute(cell, space)
        except LEARNERS_ERRORS:
            self._tell(RunFinished(run=request.run, outcome="error", stage="code"))
            return
        asserts = [one for test in request.tests for one in ast.parse(test.source).body if isinstance(one, ast.Assert)]
        for index, one in enumerate(asserts):
            ok = bool(eval(compile(ast.Expression(one.test), "t", "eval"), space))
            message = ast.literal_eval(one.msg) if one.msg else ""
            self._tell(CheckVerdict(run=request.run, index=index, ok=ok, message=message))
        self._tell(RunFinished(run=request.run))

    @staticmethod
    def _execute(cell: Cell, space: dict[str, Any]) -> object:
        tree = ast.parse(cell.source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell.filename, "exec"), space)
        return eval(compile(ast.Expression(last.value), cell.filename, "eval"), space) if last else None  # type: ignore[attr-defined]

    def _tell(self, event: Event) -> None:
        self.journal.append(event)
        self.transcript.apply(event)


class Learner:
    """A user interface, reduced to what it does with a study and a session."""

    def __init__(self, course: Course, folder: Path, kernel: SmallKernel) -> None:
        self.study = Study(course, Store.open(folder))
        self.lesson: Lesson = self.study.lesson("adding")
        assert self.lesson.problems == ()
        self.kernel = kernel
        self.transcript = Transcript()
        for event in kernel.journal:
            self.transcript.apply(event)
        for record in self.transcript.runs.values():
            self.study.take(self.lesson, record, self.transcript.session)

    def item(self, number: int) -> Any:
        """A visible item by its place in the lesson, from 1."""
        return self.lesson.pages[0].items[number - 1]

    def run(self, number: int, text: str | None = None) -> RunRecord:
        item = self.item(number)
        text = self.study.code_for(self.lesson, item) if text is None else text
        self.study.save_draft(self.lesson, item, text)
        record = self.kernel.do(self.study.run_request(self.lesson, item, text, self.kernel.transcript.executed))
        self.study.take(self.lesson, record, "s1")
        return record

    def check(self, text: str, *, crash: bool = False) -> bool | None:
        executed = self.kernel.transcript.executed
        record = self.kernel.do(self.study.check_request(self.lesson, self.item(2), text, executed))
        if crash:
            return None
        result = self.study.take(self.lesson, record, "s1")
        assert result is not None
        if result.passed:
            self.kernel.do(self.study.continue_request(self.lesson, self.item(2), text, executed))
        return result.passed

    def status(self, number: int) -> Status:
        return self.study.state(self.lesson, self.item(number)).status


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "01-adding.md").write_text(LESSON)
    entry = LessonEntry(tmp_path / "01-adding.md", FrontMatter("adding", "Adding"))
    return Course(tmp_path, "c", "C", (Module("m", "M", (entry,)),))


@pytest.fixture
def kernel() -> SmallKernel:
    return SmallKernel()


@pytest.fixture
def learner(course: Course, tmp_path: Path, kernel: SmallKernel) -> Learner:
    return Learner(course, tmp_path / "data", kernel)


MINE = "mark = 'mine'\ndef inc(n):\n    return 1 + n"


def test_cells_may_be_run_in_any_order(learner: Learner, kernel: SmallKernel) -> None:
    assert learner.run(3).outcome == "ok"
    assert kernel.namespace["log"] == [3]
    assert learner.status(3) is Status.PASSED and learner.status(1) is Status.NEW


def test_the_namespace_goes_on_with_the_learners_code(learner: Learner, kernel: SmallKernel) -> None:
    assert learner.check("def inc(n):\n    return 3") is False
    assert kernel.namespace == {}, "a check leaves nothing behind"
    assert learner.check(MINE) is True
    assert learner.run(3).outcome == "ok" and kernel.namespace["mark"] == "mine"
    kernel.restart()
    assert learner.run(3).outcome == "ok" and kernel.namespace["mark"] == "mine"


def test_a_changed_cell_stays_changed_below_and_after_a_restart(learner: Learner, kernel: SmallKernel) -> None:
    learner.run(1, "two = 20")
    learner.run(3)
    assert kernel.namespace["log"] == [21]
    kernel.restart()
    learner.run(3)
    assert kernel.namespace["log"] == [21]


def test_a_broken_try_at_an_exercise_does_not_break_what_is_below(learner: Learner, kernel: SmallKernel) -> None:
    assert learner.run(2, "def inc(n):\n    return 'broken'").outcome == "ok"
    assert learner.run(3).outcome == "ok" and kernel.namespace["log"] == [3]


def test_a_predicted_shape_is_computed_and_leaves_nothing(learner: Learner, kernel: SmallKernel) -> None:
    predict = learner.item(4)
    learner.study.lock_prediction(learner.lesson, predict, "[1, 3]")
    record = learner.run(4)
    result = learner.study.judge_prediction(learner.lesson, predict, record, "s1")
    assert result is not None and result.right and result.actual == "(1, 3)"
    assert "grid" not in kernel.namespace


def test_coming_back_after_a_crash_finds_everything_once(
    learner: Learner, course: Course, tmp_path: Path, kernel: SmallKernel
) -> None:
    learner.run(1, "two = one * 2")
    learner.check("def inc(n):\n    return 0")
    # The interface dies while the check runs: nobody takes the verdict, which only the session has.
    assert learner.check(MINE, crash=True) is None
    assert learner.status(2) is Status.TRIED
    again = Learner(course, tmp_path / "data", kernel)
    assert again.status(2) is Status.PASSED
    assert again.study.code_for(again.lesson, again.item(2)) == MINE
    assert again.study.code_for(again.lesson, again.item(1)) == "two = one * 2"
    third = Learner(course, tmp_path / "data", kernel)
    state = third.study.state(third.lesson, third.item(2))
    assert state.attempts == 2 and third.study.progress()["adding"].done == 1


def test_forgetting_a_lesson_lasts(learner: Learner, course: Course, tmp_path: Path, kernel: SmallKernel) -> None:
    learner.check(MINE)
    learner.study.reset("adding")
    again = Learner(course, tmp_path / "data", kernel)
    assert again.status(2) is Status.NEW and again.study.progress()["adding"].percent == 0
