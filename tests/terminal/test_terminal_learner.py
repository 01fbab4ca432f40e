"""The real program in a real pseudo-terminal: a learner's first hour, with the terminal shot away in the middle."""

import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace

CTRL_G, CTRL_Q, CTRL_R, CTRL_T = b"\x07", b"\x11", b"\x12", b"\x14"
CTRL_HOME, DOWN, LINE_START, DELETE_TO_END = b"\x1b[1;5H", b"\x1b[B", b"\x1b[H", b"\x0b"
F8, ESCAPE, ENTER = b"\x1b[19~", b"\x1b", b"\r"
PATIENCE = 60.0

COURSE = """\
format_version = 1
id = "trial"
title = "A trial"
[[modules]]
id = "one"
title = "One"
lessons = ["neuron.md"]
"""

LESSON = """\
---
title: A neuron on trial
id: neuron
summary: For a test.
minutes: 1
seed: 0
---

# A neuron on trial

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

## The exercise

Write double.

```python name="double" tags=["exercise"]
def double(x):
    return x  # TODO
```

```python tags=["test"]
assert double(3) == 6, "double(3) should be 6"
assert double(-1) == -2, "negative numbers are doubled too"
```

<details class="hint">
<summary>Hint 1</summary>

Multiply.

</details>

<details class="solution">
<summary>Solution</summary>

```python .noeval
def double(x):
    return 2 * x
```

Twice.

</details>

<details class="mistake">
<summary>Squared</summary>

```python .noeval
def double(x):
    return x * x
```

That squares the number. Doubling adds it to itself.

</details>
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.toml").write_text(COURSE)
    (course / "neuron.md").write_text(LESSON)
    place = Workplace(tmp_path)
    yield place
    place.stop_sessions()


def open_tutor(place: Workplace, columns: int, rows: int) -> Terminal:
    command = (*PYTUTOR, "--course", str(place.folder / "course"))
    return Terminal(command, {**place.variables, "PYTHONPATH": os.getcwd()}, columns, rows)


def braille(text: str) -> str:
    return "".join(character for character in text if "\u2800" < character <= "\u28ff")


def rewrite_line(terminal: Terminal, line: str) -> None:
    """Go to the editor, type `line` over its second line, and leave it."""
    terminal.send(b"2")
    terminal.wait(lambda text: "esc" in text.splitlines()[-1], PATIENCE)
    terminal.send(CTRL_HOME + DOWN + LINE_START + DELETE_TO_END + line.encode())
    terminal.wait(lambda text: line in text, PATIENCE)
    terminal.send(ESCAPE)
    terminal.wait(lambda text: "esc" not in text.splitlines()[-1], PATIENCE)


def epochs(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"epoch (\d+)", text)]


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 36)])
def test_a_learner_loses_nothing(place: Workplace, columns: int, rows: int) -> None:
    with open_tutor(place, columns, rows) as terminal:
        terminal.wait(lambda text: "Trust it" in text, PATIENCE)
        terminal.send(b"y\r")
        terminal.wait(lambda text: "Start: A neuron on trial" in text, PATIENCE)
        terminal.send(ENTER)
        terminal.wait(lambda text: "It learns to double" in text, PATIENCE)
        terminal.send(CTRL_R)
        terminal.wait(lambda text: len(braille(text)) > 5, PATIENCE)
        before = braille(terminal.text())
        terminal.wait(lambda text: braille(text) not in ("", before) or "step 599" in text, PATIENCE)
        os.kill(terminal.process.pid, signal.SIGKILL)

    with open_tutor(place, columns, rows) as terminal:
        terminal.wait(lambda text: "The loop" in text, PATIENCE)
        terminal.wait(lambda text: len(braille(text)) > 5, PATIENCE)
        terminal.send(b"3")
        terminal.wait(lambda text: "trained" in text and epochs(text) == list(range(0, 600, 50)), PATIENCE)
        terminal.send(F8)
        terminal.wait(lambda text: "Write double" in text, PATIENCE)
        rewrite_line(terminal, "    return x * x")
        terminal.send(CTRL_T)
        told = ("double(3) should be 6", "Doubling adds it to itself")
        terminal.wait(lambda text: all(words in text for words in told), PATIENCE)
        rewrite_line(terminal, "    return x + x")
        terminal.send(CTRL_T)
        terminal.wait(lambda text: "All 2 checks passed" in text, PATIENCE)
        os.kill(terminal.process.pid, signal.SIGKILL)

    with open_tutor(place, columns, rows) as terminal:
        terminal.wait(lambda text: "page 2 of 2" in text and "solved" in text, PATIENCE)
        terminal.send(b"2")
        terminal.wait(lambda text: "return x + x" in text, PATIENCE)
        terminal.send(ESCAPE + CTRL_Q)
        terminal.wait_for_end(PATIENCE)


def drafts(place: Workplace) -> str:
    """All that is kept of what was typed."""
    (database,) = place.folder.rglob("progress.db")
    connection = sqlite3.connect(database)
    try:
        return "\n".join(text for (text,) in connection.execute("SELECT text FROM drafts"))
    finally:
        connection.close()


def test_what_was_typed_into_a_gap_outlives_the_window(place: Workplace) -> None:
    with open_tutor(place, 80, 24) as terminal:
        terminal.wait(lambda text: "Trust it" in text, PATIENCE)
        terminal.send(b"y\r")
        terminal.wait(lambda text: "Start: A neuron on trial" in text, PATIENCE)
        terminal.send(ENTER)
        terminal.wait(lambda text: "It learns to double" in text, PATIENCE)
        terminal.send(F8)
        terminal.wait(lambda text: "Write double" in text and "not solved yet" in text, PATIENCE)
        terminal.send(CTRL_G)
        terminal.wait(lambda text: "Hint 1 of 1" in text, PATIENCE)
        terminal.send(CTRL_G)
        terminal.wait(lambda text: "Fill the gaps" in text, PATIENCE)
        terminal.send(b"my own")
        terminal.wait(lambda text: "[1: my own]" in text, PATIENCE)
        terminal.wait(lambda _: "my own" in drafts(place), PATIENCE)
        os.kill(terminal.process.pid, signal.SIGKILL)

    with open_tutor(place, 80, 24) as terminal:
        terminal.wait(lambda text: "Write double" in text and "Hint 1 of 1" in text, PATIENCE)
        terminal.send(CTRL_G)
        terminal.wait(lambda text: "Fill the gaps" in text and "[1: my own]" in text, PATIENCE)
        terminal.send(ESCAPE)
        terminal.wait(lambda text: "Fill the gaps" not in text and "Write double" in text, PATIENCE)
        terminal.send(CTRL_Q)
        terminal.wait_for_end(PATIENCE)
