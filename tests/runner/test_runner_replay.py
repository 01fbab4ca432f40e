"""The scripted session behaves as a host would."""

from __future__ import annotations

import asyncio

from tutor.runner import script
from tutor.runner.client import Runner
from tutor.runner.journal import Journal
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Restart, Run, Stop
from tutor.runner.protocol.run_events import Output, Points, RunFinished
from tutor.runner.protocol.session_events import Refused
from tutor.runner.replay import ReplaySession, answers_from, record
from tutor.runner.transcript import Transcript

HELLO = Run(run="a", cells=(Cell("k", "print('hello')", "lesson.md", 3),), tag="01/hello")
CHECK = Check(run="c", code=Cell("k", "x = 1", "lesson.md"), tests=(Cell("t", "assert x == 2", "lesson.md"),))


async def played(session: ReplaySession) -> Transcript:
    transcript = Transcript()
    await asyncio.wait_for(session.idle(), 10)
    await session.close()
    async for event in session.events():
        transcript.apply(event)
    return transcript


async def test_a_run_is_queued_started_played_and_finished() -> None:
    session = ReplaySession(lambda request: [*script.printed("hello\n"), *script.shown("5")])
    session.send(HELLO)
    transcript = await played(session)
    record = transcript.runs["a"]
    assert record.text("stdout") == "hello\n"
    assert record.text("result") == "5\n"
    assert record.outcome == "ok"
    assert record.tag == "01/hello"
    assert transcript.kernel is not None and transcript.kernel.torch


async def test_sequence_numbers_have_no_gap_and_only_journaled_events_have_one() -> None:
    session = ReplaySession(lambda request: script.training([1.0] * 120))
    session.send(HELLO)
    await session.idle()
    await session.close()
    events = [event async for event in session.events()]
    assert [event.seq for event in events if event.journaled] == list(range(1, sum(e.journaled for e in events) + 1))
    assert all(event.seq == 0 for event in events if not event.journaled)
    points = [event for event in events if isinstance(event, Points)]
    steps = [step for event in points for _, some, _ in event.unpack() for step in some]
    assert steps == [float(step) for step in range(1, 121)]


async def test_checks_pass_and_fail() -> None:
    session = ReplaySession(
        lambda request: script.check_passed("fine") if request.run == "c" else script.check_failed("no", "2", "1")
    )
    session.send(CHECK)
    session.send(Check(run="d", code=CHECK.code, tests=CHECK.tests))
    transcript = await played(session)
    assert transcript.runs["c"].passed
    assert not transcript.runs["d"].passed
    assert transcript.runs["d"].verdicts[0].expected == "2"


async def test_an_endless_run_is_interrupted_and_the_next_one_begins() -> None:
    session = ReplaySession(lambda request: [script.FOREVER] if request.run == "a" else script.printed("next"))
    session.send(HELLO)
    session.send(Run(run="b", cells=HELLO.cells))
    await asyncio.sleep(0)
    session.send(Interrupt())
    transcript = await played(session)
    assert transcript.runs["a"].outcome == "interrupted"
    assert transcript.runs["b"].text("stdout") == "next"


async def test_restart_stops_what_runs_and_what_waits() -> None:
    session = ReplaySession(lambda request: [script.FOREVER])
    session.send(HELLO)
    session.send(Run(run="b", cells=HELLO.cells))
    await asyncio.sleep(0)
    session.send(Restart())
    transcript = await played(session)
    assert [one.outcome for one in transcript.runs.values()] == ["stopped", "stopped"]
    assert transcript.generation == 2 and transcript.kernel is not None


async def test_input_waits_for_an_answer() -> None:
    session = ReplaySession(lambda request: [*script.asked("name? "), *script.printed("hi\n")])
    session.send(Answer("too early"))
    session.send(HELLO)
    seen = []
    async for event in session.events():
        seen.append(event)
        if type(event).__name__ == "InputRequested":
            session.send(Answer("Ada"))
        if isinstance(event, RunFinished):
            break
    assert any(isinstance(event, Refused) for event in seen)
    assert [event.text for event in seen if isinstance(event, Output)] == ["name? ", "hi\n"]


async def test_a_dead_kernel_is_told_and_replaced() -> None:
    session = ReplaySession(lambda request: script.ended("died", "The process ended itself (exit code 3)."))
    session.send(HELLO)
    transcript = await played(session)
    assert transcript.runs["a"].words == "The process ended itself (exit code 3)."
    assert transcript.generation == 2 and transcript.kernel_death is None


async def test_stop_and_loss_end_the_events() -> None:
    session: Runner = ReplaySession()
    session.send(Stop())
    assert [event async for event in session.events()]
    assert session.lost
    other = ReplaySession()
    other.lose("gone")
    assert [event async for event in other.events()]
    assert other.lost == "gone"


async def test_a_recorded_journal_answers_the_same_code_again(tmp_path) -> None:
    session = ReplaySession(lambda request: script.printed(f"for {request.run}\n"))
    session.send(HELLO)
    await session.idle()
    await session.close()
    journal = Journal(tmp_path / "journal")
    async for event in session.events():
        if event.journaled:
            journal.append(event)
    again = ReplaySession(answers_from(record(tmp_path / "journal")))
    again.send(Run(run="z", cells=HELLO.cells))
    again.send(Run(run="other", cells=(Cell("k", "unknown", "x"),)))
    transcript = await played(again)
    assert transcript.runs["z"].text("stdout") == "for a\n"
    assert transcript.runs["other"].text("stdout") == ""
    restored = ReplaySession(past=record(tmp_path / "journal"))
    assert (await played(restored)).runs["a"].text("stdout") == "for a\n"
