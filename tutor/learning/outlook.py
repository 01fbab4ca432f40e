"""What is due, today and on the next days, and for how many days in a row something was done; in sober words.

Days are calendar days of the learner's own time zone: what is due at any time of a day is due when the day begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAYS = 7
"""Days that a forecast covers, today among them."""


@dataclass(frozen=True)
class Outlook:
    """`forecast[0]` is due today or has been before, `forecast[1]` tomorrow, and so on.

    `later` is due after that; `streak` counts the days in a row, today or yesterday the last.
    """

    forecast: tuple[int, ...] = (0,) * DAYS
    later: int = 0
    streak: int = 0

    @property
    def due(self) -> int:
        """How many are due now."""
        return self.forecast[0]

    @property
    def begun(self) -> bool:
        """Whether there is anything to remember yet."""
        return bool(sum(self.forecast) + self.later)

    @property
    def words(self) -> str:
        """One line, such as "4 due today, 2 tomorrow, 7 within a week. 3 days in a row."."""
        return (f"{self.due} due today" if self.due else "Nothing due today") + self.ahead

    @property
    def ahead(self) -> str:
        """What `words` says behind what is due today: ", 2 tomorrow. 3 days in a row."."""
        counts = ((self.forecast[1], "tomorrow"), (sum(self.forecast[2:]), "within a week"), (self.later, "later"))
        parts = "".join(f", {count} {when}" for count, when in counts if count)
        row = f" {self.streak} days in a row." if self.streak > 1 else ""
        return f"{parts}.{row}"


def day_of(time: float) -> date:
    """The calendar day of a time in seconds since the epoch."""
    return datetime.fromtimestamp(time).date()


def due_today(dues: Mapping[str, float], now: float) -> list[str]:
    """The names of what is due on the day of `now` or was due before, what has waited longest first."""
    today = day_of(now)
    return sorted((name for name, due in dues.items() if day_of(due) <= today), key=lambda name: (dues[name], name))


def outlook(dues: Iterable[float], active: Iterable[date], now: float) -> Outlook:
    """The outlook over cards that are due at `dues`, for somebody who did something on the days `active`."""
    today = day_of(now)
    days, later = [0] * DAYS, 0
    for due in dues:
        ahead = max(0, (day_of(due) - today).days)
        if ahead < DAYS:
            days[ahead] += 1
        else:
            later += 1
    return Outlook(tuple(days), later, streak(active, today))


def streak(active: Iterable[date], today: date) -> int:
    """Days in a row on which something was done; a day that has only begun does not end it."""
    known = set(active)
    day = today if today in known else today - timedelta(days=1)
    count = 0
    while day in known:
        count += 1
        day -= timedelta(days=1)
    return count


def in_days(due: float, now: float) -> str:
    """When something comes back, in words: "tomorrow", "in 6 days"."""
    ahead = (day_of(due) - day_of(now)).days
    return "today" if ahead <= 0 else "tomorrow" if ahead == 1 else f"in {ahead} days"
