"""Turning a knob: the value that stands in the code, the code with another one, and which values it can take.

The code is the truth: a knob shows what stands there, and a turn changes nothing but the literal itself.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from decimal import Decimal
from math import floor, isfinite, log, log10

from tutor.course.items import Knob

Value = bool | int | float | str

LONGEST = 200
"""Characters of a value that may be typed."""

_STOPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
"""Where a knob on a log scale stops within a factor of ten: steps of about the same ratio, easy to say."""

_NICE = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Place:
    """Where a literal stands in a text: row and column of its first character and behind its last, from 0."""

    row: int
    column: int
    end_row: int
    end_column: int


def values(source: str) -> dict[str, Value]:
    """The literals that the top level of `source` assigns to plain names; empty for code that is not Python."""
    found: dict[str, Value] = {}
    for name, node in _assignments(source):
        try:
            value = ast.literal_eval(node)
        except (ValueError, TypeError, RecursionError, MemoryError):
            value = None
        if isinstance(value, bool | int | float | str):
            found[name] = value
        else:
            found.pop(name, None)
    return found


def place_of(source: str, name: str) -> Place | None:
    """Where the value of `name` stands, the last one if it is assigned more than once; None where it is no literal."""
    if name not in values(source):
        return None
    node = [node for other, node in _assignments(source) if other == name][-1]
    lines = source.encode("utf-8", "surrogatepass").splitlines()
    return Place(
        node.lineno - 1,
        len(lines[node.lineno - 1][: node.col_offset].decode("utf-8", "surrogatepass")),
        (node.end_lineno or node.lineno) - 1,
        len(lines[(node.end_lineno or node.lineno) - 1][: node.end_col_offset].decode("utf-8", "surrogatepass")),
    )


def turned(source: str, name: str, value: Value) -> str | None:
    """`source` with another value for `name`; None where it has no literal to change."""
    place = place_of(source, name)
    if place is None:
        return None
    lines = source.encode("utf-8", "surrogatepass").splitlines(keepends=True)
    rows = [line.decode("utf-8", "surrogatepass") for line in lines]
    before = "".join(rows[: place.row]) + rows[place.row][: place.column]
    after = rows[place.end_row][place.end_column :] + "".join(rows[place.end_row + 1 :])
    return before + literal(value) + after


def literal(value: Value) -> str:
    """The value as Python writes it: quotes, backslashes and control characters in a text are escaped."""
    return ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)


def read(knob: Knob, text: str) -> Value:
    """What somebody has typed as a value of the knob. Raises `ValueError` with a sentence for what it cannot take."""
    text = text.strip() if knob.kind != "string" else text
    if len(text) > LONGEST:
        raise ValueError(f"{knob.name} takes at most {LONGEST} characters.")
    if knob.kind == "string":
        return text
    if knob.kind == "choice":
        chosen = next((one for one in knob.choices if text in (str(one), repr(one))), None)
        if chosen is None:
            raise ValueError(f"{knob.name} is one of {', '.join(map(repr, knob.choices))}.")
        return chosen
    if knob.kind == "boolean":
        if text.casefold() not in ("true", "false"):
            raise ValueError(f"{knob.name} is True or False.")
        return text.casefold() == "true"
    return _number(knob, text)


def moved(knob: Knob, value: Value, by: int, *, coarse: bool = False) -> Value:
    """The next value upwards (`by` 1) or downwards (-1); the same at the end of the scale.

    Choices and booleans go round. A coarse move of a number is ten steps, on a log scale a power of ten.
    """
    if knob.kind == "boolean":
        return not value
    if knob.kind == "choice":
        at = knob.choices.index(value) + by if value in knob.choices else 0
        return knob.choices[at % len(knob.choices)]
    if isinstance(value, bool | str) or not isfinite(value):
        return knob.default if knob.kind != "string" else value
    if knob.scale == "log" and knob.minimum is not None:
        return _kept(knob, _next_stop(knob, float(value), by, coarse))
    step = _step(knob) * (10 if coarse else 1)
    base = Decimal(repr(knob.minimum)) if knob.minimum is not None and not coarse else Decimal(0)
    place = (Decimal(repr(value)) - base) / step
    below = Decimal(floor(place))
    # From between two stops a step goes to the next one.
    steps = below + by if place == below else below + max(0, by)
    return _kept(knob, float(base + steps * step))


def ends(knob: Knob) -> tuple[Value, Value] | None:
    """The least and the greatest value; None for a knob without both."""
    if knob.kind == "choice":
        return knob.choices[0], knob.choices[-1]
    if knob.minimum is None or knob.maximum is None:
        return None
    return _typed(knob, knob.minimum), _typed(knob, knob.maximum)


def fraction(knob: Knob, value: Value) -> float | None:
    """How far a number is along its scale, 0 to 1; None for a knob without a scale."""
    low, high = knob.minimum, knob.maximum
    if low is None or high is None or isinstance(value, bool | str) or value != value:
        return None
    at = min(max(float(value), low), high)
    if knob.scale == "log" and low > 0:
        return log(at / low) / log(high / low)
    return (at - low) / (high - low)


def _assignments(source: str) -> list[tuple[str, ast.expr]]:
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [
        (statement.targets[0].id, statement.value)
        for statement in body
        if isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
    ]


def _number(knob: Knob, text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{knob.name} is a number.") from None
    if not isfinite(number):
        raise ValueError(f"{knob.name} is a finite number.")
    if _whole(knob) and number != int(number):
        raise ValueError(f"{knob.name} is a whole number.")
    low, high = knob.minimum, knob.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        span = f"from {low:g}" if high is None else f"up to {high:g}" if low is None else f"{low:g} to {high:g}"
        raise ValueError(f"{knob.name} takes {span}. Any other value can be written into the code.")
    return _typed(knob, number)


def _whole(knob: Knob) -> bool:
    """Whether only whole numbers fit: an integer knob, and a slider that the lesson writes in whole numbers."""
    if knob.kind == "integer":
        return True
    settings = (knob.default, knob.minimum, knob.maximum, knob.step)
    return isinstance(knob.default, int) and all(one is None or float(one).is_integer() for one in settings)


def _typed(knob: Knob, number: float) -> Value:
    return int(number) if _whole(knob) else float(number)


def _kept(knob: Knob, number: float) -> Value:
    """Within the bounds, on the knob's step where it has one, and of its type."""
    if knob.scale == "log" and knob.step is not None:
        step = Decimal(repr(knob.step))
        number = float((Decimal(repr(number)) / step).to_integral_value() * step)
    low, high = knob.minimum, knob.maximum
    number = max(number, low) if low is not None else number
    return _typed(knob, min(number, high) if high is not None else number)


