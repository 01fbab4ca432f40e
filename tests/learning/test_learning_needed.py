"""A name that the check needs and the code does not make."""

from __future__ import annotations

import pytest

from tutor.learning.needed import needed
from tutor.learning.verdicts import Ending, judge

SOLUTION = "def predict(x):\n    return x\n\n\nrate = 0.1\n"
ERROR = "NameError: name 'predict' is not defined"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ERROR, "rate = 1", "Your code makes no 'predict', which the check needs."),
        (ERROR, "def predcit(x): ...", "It has 'predcit': is that the one?"),
        ("NameError: name 'rate' is not defined", "def predict(x):\n    rate = 1", "makes no 'rate'"),
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
