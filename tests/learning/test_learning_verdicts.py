"""Verdicts: only a check that ran to its end with good verdicts passes."""

import pytest

from tutor.learning.verdicts import CheckLine, Ending, judge

GOOD, BAD = CheckLine(True, "shape is right"), CheckLine(False, "rows sum to 1", "1.0", "0.5")


def test_all_good_passes() -> None:
    verdict = judge(Ending("ok"), [GOOD, GOOD])
    assert verdict.passed and verdict.counts
    assert verdict.headline == "All 2 checks passed."
    assert judge(Ending("ok"), [GOOD]).headline == "The check passed."


def test_one_bad_line_fails_and_the_others_are_kept() -> None:
    verdict = judge(Ending("ok"), [GOOD, BAD])
    assert not verdict.passed
    assert verdict.headline == "1 of 2 checks passed."
    assert verdict.lines == (GOOD, BAD)


def test_an_error_that_the_sentence_quotes_is_told_once() -> None:
    error = "RuntimeError: view size is not compatible with input tensor's size"
    quoted = CheckLine(False, f"For x of shape (3, 2) it stops with {error}.", "a tensor of shape (6,)", error)
    assert quoted.sides == [("expected", "a tensor of shape (6,)")]
    assert BAD.sides == [("expected", "1.0"), ("got", "0.5")]
    assert CheckLine(False, "It stops.", "", error).sides == [("got", error)]


def test_a_check_without_verdicts_never_passes() -> None:
    verdict = judge(Ending("ok"), [])
    assert not verdict.passed and "Nothing was checked" in verdict.headline


@pytest.mark.parametrize("outcome", ["error", "interrupted", "exit", "died", "timeout", "memory", "stopped", "new one"])
def test_a_check_that_did_not_end_well_never_passes(outcome: str) -> None:
    verdict = judge(Ending(outcome), [GOOD, GOOD])
    assert not verdict.passed
    assert verdict.headline.endswith(".") and "None" not in verdict.headline


@pytest.mark.parametrize(
    ("outcome", "stage", "counts"),
    [
        ("ok", "", True),
        ("error", "code", True),
        ("error", "tests", True),
        ("timeout", "code", True),
        ("exit", "code", True),
        ("died", "tests", True),
        ("error", "setup", False),
        ("timeout", "setup", False),
        ("error", "solution", False),
        ("interrupted", "code", False),
        ("stopped", "code", False),
    ],
)
def test_only_the_learners_own_attempts_count(outcome: str, stage: str, counts: bool) -> None:
    assert judge(Ending(outcome, stage), []).counts is counts


def test_headlines_say_whose_fault_it_is() -> None:
    error = "ValueError: no"
    assert judge(Ending("error", "code", error=error, line=7), []).headline == (
        "Your code stopped with ValueError: no in line 7, before any check."
    )
    assert "not of your code" in judge(Ending("error", "solution", error=error), []).headline
    assert "A cell above" in judge(Ending("error", "setup", error=error), []).headline
    assert "1 of 1 checks had passed" in judge(Ending("error", "tests", error=error), [GOOD]).headline


def test_the_runners_words_are_used() -> None:
    verdict = judge(Ending("timeout", "code", "stopped after 30 s."), [])
    assert verdict.headline == "Stopped after 30 s. It did not run to its end, so it is not passed."


def test_a_line_without_a_sentence_shows_its_condition() -> None:
    assert CheckLine(False, "", source="x == 2").text == "x == 2"
    assert CheckLine(True, "", source="x == 2").text == "as it should be"
