"""A pilot that goes on when the app has nothing left to do, however little of the processor it gets."""

from __future__ import annotations

import asyncio

import pytest
import textual._wait
import textual.app
import textual.pilot

QUIET_TURNS = 3
"""Turns of the event loop in a row without anything to run, after which all messages have been handled."""

MOST_TURNS = 20_000
"""Something that never rests, such as a flood of output, is not waited for any longer."""


async def settled(min_sleep: float = 0.02, max_sleep: float = 1.0) -> None:
    """Sleep as Textual does, then let every message that is on its way arrive.

    Textual takes an app for idle whose process uses no processor time for 20 ms. On a busy machine that is also a
    process that did not get its turn: the next key, or an assertion, would overtake the last one.
    """
    await textual._wait.wait_for_idle(min_sleep, max_sleep)
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    quiet = 0
    for _ in range(MOST_TURNS):
        await asyncio.sleep(0)
        quiet = 0 if ready else quiet + 1
        if quiet == QUIET_TURNS:
            return


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textual.app, "wait_for_idle", settled)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", settled)


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
