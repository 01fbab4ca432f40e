"""A pilot that goes on when the app has nothing left to do, however little of the processor it gets."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import textual._wait
import textual.app
import textual.pilot
from textual.app import App
from textual.pilot import Pilot
from ui_course import sentences

QUIET_TURNS = 3
"""Turns of the event loop in a row without anything to run, after which all messages have been handled."""

MOST_TURNS = 20_000
"""Something that never rests, such as a flood of output, is not waited for any longer."""

MOST_PAINTINGS = 50
"""What is painted again after each painting is not waited for any longer."""


async def settled(min_sleep: float = 0.02, max_sleep: float = 1.0) -> None:
    """Sleep as Textual does, then let every message that is on its way arrive.

    Textual takes an app for idle whose process uses no processor time for 20 ms. On a busy machine that is also a
    process that did not get its turn: the next key, or an assertion, would overtake the last one.
    """
    await textual._wait.wait_for_idle(min_sleep, max_sleep)
    await quiet()


async def quiet() -> None:
    """Let the event loop turn until nothing is left to run."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    quiet = 0
    for _ in range(MOST_TURNS):
        await asyncio.sleep(0)
        quiet = 0 if ready else quiet + 1
        if quiet == QUIET_TURNS:
            return


async def painted(app: App[object]) -> None:
    """Paint what has changed, and do what waits for the painting, instead of waiting for the clock that does so."""
    for _ in range(MOST_PAINTINGS):
        if not app.is_running or not app.screen_stack:
            return
        screen = app.screen
        changed = (
            screen._dirty_widgets,
            screen._callbacks,
            screen._layout_required,
            screen._scroll_required,
            screen._repaint_required,
            screen._recompose_required,
        )
        if not any(changed):
            return
        screen._on_timer_update()
        await quiet()


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    pause, press = Pilot.pause, Pilot.press

    async def pause_and_paint(pilot: Pilot[object], delay: float | None = None) -> None:
        await pause(pilot, delay)
        await quiet()
        await painted(pilot.app)

    async def press_and_paint(pilot: Pilot[object], *keys: str) -> None:
        await press(pilot, *keys)
        await painted(pilot.app)

    monkeypatch.setattr(textual.app, "wait_for_idle", settled)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", settled)
    monkeypatch.setattr(Pilot, "pause", pause_and_paint)
    monkeypatch.setattr(Pilot, "press", press_and_paint)


@pytest.fixture(autouse=True)
def _remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    notify = App.notify

    def notify_and_remember(app: App[object], message: str, **options: Any) -> None:
        sentences.setdefault(app, []).append(message)
        notify(app, message, **options)

    monkeypatch.setattr(App, "notify", notify_and_remember)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same terminal for everybody: neither slow as over SSH, nor without colours."""
    for name in (
        "NO_COLOR",
        "SSH_CONNECTION",
        "SSH_TTY",
        "SSH_CLIENT",
        "COLORTERM",
        "COLORFGBG",
        "TMUX",
        "COLUMNS",
        "LINES",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
