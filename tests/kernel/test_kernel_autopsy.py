"""Training loops with a fault each are seen through; sound ones, and those of the course, are left in peace."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from kernel_capture import installed_capture
from loops_to_judge import FAULTS, HEAD, SOUND

from tutor.course.items import Exercise, Snippet
from tutor.course.parser import parse_lesson
from tutor.kernel.sources import Sources
from tutor.learning.autopsy import Finding, Seen, findings
from tutor.runner.protocol.parts import Cell, Fact
from tutor.runner.protocol.run_events import Observed

LESSONS = Path(__file__).parents[2] / "lessons"
STEPS = 25
"""After so many backward passes a cell of the course is left; with `PYTUTOR_WHOLE_COURSE=1` none is (2 minutes)."""

MEANT = {
    ("03-one-neuron", "not-finite"),
    ("06-broadcasting", "broadcast-loss"),
    ("10-linear-scratch", "never-cleared"),
    ("14-optimizers", "never-cleared"),
}
"""Faults that a lesson shows on purpose."""


class Bench:
    def __init__(self) -> None:
        self.capture, self.events = installed_capture()

    def __call__(self, code: str) -> list[Fact]:
        names: dict[str, object] = {"__name__": "__main__"}
        return self.cell(Sources(), Cell("key", code, "lesson.md"), names)

    def cell(self, sources: Sources, cell: Cell, names: dict[str, object]) -> list[Fact]:
        self.events.clear()
        compiled = sources.compile(cell)
        self.capture.begin("run", sources.names, names)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compiled.body, names)
                if compiled.last:
                    eval(compiled.last, names)
        finally:
            self.capture.end()
        return self.seen()

    def seen(self) -> list[Fact]:
        """What was seen of the last cell."""
        return [fact for event in self.events if isinstance(event, Observed) for fact in event.facts]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield Bench()


def faults(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.kind != "rate"]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_seen_and_its_line(bench: Bench, name: str) -> None:
    wrong, right = FAULTS[name]
    line = next(number for number, text in enumerate((HEAD + wrong).split("\n"), 1) if "# <-" in text)
    (fact,) = faults(bench(HEAD + wrong))
    assert (fact.kind, fact.line) == (name.split()[0], line)
    assert faults(bench(HEAD + right)) == []


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_loop_is_left_in_peace(bench: Bench, name: str) -> None:
    assert faults(bench(HEAD + SOUND[name])) == []


def test_the_source_of_a_nan_is_told(bench: Bench) -> None:
    sources = {name: faults(bench(HEAD + FAULTS[name][0]))[0].names[0] for name in FAULTS if name.startswith("not-fin")}
    assert sources == {"not-finite log": "log", "not-finite data": "data", "not-finite weights": "weights"}


def test_parameters_without_gradient_are_named(bench: Bench) -> None:
    (fact,) = faults(bench(HEAD + FAULTS["no-gradient"][0]))
    assert fact.names == ("detach()", "net.first.bias", "net.first.weight")


def test_the_rate_and_how_far_the_weights_went(bench: Bench) -> None:
    (fact,) = bench(HEAD + FAULTS["no-gradient"][1])
    assert fact.kind == "rate"
    assert fact.names == ("SGD",)
    assert fact.numbers[0] == 0.05 and 0 < fact.numbers[1] < 100


def test_looking_changes_no_result_and_keeps_nothing_alive(bench: Bench) -> None:
    code = HEAD + SOUND["a function of its own"] + "\nresult = torch.cat([one.flatten() for one in model.parameters()])"
    plain: dict[str, object] = {}
    exec(code, plain)
    names: dict[str, object] = {"__name__": "__main__"}
    bench.cell(Sources(), Cell("key", code, "lesson.md"), names)
    assert torch.equal(names["result"], plain["result"])  # type: ignore[arg-type]
    assert bench.capture.hooks.witness.passes == []
    assert bench.capture.hooks.witness.due == sys.maxsize


def test_a_program_whose_objects_refuse_to_be_looked_at(bench: Bench) -> None:
    code = """
class Odd(torch.optim.SGD):
    @property
    def param_groups(self):
        raise RuntimeError("no")
    @param_groups.setter
    def param_groups(self, value):
        self.__dict__["groups"] = value
w = torch.ones(1, requires_grad=True)
for step in range(6):
    (w * 2).sum().backward()
"""
    bench(HEAD + code)


def test_an_answer_that_is_checked_is_seen_without_a_run(bench: Bench) -> None:
    sources, names = Sources(), {"__name__": "__main__"}
    compiled = sources.compile(Cell("key", HEAD + FAULTS["never-cleared"][0], "lesson.md"))
    bench.events.clear()
    bench.capture.observe(sources.names, names)
    exec(compiled.body, names)
    assert [fact.kind for fact in faults(bench.capture.observed())] == ["never-cleared"]
    assert bench.events == []
    assert bench.capture.observed() == []


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*/*.md")), ids=lambda path: path.stem)
def test_no_false_alarm_on_the_course(bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # cells are paced for the eye
    if not os.environ.get("PYTUTOR_WHOLE_COURSE"):
        engine = _Engine(torch.autograd._engine_run_backward)  # type: ignore[attr-defined]
        monkeypatch.setattr(torch.autograd, "_engine_run_backward", engine)
    meant = {kind for lesson, kind in MEANT if lesson == path.stem}
    found = set(_alarms(bench, path, monkeypatch))
    assert found <= meant
    assert found or path.stem != "06-broadcasting", "what this lesson shows is seen at its first steps"


class _Enough(BaseException):
    """A cell has trained for long enough; no `except Exception` of its own stands in the way."""


class _Engine:
    """The engine behind `backward`, below all that the capture looks at; it ends the cell after `STEPS` passes."""

    def __init__(self, run: Callable[..., Any]) -> None:
        self._run = run
        self.passes = 0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.passes += 1
        if self.passes > STEPS:
            raise _Enough
        return self._run(*arguments, **options)


def _alarms(bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    lesson, sources = parse_lesson(path), Sources()
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)  # where inspect and pickle look for what a cell defines
    names = vars(main)
    names["device"] = torch.device("cpu")
    torch.manual_seed(lesson.front.seed or 0)
    shortened = False
    engine = torch.autograd._engine_run_backward  # type: ignore[attr-defined]
    for _, item in lesson.items():
        code = item.code if isinstance(item, Snippet) else item.solution.code if isinstance(item, Exercise) else None
        if code is None or "skip-execution" in code.tags or code.launch:
            continue
        facts: list[Fact] = []
        if isinstance(engine, _Engine):
            engine.passes = 0
        try:
            facts = bench.cell(sources, Cell(item.key, code.source, str(path), code.line), names)
        except _Enough:
            shortened, facts = True, bench.seen()
        except BaseException:
            # A cell may stand on what one that was left above would have made.
            if "raises-exception" not in code.tags and not shortened:
                raise
        found: tuple[Finding, ...] = findings([Seen(one.kind, one.line, one.names, one.numbers) for one in facts])
        yield from (one.kind for one in found)
