"""All progress as data: taken along, added without a loss, and refused in one sentence when it is none."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tutor.errors import TutorError
from tutor.store.database import Store
from tutor.store.drafts import Drafts
from tutor.store.luggage import add, everything
from tutor.store.progress import Attempt, PlaceRow, Progress
from tutor.store.reviews import CardRow, ReviewRow, Reviews
from tutor.store.spent import Spent


def card(history: Any) -> CardRow:
    return CardRow(history[-1][0] + 1, history[-1][0], 1.0, 1.0, len(history), 0)


def filled(*, passed: bool = True) -> Store:
    store = Store.in_memory()
    progress = Progress(store, "course")
    progress.attempt("l", "k", "h", Attempt("s", "1", "check", passed, "code", "code" if passed else None))
    progress.update("l", "k", "h", hints=2)
    progress.remember_place(PlaceRow("l", 3, "k"))
    Drafts(store, "course").save("l", "k", "mine")
    Reviews(store, "course", card).add(ReviewRow("s/1", "l", "k", "a.b", 3, "right", 100.0))
    Spent(store, "course").add("l", "2026-05-29", 60.0)
    return store


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(everything(filled())))
    return found


def test_what_was_exported_is_there_again_and_twice_is_once() -> None:
    empty = Store.in_memory()
    for _ in range(2):
        assert add(empty, document())["items"] == 1
    assert everything(empty) == everything(empty) and json.loads(json.dumps(everything(empty)))["items"]
    row = Progress(empty, "course").items("l")["k"]
    assert (row.status, row.attempts, row.hints, row.answer) == ("passed", 1, 2, "code")
    assert Progress(empty, "course").place() == PlaceRow("l", 3, "k")
    assert Drafts(empty, "course").get("l", "k") == "mine"
    assert Spent(empty, "course").seconds() == {"l": 60.0}
    reviews = Reviews(empty, "course", card)
    reviews.refold()
    assert reviews.cards()["a.b"].reviews == 1


def test_adding_loses_nothing_of_what_is_there() -> None:
    here = filled()
    Progress(here, "course").attempt("l", "k", "h2", Attempt("s", "2", "check", True, "newer", "newer"))
    Drafts(here, "course").save("l", "k", "typed since")
    Spent(here, "course").add("l", "2026-05-29", 60.0)
    add(here, json.loads(json.dumps(everything(filled(passed=False)))))
    row = Progress(here, "course").items("l")["k"]
    assert (row.status, row.answer, row.hash, row.attempts) == ("passed", "newer", "h2", 2)
    assert Drafts(here, "course").get("l", "k") == "typed since"
    assert Spent(here, "course").seconds() == {"l": 120.0}


def test_what_was_solved_elsewhere_is_solved_here() -> None:
    here = filled(passed=False)
    assert Progress(here, "course").items("l")["k"].status == "tried"
    add(here, document())
    row = Progress(here, "course").items("l")["k"]
    assert (row.status, row.answer) == ("passed", "code")


def test_what_was_reset_does_not_travel() -> None:
    store = filled()
    Progress(store, "course").reset("l")
    assert everything(store)["attempts"] == [] and everything(store)["items"] == []


def broken(**changes: Any) -> dict[str, Any]:
    """A document whose only item has other values."""
    found = copy.deepcopy(document())
    found["items"][0].update(changes)
    return found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "not written by"),
        ([], "not written by"),
        ({"format": "else"}, "not written by"),
        ({**document(), "version": 2}, "newer pytutor"),
        ({**document(), "version": True}, "version cannot be read"),
        ({**document(), "items": {}}, "items must be a list"),
        ({**document(), "reviews": [1]}, "entry 1 of reviews must be an object"),
        (broken(status="perfect"), "'status'"),
        (broken(attempts=-1), "'attempts'"),
        (broken(attempts=True), "'attempts'"),
        (broken(hints=10**30), "'hints'"),
        (broken(updated=float("nan")), "'updated'"),
        (broken(updated="now"), "'updated'"),
        (broken(key=""), "'key'"),
        (broken(answer="x" * 1_000_001), "'answer'"),
        (broken(course=None), "'course'"),
    ],
)
def test_what_is_no_progress_is_refused_in_one_sentence_and_changes_nothing(given: object, words: str) -> None:
    here = filled(passed=False)
    before = everything(here)
    with pytest.raises(TutorError) as refused:
        add(here, given)
    assert words in str(refused.value) and "Nothing was changed" in str(refused.value)
    assert everything(here) == before


def test_text_that_no_terminal_could_hold_is_kept_as_data() -> None:
    here = Store.in_memory()
    add(here, broken(answer="\x1b[2J'; DROP TABLE items; --\ud800"))
    assert Progress(here, "course").items("l")["k"].answer == "\x1b[2J'; DROP TABLE items; --?"
