"""Makes every timer late at random, as on a machine that is busy elsewhere: `pytest -p tests.jitter tests/ui`.

A test that passes only because a redraw or a message came in time fails under one seed or another and passes alone.
`PYTUTOR_JITTER=N` is the seed; with it and the test's name the delays are drawn, so a failure mostly repeats.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from typing import Any

import pytest

SHARE = 0.3
"""Of all timers, those that come late."""

MOST_LATE = 0.25
"""Seconds."""


@pytest.fixture(autouse=True)
def _late_timers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(f"{os.environ.get('PYTUTOR_JITTER', '0')} {request.node.nodeid}")
    in_time = asyncio.BaseEventLoop.call_later

    def late(
        loop: asyncio.BaseEventLoop, delay: float, callback: Callable[..., object], *arguments: Any, **options: Any
    ) -> asyncio.TimerHandle:
        if delay > 0 and chance.random() < SHARE:
            delay += chance.uniform(0, MOST_LATE)
        return in_time(loop, delay, callback, *arguments, **options)

    monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", late)
