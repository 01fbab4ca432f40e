"""A session's state is a fold of its events."""

from __future__ import annotations

from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.run_events import (
    CellFinished,
    CheckVerdict,
    InputAnswered,
    InputRequested,
    Output,
    OutputSkipped,
    OutputTail,
    RunFinished,
    RunQueued,
    RunStarted,
)
from tutor.runner.protocol.session_events import KernelDied, KernelReady, KernelStarting, SessionEnded, SessionStarted
from tutor.runner.transcript import Transcript, source_hash

CELL = Cell("key", "x = 1", "lesson.md")


def begun(run: str = "a", **more: object) -> list:
    return [
        SessionStarted(seq=1, session="s", python="python"),
        KernelStarting(seq=2, generation=1),
        KernelReady(seq=3, generation=1, torch="2.13"),
        RunQueued(seq=4, run=run, tag="01/x", cells=(CELL,), **more),
        RunStarted(seq=5, time=100.0, run=run, generation=1),
    ]


def folded(events: list) -> Transcript:
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    return transcript


def test_a_run_from_queue_to_end() -> None:
    transcript = folded(begun())
    assert transcript.busy and transcript.current is transcript.runs["a"]
    transcript.apply(Output(run="a", text="one\n"))
    transcript.apply(Output(run="a", stream="stderr", text="oops\n"))
    transcript.apply(OutputTail(run="a", text="now", skipped=9))
    assert transcript.runs["a"].tail == "now"
    transcript.apply(OutputSkipped(run="a", count=1234))
    transcript.apply(CellFinished(run="a", key="key"))
    record = transcript.apply(RunFinished(seq=9, run="a", outcome="ok", seconds=2.0))
    assert record is not None and not record.running and record.tail == ""
    assert record.text("stdout") == "one\n" and record.text("stderr") == "oops\n"
    assert "1,234 bytes" in record.text("skipped")
    assert transcript.executed == {"key": source_hash("x = 1")}
    assert not transcript.busy and transcript.last_seq == 9
    assert transcript.latest("01/x") is record and transcript.latest("01/x", "check") is None


def test_what_ran_in_isolation_or_in_a_dead_kernel_is_not_in_the_namespace() -> None:
    isolated = folded([*begun(isolated=True), CellFinished(run="a", key="key")])
    assert isolated.executed == {}
    kept = folded([*begun(isolated=True, kept_cells=1), CellFinished(run="a", key="key")])
    assert kept.executed == {"key": source_hash("x = 1")}
    dead = folded([*begun(), CellFinished(run="a", key="key"), KernelDied(generation=1, run="a", cause="gone")])
    assert dead.executed == {} and dead.kernel is None and dead.kernel_death is not None
    dead.apply(KernelReady(generation=2))
    assert dead.kernel_death is None and dead.generation == 2


def test_input_is_waited_for_until_it_is_answered_or_the_run_ends() -> None:
    asked = [*begun(), InputRequested(run="a", prompt="? ")]
    assert folded(asked).waiting_for_input is not None
    assert folded([*asked, InputAnswered(run="a", text="yes")]).waiting_for_input is None
    assert folded([*asked, RunFinished(run="a", outcome="interrupted")]).waiting_for_input is None


def test_a_check_passes_only_with_verdicts_that_are_all_good() -> None:
    ended = RunFinished(run="a", outcome="ok")
    good, bad = CheckVerdict(run="a", ok=True), CheckVerdict(run="a", ok=False)
    assert folded([*begun(kind="check"), good, ended]).runs["a"].passed
    for events in ([ended], [good, bad, ended], [good, RunFinished(run="a", outcome="exit")]):
        assert not folded([*begun(kind="check"), *events]).runs["a"].passed
    assert not folded([*begun(), good, ended]).runs["a"].passed, "a run is no check"


def test_events_of_unknown_runs_change_nothing() -> None:
    transcript = folded([Output(run="unknown", text="x"), SessionEnded(why="stopped")])
    assert not transcript.runs and transcript.ended is not None


def test_what_the_quiet_cells_wrote_stands_apart() -> None:
    record = folded(
        [
            *begun(quiet_cells=1),
            Output(run="a", text="above\n"),
            CellFinished(run="a", key="setup"),
            Output(run="a", text="mine\n"),
            CellFinished(run="a", key="key"),
        ]
    ).runs["a"]
    assert (record.text("above"), record.text("stdout")) == ("above\n", "mine\n")


def test_a_run_remembers_its_own_cell_and_what_ran_with_it() -> None:
    above, own, below = (
        Cell(key, source, "lesson.md") for key, source in (("a", "a = 1"), ("k", "lr = 2\n"), ("b", "b"))
    )
    transcript = folded([RunQueued(run="r", tag="k", cells=(above, own, below), quiet_cells=1)])
    assert (transcript.runs["r"].source, transcript.runs["r"].program) == ("lr = 2\n", "lr = 2\n\nb")
    transcript = folded([RunQueued(run="r", tag="k", cells=(above, Cell("k#selection", "x", "lesson.md")))])
    assert transcript.runs["r"].source == "x"
