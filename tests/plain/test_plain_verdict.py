"""A check's result as lines of text."""

from __future__ import annotations

from tutor.learning.verdicts import CheckLine
from tutor.plain.verdict import verdict_lines
from tutor.study import CheckResult


def test_only_the_sides_that_are_known_are_told() -> None:
    lines = (CheckLine(False, "which one?", got="'b'"), CheckLine(False, "how many?", "3", "4"), CheckLine(True, "so"))
    assert verdict_lines(CheckResult(False, "1 of 3 checks passed.", lines), 76) == [
        "1 of 3 checks passed.",
        "  FAIL which one?",
        "       got       'b'",
        "  FAIL how many?",
        "       expected  3",
        "       got       4",
        "  ok   so",
    ]


def test_failures_in_a_row_that_say_the_same_are_told_once() -> None:
    waiting, other = CheckLine(False, "not yet"), CheckLine(False, "not yet", got="3")
    lines = (waiting, waiting, CheckLine(True, "so"), CheckLine(True, "so"), waiting, other)
    assert verdict_lines(CheckResult(False, "2 of 6 checks passed.", lines), 76)[1:] == [
        "  FAIL not yet (2 checks)",
        "  ok   so",
        "  ok   so",
        "  FAIL not yet",
        "  FAIL not yet",
        "       got       3",
    ]
