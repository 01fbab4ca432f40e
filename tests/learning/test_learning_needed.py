"""A name that the check needs and the code does not make."""

from __future__ import annotations

import pytest

from tutor.learning.needed import needed
from tutor.learning.verdicts import CheckLine, Ending, judge

SOLUTION = "def predict(x):\n    return x\n\n\nrate = 0.1\n"
ERROR = "NameError: name 'predict' is not defined"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ERROR, "rate = 1", "Your code makes no 'predict', which the check needs."),
        (ERROR, "def predcit(x): ...", "It has 'predcit': is that the one?"),
        ("NameError: name 'rate' is not defined", "def predict(x):\n    rate = 1", "makes no 'rate'"),
        (f"For x = 3 it stops with {ERROR}.", "pass", "Your code makes no 'predict', which the check needs."),
        (ERROR, "def predict(x): ...", ""),
        ("NameError: name 'other' is not defined", "", ""),
        ("ValueError: no", "", ""),
        ("", "", ""),
    ],
)
def test_it_is_named(error: str, code: str, words: str) -> None:
    said = needed(error, code, SOLUTION)
    assert words in said and bool(said) == bool(words)


def test_it_is_the_headline_of_the_verdict() -> None:
    verdict = judge(Ending("error", "tests", error=ERROR, explained="Python knows no …", needed="Needed."), [])
    assert (verdict.headline, verdict.explained, verdict.passed) == ("Needed.", "", False)


def test_the_checks_own_code_is_not_explained_to_the_learner() -> None:
    stopped = CheckLine(
        False, "The check could not go on.", error=ERROR, traceback="Traceback …", explained="Did you …"
    )
    other = CheckLine(False, "It runs.", error="ValueError: no", traceback="Traceback …", explained="A value …")
    ending = Ending("error", "tests", error=ERROR, traceback="Traceback …", needed="Needed.")
    verdict = judge(ending, [stopped, other])
    assert (verdict.traceback, verdict.lines[0].traceback, verdict.lines[0].explained) == ("", "", "")
    assert verdict.lines[0].error == ERROR and verdict.lines[1] == other
    named = Ending("error", "tests", error=ERROR, traceback="Traceback …")
    assert judge(named, [stopped]).lines == (stopped,) and judge(named, [stopped]).traceback
