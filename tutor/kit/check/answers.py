"""NUMBER, CHOICE, SHAPE: one answer of the learner's, with feedback for each wrong one that is foreseen."""

from __future__ import annotations

from typing import Any, Callable, Collection, Mapping, Optional, Sequence, Tuple, Union

import torch

from tutor.kit.check.attempts import attempt
from tutor.kit.check.report import FINE, Finding, failed
from tutor.kit.check.reported import number as as_number
from tutor.kit.check.values import kind_of, plain, show

ERROR = "error"
"""The answer "these shapes do not fit"."""

MOST = 25
"""A list with more numbers holds elements, not the sizes of dimensions."""


def number(
    got: Any,
    right: Union[float, Tuple[float, float]],
    *,
    tolerance: float = 0.0,
    known: Optional[Mapping[float, str]] = None,
    name: str = "the answer",
) -> Finding:
    """Judge a number: `right` with an absolute `tolerance`, or a pair of the smallest and the largest right one.

        answer = check.number(epochs, (1300, 1600), known={500: "run it: 49.5"}, name="epochs")
        assert answer.ok, answer.why

    `known` maps a wrong number to its sentence; it is said for numbers that are equal to within `tolerance`, or to
    within a thousandth. A wrong number is not told the right one, only whether it is too small or too large.
    """
    value = as_number(got)
    if value is None or got is Ellipsis:
        return failed(f"{name} should be a number, and is {kind_of(got)}.", "a number", kind_of(got))
    low, high = right if isinstance(right, tuple) else (right - tolerance, right + tolerance)
    slack = 1e-9 * max(abs(low), abs(high))
    if low - slack <= value <= high + slack:
        return FINE
    for wrong, sentence in (known or {}).items():
        if abs(value - wrong) <= max(tolerance, 1e-3 * abs(wrong)):
            return failed(f"{name} is {plain(value)}: {sentence}", "", plain(value))
    if value != value:
        return failed(f"{name} is nan, which is no number at all.", "a number", "nan")
    return failed(f"{name} is {plain(value)}, and that is too {'small' if value < low else 'large'}.", "", plain(value))


def choice(
    got: Any,
    right: Union[str, Collection[str]],
    *,
    options: Collection[str] = (),
    known: Optional[Mapping[str, str]] = None,
    name: str = "the answer",
) -> Finding:
    """Judge a choice, such as "B"; capitals and spaces do not count. Several answers may be `right`.

        answer = check.choice(last_layer, "none", options=("none", "softmax", "sigmoid"),
                              known={"softmax": "cross-entropy already contains the softmax"})
        assert answer.ok, answer.why

    `options` are the possible answers, `known` maps a wrong one to its sentence.
    """
    rights = [right] if isinstance(right, str) else list(right)
    possible = list(options) or [*rights, *(known or {})]
    if not isinstance(got, str):
        wanted = f"one of {', '.join(sorted(possible))}"
        return failed(f"{name} should be {wanted}, and is {kind_of(got)}.", wanted, kind_of(got))
    said = _plain_text(got)
    if said in map(_plain_text, rights):
        return FINE
    for wrong, sentence in (known or {}).items():
        if said == _plain_text(wrong):
            return failed(f"{name} is not {got.strip()!r}: {sentence}", "", show(got))
    if said not in map(_plain_text, possible):
        wanted = f"one of {', '.join(sorted(possible))}"
        return failed(f"{name} should be {wanted}, and is {show(got)}.", wanted, show(got))
    return failed(f"{name} is not {got.strip()!r}.", "", show(got))


def shape(
    got: Any,
    right: Union[Sequence[int], str, Callable[[], Any]],
    *,
    parts: Sequence[Sequence[int]] = (),
    known: Optional[Mapping[Any, str]] = None,
    name: str = "the shape",
) -> Finding:
    """Judge a shape: a tuple, list or `torch.Size`, or "error" where shapes do not fit.

        answer = check.shape(mine, lambda: torch.ones(3, 1) + torch.ones(4), parts=((3, 1), (4,)))
        assert answer.ok, answer.why

    `right` is a shape, "error", or a function that computes the tensor (or raises). With `parts`, the shapes that are
    broadcast, an answer that lines them up from the left is recognised. `known` maps a wrong shape to its sentence.
    A wrong answer is not told the right one.
    """
    mine = _as_shape(got)
    if mine is None:
        wanted = 'a shape such as (2, 3), or "error"'
        return failed(f"{name} should be {wanted}, and is {kind_of(got)}.", wanted, kind_of(got))
    if callable(right):
        made = attempt(right)
        wanted_shape: Any = ERROR if made.error is not None else _as_shape(made.value)
    else:
        wanted_shape = _as_shape(right)
    if mine == wanted_shape:
        return FINE
    for wrong, sentence in (known or {}).items():
        if mine == _as_shape(wrong):
            return failed(f"{name} is not {_said(mine)}: {sentence}", "", _said(mine))
    return failed(f"{name} is not {_said(mine)}. {_about_shape(mine, wanted_shape, parts)}".strip(), "", _said(mine))


def _as_shape(value: Any) -> Any:
    """A tuple of sizes, ERROR, or None if it is neither."""
    if isinstance(value, str):
        return ERROR if _plain_text(value) == ERROR else None
    if torch.is_tensor(value):
        return tuple(value.shape)
    if isinstance(value, (tuple, list)) and len(value) <= MOST and all(isinstance(one, int) for one in value):
        return tuple(value)
    return None


def _said(value: Any) -> str:
    return '"error"' if value == ERROR else str(value)


def _about_shape(mine: Any, right: Any, parts: Sequence[Sequence[int]]) -> str:
    if parts and mine == _from_the_left(parts):
        return "Line the shapes up at the last dimension, not at the first: missing ones are added on the left."
    if right == ERROR:
        return "Go through the dimensions from the last to the first: two sizes differ, and neither is 1."
    if mine == ERROR:
        return "It works: sizes that are equal fit, and a size of 1 stretches."
    if len(mine) != len(right):
        return f"The number of dimensions is not {len(mine)}."
    if mine == right[::-1]:
        return "The sizes are right, their order is not."
    places = [place for place, pair in enumerate(zip(mine, right)) if pair[0] != pair[1]]
    return f"Look at dimension {places[0]} again." if places else ""


def _from_the_left(parts: Sequence[Sequence[int]]) -> Any:
    longest = max(map(len, parts))
    padded = [tuple(part) + (1,) * (longest - len(part)) for part in parts]
    sizes = [set(column) - {1} for column in zip(*padded)]
    return ERROR if any(len(one) > 1 for one in sizes) else tuple(one.pop() if one else 1 for one in sizes)


def _plain_text(text: str) -> str:
    return " ".join(text.lower().split())
