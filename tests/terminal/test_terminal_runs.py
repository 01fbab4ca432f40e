"""Knobs and runs in a real pseudo-terminal: turned, drawn over each other, and there again after the session's end."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace

CTRL_Q = b"\x11"
RIGHT, DOWN, ESCAPE = b"\x1b[C", b"\x1b[B", b"\x1b"
PATIENCE = 60.0

pytestmark = pytest.mark.timeout(240)

COURSE = """\
format_version = 1
id = "trial"
title = "A trial"
[[modules]]
id = "one"
title = "One"
lessons = ["knobs.md"]
"""

LESSON = """\
---
title: Knobs on trial
id: knobs
---

# Knobs on trial

## Turn it

```python name="walk" tags=["parameters"]
lr = 0.1  # @param {type:"slider", min:0.01, max:2.0, scale:"log"}
steps = 40  # @param {type:"integer", min:10, max:100}
```

```python
import torch

x = torch.tensor(3.0, requires_grad=True)
for step in range(steps):
    height = x * x
    x.grad = None
    height.backward()
    with torch.no_grad():
        x -= lr * x.grad
```
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.toml").write_text(COURSE)
    (course / "knobs.md").write_text(LESSON)
    place = Workplace(tmp_path)
    yield place
    place.stop_sessions()


def open_tutor(place: Workplace) -> Terminal:
    command = (*PYTUTOR, "--course", str(place.folder / "course"), "knobs")
    return Terminal(command, {**place.variables, "PYTHONPATH": os.getcwd()}, 80, 24)


def row_of(text: str, rate: str) -> bool:
    return any(f" {rate} " in line and "done" in line for line in text.splitlines())


def test_turned_knobs_are_runs_that_stay(place: Workplace) -> None:
    with open_tutor(place) as terminal:
        terminal.wait(lambda text: "Trust it" in text, PATIENCE)
        terminal.send(b"y\r")
        terminal.wait(lambda text: "Turn it" in text and "ready" in text, PATIENCE)
        terminal.send(b"k")
        terminal.wait(lambda text: "▸ lr" in text, PATIENCE)
        terminal.send(RIGHT)
        terminal.wait(lambda text: "lr" in text and "0.15" in text and "step 39, height" in text, PATIENCE)
        terminal.send(b"1.05\r")
        terminal.wait(lambda text: "rising" in text and "dim: run 1" in text, PATIENCE)
        terminal.send(ESCAPE)
        terminal.wait(lambda text: "Turn it" in text and "k turns them" in text, PATIENCE)
        terminal.send(b"6")
        terminal.wait(lambda text: row_of(text, "0.15") and row_of(text, "1.05") and "┤" in text, PATIENCE)
        terminal.send(CTRL_Q)
        terminal.wait_for_end(PATIENCE)
    place.stop_sessions()

    with open_tutor(place) as terminal:
        terminal.wait(lambda text: "Turn it" in text and "ready" in text, PATIENCE)
        terminal.send(b"6")
        terminal.wait(lambda text: row_of(text, "0.15") and row_of(text, "1.05"), PATIENCE)
        terminal.send(DOWN + b"r")
        terminal.wait(lambda text: "code of run 1 is in the editor" in text, PATIENCE)
        terminal.send(b"2")
        terminal.wait(lambda text: "lr = 0.15  # @param" in text, PATIENCE)
        terminal.send(ESCAPE + CTRL_Q)
        terminal.wait_for_end(PATIENCE)

    listed = subprocess.run(
        [*PYTUTOR, "--course", str(place.folder / "course"), "runs", "knobs", "--json"],
        env={**place.environment, "PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        check=True,
    )
    runs = json.loads(listed.stdout)["runs"]
    assert [run["knobs"] for run in runs] == [{"lr": "1.05", "steps": "40"}, {"lr": "0.15", "steps": "40"}]
    assert all(len(run["series"][0]["values"]) == 40 for run in runs)
