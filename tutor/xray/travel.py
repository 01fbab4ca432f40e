"""One step of one of the last runs."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.xray.fields import Fields, real, rows, shape, text, texts, whole
from tutor.xray.picture import levels_of
from tutor.xray.variables import shape_text

LOOK_FOR = "How it got there: ← → go through the steps, , . ten at a time, r to an earlier run."


@dataclass(frozen=True)
class Parameter:
    """A parameter at the step: its first values, and the decimal logarithm of its gradient's norm."""

    name: str
    shape: str
    values: tuple[float, ...]
    norm: float | None


@dataclass(frozen=True)
class Line:
    """A fit of one feature: points, and a curve."""

    points: tuple[tuple[float, float], ...]
    curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Map:
    """A fit of two features: levels from -8 to 8 in rows from the top, and points (column, row, class)."""

    levels: tuple[tuple[int | None, ...], ...]
    points: tuple[tuple[int, int, int], ...]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Moment:
    """A step. `passes` and `losses` are those of all frames, `at` is the frame that is shown, `back` the run."""

    runs: int
    back: int
    at: int
    passes: tuple[int, ...]
    losses: tuple[float | None, ...]
    parameters: tuple[Parameter, ...]
    fit: Line | Map | None


def moment(fields: Fields) -> Moment | None:
    """The report as a value; None where no run has taken a step."""
    passes, losses = fields.get("passes"), fields.get("losses")
    if not isinstance(passes, list) or not isinstance(losses, list) or not passes or len(passes) != len(losses):
        return None
    return Moment(
        max(1, whole(fields, "runs")),
        whole(fields, "back"),
        min(whole(fields, "at"), len(passes) - 1),
        tuple(one if isinstance(one, int) else 0 for one in passes),
        tuple(real(one) for one in losses),
        tuple(_parameter(row) for row in rows(fields)),
        _fit(fields.get("fit")),
    )


def moved(fields: Fields | None, asked: str, by: int) -> str:
    """The subject so many frames from the one that was asked for last, or from the one that is shown."""
    found = moment(fields) if fields is not None else None
    if found is None:
        return ""
    back, _, at = asked.partition(":")
    here = int(at) if at.isdigit() and back == str(found.back) else found.at
    return f"{found.back}:{min(max(0, here + by), len(found.passes) - 1)}"


def another_run(fields: Fields | None) -> str:
    """The subject of the run before the one that is shown; after the oldest one, of the newest."""
    found = moment(fields) if fields is not None else None
    return f"{(found.back + 1) % found.runs}:" if found is not None else ""


def _parameter(row: Fields) -> Parameter:
    found = row.get("values")
    values = [real(one) for one in found] if isinstance(found, list) else []
    norm = row.get("norm")
    return Parameter(
        text(row, "name"),
        shape_text(shape(row, "shape")),
        tuple(one for one in values if one is not None),
        float("-inf") if norm == "zero" else real(norm),
    )


def _fit(fields: object) -> Line | Map | None:
    if not isinstance(fields, dict):
        return None
    if text(fields, "kind") == "line":
        return Line(_pairs(fields, "x", "y"), _pairs(fields, "curve_x", "curve_y"))
    cells, points = texts(fields, "cells"), fields.get("points")
    if text(fields, "kind") != "map" or not cells or not isinstance(points, list):
        return None
    kept = [one for one in points if isinstance(one, list) and len(one) == 3 and all(isinstance(n, int) for n in one)]
    return Map(levels_of(cells), tuple((one[0], one[1], one[2]) for one in kept), texts(fields, "classes"))


def _pairs(fields: Fields, one: str, other: str) -> tuple[tuple[float, float], ...]:
    xs, ys = fields.get(one), fields.get(other)
    if not isinstance(xs, list) or not isinstance(ys, list):
        return ()
    pairs = [(real(x), real(y)) for x, y in zip(xs, ys, strict=False)]
    return tuple((x, y) for x, y in pairs if x is not None and y is not None)
