"""Knobs and runs in a real pseudo-terminal: turned, drawn over each other, and there again after the session's end."""

from __future__ import annotations

import json

import pytest
from terminal_trial import DOWN, ESCAPE, RIGHT, Trial, lesson

pytestmark = pytest.mark.timeout(240)

KNOBS = """\
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


def row_of(text: str, rate: str) -> bool:
    return any(f" {rate} " in line and "done" in line for line in text.splitlines())


def test_turned_knobs_are_runs_that_stay(trial: Trial) -> None:
    trial.write_course(knobs=lesson("Knobs on trial", "knobs", KNOBS))
    with trial.window("knobs", size=(80, 24)) as window:
        window.trust()
        window.shows("Turn it", "ready")
        window.send(b"k")
        window.shows("▸ lr")
        window.send(RIGHT)
        window.shows("lr", "0.15", "step 39, height")
        window.send(b"1.05\r")
        window.shows("rising", "dim: run 1")
        window.send(ESCAPE)
        window.shows("Turn it", "k turns a knob")
        window.send(b"6")
        window.until(lambda text: row_of(text, "0.15") and row_of(text, "1.05") and "┤" in text)
        window.quit()
    trial.stop_sessions()

    with trial.window("knobs", size=(80, 24)) as window:
        window.shows("Turn it", "ready")
        window.send(b"6")
        window.until(lambda text: row_of(text, "0.15") and row_of(text, "1.05"))
        window.send(DOWN + b"r")
        window.shows("code of run 1 is in the editor")
        window.send(b"2")
        window.shows("lr = 0.15  # @param")
        window.send(ESCAPE)
        window.quit()

    runs = json.loads(trial.call("runs", "knobs", "--json").stdout)["runs"]
    assert [run["knobs"] for run in runs] == [{"lr": "1.05", "steps": "40"}, {"lr": "0.15", "steps": "40"}]
    assert all(len(run["series"][0]["values"]) == 40 for run in runs)
