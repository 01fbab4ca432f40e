"""Faults on the screen's side, in real pseudo-terminals: hang-ups, resize storms, suspension, two windows, no host."""

from __future__ import annotations

import os
import random
import re
import signal

import pytest
from terminal_trial import CTRL_C, CTRL_R, OUTPUT, Trial, Window, command_line, lesson, state, wait_until

DEAF = ("sh", "-c", 'trap \'\' HUP; exec "$0" "$@"')
"""Starts a window as `nohup` and some multiplexers do: it ignores SIGHUP."""
MORE = 3
"""Steps that are seen to come before a training counts as followed: its end is known by as many lines."""

pytestmark = pytest.mark.timeout(240)

TRAINING = """\
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
## A call of C

It cannot be interrupted.

```python
while True:
    try:
        print("deep", 1 + 1, flush=True)
        total = sum(range(10**13))
    except KeyboardInterrupt:
        pass
```
"""


@pytest.fixture(autouse=True)
def _course(trial: Trial) -> None:
    trial.write_course(
        faults=lesson("Faults on trial", "faults", TRAINING.format(stop=str(trial.folder / "stop")), timeout=600),
        stuck=lesson("Stuck", "stuck", STUCK),
    )


def begin(window: Window) -> None:
    """From the first question to the running training, with its output shown."""
    window.trust()
    window.is_at("ready")
    window.send(CTRL_R)
    follow(window)


def follow(window: Window) -> None:
    """Wait until the output pane moves."""
    window.is_at("running")
    window.look_at(OUTPUT, steps)
    last = max(steps(window.text()))
    window.look_at(OUTPUT, lambda text: max(steps(text), default=0) > last + MORE)


def steps(text: str) -> list[int]:
    """The numbers of the printed steps that are on the screen; the plot's summary has a comma after its own."""
    return [int(found) for found in re.findall(r"\bstep (\d+)\b(?!,)", text)]


def finish(trial: Trial, window: Window) -> None:
    """Let the training end; its last lines are on the screen, without a gap."""
    (trial.folder / "stop").touch()
    window.look_at(OUTPUT, lambda text: complete(text, re.search(r"counted (\d+)", text)))


def complete(text: str, counted: re.Match[str] | None) -> bool:
    """Whether the steps on the screen follow one another up to the last."""
    shown = steps(text)
    return bool(counted and len(shown) > 3 and shown == list(range(shown[0], int(counted[1]))))


@pytest.mark.parametrize("end", ["hangup", "closed"])
def test_the_terminal_goes_and_the_training_stays(trial: Trial, end: str) -> None:
    with trial.window("faults", through=DEAF) as window:
        begin(window)
        ui = window.process.pid
        if end == "hangup":
            os.kill(ui, signal.SIGHUP)
        else:
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, window.process.fd)  # the last descriptor of the terminal is closed by this
            os.close(nothing)
        wait_until(lambda: state(ui) in ("", "Z"), "the window's process stays behind")
    with trial.window("faults", through=DEAF) as window:
        follow(window)
        finish(trial, window)


def test_a_storm_of_sizes_and_a_suspension_change_nothing(trial: Trial) -> None:
    with trial.window("faults", through=DEAF) as window:
        begin(window)
        ui = window.process.pid
        sizes = random.Random(1)
        for _ in range(150):
            window.process.setwinsize(sizes.randint(1, 60), sizes.randint(1, 200))
            window.read(0.01)
        window.screen.resize(30, 100)
        window.process.setwinsize(30, 100)
        follow(window)
        os.kill(ui, signal.SIGTSTP)
        wait_until(lambda: (window.read(0.01), state(ui) == "T")[1], "it was not suspended")
        before = max(steps(window.text()), default=0)
        os.kill(ui, signal.SIGCONT)
        window.look_at(OUTPUT, lambda text: max(steps(text), default=0) > before)
        finish(trial, window)


def test_two_windows_see_the_same_and_a_killed_host_is_said_and_replaced(trial: Trial) -> None:
    with trial.window("faults", through=DEAF) as first:
        begin(first)
        with trial.window("faults", through=DEAF, size=(120, 36)) as second:
            follow(second)
            first.quit()
            follow(second)
            hosts = [pid for pid in trial.processes() if b"host_main.py" in command_line(pid)]
            assert len(hosts) == 1
            before = set(trial.processes()) - {second.process.pid}
            os.kill(hosts[0], signal.SIGKILL)
            second.look_at(OUTPUT, lambda text: "It ended with its session." in text)
            wait_until(lambda: not before & set(trial.processes()), "the old kernel stays behind")
            second.look_at(OUTPUT, lambda text: "ready" in text.splitlines()[0] and bool(steps(text)))
            second.send(CTRL_R)
            follow(second)
            finish(trial, second)


def test_what_cannot_be_interrupted_is_said_and_stopped_hard(trial: Trial) -> None:
    with trial.window("stuck", through=DEAF) as window:
        window.trust()
        window.is_at("ready")
        window.send(CTRL_R)
        window.is_at("running")
        window.shows("deep 2")
        window.send(CTRL_C)
        window.shows("No reaction to the interrupt")
        window.send(CTRL_C)
        window.shows("Insisting")
        window.send(CTRL_C)
        window.shows("Stopped by a restart")
        window.is_at("ready")
