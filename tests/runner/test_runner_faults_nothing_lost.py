"""Nothing is lost: viewers are killed and come back, again and again, while a training prints and logs."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from runner_harness import wait_until

from tutor.runner import sessions
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.run_events import Output, Points, RunStarted
from tutor.runner.protocol.wire import Splitter

pytestmark = pytest.mark.timeout(180)

KILLS = 20

TRAINING = """
import os, time
import torch
w = torch.zeros(1, requires_grad=True)
step = 0
while not os.path.exists({stop!r}):
    loss = ((w - 3) ** 2).sum() * 0 + step
    loss.backward()
    print(f"line {{step}}", flush=True)
    step += 1
    time.sleep(0.002)
print("steps", step)
"""

VIEWER = textwrap.dedent("""
    import asyncio, os, sys
    from pathlib import Path
    from types import SimpleNamespace
    from tutor.runner.client import Session
    from tutor.runner.protocol.run_events import RunFinished
    from tutor.runner.protocol.wire import encode

    async def main():
        folder, since, diary = sys.argv[1:]
        file = os.open(diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        viewer = await Session.attach(SimpleNamespace(folder=Path(folder)), int(since))
        async for event in viewer.events():
            if event.journaled:
                os.write(file, encode(event))
            if isinstance(event, RunFinished):
                return

    asyncio.run(main())
""")


@dataclass
class Window:
    """A viewer in a process of its own; what it has seen lies in a diary that outlives it."""

    folder: Path
    diary: Path
    process: subprocess.Popen[bytes] | None = None
    seen: list[Event] = field(default_factory=list)

    def open(self) -> None:
        since = self.seen[-1].seq if self.seen else 0
        self.process = subprocess.Popen([sys.executable, "-c", VIEWER, self.folder, str(since), self.diary])

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        assert self.process.wait() == -signal.SIGKILL, "it was to be killed in the middle"
        self.read()

    def read(self) -> None:
        """Take in what the process wrote down; an event that it was killed in writing was not seen."""
        self.seen += [one for one in Splitter().feed(self.diary.read_bytes()) if isinstance(one, Event)]
        self.diary.write_bytes(b"")


async def test_twenty_kills_of_two_viewers_lose_and_repeat_nothing(sessions_folder: Path, attach, tmp_path) -> None:
    info = await sessions.start()
    stop = tmp_path / "stop"
    starter = await attach(info, 0)
    run = starter.start(TRAINING.format(stop=str(stop)))
    await starter.until(lambda event: isinstance(event, RunStarted) and event.run == run)
    await starter.session.close()

    windows = [Window(info.folder, tmp_path / f"diary-{at}") for at in range(2)]
    moments = random.Random(20)
    for one in windows:
        one.open()
    for at in range(KILLS):
        window = windows[at % 2]
        wait_until(lambda window=window: window.diary.exists() and window.diary.stat().st_size, "it sees nothing")
        time.sleep(moments.uniform(0.0, 0.15))
        window.kill()
        window.open()
    stop.touch()
    for one in windows:
        assert one.process is not None and one.process.wait(60) == 0
        one.read()

    late = await attach(info, 0)  # a third one, which sees the whole past at once
    record = await late.finished(run)
    assert record.outcome == "ok"
    steps = int(record.text("stdout").split()[-1])
    assert steps > 500
    for seen in (*(window.seen for window in windows), [event for event in late.seen if event.journaled]):
        assert [event.seq for event in seen] == list(range(1, len(seen) + 1))
        text = "".join(event.text for event in seen if isinstance(event, Output) and event.run == run)
        assert text.splitlines() == [*(f"line {step}" for step in range(steps)), f"steps {steps}"]
        points = [point for event in seen if isinstance(event, Points) for point in _points(event)]
        assert points == [(float(step), float(step)) for step in range(steps)]
    await late.session.close()
    await sessions.stop(info)


def _points(event: Points) -> list[tuple[float, float]]:
    losses = [(steps, values) for one, steps, values in event.unpack() if one.role == "train"]
    return [pair for steps, values in losses for pair in zip(steps, values, strict=True)]
