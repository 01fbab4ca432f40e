"""Blocks as lines, and what stands above what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.course.order import cells_above
from tutor.course.parser import parse_lesson
from tutor.course.text import cell_width, lines, wrapped


def page(body: str, width: int) -> list[str]:
    return lines(parse_lesson(Path("l.md"), f"---\ntitle: T\nid: t\n---\n\n## P\n\n{body}").pages[0].blocks, width)


def test_prose_lists_callouts_and_code() -> None:
    body = (
        "Some *words* that wrap `here` ok.\n\n> [!NOTE]\n> Mind it.\n\n3. three\n4. four\n\n   more\n\n- [x] done\n\n"
        "```python\nprint('a line of code that is not wrapped')\n```\n\n[a](https://x.org)\n"
    )
    assert page(body, 20) == [
        "Some words that wrap", "`here` ok.", "", "| NOTE", "| Mind it.", "", "3. three", "4. four", "", "   more", "",
        "- [x] done", "", "    print('a line of code that is not wrapped')", "", "a (https://x.org)",
    ]  # fmt: skip


def test_a_table_has_columns_where_they_fit_and_lines_where_not() -> None:
    body = "| name | n |\n|---|--:|\n| a | 1 |\n| bcd | 20 |\n"
    assert page(body, 40) == ["name   n", "----  --", "a      1", "bcd   20"]
    assert page(body, 8) == ["name   n", "----  --", "a      1", "bcd   20"]
    assert page(body.replace("bcd", "bcdefghij"), 10) == ["name: a", "n: 1", "", "name:", "bcdefghij", "n: 20"]


def test_wide_characters_count_twice() -> None:
    assert cell_width("日本") == 4 and cell_width("x̄") == 1
    assert wrapped("日本 日本", 5) == ["日本", "日本"]
    assert wrapped("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_cells_above() -> None:
    text = (
        '---\ntitle: T\nid: t\n---\n\n## P\n\n```python tags=["hide-cell"]\na = 1\n```\n\n'
        '<!-- #region predict="p" -->\nQ\n\n```python\nprint(a)\n```\n\n'
        '<details class="answer">\n<summary>A</summary>\n\n'
        '```output\n1\n```\n\n</details>\n<!-- #endregion -->\n\n```python name="e" tags=["exercise"]\nb = a\n```\n\n'
        "## Q\n\n```python\nc = 1\n```\n"
    )
    lesson = parse_lesson(Path("l.md"), text)
    last = [item for _, item in lesson.items()][-1]
    assert [item.key for item in cells_above(lesson, last.key)] == [
        item.key for _, item in lesson.items() if item.key not in ("t/p", last.key)
    ]
    assert [item.key for item in cells_above(lesson, "t/p")] == [next(lesson.items())[1].key]
    with pytest.raises(KeyError):
        cells_above(lesson, "t/none")
