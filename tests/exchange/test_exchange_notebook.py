"""Lessons become notebooks, and the same lessons again."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from tutor.course.parser import parse_lesson
from tutor.exchange.conversion import convert
from tutor.exchange.notebook import notebook_of, notebook_text, outputs_of, without_answers

LESSONS = sorted(Path(__file__).parents[2].joinpath("lessons").rglob("*.md"))
SMALL = """---
title: Small
id: small
summary: s
minutes: 1
---

## One

```python
x = 2
```

```python name="double" tags=["exercise"]
y = ...  # TODO
```

```python tags=["test"]
assert y == 4, "y is twice x"
```

```python tags=["test"]
assert "x" in _source, "use x"
```

<details class="hint"><summary>Hint 1</summary>

Twice.

</details>

<details class="solution"><summary>Solution</summary>

```python .noeval
y = 2 * x
```

Because.

</details>

<details class="mistake"><summary>Not doubled</summary>

```python .noeval
y = x
```

Twice.

</details>

<!-- #region quiz="q" -->
Which?

1. a
2. b

<details class="answer"><summary>Answer</summary>

- [x] yes
- [ ] no

</details>
<!-- #endregion -->
"""


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_comes_back_byte_for_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    written = notebook_text(notebook_of(parse_lesson(path), text))
    assert written == notebook_text(notebook_of(parse_lesson(path), text))
    notebook = nbformat.reads(written, as_version=4)
    nbformat.validate(notebook)
    assert jupytext.writes(notebook, "md") == text


def test_an_exported_lesson_opens_as_the_lesson_it_was(tmp_path: Path) -> None:
    path = tmp_path / "small.ipynb"
    path.write_text(notebook_text(notebook_of(parse_lesson(tmp_path / "small.md", SMALL), SMALL)))
    assert convert(path).text == SMALL


def test_without_answers(tmp_path: Path) -> None:
    text = without_answers(parse_lesson(tmp_path / "small.md", SMALL), SMALL)
    for gone in ("2 * x", "Because", "Not doubled", "[x]"):
        assert gone not in text
    assert "Hint 1" in text and "1. a" in text and "#endregion" in text and "\n\n\n" not in text


def test_a_solved_notebook_runs_in_jupyter(tmp_path: Path) -> None:
    lesson = parse_lesson(tmp_path / "small.md", SMALL)
    notebook = nbformat.reads(notebook_text(notebook_of(lesson, SMALL, solved=True)), as_version=4)
    assert [cell.metadata.get("tags", []) for cell in notebook.cells if cell.cell_type == "code"] == [
        [],
        ["exercise"],
        ["test"],
        ["test", "skip-execution"],
    ]
    NotebookClient(notebook, timeout=100, kernel_name="python3").execute()


def test_outputs(tmp_path: Path) -> None:
    lesson = parse_lesson(tmp_path / "small.md", SMALL)
    key = lesson.live_cells()[0].key
    made = outputs_of(
        [("stdout", "a"), ("stdout", "b\n"), ("stderr", "w")], "7", ("ValueError", "bad", "line 1\nline 2")
    )
    notebook = nbformat.reads(notebook_text(notebook_of(lesson, SMALL, outputs={key: made})), as_version=4)
    nbformat.validate(notebook)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert [output.get("text") or output["output_type"] for output in cell.outputs] == [
        "ab\n",
        "w",
        "execute_result",
        "error",
    ]
    assert jupytext.writes(notebook, "md") == SMALL
