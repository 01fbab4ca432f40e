"""What a save changes, outputs written into their fences, and a page with all that it hides."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.authoring.changes import Place, cells_to_run, first_change
from tutor.authoring.everything import opened
from tutor.authoring.outputs import with_outputs
from tutor.course.blocks import Heading, plain
from tutor.course.items import Exercise, Snippet
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson

TEXT = """---
title: T
id: t
---

## One

Prose.

```python
a = 1
```

```python
print(a)
```

```output
1
```

## Two

```python name="twice" tags=["exercise"]
b = a  # TODO
```

```python tags=["test"]
assert b == 2, "twice"
```

<details class="hint"><summary>Hint 1</summary>

More.

</details>

<details class="solution"><summary>Solution</summary>

```python .noeval
b = 2 * a
```

Because.

</details>

<details class="mistake"><summary>Plus</summary>

```python .noeval
b = a + 2
```

That adds.

</details>

```python
c = b
```
"""


def lesson(text: str) -> Lesson:
    found = parse_lesson(Path("t.md"), text)
    assert not found.errors, found.errors
    return found


@pytest.mark.parametrize(
    ("old", "new", "place", "cells"),
    [
        ("Prose.", "Prose.", None, []),
        ("Prose.", "Other prose.", Place(1, 0), []),
        ("Prose.", "Prose.\n\nMore.", Place(1, 1), []),
        ("a = 1", "a = 3", Place(1, 1), ["a = 3", "print(a)", "c = b"]),
        ("print(a)\n", "print(a, a)\n", Place(1, 2), ["print(a, a)", "c = b"]),
        ("```output\n1", "```output\n2", Place(1, 2), []),
        ("Because.", "Since.", Place(2, 0), []),
        ("b = 2 * a", "b = a + a", Place(2, 0), ["c = b"]),
        ("## Two", "## Second", Place(2, 0), []),
        ("c = b", 'c = b\n```\n\n```python tags=["skip-execution"]\nd = c', Place(2, 2), []),
    ],
)
def test_what_a_save_changes(old: str, new: str, place: Place | None, cells: list[str]) -> None:
    before, after = lesson(TEXT), lesson(TEXT.replace(old, new, 1))
    assert first_change(before, after) == place
    assert [cell.code.source.strip() for cell in cells_to_run(before, after)] == cells


def test_lines_that_move_are_no_change() -> None:
    moved = TEXT.replace("id: t\n", "id: t\nsummary: more\nminutes: 3\n")
    assert first_change(lesson(TEXT), lesson(moved)) is None
    assert cells_to_run(lesson(TEXT), lesson(moved)) == ()


def test_a_page_that_is_gone_is_a_change() -> None:
    shorter = TEXT[: TEXT.index("## Two")]
    assert first_change(lesson(TEXT), lesson(shorter)) == Place(1, 0)


def output_line(text: str) -> int:
    return next(item.output_line for _, item in lesson(text).items() if isinstance(item, Snippet) and item.output_line)


def test_an_output_is_written_and_nothing_else_changes() -> None:
    text = with_outputs(TEXT, {output_line(TEXT): "2\n  three  \n\n"})
    assert text == TEXT.replace("```output\n1\n", "```output\n2\n  three\n")
    assert with_outputs(text, {output_line(TEXT): "1\n"}) == TEXT


def test_an_output_with_fences_and_control_characters_stays_inside() -> None:
    text = with_outputs(TEXT, {output_line(TEXT): "```\n## No page\n\x1b[31mred\n"})
    found = lesson(text)
    assert len(found.pages) == 2
    outputs = [item.output for _, item in found.items() if isinstance(item, Snippet) and item.output]
    assert outputs[0].startswith("```\n## No page\n") and "\x1b" not in text


def test_a_line_that_is_no_output_is_left_alone() -> None:
    assert with_outputs(TEXT, {3: "no", 1000: "no", 0: "no"}) == TEXT


def test_everything_is_shown() -> None:
    page = opened(lesson(TEXT).pages[1])
    assert isinstance(page.blocks[0], Exercise)
    titles = [plain(block.spans).partition(" · ")[0] for block in page.blocks if isinstance(block, Heading)]
    assert titles == ["Starter", "Test", "Hint 1 of 1", "Solution", "Mistake: Plus"]
    assert "That adds." in str(page.blocks) and "Because." in str(page.blocks)
