"""The real program in a real pseudo-terminal: a learner's first hour, with the terminal shot away in the middle."""

from __future__ import annotations

import os
import re
import signal
import sqlite3

import pytest
from terminal_trial import CTRL_G, CTRL_R, CTRL_T, DOUBLE, ESCAPE, F8, OUTPUT, PLOT, Trial, braille, lesson

LOOP = """\
## The loop

It learns to double.

```python
import time

import torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 32).reshape(-1, 1)
neuron = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(neuron.parameters(), lr=0.05)
for epoch in range(600):
    loss = ((neuron(x) - 2 * x) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        print("epoch", epoch)
    time.sleep(0.01)
print("trained")
```
"""
NEURON = lesson("A neuron on trial", "neuron", LOOP, DOUBLE, minutes=1, seed=0, concepts=["double.exercise"])


@pytest.fixture(autouse=True)
def _course(trial: Trial) -> None:
    trial.write_course(neuron=NEURON)


def epochs(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"epoch (\d+)", text)]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_a_learner_loses_nothing(trial: Trial, size: tuple[int, int]) -> None:
    with trial.window(size=size) as window:
        window.begin("A neuron on trial")
        window.shows("It learns to double")
        window.send(CTRL_R)
        window.until(lambda text: len(braille(text)) > 5)
        before = braille(window.text())
        window.until(lambda text: braille(text) not in ("", before) or "step 599" in text)
        os.kill(window.process.pid, signal.SIGKILL)

    with trial.window(size=size) as window:
        window.shows("A neuron on trial", "cpu")
        window.look_at(PLOT, lambda text: len(braille(text)) > 5)  # the run may have ended meanwhile
        window.look_at(OUTPUT, lambda text: "trained" in text and epochs(text) == list(range(0, 600, 50)))
        window.send(F8)
        window.shows("Write double")
        window.rewrite("    return x * x")
        window.send(CTRL_T)
        window.shows("double(3) should be 6", "Doubling adds it to itself")
        window.rewrite("    return x + x")
        window.send(CTRL_T)
        window.shows("All 2 checks passed")
        os.kill(window.process.pid, signal.SIGKILL)

    with trial.window(size=size) as window:
        window.shows("page 2 of 2", "solved")
        window.send(b"2")
        window.shows("return x + x")
        window.send(ESCAPE)
        window.quit()


def drafts(trial: Trial) -> str:
    """All that is kept of what was typed."""
    (database,) = trial.folder.rglob("progress.db")
    connection = sqlite3.connect(database)
    try:
        return "\n".join(text for (text,) in connection.execute("SELECT text FROM drafts"))
    finally:
        connection.close()


def test_what_was_typed_into_a_gap_outlives_the_window(trial: Trial) -> None:
    with trial.window(size=(80, 24)) as window:
        window.begin("A neuron on trial")
        window.shows("It learns to double")
        window.send(F8)
        window.shows("Write double", "not solved yet")
        window.send(CTRL_G)
        window.shows("Hint 1 of 1")
        window.send(CTRL_G)
        window.shows("Fill the gaps")
        window.send(b"my own")
        window.shows("[1: my own]")
        window.until(lambda _: "my own" in drafts(trial))
        os.kill(window.process.pid, signal.SIGKILL)

    with trial.window(size=(80, 24)) as window:
        window.shows("Write double", "Hint 1 of 1")
        window.send(CTRL_G)
        window.shows("Fill the gaps", "[1: my own]")
        window.send(ESCAPE)
        window.until(lambda text: "Fill the gaps" not in text and "Write double" in text)
        window.quit()
