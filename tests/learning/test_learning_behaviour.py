"""Recognising a mistake by what it does."""

from __future__ import annotations

import pytest

from tutor.learning.behaviour import Fingerprint, fingerprint, fixed_sentences, recognised

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


def test_a_number_in_a_sentence_that_is_always_the_same_is_no_evidence() -> None:
    sentence = "numbers below 0 are let through"
    mine = fingerprint([(False, sentence, "", "")], frozenset({sentence}))
    assert recognised(mine, {0: fingerprint([(False, sentence, "", "")])}) is None
    assert recognised(fingerprint([(False, sentence, "", "")]), {0: fingerprint([(False, sentence, "", "")])}) == 0


def test_sentences_that_are_written_out() -> None:
    test = """
assert good, "below " "0"
assert fine, "1 too many" if good else "first the other"
assert near, f"yours is {got}"
assert bare
assert named, words
"""
    assert fixed_sentences("assert (") == frozenset()
    assert fixed_sentences(test) == {"below 0", "1 too many", "first the other"}
