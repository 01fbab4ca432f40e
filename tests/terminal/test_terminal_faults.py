"""Faults on the screen's side, in real pseudo-terminals: hang-ups, resize storms, suspension, two windows, no host."""

import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace

CTRL_C, CTRL_Q, CTRL_R = b"\x03", b"\x11", b"\x12"
DEAF = ("sh", "-c", 'trap \'\' HUP; exec "$0" "$@"')
PATIENCE = 60.0
MORE = 3
"""Steps that are seen to come before a training counts as followed: its end is known by as many lines."""

pytestmark = pytest.mark.timeout(240)

COURSE = """\
format_version = 1
id = "trial"
title = "A trial"
[[modules]]
id = "one"
title = "One"
lessons = ["faults.md", "stuck.md"]
"""

LESSON = """\
---
title: Faults on trial
id: faults
summary: For a test.
minutes: 1
seed: 0
timeout: 600
---

# Faults on trial

## A training

It counts until it is told to stop.

```python
import os
import time

import torch

weight = torch.zeros(1, requires_grad=True)
step = 0
while not os.path.exists({stop!r}):
    loss = ((weight - 3) ** 2).sum() + step
    loss.backward()
    print("step", step, flush=True)
    step += 1
    time.sleep(0.1)
print("counted", step)
```
"""

STUCK = """\
---
title: Stuck
id: stuck
summary: For a test.
minutes: 1
---

# Stuck

## A call of C

It cannot be interrupted.

```python
total = sum(range(10**13))
```
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.toml").write_text(COURSE)
    (course / "faults.md").write_text(LESSON.format(stop=str(tmp_path / "stop")))
    (course / "stuck.md").write_text(STUCK)
    place = Workplace(tmp_path)
    yield place
    place.stop_sessions()
    wait_until(lambda: not belonging_to(place), "processes stay behind")


def belonging_to(place: Workplace) -> list[int]:
    """Living processes of this workplace: windows, hosts, zygotes, kernels, and what they started."""
    needle = f"PYTUTOR_SESSIONS={place.folder / 'sessions'}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if needle in (entry / "environ").read_bytes().split(b"\0") and state(int(entry.name)) != "Z":
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def state(pid: int) -> str:
    """R, S, T (stopped), Z (zombie) …; "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""


def command(pid: int) -> bytes:
    """The command line of a process; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_until(holds: Callable[[], object], what: str) -> None:
    latest = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < latest, what
        time.sleep(0.02)


def window(place: Workplace, columns: int = 100, rows: int = 30, lesson: str = "faults") -> Terminal:
    """A window on a lesson, started by somebody who ignores SIGHUP, as `nohup` and some multiplexers do."""
    words = (*DEAF, *PYTUTOR, lesson, "--course", str(place.folder / "course"))
    return Terminal(words, {**place.variables, "PYTHONPATH": os.getcwd()}, columns, rows)


def trust(terminal: Terminal) -> None:
    """From the first question to the lesson."""
    terminal.wait(lambda text: "Trust it" in text, PATIENCE)
    terminal.send(b"y\r")
    terminal.wait(lambda text: "ready" in text.splitlines()[0], PATIENCE)


def begin(terminal: Terminal) -> None:
    """From the first question to the running training, with its output shown."""
    trust(terminal)
    terminal.send(CTRL_R)
    follow(terminal)


def follow(terminal: Terminal) -> None:
    """Wait until the output pane moves."""
    terminal.wait(lambda text: "running" in text.splitlines()[0], PATIENCE)
    output(terminal, lambda text: bool(steps(text)))
    last = max(steps(terminal.text()))
    output(terminal, lambda text: max(steps(text), default=0) > last + MORE)


def output(terminal: Terminal, shown: Callable[[str], bool]) -> None:
    """Wait until the output pane shows something; a run's first points bring the plot forward, so it is asked again."""
    latest = time.monotonic() + PATIENCE
    while True:
        terminal.send(b"3")
        try:
            terminal.wait(shown, 1.0)
            return
        except RuntimeError:
            assert time.monotonic() < latest, terminal.text()


