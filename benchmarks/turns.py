"""Programs that take turns, one block of work after another, so that whatever the machine does meets all alike."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Awaitable, Sequence
from pathlib import Path

PRELUDE = """
import struct, time
_go, _done = open({go!r}, "rb", buffering=0), open({done!r}, "wb", buffering=0)
def turn(work):
    _go.read(1)
    begin = time.perf_counter()
    work()
    _done.write(struct.pack("d", time.perf_counter() - begin))
"""
"""What a program begins with: `turn(work)` waits for its turn, works, and tells the seconds that it took."""

_PATIENCE = 300.0


class Player:
    """One program's place among those that take turns; `prelude` is for the beginning of its source."""

    def __init__(self, folder: Path, name: str) -> None:
        paths = [folder / f"{name}-{end}" for end in ("go", "done")]
        for path in paths:
            path.unlink(missing_ok=True)
            os.mkfifo(path)
        # Open for both ways, a pipe waits for nobody at its other end.
        self._go, self._done = (os.open(path, os.O_RDWR | os.O_NONBLOCK) for path in paths)
        self.prelude = PRELUDE.format(go=str(paths[0]), done=str(paths[1]))

    async def turn(self) -> float:
        """Seconds that its next block took."""
        os.write(self._go, b".")
        loop = asyncio.get_running_loop()
        told: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._done, lambda: told.done() or told.set_result(None))
        try:
            await asyncio.wait_for(told, _PATIENCE)
        finally:
            loop.remove_reader(self._done)
        (seconds,) = struct.unpack("d", os.read(self._done, 8))
        return float(seconds)

    def close(self) -> None:
        """Give the pipes back."""
        os.close(self._go)
        os.close(self._done)


async def in_turns(players: Sequence[Player], programs: Sequence[Awaitable[object]], blocks: int) -> list[list[float]]:
    """Run the programs together; the seconds of each block of each, without the first, in which all is new."""
    running = [asyncio.ensure_future(one) for one in programs]
    taken: list[list[float]] = [[] for _ in players]
    for _ in range(blocks):
        for player, seconds in zip(players, taken, strict=True):
            seconds.append(await player.turn())
    await asyncio.gather(*running)
    return [seconds[1:] for seconds in taken]
