"""From facts about a training loop to words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.learning.autopsy import _WORDS, MOST, Curve, Seen, findings

GOOD = Curve(200, 4.0, 0.1, 0.09, 4.0)


@pytest.mark.parametrize("kind", _WORDS)
def test_every_fact_has_words(kind: str) -> None:
    (found,) = findings([Seen(kind, 12, ("model", "Dropout", "w"), (8.0, 1.0))], GOOD)
    assert (found.kind, found.line) == (kind, 12)
    assert found.what.endswith(".") and found.remedy
    assert found.plain.startswith("line 12: ")
    assert found.plain.count("`") % 2 == 0
    assert found.concepts


def test_the_documentation_lists_every_kind() -> None:
    text = (Path(__file__).parents[2] / "docs" / "explanations.md").read_text(encoding="utf-8")
    assert [kind for kind in (*_WORDS, "rate-high", "rate-low") if f"`{kind}`" not in text] == []


def test_a_sound_run_has_no_findings() -> None:
    assert findings([Seen("rate", 9, ("SGD",), (0.1, 0.5))], GOOD) == ()
    assert findings([], None) == ()
    assert findings([Seen("of a later version", 3)]) == ()


def test_the_cause_comes_before_its_effects_and_few_are_told() -> None:
    kinds = ["loss-kept", "sorted", "softmax-twice", "never-cleared", "no-step"]
    found = findings([Seen(kind, 1) for kind in kinds])
    assert [one.kind for one in found] == ["no-step", "never-cleared", "softmax-twice"]
    assert len(found) == MOST


def test_what_two_trainings_have_in_common_is_told_once() -> None:
    assert len(findings([Seen("never-cleared", 9), Seen("never-cleared", 9), Seen("never-cleared", 20)])) == 2


def test_a_graph_in_evaluation_is_told_of_the_evaluation_only() -> None:
    facts = [Seen("graph-in-evaluation", line, ("model",)) for line in (5, 12)]
    assert [one.line for one in findings(facts)] == [12]


def test_a_rate_that_is_too_high() -> None:
    rate = Seen("rate", 9, ("SGD",), (3.0, 50.0))
    (found,) = findings([rate], Curve(30, 2.0, 5e6, 2.0, 5e6))
    assert found.kind == "rate-high"
    assert "from 2 to 5e+06" in found.what and "(3)" in found.remedy
    assert findings([rate], Curve(30, 2.0, 3.0, 1.0, 4.0)) == ()  # noise
    assert findings([rate], Curve(30, 0.1, 5.0, -9.0, 5.0)) == ()  # no loss that should be low: a reward, a GAN


def test_a_rate_that_is_too_low() -> None:
    flat = Curve(100, 2.31, 2.305, 2.30, 2.32)
    (found,) = findings([Seen("rate", 9, ("SGD",), (1e-5, 1e-4))], flat)
    assert found.kind == "rate-low"
    assert findings([Seen("rate", 9, ("SGD",), (0.1, 1e-4))], flat) == ()  # at its best already
    assert findings([Seen("rate", 9, ("Adam",), (1e-4, 1e-3))], flat) == ()  # usual for Adam
    assert findings([Seen("rate", 9, ("SGD",), (1e-5, 1e-4))], Curve(10, 2.31, 2.305, 2.30, 2.32)) == ()


def test_the_rate_is_not_blamed_for_what_has_another_cause() -> None:
    facts = [Seen("rate", 9, ("SGD",), (0.1, 50.0)), Seen("never-cleared", 9)]
    assert [one.kind for one in findings(facts, Curve(30, 2.0, 5e6, 2.0, 5e6))] == ["never-cleared"]


def test_the_line_that_cuts_the_graph() -> None:
    (cut,) = findings([Seen("no-gradient", 19, ("detach()", "fc.bias", "fc.weight"), (2.0, 30.0))])
    assert cut.what == "No gradient reaches `fc.bias`, `fc.weight`: they never learn."
    assert "`detach()` on this line" in cut.remedy
    (somewhere,) = findings([Seen("no-gradient", 0, ("", "a", "b", "c", "d"), (4.0, 30.0))])
    assert "`c` and 1 more" in somewhere.what
    assert somewhere.place == ""


@given(
    st.lists(
        st.builds(
            Seen,
            st.sampled_from([*_WORDS, "rate", "other"]),
            st.integers(0, 99),
            st.lists(st.text(max_size=5), max_size=3).map(tuple),
            st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=3).map(tuple),
        ),
        max_size=6,
    ),
    st.none() | st.builds(Curve, st.integers(0, 99), *[st.floats()] * 4),
)
def test_no_facts_can_break_it(facts: list[Seen], curve: Curve | None) -> None:
    assert len(findings(facts, curve)) <= MOST
