"""Blocks of a lesson as lines: everything fits, nothing is markup, nothing is lost."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from ui_widget_samples import PROSE, code, para

from tutor.course.blocks import Callout, Formula, Image, ListBlock, ListItem, Quote, ShownCode, Span, Table
from tutor.ui.visible import visible
from tutor.ui.widgets.code import code_lines, highlighted
from tutor.ui.widgets.layout import rejoined
from tutor.ui.widgets.prose import lay
from tutor.ui.widgets.tables import column_widths

HOSTILE = "[/bold] [red]x[/] \x1b]0;title\x07\x1b[2J[/foo] 漢字\u200b\u202e \ud800 e\u0301"


def text(blocks: object, width: int = 40) -> list[str]:
    return [line.plain for line in lay(blocks, width)]  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [20, 21, 33, 40, 76, 200])
def test_every_line_fits_and_has_no_control_character(width: int) -> None:
    hostile = (
        para(HOSTILE, code(HOSTILE)),
        ListBlock((ListItem((para(HOSTILE), ShownCode("python", HOSTILE)), checked=False),), start=99),
        Callout("danger\x1b[2J", (para(HOSTILE),)),
        Table(((Span(HOSTILE),), (Span("b"),)), (((Span(HOSTILE),), (Span(HOSTILE * 3),)),), ("left", "center")),
        Formula(HOSTILE, ""),
        Image(HOSTILE, "x"),
        Quote((para("x" * 300),)),
    )
    for line in lay((*PROSE, *hostile), width):
        assert cell_len(line.plain) <= width
        assert "\x1b" not in line.plain and "\n" not in line.plain and "\u202e" not in line.plain
        line.plain.encode()


def test_text_that_looks_like_markup_stays_text() -> None:
    assert text([para("[/bold] list[int] [red]")]) == ["[/bold] list[int] [red]"]


def test_lists_hang() -> None:
    block = ListBlock(tuple(ListItem((para("alpha beta gamma delta"),)) for _ in range(10)), start=1)
    lines = text([block], 20)
    assert lines[0] == " 1. alpha beta gamma"
    assert lines[1] == "    delta"
    assert lines[-2].startswith("10. ")


def test_nested_lists_and_boxes() -> None:
    inner = ListBlock((ListItem((para("inner"),), checked=True),))
    assert text([ListBlock((ListItem((para("outer"), inner)),))]) == ["• outer", "  ☑ inner"]


def test_a_callout_says_its_kind_in_a_word() -> None:
    assert text([Callout("warning", (para("Careful."),))]) == ["▌ Warning", "▌ Careful."]


def test_code_keeps_its_indentation_and_folds_behind_a_mark() -> None:
    source = "def f():\n    return first_thing + second_thing(x)\n" + "y" * 40
    lines = [line.plain.rstrip() for line in code_lines(source, "python", 30)]
    assert lines[0] == " def f():"
    assert lines[1:3] == ["     return first_thing +", "       ↳ second_thing(x)"]
    assert lines[3:5] == [" " + "y" * 28, "   ↳" + "y" * 12]
    assert rejoined("\n".join(line[1:] for line in lines)) == source


def test_code_is_coloured_and_unknown_languages_are_plain() -> None:
    assert any(span.style == ".flow--keyword" for span in highlighted("for x in y: pass")[0].spans)
    assert not highlighted("for x in y: pass", "no-such-language")[0].spans


@pytest.mark.parametrize(
    ("natural", "room", "widths"),
    [([3, 4], 20, [3, 4]), ([3, 40], 20, [3, 14]), ([30, 30], 23, [10, 10]), ([30] * 9, 40, None)],
)
def test_columns_share_the_room(natural: list[int], room: int, widths: list[int] | None) -> None:
    assert column_widths(natural, room) == widths


def test_a_table_that_cannot_fit_becomes_a_list() -> None:
    header = tuple((Span(f"column{number}"),) for number in range(9))
    table = Table(header, (tuple((Span("value"),) for _ in range(9)),), ("",) * 9)
    assert text([table], 30)[0] == "column0: value"


def test_visible_text_has_one_kind_of_line_end() -> None:
    assert visible("a\r\nb\u2028c\x0bd\te") == "a\nb\nc\nd   e"
