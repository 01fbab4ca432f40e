"""The terminal model: what is printed becomes lines, and nothing else comes through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.ui.sgr import PLAIN, Ink, apply_sgr
from tutor.ui.terminal_text import HEAD, LONGEST, TAIL, TerminalText


def texts(*parts: str | tuple[str, str]) -> list[str]:
    text = TerminalText()
    for part in parts:
        text.feed(*(part if isinstance(part, tuple) else (part,)))
    lines = [line.text for line in text.lines]
    return lines[:-1] if lines and not lines[-1] else lines


@pytest.mark.parametrize(
    ("printed", "lines"),
    [
        ("one\ntwo\n", ["one", "two"]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("  1%\r 50%\r100%\n", ["100%"]),
        ("long line\rno\n", ["nong line"]),
        ("long line\r\x1b[Kno\n", ["no"]),
        ("abc\b\bX\n", ["aXc"]),
        ("a\tb\n", ["a       b"]),
        ("bar 0\nbar 1\x1b[1A\rBAR\x1b[1B\n", ["BAR 0", "bar 1"]),
        ("\x1b[2J\x1b[H\x1b[?25lhidden?\n", ["hidden?"]),
        ("\x1b]0;title\x07x\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\\n", ["xlink"]),
        ("\x1bPdevice\x1b\\after\n", ["after"]),
        ("\x9b31mred\x9d0;t\x9c\n", ["red"]),
        ("zero\u200bwidth\u202egnorw\ufeff\n", ["zerowidthgnorw"]),
        ("[/bold] [red]\n", ["[/bold] [red]"]),
        ("lone \ud800\n", ["lone \ufffd"]),
        ("\x00\x07\x0e\x7f\n", [""]),
        ("漢字\n", ["漢字"]),
    ],
)
def test_a_terminal_would_show(printed: str, lines: list[str]) -> None:
    assert texts(printed) == lines


@pytest.mark.parametrize("at", range(1, 22))
def test_a_sequence_may_come_in_two_pieces(at: int) -> None:
    printed = "a\x1b[31mred\x1b[0m\x1b]0;t\x07b"
    assert texts(printed[:at], printed[at:]) == ["aredb"]


def test_an_endless_sequence_does_not_swallow_the_rest() -> None:
    assert texts("\x1b]0;" + "x" * 10_000, "\nvisible\n")[-1] == "visible"


@pytest.mark.parametrize("junk", ["\x9d", "\x1b]", "\x1b[", "\x90x", "\x1b", "\x9b1"])
def test_a_flood_of_beginnings_is_read_in_one_go(junk: str) -> None:
    assert texts(junk * 100_000, "\x07\nafter\n")[-1] == "after"


def test_streams_do_not_share_a_line_but_an_answer_follows_its_prompt() -> None:
    assert texts(("half", "stdout"), ("oops\n", "stderr"), ("name? ", "stdout"), ("Bob\n", "input")) == [
        "half",
        "oops",
        "name? Bob",
    ]


def test_colours_are_kept_as_values() -> None:
    text = TerminalText()
    text.feed("\x1b[1;31mred\x1b[0m plain \x1b[38;5;196mcube\x1b[38;2;1;2;3mtrue\x1b[m\n")
    assert text.lines[0].runs == (
        ("red", Ink(color="red", bold=True)),
        (" plain ", PLAIN),
        ("cube", Ink(color="#ff0000")),
        ("true", Ink(color="#010203")),
    )


@pytest.mark.parametrize("parameters", ["", "38", "38;5", "38;9;1", "999", "4;38;2;5", "1:2:3", ";;;"])
def test_malformed_colours_raise_nothing(parameters: str) -> None:
    assert isinstance(apply_sgr(PLAIN, parameters), Ink)


def test_a_million_lines_keep_their_ends_and_are_counted() -> None:
    text = TerminalText()
    printed = "".join(f"{number}\n" for number in range(1_000_000))
    for start in range(0, len(printed), 20_000):
        text.feed(printed[start : start + 20_000])
    assert len(text.lines) <= HEAD + 2 * TAIL + 20_000
    assert text.lines[HEAD - 1].text == str(HEAD - 1)
    assert text.lines[HEAD].kind == "dropped"
    assert f"{text.dropped:,}" in text.lines[HEAD].text
    assert text.lines[HEAD + 1].text == str(HEAD + text.dropped)
    assert text.lines[-2].text == "999999"


def test_a_line_without_an_end_is_cut_and_counted() -> None:
    text = TerminalText()
    text.feed("x" * 1_000_000 + "\nnext\n")
    text.feed("\x1b[1m" + "y" * (LONGEST + 7) + "\n")
    assert len(text.lines[0].text) < LONGEST + 100
    assert f"{1_000_000 - LONGEST:,} more" in text.lines[0].text
    assert text.lines[1].text == "next"
    assert "7 more" in text.lines[2].text


def test_changes_are_told_from_the_first_line_that_differs() -> None:
    text = TerminalText()
    text.feed("a\nb\nc\n")
    assert text.take_changes() == 0
    text.feed("d")
    assert text.take_changes() == 3
    text.feed("\x1b[2A\rX")
    assert text.take_changes() == 1


@given(st.lists(st.text(alphabet=st.sampled_from("ab \n\r\b\t\x1b[]0;mKAJ\x07\x9b漢\u0301\u202e\ud800"), max_size=40)))
def test_nothing_but_text_is_left(parts: list[str]) -> None:
    text = TerminalText()
    for part in parts:
        text.feed(part)
    for line in text.lines:
        assert not any(ord(one) < 32 or 127 <= ord(one) < 160 or 0xD800 <= ord(one) < 0xE000 for one in line.text)
        line.text.encode()
