"""Tells when a file has been saved, however the editor saves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch

_DEBOUNCE_MS = 60
_STEP_MS = 20


async def saves(path: Path, stop: asyncio.Event | None = None) -> AsyncIterator[None]:
    """Yields after each save of the file at `path`, until `stop` is set.

    The folder is watched and not the file: many editors write a new file and rename it to the old one's name.
    """
    name = path.name

    def ours(change: Change, changed: str) -> bool:
        return change is not Change.deleted and Path(changed).name == name

    watching = awatch(
        path.resolve().parent,
        watch_filter=ours,
        debounce=_DEBOUNCE_MS,
        step=_STEP_MS,
        recursive=False,
        stop_event=stop,
    )
    async for _ in watching:
        yield
