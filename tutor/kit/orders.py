"""The courier's orders as a CSV file as one gets them in real life: with errors in them, planted from a seed."""

import csv
import io
import random
from typing import Callable, Dict, List, Tuple

import torch

from tutor.kit import courier

HEADER = (*courier.COLUMNS, "minutes")
"""Names of the columns."""

MILE = 1.609344
"""Kilometres in a mile."""

Row = Dict[str, str]


def _missing(row: Row, rng: random.Random) -> None:
    row[rng.choice(HEADER)] = ""


def _negative(row: Row, rng: random.Random) -> None:
    row["distance"] = f"-{row['distance']}"


def _hour(row: Row, rng: random.Random) -> None:
    row["hour"] = "25"


def _comma(row: Row, rng: random.Random) -> None:
    row["distance"] = row["distance"].replace(".", ",")


def _kilometres(row: Row, rng: random.Random) -> None:
    row["distance"] = f"{float(row['distance']) * MILE:.2f} km"


def _twice(row: Row, rng: random.Random) -> None:
    """The row itself stays as it is: the file has it once more."""


_ERRORS: Dict[str, Callable[[Row, random.Random], None]] = {
    "missing": _missing,
    "negative": _negative,
    "hour": _hour,
    "comma": _comma,
    "kilometres": _kilometres,
    "twice": _twice,
}

ERRORS = tuple(_ERRORS)
"""What is planted: an empty field; a negative distance; hour 25; "12,5" for 12.5; "8.05 km" for 5.0; a row twice."""

BEYOND_REPAIR = ("missing", "negative", "hour")
"""Rows with these have to be dropped; the other errors can be repaired."""


def text(n: int = 400, seed: int = 0) -> str:
    """A CSV text with a header and `n` different orders, three in a hundred with each of `ERRORS` (at least one each).

    Numbers are rounded: distance, weight and minutes to a tenth. Two orders are long but true: 19.5 and 21.0 miles.
    Raises ValueError for fewer than 20 orders.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for row, times in _rows(n, seed)[0]:
        for _ in range(times):
            writer.writerow([row[name] for name in HEADER])
    return out.getvalue()


def truth(n: int = 400, seed: int = 0) -> Tuple[torch.Tensor, torch.Tensor]:
    """What careful cleaning of `text(n, seed)` leaves, in the order of the file.

    Returns float32 of shape (m, 5) with the columns of `courier.COLUMNS` and float32 of shape (m, 1), the minutes.
    Rows of `BEYOND_REPAIR` are left out, those that come twice are there once, and the others are repaired (distances
    that were written in kilometres within 0.01 miles).
    """
    rows = _rows(n, seed)[1]
    values = torch.tensor([[float(row[name]) for name in HEADER] for row in rows]).reshape(-1, len(HEADER))
    return values[:, :-1], values[:, -1:]


def _rows(n: int, seed: int) -> Tuple[List[Tuple[Row, int]], List[Row]]:
    """The rows of the file with how often each comes in a row, and the rows that are left when it is clean."""
    if n < 20:
        raise ValueError(f"n must be at least 20, got {n}")
    orders, minutes = courier.table(n, seed)
    rng = random.Random(seed)
    places = rng.sample(range(n), len(ERRORS) * max(1, 3 * n // 100) + 2)
    error_at = {place: ERRORS[at % len(ERRORS)] for at, place in enumerate(places[2:])}
    dirty, clean = [], []
    for place, values in enumerate(torch.cat([orders, minutes], dim=1).tolist()):
        if place in places[:2]:
            miles = 19.5 if place == places[0] else 21.0
            values = [miles, *values[1:-1], values[-1] + 2.7 * (miles - values[0])]
        row = {name: _written(name, value) for name, value in zip(HEADER, values)}
        error = error_at.get(place, "")
        if error not in BEYOND_REPAIR:
            clean.append(dict(row))
        if error:
            _ERRORS[error](row, rng)
        dirty.append((row, 2 if error == "twice" else 1))
    return dirty, clean


def _written(name: str, value: float) -> str:
    return f"{value:.1f}" if name in ("distance", "weight", "minutes") else f"{value:.0f}"
