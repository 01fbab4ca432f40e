"""Two programs side by side."""

from __future__ import annotations

import pytest

from tutor.learning.comparison import Pair, Side, compare


def marked(side: Side | None) -> list[str]:
    return [] if side is None else [side.text[start:end] for start, end in side.marks]


def test_the_same_program() -> None:
    found = compare("a = 1  \nb = 2\n", "\na = 1\nb = 2")
    assert found.words == "They are the same."
    assert found.pairs == (Pair(Side("a = 1"), Side("a = 1")), Pair(Side("b = 2"), Side("b = 2")))


def test_words_that_differ_are_marked() -> None:
    (pair,) = compare("return (a - b).abs().mean()", "return ((a - b) ** 2).mean()").pairs
    assert marked(pair.mine) == [".abs("] and marked(pair.theirs) == ["(", " ** 2"]
    assert not pair.same


def test_lines_without_a_partner_stand_alone_and_in_order() -> None:
    found = compare("a = f()\nprint(a)\nreturn a", "a = f()\nzero_grad()\nreturn a")
    assert found.words == "2 lines differ."
    assert [(bool(pair.mine), bool(pair.theirs)) for pair in found.pairs] == [
        (True, True),
        (True, False),
        (False, True),
        (True, True),
    ]


def test_every_line_of_both_is_there_once_in_its_order() -> None:
    mine = "def f(x):\n    y = x * 2\n    z = y + 1\n    return z\n"
    theirs = "def f(x):\n    # twice, and one more\n    return x * 2 + 1\n"
    pairs = compare(mine, theirs).pairs
    assert [pair.mine.text for pair in pairs if pair.mine] == mine.splitlines()
    assert [pair.theirs.text for pair in pairs if pair.theirs] == theirs.splitlines()


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        ("def f(a):\n    return a + 1\n", "They do the same in the same way: only names, comments or spacing differ."),
        ("def f(x):\n    return 1 + x\n", "One line differs."),
        ("", "3 lines differ."),
    ],
)
def test_one_sentence(mine: str, words: str) -> None:
    found = compare(mine, "def f(x):\n    return x + 1\n")
    assert found.words == words or (not mine and "differ" in found.words)
