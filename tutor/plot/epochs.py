"""Marks where epochs begin, on the lower border of a plot: `─▴2───▴4───▴6`."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plot.axes import Limits
from tutor.plot.frame import EPOCH

Epoch = tuple[float, int]
"""The step at which an epoch begins, and its number."""

_EVERY = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 10_000, 100_000, 1_000_000)


def write_epochs(
    row: list[str], ink: bytearray, epochs: Sequence[Epoch], x: Limits, left: int, right: int, *, ascii: bool = False
) -> None:
    """Write marks into the border `row` between the cells `left` and `right`, every n-th epoch so that they have room.

    The start of the first epoch is the start of the run and gets no mark.
    """
    width = right - left
    if width < 8 or len(epochs) < 2:
        return
    places = [
        (left + int((step - x.low) / (x.high - x.low) * (width - 1) + 0.5), number)
        for step, number in epochs[1:]
        if x.low <= step <= x.high
    ]
    for every in _EVERY:
        chosen = [(at, f"{'^' if ascii else '▴'}{number}") for at, number in places if number % every == 0]
        ends = [at + len(text) for at, text in chosen]
        if all(end < at for end, (at, _) in zip(ends, chosen[1:], strict=False)):
            break
    else:
        return
    for at, text in chosen:
        shown = text[: right - at]
        row[at : at + len(shown)] = shown
        ink[at : at + len(shown)] = bytes([EPOCH]) * len(shown)
