"""The real program in a real pseudo-terminal: what was hard comes back on the next day, and is done again."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace

CTRL_G, CTRL_Q, CTRL_T = b"\x07", b"\x11", b"\x14"
CTRL_HOME, DOWN, LINE_START, DELETE_TO_END = b"\x1b[1;5H", b"\x1b[B", b"\x1b[H", b"\x0b"
F2, F8, ESCAPE, ENTER = b"\x1bOQ", b"\x1b[19~", b"\x1b", b"\r"
PATIENCE = 60.0
DAY = 86_400

COURSE = (
    'format_version = 1\nid = "trial"\ntitle = "A trial"\n[[modules]]\nid = "one"\ntitle = "One"\nlessons = ["a.md"]\n'
)

LESSON = """\
---
title: Doubling on trial
id: doubling
summary: For a test.
minutes: 1
concepts: [double.exercise]
---

# Doubling on trial

## The exercise

Write double.

```python name="double" concept="double.exercise" tags=["exercise"]
def double(x):
    return x  # TODO
```

```python tags=["test"]
assert double(3) == 6, "double(3) should be 6"
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

That squares the number.

</details>
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.toml").write_text(COURSE)
    (course / "a.md").write_text(LESSON)
    place = Workplace(tmp_path)
    yield place
    place.stop_sessions()


def command(place: Workplace, *words: str) -> tuple[str, ...]:
    return (*PYTUTOR, *words, "--course", str(place.folder / "course"))


def variables(place: Workplace) -> dict[str, str]:
    return {**place.variables, "PYTHONPATH": os.getcwd()}


def answer(terminal: Terminal, line: str) -> None:
    """Type `line` over the second line of the editor, leave it, and check."""
    terminal.send(b"2")
    terminal.wait(lambda text: "esc" in text.splitlines()[-1], PATIENCE)
    terminal.send(CTRL_HOME + DOWN + LINE_START + DELETE_TO_END + line.encode())
    terminal.wait(lambda text: line in text, PATIENCE)
    terminal.send(ESCAPE)
    terminal.wait(lambda text: "esc" not in text.splitlines()[-1], PATIENCE)
    terminal.send(CTRL_T)


def days_later(place: Workplace, days: int) -> None:
    """Let everything that is kept have happened some days earlier."""
    (database,) = place.folder.rglob("progress.db")
    connection = sqlite3.connect(database)
    with connection:
        for table, columns in (("reviews", ("time",)), ("cards", ("due", "last")), ("attempts", ("time",))):
            for column in columns:
                connection.execute(f"UPDATE {table} SET {column} = {column} - ?", (days * DAY,))
    connection.close()


def test_what_was_hard_comes_back_and_is_done_again(place: Workplace) -> None:
    with Terminal(command(place), variables(place), 120, 36) as terminal:
        terminal.wait(lambda text: "Trust it" in text, PATIENCE)
        terminal.send(b"y" + ENTER)
        terminal.wait(lambda text: "Start: Doubling on trial" in text, PATIENCE)
        terminal.send(ENTER)
        terminal.wait(lambda text: "not solved yet" in text and "● ready" in text, PATIENCE)
        answer(terminal, "    return x * x")
        terminal.wait(lambda text: "That squares the number." in text, PATIENCE)
        terminal.send(CTRL_G)
        terminal.wait(lambda text: "Hint 1 of 1" in text, PATIENCE)
        answer(terminal, "    return x + x")
        terminal.wait(lambda text: "Solved at attempt 2" in text, PATIENCE)
        terminal.send(F2)
        terminal.wait(lambda text: "Nothing due today, 1 tomorrow." in text, PATIENCE)
        terminal.send(CTRL_Q)
        terminal.wait_for_end(PATIENCE)
    days_later(place, 1)
    listed = subprocess.run(
        command(place, "review", "--json"), env=variables(place), capture_output=True, text=True, timeout=PATIENCE
    )
    assert '"concept": "double.exercise"' in listed.stdout, listed
    with Terminal(command(place, "review"), variables(place), 80, 24) as terminal:
        terminal.wait(lambda text: "question 1 of 1" in text and "not solved yet" in text, PATIENCE)
        terminal.wait(lambda text: "● ready" in text, PATIENCE)
        answer(terminal, "    return 2 * x")
        terminal.wait(lambda text: ", back in" in text, PATIENCE)
        terminal.send(F8)
        terminal.wait(lambda text: "Nothing due today" in text and "2 days in a row" in text, PATIENCE)
        terminal.send(ENTER)
        terminal.wait(lambda text: "Solved at attempt 2" in text, PATIENCE)
        terminal.send(CTRL_Q)
        terminal.wait_for_end(PATIENCE)
