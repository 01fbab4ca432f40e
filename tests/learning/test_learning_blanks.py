"""Solutions with gaps: what is taken out, and what counts as right."""

from __future__ import annotations

import pytest

from tutor.learning.blanks import MOST, Blanks, Gap, Level, make_blanks

SOLUTION = """\
def step(model, x, y, lr):
    é = "ü"; loss = ((model(x) - y) ** 2).mean(dim=0, keepdim=True)
    loss.backward()
    return loss.item()
"""
STARTER = """\
def step(model, x, y, lr):
    return loss.item()
"""


def gaps(solution: str, starter: str, level: Level) -> list[str]:
    found = make_blanks(solution, starter, level)
    return [] if found is None else [gap.text for gap in found.gaps]


def test_names_and_arguments() -> None:
    assert gaps(SOLUTION, STARTER, Level.NAMES) == ["True", "backward"]


def test_whole_expressions_and_none_that_the_starter_gives() -> None:
    assert gaps(SOLUTION, STARTER, Level.EXPRESSIONS) == [
        "((model(x) - y) ** 2).mean(dim=0, keepdim=True)",
        "loss.backward()",
    ]


@pytest.mark.parametrize("level", Level)
def test_the_gaps_filled_with_what_stood_there_are_the_solution(level: Level) -> None:
    found = make_blanks(SOLUTION, "", level)
    assert found is not None
    assert found.filled({index: gap.text for index, gap in enumerate(found.gaps)}) == SOLUTION
    assert all(found.right(index, gap.text) for index, gap in enumerate(found.gaps))


def test_an_unfilled_gap_is_an_ellipsis() -> None:
    found = Blanks("a = b + c\n", (Gap(4, 9, "b + c"),))
    assert found.filled({}) == found.filled({0: "  "}) == "a = ...\n"
    assert found.filled({0: " c + b "}) == "a = c + b\n"


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("f(x,a = 1,b='q')", True),
        ('f( x, b="q", a=1 )', True),
        ("f(x, a=1)", False),
        ("f(y, a=1, b='q')", False),
        ("", False),
        ("f(", False),
        ("f(x, a=1, b='q'); exit()", False),
    ],
)
def test_spaces_quotes_and_the_order_of_named_arguments_do_not_count(answer: str, right: bool) -> None:
    text = "f(x, a=1, b='q')"
    assert Blanks(text, (Gap(0, len(text), text),)).right(0, answer) is right


def test_at_most_five_gaps_from_front_to_back_the_last_line_among_them() -> None:
    source = "def f(v):\n" + "".join(f"    a{n} = g{n}(v)\n    pass\n" for n in range(12)) + "    return h(a0, a1)\n"
    found = gaps(source, "", Level.EXPRESSIONS)
    assert len(found) == MOST and found[0] == "g0(v)" and found[-1] == "h(a0, a1)"


@pytest.mark.parametrize("source", ["", "def (", "x = 1\n", "a = f(1) + g(2) + h(3)\n"])
def test_nothing_to_take_out(source: str) -> None:
    assert make_blanks(source, "", Level.EXPRESSIONS) is None
