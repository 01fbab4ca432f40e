"""A script's session ends with the script, and nothing of what it said is lost to those who look later."""

from __future__ import annotations

from pathlib import Path

from runner_harness import Viewer, wait_until  # type: ignore[import-not-found]

from tutor.runner import folders, sessions
from tutor.runner.protocol.requests import Answer
from tutor.runner.protocol.run_events import Output, Points, RunFinished, RunQueued
from tutor.runner.protocol.session_events import CaughtUp, LastLook, SessionEnded
from tutor.runner.script_session import ScriptSession, ended_scripts

TRAIN = """\
import sys, torch
w = torch.zeros(1, requires_grad=True)
for step in range(20):
    ((w - 1) ** 2).sum().backward()
    print("line", step)
sys.exit(4)
"""


async def start(source: str = TRAIN) -> sessions.SessionInfo:
    info = await sessions.start(script="train.py")
    viewer = await Viewer.attach(info)
    viewer.start(source, tag="train.py", label="train.py", argv=("train.py",))
    await viewer.until_type(RunQueued)
    await viewer.session.close()
    return info


async def test_it_ends_with_the_script_and_is_read_from_its_journal(sessions_folder: Path) -> None:
    info = await start()
    wait_until(lambda: folders.is_dead(info.folder), "the session outlives its script")
    assert info not in await sessions.find()
    assert [(one.id, one.script) for one in ended_scripts()] == [(info.id, "train.py")]
    session = await ScriptSession.attach(info.folder)
    events = [event async for event in session.events()]
    assert [event.seq for event in events if event.journaled] == list(range(1, len(events)))
    assert isinstance(events[-1], CaughtUp) and isinstance(events[-2], SessionEnded)
    text = "".join(event.text for event in events if isinstance(event, Output))
    assert text == "".join(f"line {step}\n" for step in range(20))
    series = [one for event in events if isinstance(event, Points) for one in event.series]
    assert sum(one.count for one in series if one.role == "train") == 20
    (finished,) = (event for event in events if isinstance(event, RunFinished))
    assert (finished.outcome, finished.exit_code) == ("exit", 4)
    assert {event.view for event in events if isinstance(event, LastLook)} >= {"variables", "gradients", "steps"}
    assert session.lost == "The script has ended, and its session with it."


async def test_a_reader_that_was_cut_off_reads_the_rest_from_the_journal(sessions_folder: Path) -> None:
    info = await start("input('go? ')\n" + TRAIN)
    session = await ScriptSession.attach(info.folder)
    viewer = await Viewer.attach(info, since=0)
    await viewer.until(lambda _: viewer.transcript.waiting_for_input is not None)
    seen = []
    async for event in session.events():
        seen.append(event)
        if isinstance(event, CaughtUp):
            # The host is shot as soon as it has written the end down; what it had not sent comes from the journal.
            session.send(Answer("yes"))
            await viewer.until_type(SessionEnded)
            session._live._writer.transport.abort()  # type: ignore[union-attr]
            wait_until(lambda: folders.is_dead(info.folder), "the session outlives its script")
    numbers = [event.seq for event in seen if event.journaled]
    assert numbers == list(range(1, len(numbers) + 1))
    assert isinstance(seen[-1], SessionEnded)
    assert any(isinstance(event, RunFinished) and event.exit_code == 4 for event in seen)


async def test_the_tutor_does_not_come_back_to_a_script_by_itself(sessions_folder: Path) -> None:
    info = await start("input('go? ')")
    (found,) = [one for one in await sessions.find() if one.id == info.id]
    assert found.script == "train.py" and not found.for_lessons
    await sessions.stop(found)


async def test_a_script_that_dies_ends_its_session_too(sessions_folder: Path) -> None:
    info = await start("import os; print('last words', flush=True); os._exit(9)")
    wait_until(lambda: folders.is_dead(info.folder), "the session outlives its script")
    session = await ScriptSession.attach(info.folder)
    (finished,) = [event async for event in session.events() if isinstance(event, RunFinished)]
    assert (finished.outcome, finished.exit_code) == ("died", 9)
