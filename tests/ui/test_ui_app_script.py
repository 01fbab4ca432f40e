"""The screen of a script: what it shows, how it is stopped and left, and what it leaves behind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from ui_course import said, seen, wait_for

from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Answer, Check, Interrupt, Restart, Run, Watch
from tutor.runner.protocol.run_events import RunFinished
from tutor.runner.protocol.session_events import LastLook, SessionEnded, SessionStarted
from tutor.runner.replay import ReplaySession
from tutor.runner.script import FOREVER, Step, asked, ended, failed, printed, training
from tutor.settings import Settings
from tutor.ui.commands import COMMANDS
from tutor.ui.script_app import ScriptApp

WIDE, NARROW = (120, 36), (80, 24)


class Trial:
    """The app over a scripted session that was asked to run one script."""

    def __init__(self, *steps: Step) -> None:
        self.steps = steps
        self.session: ReplaySession
        self.connected = 0
        self.app = ScriptApp("train.py", Settings(), connect=self.connect)

    async def connect(self) -> ReplaySession:
        self.connected += 1
        self.session = ReplaySession(self.play, past=[])
        self.session.emit(SessionStarted(session="abc123", script="train.py"))
        self.session.send(Run(run="r", cells=(Cell("train.py", "pass", "train.py"),), tag="train.py", label="train.py"))
        return self.session

    def play(self, request: Run | Check) -> Iterable[Step]:
        return self.steps

    @asynccontextmanager
    async def running(self, size: tuple[int, int] = WIDE) -> Iterator[Pilot[None]]:
        async with self.app.run_test(size=size, notifications=True) as pilot:
            await wait_for(pilot, lambda: self.app.reader.attached and self.app.script_screen.record is not None)
            yield pilot

    @property
    def ended(self) -> bool:
        record = self.app.script_screen.record
        return record is not None and not record.running


async def test_output_stands_beside_the_curve(size: tuple[int, int] = WIDE) -> None:
    trial = Trial(*printed("epoch 1\n"), *training([0.9, 0.5, 0.3]), FOREVER)
    async with trial.running(size) as pilot:
        await wait_for(pilot, lambda: "epoch 1" in seen(trial.app) and "step 3, loss 0.3" in seen(trial.app))
        head = ("running", "train.py")
        await wait_for(pilot, lambda: all(one in seen(trial.app).splitlines()[0] for one in head))


async def test_a_narrow_screen_shows_one_pane_and_its_keys_the_other() -> None:
    trial = Trial(*printed("epoch 1\n"), *training([0.9, 0.5, 0.3]), FOREVER)
    async with trial.running(NARROW) as pilot:
        await wait_for(pilot, lambda: "step 3, loss 0.3" in seen(trial.app) and "3 Output" in seen(trial.app))
        assert "epoch 1" not in seen(trial.app)
        await pilot.press("f9")
        await wait_for(pilot, lambda: trial.app.script_screen.xray.is_on_screen)
        await pilot.press("f9")
        await wait_for(pilot, lambda: "epoch 1" in seen(trial.app))
        await pilot.press("4")
        await wait_for(pilot, lambda: "step 3, loss 0.3" in seen(trial.app))


async def test_the_x_ray_is_asked_for_only_while_it_is_looked_at() -> None:
    trial = Trial(*printed("epoch 1\n"), FOREVER)
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: "epoch 1" in seen(trial.app))
        assert not any(isinstance(one, Watch) and one.views for one in trial.session.sent)
        await pilot.press("5")
        await wait_for(pilot, lambda: any(isinstance(one, Watch) and one.views for one in trial.session.sent))
        await wait_for(pilot, lambda: trial.app.script_screen.xray.is_on_screen and "epoch 1" in seen(trial.app))
        await wait_for(pilot, lambda: "Nothing seen here yet" in seen(trial.app))
        assert "with ctrl+r" not in seen(trial.app)  # a script has no such key
        await pilot.press("4")
        await wait_for(pilot, lambda: not trial.app.script_screen.xray.is_on_screen)
        await wait_for(pilot, lambda: not [one for one in trial.session.sent if isinstance(one, Watch)][-1].views)


async def test_a_script_that_ends_without_a_curve_says_how_to_log() -> None:
    trial = Trial(*printed("done\n"))
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: trial.ended)
        await pilot.press("4")
        await wait_for(pilot, lambda: "from tutor.kit import log" in seen(trial.app))
        assert "No curve yet" not in seen(trial.app)


async def test_the_last_look_into_a_script_is_there_when_it_has_ended() -> None:
    row = {"name": "net", "kind": "module", "type": "Linear", "parameters": 3}
    look = LastLook(run="r", view="variables", text=json.dumps({"rows": [row]}))
    trial = Trial(*training([0.9, 0.5]), look)
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: trial.ended)
        await pilot.press("5")
        await wait_for(pilot, lambda: "Linear: 3 parameters" in seen(trial.app))
        await pilot.press("v")
        await wait_for(pilot, lambda: "Nothing seen here yet" in seen(trial.app))


async def test_the_arrows_choose_among_the_last_looks() -> None:
    def matrix(name: str) -> LastLook:
        fields = {"subject": name, "subjects": ["fc1", "fc2"], "shape": [1, 2], "least": 0, "most": 1, "cells": ["ae"]}
        return LastLook(run="r", view="weights", text=json.dumps(fields))

    trial = Trial(*training([0.9, 0.5]), matrix("fc2"), matrix("fc1"))
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: trial.ended)
        await pilot.press("5", *"vvvv")
        await wait_for(pilot, lambda: "fc1 (1, 2)  1 of 2" in seen(trial.app))
        await pilot.press("right")
        await wait_for(pilot, lambda: "fc2 (1, 2)  2 of 2" in seen(trial.app))
        await pilot.press("right")
        await wait_for(pilot, lambda: "fc1 (1, 2)  1 of 2" in seen(trial.app))


async def test_input_is_asked_for_and_answered() -> None:
    trial = Trial(*asked("name? "), *printed("hello\n"))
    async with trial.running(NARROW) as pilot:
        await wait_for(pilot, lambda: "waiting for input" in seen(trial.app))
        await wait_for(pilot, lambda: trial.app.focused is trial.app.script_screen.output.keyboard)
        await pilot.press(*"Ada", "enter")
        await wait_for(pilot, lambda: "hello" in seen(trial.app))
        assert Answer("Ada") in trial.session.sent


@pytest.mark.parametrize(
    ("steps", "status", "words"),
    [
        ((), 0, "finished, exit code 0"),
        (tuple(ended("exit", "The code called sys.exit(3).", 3)), 3, "ended itself, exit code 3"),
        (tuple(failed("ValueError", "no such file", 4)), 1, "failed, exit code 1"),
        (tuple(ended("died", "The process crashed in native code.")), 1, "died, exit code 1"),
        ((RunFinished(outcome="died", words="The script crashed.", signal=11),), 139, "died, exit code 139"),
    ],
)
async def test_how_it_ended_is_said_and_passed_on(steps: tuple[Step, ...], status: int, words: str) -> None:
    trial = Trial(*training([0.5, 0.25]), *steps)
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: words in seen(trial.app).splitlines()[0])
        await pilot.press("ctrl+q")
    assert trial.app.status == status
    assert trial.app.farewell.startswith(f"train.py {words}") and "loss 0.25" in trial.app.farewell
    if status == 1:
        assert "no such file" in trial.app.farewell or "crashed in native code" in trial.app.farewell


async def test_leaving_one_that_runs_says_how_to_come_back() -> None:
    trial = Trial(*printed("epoch 1\n"), FOREVER)
    async with trial.running() as pilot:
        await pilot.press("ctrl+q")
    assert trial.app.status == 0
    assert "train.py goes on. `pytutor attach abc123` comes back to it" in trial.app.farewell
    assert not any(isinstance(one, Interrupt | Restart) for one in trial.session.sent)


async def test_ctrl_c_interrupts() -> None:
    trial = Trial(FOREVER)
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: trial.app.reader.transcript.current is not None)
        await pilot.press("ctrl+c")
        await wait_for(pilot, lambda: "interrupted, exit code 130" in seen(trial.app))


async def test_stopping_hard_is_in_the_palette_and_says_what_it_does() -> None:
    trial = Trial(FOREVER)
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: trial.app.reader.transcript.current is not None)
        await trial.app.run_action("stop_hard")
        await wait_for(pilot, lambda: "stopped, exit code 1" in seen(trial.app))
        await wait_for(pilot, lambda: "Stopping hard: the script's process is ended." in said(trial.app))
        assert "cells above" not in "".join(said(trial.app))


async def test_the_end_of_its_session_changes_nothing_and_starts_no_other() -> None:
    trial = Trial(*printed("epoch 1\n"), *training([0.5, 0.25]))
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: trial.ended)
        trial.session.emit(SessionEnded(why="The script has ended, and its session with it."))
        trial.session.lose("The script has ended, and its session with it.")
        await wait_for(pilot, lambda: trial.app.reader.trouble is not None)
        words = ("finished, exit code 0", "epoch 1", "loss 0.25")
        await wait_for(pilot, lambda: all(one in seen(trial.app) for one in words))
        assert not trial.app.script_screen.trouble.display
        assert trial.connected == 1 and said(trial.app) == []


async def test_a_host_that_was_killed_is_said_and_starts_no_other() -> None:
    trial = Trial(*printed("epoch 1\n"), FOREVER)
    async with trial.running() as pilot:
        await wait_for(pilot, lambda: "epoch 1" in seen(trial.app))
        trial.session.lose("The session's process has gone.")
        await wait_for(pilot, lambda: "died, exit code 1" in seen(trial.app))
        await wait_for(pilot, lambda: "It ended with its session." in seen(trial.app))
    assert trial.connected == 1


async def test_the_help_and_every_command_work_without_a_course() -> None:
    trial = Trial(FOREVER)
    async with trial.running() as pilot:
        for command in COMMANDS:
            if command.scope in ("app", "script"):
                owner = trial.app if command.of_app else trial.app.script_screen
                assert hasattr(owner, f"action_{command.name}"), f"{command.id} belongs to the scope course"
        await pilot.press("f1")
        await wait_for(pilot, lambda: "Go to the script's curves" in seen(trial.app))
        assert "Course map" not in seen(trial.app) and "lessons" not in seen(trial.app)
        await pilot.press("escape", "ctrl+p", *"plot")
        await wait_for(pilot, lambda: "Show the plot" in seen(trial.app))