def _step(knob: Knob) -> Decimal:
    if knob.step is not None:
        return Decimal(repr(knob.step))
    if _whole(knob):
        return Decimal(1)
    if knob.minimum is not None and knob.maximum is not None:
        size = (knob.maximum - knob.minimum) / 50
    else:
        size = abs(float(knob.default)) / 10 or 0.1
    return Decimal(repr(_nice(size)))


def _nice(size: float) -> float:
    """1, 2 or 5 times a power of ten, near `size`."""
    power = floor(log10(size))
    return float(f"{min(_NICE, key=lambda one: abs(log(one) - log(size / 10.0**power))):g}e{power}")


def _next_stop(knob: Knob, value: float, by: int, coarse: bool) -> float:
    low, high = knob.minimum or 1.0, knob.maximum
    stops = (1.0,) if coarse else _STOPS
    power = floor(log10(max(value, low)))
    scale = [float(f"{stop:g}e{power + shift}") for shift in range(-2, 3) for stop in stops]
    scale = [one for one in scale if one > low and (high is None or one < high)]
    scale = [low, *scale, *([high] if high is not None else [])]
    least = 0.0 if knob.step is None else knob.step / 2
    if by > 0:
        return next((one for one in scale if one > value * (1 + 1e-9) + least), scale[-1])
    return next((one for one in reversed(scale) if one < value * (1 - 1e-9) - least), scale[0])
