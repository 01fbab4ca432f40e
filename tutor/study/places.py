"""Where the learner is in the course."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A page of a lesson, counted from 1, and the item that had the focus ("" for none)."""

    lesson_id: str
    page: int
    item_key: str = ""