def steps(text: str) -> list[int]:
    """The numbers of the printed steps that are on the screen; the plot's summary has a comma after its own."""
    return [int(found) for found in re.findall(r"\bstep (\d+)\b(?!,)", text)]


def finish(place: Workplace, terminal: Terminal) -> None:
    """Let the training end; its last lines are on the screen, without a gap."""
    (place.folder / "stop").touch()
    output(terminal, lambda text: complete(text, re.search(r"counted (\d+)", text)))


def complete(text: str, counted: re.Match[str] | None) -> bool:
    """Whether the steps on the screen follow one another up to the last."""
    shown = steps(text)
    return bool(counted and len(shown) > 3 and shown == list(range(shown[0], int(counted[1]))))


@pytest.mark.parametrize("end", ["hangup", "closed"])
def test_the_terminal_goes_and_the_training_stays(place: Workplace, end: str) -> None:
    with window(place) as terminal:
        begin(terminal)
        ui = terminal.process.pid
        if end == "hangup":
            os.kill(ui, signal.SIGHUP)
        else:
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, terminal.process.fd)  # the last descriptor of the terminal is closed by this
            os.close(nothing)
        wait_until(lambda: state(ui) in ("", "Z"), "the window's process stays behind")
    with window(place) as terminal:
        follow(terminal)
        finish(place, terminal)


def test_a_storm_of_sizes_and_a_suspension_change_nothing(place: Workplace) -> None:
    with window(place) as terminal:
        begin(terminal)
        ui = terminal.process.pid
        sizes = random.Random(1)
        for _ in range(150):
            terminal.process.setwinsize(sizes.randint(1, 60), sizes.randint(1, 200))
            terminal.read(0.01)
        terminal.screen.resize(30, 100)
        terminal.process.setwinsize(30, 100)
        follow(terminal)
        os.kill(ui, signal.SIGTSTP)
        wait_until(lambda: (terminal.read(0.01), state(ui) == "T")[1], "it was not suspended")
        before = max(steps(terminal.text()), default=0)
        os.kill(ui, signal.SIGCONT)
        output(terminal, lambda text: max(steps(text), default=0) > before)
        finish(place, terminal)


def test_two_windows_see_the_same_and_a_killed_host_is_said_and_replaced(place: Workplace) -> None:
    with window(place) as first:
        begin(first)
        with window(place, 120, 36) as second:
            follow(second)
            first.send(CTRL_Q)
            first.wait_for_end(PATIENCE)
            follow(second)
            hosts = [pid for pid in belonging_to(place) if b"host_main.py" in command(pid)]
            assert len(hosts) == 1
            before = set(belonging_to(place)) - {second.process.pid}
            os.kill(hosts[0], signal.SIGKILL)
            output(second, lambda text: "It ended with its session." in text)
            wait_until(lambda: not before & set(belonging_to(place)), "the old kernel stays behind")
            output(second, lambda text: "ready" in text.splitlines()[0] and bool(steps(text)))
            second.send(CTRL_R)
            follow(second)
            finish(place, second)


def test_what_cannot_be_interrupted_is_said_and_stopped_hard(place: Workplace) -> None:
    with window(place, lesson="stuck") as terminal:
        trust(terminal)
        terminal.send(CTRL_R)
        terminal.wait(lambda text: "running" in text.splitlines()[0], PATIENCE)
        terminal.send(CTRL_C)
        terminal.wait(lambda text: "No reaction to the interrupt" in text, PATIENCE)
        terminal.send(CTRL_C)
        terminal.wait(lambda text: "Insisting" in text, PATIENCE)
        terminal.send(CTRL_C)
        terminal.wait(lambda text: "Stopped by a restart" in text, PATIENCE)
        terminal.wait(lambda text: "ready" in text.splitlines()[0], PATIENCE)
