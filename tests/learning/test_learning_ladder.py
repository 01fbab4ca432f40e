"""Which help comes next."""

from __future__ import annotations

from itertools import pairwise

from tutor.learning.ladder import Past, Rung, Scaffold, first_scaffold, next_rung

ALL = tuple(Scaffold)
ALONE = Past(True, attempts=1)
HELPED = Past(True, attempts=2, hints=2)
WITH_LINES = Past(True, attempts=1, hints=2, rung="lines")
SKIPPED = Past(False)
SHOWN = Past(True, attempts=1, solution=True)


def walk(first: Scaffold, available: tuple[Scaffold, ...] = ALL) -> list[str]:
    """The labels of the whole way for an exercise with two hints."""
    said, hints, used = [], 0, None
    while (rung := next_rung(hints, 2, False, available, used, first)).kind != "solution":
        said.append(rung.kind if rung.scaffold is None else rung.scaffold.value)
        hints, used = max(hints, rung.number), rung.scaffold
        assert len(said) < 9
    return said


def test_hints_first_then_scaffolds_each_giving_more_then_the_solution() -> None:
    assert walk(Scaffold.EXPRESSIONS) == ["hint", "hint", "expressions", "lines", "names"]
    assert walk(Scaffold.LINES) == ["hint", "hint", "lines", "names"]
    assert walk(Scaffold.NAMES) == ["hint", "hint", "names"]


def test_what_an_exercise_does_not_have_is_left_out_and_what_it_has_is_offered() -> None:
    assert walk(Scaffold.LINES, (Scaffold.EXPRESSIONS,)) == ["hint", "hint", "expressions"]
    assert walk(Scaffold.NAMES, (Scaffold.EXPRESSIONS, Scaffold.LINES)) == ["hint", "hint", "lines"]
    assert walk(Scaffold.LINES, ()) == ["hint", "hint"]


def test_nothing_comes_after_the_solution_but_hints_that_were_left_out() -> None:
    assert next_rung(1, 2, True, ALL) == Rung("hint", 2, 2)
    assert next_rung(2, 2, True, ALL).kind == "none"


def test_where_it_begins_follows_how_the_last_five_went() -> None:
    assert first_scaffold([]) is Scaffold.LINES
    assert first_scaffold([ALONE, HELPED, ALONE]) is Scaffold.LINES
    assert first_scaffold([ALONE, HELPED, ALONE, ALONE]) is Scaffold.EXPRESSIONS
    assert first_scaffold([ALONE, ALONE, ALONE, SKIPPED, WITH_LINES]) is Scaffold.NAMES
    assert first_scaffold([SHOWN, SKIPPED]) is Scaffold.NAMES
    assert first_scaffold([ALONE, ALONE, ALONE, HELPED, SKIPPED, SKIPPED]) is Scaffold.EXPRESSIONS


def test_every_rung_has_a_name_for_people() -> None:
    names = [Rung("scaffold", scaffold=one).label for one in ALL]
    assert len(set(names)) == 3 and all(one != other for one, other in pairwise(names))
    assert Rung("hint", 1, 3).label == "hint 1 of 3"
