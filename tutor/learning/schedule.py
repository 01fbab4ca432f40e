"""When an idea is due again: FSRS over the grades it was given.

A card is nothing but the fold of its reviews, so that two windows, or a review that comes in later from another
machine, cannot disagree about it. Fuzz is off and there are no steps of minutes: an idea is due on a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone

LONGEST = 365
"""Days after which an idea comes back at the latest."""


@dataclass(frozen=True)
class Review:
    """One review: seconds since the epoch, and a grade from 1 (again) to 4 (easy)."""

    time: float
    grade: int


@dataclass(frozen=True)
class Card:
    """Where an idea stands.

    `due` and `last` are seconds since the epoch. `stability` is FSRS's: the days after which it is remembered with
    90 % probability; `difficulty` goes from 1 to 10. `lapses` counts the reviews in which it was not remembered.
    """

    due: float
    last: float
    stability: float
    difficulty: float
    reviews: int
    lapses: int


def settle(reviews: Iterable[Review]) -> Card:
    """The card that `reviews` make, in the order of their times. Raises `ValueError` for none."""
    from fsrs import Card as FsrsCard  # 20 ms that only somebody who has answered something need pay
    from fsrs import Rating, Scheduler

    ordered = sorted(reviews, key=lambda one: one.time)
    if not ordered:
        raise ValueError("a card needs a review")
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False)
    card = FsrsCard(card_id=1)
    for one in ordered:
        when = datetime.fromtimestamp(one.time, timezone.utc)
        card, _ = scheduler.review_card(card, Rating(one.grade), when)
    assert card.stability is not None and card.difficulty is not None, "a reviewed card has both"
    return Card(
        due=card.due.timestamp(),
        last=ordered[-1].time,
        stability=card.stability,
        difficulty=card.difficulty,
        reviews=len(ordered),
        lapses=sum(one.grade == 1 for one in ordered[1:]),
    )
