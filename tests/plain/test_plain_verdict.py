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
