"""The real preview in a real pseudo-terminal: an author saves, breaks, repairs, and takes new outputs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace

PATIENCE = 60.0
F8, CTRL_Q = b"\x1b[19~", b"\x11"

LESSON = """---
title: In the making
id: making
summary: For a test.
minutes: 1
---

## First page

Old words.

## Second page

```python
print("six", 2 * 3)
```

```output
six 6
```

## Third page

Double it.

```python name="double" tags=["exercise"]
def double(x):
    return x  # TODO
```

```python tags=["test"]
assert double(3) == 6, "double(3) should be 6"
```

<details class="hint"><summary>Hint 1</summary>

Plus.

</details>

<details class="solution"><summary>Solution</summary>

```python .noeval
def double(x):
    return x + x
```

Twice.

</details>

<details class="mistake"><summary>Squared</summary>

```python .noeval
def double(x):
    return x * x
```

That squares.

</details>
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    (tmp_path / "making.md").write_text(LESSON)
    place = Workplace(tmp_path)
    yield place
    place.stop_sessions()


def save(path: Path, old: str, new: str) -> None:
    """As many editors do it: a new file that takes the old one's name."""
    text = path.read_text()
    assert old in text
    path.with_suffix(".tmp").write_text(text.replace(old, new, 1))
    os.replace(path.with_suffix(".tmp"), path)


def test_an_author_sees_each_save(place: Workplace) -> None:
    path = place.folder / "making.md"
    command = (*PYTUTOR, "preview", str(path))
    with Terminal(command, {**place.variables, "PYTHONPATH": os.getcwd()}, 100, 30) as terminal:
        terminal.wait(lambda text: "Old words" in text and "ready" in text, PATIENCE)
        save(path, "Old words", "New words")
        terminal.wait(lambda text: "New words" in text, PATIENCE)
        save(path, "## Second page", '<details class="hnit">\n\n## Second page')
        terminal.wait(lambda text: "✗" in text and "hnit" in text and "New words" in text, PATIENCE)
        save(path, '<details class="hnit">\n\n', "")
        terminal.wait(lambda text: "hnit" not in text, PATIENCE)
        save(path, "2 * 3", "2 * 4")
        terminal.wait(lambda text: "Second page" in text and "six 8" in text and "out of date" in text, PATIENCE)
        terminal.send(b"1w")
        terminal.wait(lambda text: "out of date" not in text, PATIENCE)
        assert "```output\nsix 8\n```" in path.read_text() and path.read_text().count("six 8") == 1
        terminal.send(F8)
        terminal.wait(lambda text: "Double it" in text, PATIENCE)
        terminal.send(b"t")
        terminal.wait(lambda text: "Each went as it should" in text and "Squared" in text, PATIENCE)
        terminal.send(b"q")
        terminal.wait(lambda text: "Each went" not in text, PATIENCE)
        terminal.send(b"a")
        terminal.wait(lambda text: "Starter" in text, PATIENCE)
        terminal.send(CTRL_Q)
        terminal.wait_for_end(PATIENCE)
