"""From behaviour to a grade, from grades to a day, and the days in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tutor.learning.grading import Behaviour, Grade, grade, told
from tutor.learning.outlook import Outlook, due_today, in_days, outlook, streak
from tutor.learning.schedule import LONGEST, Review, settle

DAY = 86_400.0
NOON = 1_780_056_000.0
"""A day in May 2026, about noon: an hour more or less (summer time) is the same day everywhere in Europe."""


@pytest.mark.parametrize(
    ("did", "expected", "words"),
    [
        (Behaviour("quiz", True), Grade.GOOD, "right at once"),
        (Behaviour("quiz", True, seconds=5), Grade.EASY, "right at once"),
        (Behaviour("quiz", True, attempts=2, seconds=5), Grade.HARD, "right at attempt 2"),
        (Behaviour("quiz", True, seconds=300), Grade.HARD, "right at once, in 5 minutes"),
        (Behaviour("quiz", False, attempts=2), Grade.AGAIN, "not right this time"),
        (Behaviour("predict", False), Grade.AGAIN, "not right this time"),
        (Behaviour("exercise", True, attempts=2), Grade.GOOD, "solved at attempt 2"),
        (Behaviour("exercise", True, attempts=3), Grade.HARD, "solved at attempt 3"),
        (Behaviour("exercise", True, hints=1), Grade.HARD, "solved at once, with 1 hint"),
        (Behaviour("exercise", True, attempts=2, seconds=30), Grade.GOOD, "solved at attempt 2"),
        (Behaviour("exercise", True, rungs=1), Grade.AGAIN, "solved at once, from the solution's own lines"),
        (Behaviour("exercise", True, solution=True), Grade.AGAIN, "the solution was shown"),
        (Behaviour("exercise", False, skipped=True), Grade.AGAIN, "skipped"),
    ],
)
def test_behaviour_is_graded_and_told(did: Behaviour, expected: Grade, words: str) -> None:
    assert (grade(did), told(did)) == (expected, words)


def days_until_due(*reviews: Review) -> float:
    card = settle(reviews)
    return (card.due - card.last) / DAY


def test_better_grades_wait_longer_and_what_was_not_remembered_is_due_tomorrow() -> None:
    waits = [days_until_due(Review(NOON, given)) for given in (1, 2, 3, 4)]
    assert waits == sorted(waits) and waits[0] == 1 and waits[3] > waits[2]


def test_remembering_again_and_again_makes_the_days_between_grow() -> None:
    reviews = [Review(NOON, 3)]
    waits = []
    for _ in range(5):
        card = settle(reviews)
        waits.append(card.due - card.last)
        reviews.append(Review(card.due, 3))
    assert waits == sorted(waits) and waits[4] > 10 * waits[0]
    assert max(waits) <= LONGEST * DAY


def test_a_lapse_brings_it_back_soon_and_is_counted() -> None:
    remembered = [Review(NOON, 3), Review(NOON + 3 * DAY, 3)]
    lapsed = [*remembered, Review(NOON + 20 * DAY, 1)]
    assert days_until_due(*lapsed) < days_until_due(*remembered)
    assert settle(lapsed).lapses == 1 and settle(remembered).lapses == 0


def test_a_card_is_the_fold_of_its_reviews_in_whatever_order_they_come() -> None:
    reviews = [Review(NOON, 3), Review(NOON + DAY, 1), Review(NOON + 2 * DAY, 3)]
    assert settle(reviews) == settle(reversed(reviews)) == settle(reviews)
    with pytest.raises(ValueError):
        settle([])


def test_what_is_due_at_any_time_of_today_is_due_now_and_the_longest_waiting_comes_first() -> None:
    dues = {"late": NOON + 3600, "old": NOON - 5 * DAY, "tomorrow": NOON + DAY}
    assert due_today(dues, NOON) == ["old", "late"]


def test_the_outlook_counts_days_and_says_them_soberly() -> None:
    dues = [NOON - DAY, NOON, NOON + DAY, NOON + 3 * DAY, NOON + 30 * DAY]
    today = date.fromtimestamp(NOON)
    found = outlook(dues, [today, today - timedelta(days=1)], NOON)
    assert found == Outlook((2, 1, 0, 1, 0, 0, 0), 1, 2)
    assert found.words == "2 due today, 1 tomorrow, 1 within a week, 1 later. 2 days in a row."
    assert Outlook().words == "Nothing due today." and not Outlook().begun


def test_a_streak_ends_with_a_day_without_and_not_with_a_day_that_has_only_begun() -> None:
    today = date(2026, 5, 29)
    days = [today - timedelta(days=back) for back in (1, 2, 3, 5)]
    assert streak(days, today) == 3 and streak([*days, today], today) == 4
    assert streak([today - timedelta(days=2)], today) == 0


def test_when_something_comes_back_in_words() -> None:
    assert [in_days(NOON + days * DAY, NOON) for days in (0, 1, 6)] == ["today", "tomorrow", "in 6 days"]
