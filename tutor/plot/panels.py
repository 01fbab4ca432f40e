"""Which series share an axis: losses with losses, scores with scores, and only numbers of about one size.

Train and validation curves of one measure always share their panel, whatever their sizes, so that they can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tutor.plot.drawable import SeriesLike

APART = 30.0
"""Series whose greatest sizes differ by more than this factor do not share an axis."""

_SPLIT = re.compile(r"[^a-z0-9]+")
_HELD_OUT = frozenset(("train", "training", "val", "valid", "validation", "test", "eval", "dev", "holdout"))
_KINDS = tuple(
    (kind, frozenset(words.split()))
    for kind, words in (
        ("rate", "lr learning rate momentum wd decay"),
        ("score", "acc accuracy precision recall f1 auc iou dice r2 score hits right correct exact"),
        ("norm", "norm grad gradient gradnorm"),
        ("loss", "loss losses entropy err error mse mae huber nll bce kl cost"),
    )
)

_LEAST_WIDTH, _SIDE_BY_SIDE = 24, 40
_LEAST_HEIGHT, _GOOD_HEIGHT = 6, 8


class Box(NamedTuple):
    """A panel's place in cells."""

    x: int
    y: int
    width: int
    height: int


def arrange(series: Sequence[SeriesLike], most: int) -> list[list[int]]:
    """Numbers of the series, panel by panel, in the order of their first ones.

    Where that makes more than `most` panels, those of similar sizes are joined, whatever they measure; there may still
    be more than `most`.
    """
    groups: list[list[int]] = []
    kinds: list[str] = []
    for stem, members in _by_stem(series).items():
        kind = _kind(stem)
        for group, other in zip(groups, kinds, strict=True):
            if kind == other and _similar(series, [*group, *members]):
                group += members
                break
        else:
            groups.append(list(members))
            kinds.append(kind)
    while len(groups) > most:
        joined = _joined(series, groups)
        if joined is None:
            break
        groups = joined
    return [sorted(group) for group in groups]


def layout(count: int, width: int, height: int) -> list[Box]:
    """Places of up to `count` panels, as many as have room; at least one, whatever the size."""
    for shown in range(count, 1, -1):
        for least in (_GOOD_HEIGHT, _LEAST_HEIGHT):
            for across in (1, 2):
                down = -(-shown // across)
                if width // across >= (_SIDE_BY_SIDE if across > 1 else _LEAST_WIDTH) and height // down >= least:
                    return _boxes(shown, across, down, width, height)
    return [Box(0, 0, width, height)]


def _boxes(count: int, across: int, down: int, width: int, height: int) -> list[Box]:
    boxes = []
    for number in range(count):
        row, column = divmod(number, across)
        left, right = width * column // across, width * (column + 1) // across
        if number == count - 1:
            right = width  # the last one of an odd number has the whole row
        top, bottom = height * row // down, height * (row + 1) // down
        boxes.append(Box(left, top, right - left, bottom - top))
    return boxes


def _by_stem(series: Sequence[SeriesLike]) -> dict[str, list[int]]:
    """Series by their names without "val", "train" and the like."""
    found: dict[str, list[int]] = {}
    for index, one in enumerate(series):
        words = [word for word in _SPLIT.split(one.name.lower()) if word and word not in _HELD_OUT]
        found.setdefault(" ".join(words) or "loss", []).append(index)
    return found


def _kind(stem: str) -> str:
    words = set(stem.split())
    return next((kind for kind, telling in _KINDS if words & telling), "")


def _similar(series: Sequence[SeriesLike], group: Sequence[int]) -> bool:
    sizes = [size for index in group if (size := _size(series[index])) > 0]
    return not sizes or max(sizes) <= APART * min(sizes)


def _size(one: SeriesLike) -> float:
    return max(abs(one.minimum), abs(one.maximum)) if one.minimum <= one.maximum else 0.0


def _joined(series: Sequence[SeriesLike], groups: list[list[int]]) -> list[list[int]] | None:
    """The groups with the last one that is similar to an earlier one joined to it; None where there is none."""
    for late in range(len(groups) - 1, 0, -1):
        for early in range(late):
            if _similar(series, groups[early] + groups[late]):
                return [
                    group + groups[late] if number == early else group
                    for number, group in enumerate(groups)
                    if number != late
                ]
    return None
