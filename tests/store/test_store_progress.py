"""What is kept of items, attempts, places and drafts."""

import pytest

from tutor.store.database import Store
from tutor.store.drafts import Drafts
from tutor.store.outlines import Outline, Outlines
from tutor.store.progress import Attempt, PlaceRow, Progress


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


@pytest.fixture
def progress(store: Store) -> Progress:
    return Progress(store, "course")


def attempt(run: str, passed: bool, answer: str | None = None, counts: bool = True, session: str = "s") -> Attempt:
    return Attempt(session, run, "check", passed, "text of " + run, answer, counts)


def test_the_same_run_counts_once(progress: Progress) -> None:
    assert progress.attempt("l", "k", "h", attempt("1", False))
    assert not progress.attempt("l", "k", "h", attempt("1", False))
    assert progress.attempt("l", "k", "h", attempt("1", False, session="other"))
    assert progress.items("l")["k"].attempts == 2


def test_a_pass_keeps_its_answer_and_the_hash_it_is_about(progress: Progress) -> None:
    progress.attempt("l", "k", "old", attempt("1", True, "code"))
    progress.attempt("l", "k", "new", attempt("2", False))
    row = progress.items("l")["k"]
    assert (row.status, row.answer, row.hash, row.attempts) == ("passed", "code", "old", 2)
    progress.attempt("l", "k", "new", attempt("3", True, "better"))
    row = progress.items("l")["k"]
    assert (row.status, row.answer, row.hash) == ("passed", "better", "new")


def test_what_does_not_count_leaves_the_item_alone(progress: Progress) -> None:
    progress.attempt("l", "k", "h", attempt("1", False, counts=False))
    assert progress.items("l")["k"].attempts == 0 and progress.items("l")["k"].status == "new"


def test_skipping_is_kept_and_a_later_pass_wins(progress: Progress) -> None:
    progress.update("l", "k", "h", status="skipped")
    progress.attempt("l", "k", "h", attempt("1", False))
    assert progress.items("l")["k"].status == "skipped"
    progress.attempt("l", "k", "h", attempt("2", True, "code"))
    assert progress.items("l")["k"].status == "passed"


def test_help_is_only_ever_added(progress: Progress) -> None:
    progress.update("l", "k", "h", status="tried", hints=2)
    progress.update("l", "k", "h", hints=1, solution=True)
    progress.update("l", "k", "h")
    row = progress.items("l")["k"]
    assert (row.hints, row.solution, row.status) == (2, True, "tried")


def test_courses_and_lessons_do_not_mix(store: Store, progress: Progress) -> None:
    progress.attempt("l", "k", "h", attempt("1", True))
    other = Progress(store, "other")
    other.attempt("l", "k", "h", attempt("2", False))
    assert other.statuses()["l"]["k"].status == "tried"
    assert progress.statuses()["l"]["k"].status == "passed"
    assert progress.items("m") == {}


def test_places_newest_first_even_when_the_clock_is_set_back(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert progress.place() is None
    progress.remember_place(PlaceRow("a", 3, "k"))
    monkeypatch.setattr("time.time", lambda: 5.0)
    progress.remember_place(PlaceRow("b", 1))
    assert progress.place() == PlaceRow("b", 1)
    assert progress.place("a") == PlaceRow("a", 3, "k")
    assert progress.visited() == {"a", "b"}
    progress.remember_place(PlaceRow("a", 4))
    assert progress.place() == PlaceRow("a", 4)


def test_outlines(store: Store) -> None:
    outlines = Outlines(store, "course")
    outlines.remember("a", Outline("1:2", {"x": "1", "y": "2"}))
    outlines.remember("b", Outline("3:4", {}))
    outlines.remember("a", Outline("5:6", {"x": "3"}))
    assert outlines.all() == {"a": Outline("5:6", {"x": "3"}), "b": Outline("3:4", {})}


def test_reset_forgets_a_lesson_and_a_live_session_does_not_bring_it_back(store: Store, progress: Progress) -> None:
    drafts = Drafts(store, "course")
    for lesson in ("a", "b"):
        progress.attempt(lesson, "k", "h", attempt("run of " + lesson, True, "code"))
        progress.remember_place(PlaceRow(lesson, 2))
        drafts.save(lesson, "k", "text")
    progress.reset("a")
    assert progress.items("a") == {} and drafts.of("a") == {} and progress.place("a") is None
    assert progress.items("b")["k"].status == "passed" and drafts.of("b") and progress.place("b")
    assert not progress.attempt("a", "k", "h", attempt("run of a", True, "code"))
    assert progress.items("a") == {}
    assert store.rows("SELECT text FROM attempts WHERE run = 'run of a'") == [("",)]
    progress.reset()
    assert progress.statuses() == {} and drafts.of("b") == {}


def test_latest_attempt(progress: Progress) -> None:
    assert progress.latest("l", "k", "check") is None
    progress.attempt("l", "k", "h", attempt("1", False))
    progress.attempt("l", "k", "h", attempt("2", True))
    found = progress.latest("l", "k", "check")
    assert found is not None and found.passed and found.text == "text of 2"
    assert progress.latest("l", "k", "run") is None


def test_drafts(store: Store) -> None:
    drafts = Drafts(store, "course")
    drafts.save("l", "k", "one")
    drafts.save("l", "k", "two")
    assert drafts.get("l", "k") == "two"
    assert drafts.of("l") == {"k": "two"}
    drafts.forget("l", "k")
    assert drafts.get("l", "k") is None
    assert Drafts(store, "other").of("l") == {}
