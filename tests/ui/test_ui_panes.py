"""Which panes are to be seen, the kernel in words, the interrupt's rungs, the lines of the map."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.course.model import FrontMatter, LessonEntry
from tutor.course.problems import Problem
from tutor.study import LessonProgress
from tutor.ui.commands import BY_ID
from tutor.ui.course_map import bar, lesson_line
from tutor.ui.kernel_state import duration, size
from tutor.ui.panes import KEYS, OF_SCRIPT, PANES, Panes


def test_the_keys_count_the_tabs_in_their_order() -> None:
    assert [KEYS[pane] for pane in PANES] == ["1", "2", "3", "4", "5", "6", "7"]
    assert all(BY_ID[f"lesson.show_{pane}"].keys[0] == KEYS[pane] for pane in PANES)
    assert all(KEYS[pane] in BY_ID[f"script.show_{pane}"].keys for pane in OF_SCRIPT.names)


def visible(panes: Panes) -> set[str]:
    return {name for name in panes.names if panes.visible(name)}


def test_side_by_side_and_one_at_a_time() -> None:
    wide = Panes()
    assert visible(wide) == {"page", "code", "output"}
    assert visible(wide.next_tab()) == {"page", "code", "plot"}
    narrow = wide.resized(narrow=True)
    assert visible(narrow) == {"page"}
    assert visible(narrow.next_tab()) == {"code"}
    assert visible(narrow.show("checks").resized(narrow=False)) == {"page", "code", "checks"}


def test_an_enlarged_pane_is_alone_until_it_is_taken_back() -> None:
    large = Panes().enlarge("plot")
    assert visible(large) == {"plot"}
    assert visible(large.enlarge("plot")) == {"page", "code", "plot"}
    assert not large.resized(narrow=True).resized(narrow=False).enlarged


def test_a_pane_that_is_offered_does_not_cover_somebody_who_types() -> None:
    narrow = Panes(narrow=True).show("code")
    assert visible(narrow.offer("plot", typing=True)) == {"code"}
    assert visible(narrow.offer("plot", typing=False)) == {"plot"}
    assert visible(Panes().offer("plot", typing=True)) == {"page", "code", "plot"}


def test_the_panes_of_a_script_stand_beside_its_output() -> None:
    assert visible(OF_SCRIPT) == {"output", "plot"}
    assert visible(OF_SCRIPT.offer("output", typing=False)) == {"output", "plot"}
    assert visible(OF_SCRIPT.show("xray")) == visible(OF_SCRIPT.show("xray").show("output")) == {"output", "xray"}
    ring = [OF_SCRIPT]
    for _ in OF_SCRIPT.names:
        ring.append(ring[-1].next_pane())
    assert [one.shown for one in ring] == ["output", "plot", "xray", "output"]
    narrow = OF_SCRIPT.resized(narrow=True)
    assert visible(narrow) == {"output"} and visible(narrow.offer("plot", typing=False)) == {"plot"}


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "0 s"), (59.9, "59 s"), (61, "1 min 1 s"), (3661, "1 h 1 min")])
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_sizes() -> None:
    assert [size(310_000_000), size(1_250_000_000)] == ["310 MB", "1.2 GB"]


def test_a_bar_is_full_only_at_the_end_and_empty_only_at_the_beginning() -> None:
    assert [bar(percent).count("━") for percent in (0, 1, 50, 99, 100)] == [0, 1, 5, 9, 10]


@pytest.mark.parametrize("width", [56, 76, 96])
def test_a_lesson_is_one_line_of_the_width(width: int) -> None:
    entry = LessonEntry(Path("x.md"), FrontMatter("x", "A long title " * 9, minutes=25))
    line = lesson_line(3, entry, LessonProgress(1, 4, True), False, width)
    assert line.cell_length == width
    assert "25 %" in line.plain and "25 min" in line.plain and "●" in line.plain


def test_a_broken_lesson_says_where_and_hostile_titles_stay_text() -> None:
    problem = Problem("E110", "no title [/x] \x1b[31m", Path("x.md"), 7)
    line = lesson_line(3, LessonEntry(Path("x.md"), FrontMatter("x", "[bold]a"), problem), None, False, 76)
    assert "✗" in line.plain and "line 7" in line.plain and "[bold]a" in line.plain and "\x1b" not in line.plain


def test_the_style_sheet_is_told_what_is_to_be_seen() -> None:
    wide = {name for name, on in Panes(shown="code", result="plot").classes.items() if on}
    narrow = {name for name, on in Panes(shown="code", result="plot", narrow=True).classes.items() if on}
    assert wide == {"-result-plot"} and narrow == {"-single", "-shown-code", "-result-plot"}
    assert Panes().classes.keys() == Panes(narrow=True).show("runs").classes.keys()
