"""Recognising a mistake by what it does."""

from __future__ import annotations

import pytest

from tutor.learning.behaviour import Fingerprint, fingerprint, recognised

SUM = fingerprint([(True, "returns a tensor", "", ""), (False, "the mean, and yours says 10.0", "10.0", "")])
ROOT = fingerprint([(True, "returns a tensor", "", ""), (False, "the mean, and yours says 2.2", "2.2", "")])
VAGUE = fingerprint([(False, "the shape is wrong", "", "")])
RAISED = fingerprint([(False, "", "", "ValueError: <f at 0x7f12ab> is bad")])


def test_the_same_failures_with_the_same_values() -> None:
    assert recognised(SUM, {0: ROOT, 1: SUM}) == 1
    assert recognised(SUM, {0: ROOT, 1: VAGUE}) is None
    assert recognised(fingerprint([*SUM.lines, (True, "and more", "", "")]), {1: SUM}) is None


def test_an_address_is_no_difference() -> None:
    again = fingerprint([(False, "", "", "ValueError: <f at 0x99> is bad")])
    assert recognised(again, {3: RAISED}) == 3


@pytest.mark.parametrize("mine", [VAGUE, Fingerprint(), fingerprint([(True, "fine 1", "", "")])])
def test_without_evidence_nothing_is_said(mine: Fingerprint) -> None:
    assert recognised(mine, {0: mine}) is None


def test_two_that_behave_alike_and_the_untouched_starter_say_nothing() -> None:
    assert recognised(SUM, {0: SUM, 1: SUM}) is None
    assert recognised(SUM, {0: SUM}, starter=SUM) is None
