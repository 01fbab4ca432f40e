"""Interleaved measuring: each round takes every candidate once, so that a busy machine is busy for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """One line of the table. `ours` and `reference` are medians in `unit`; the target is a ratio or an absolute.

    A figure that stands for itself has no `reference_name`.
    """

    what: str
    ours: float
    reference: float | None
    unit: str
    reference_name: str
    target: float
    absolute: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of the reference."""
        return self.ours / self.reference if self.reference else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is met; None where the reference is missing."""
        value = self.ours if self.absolute else self.ratio
        return None if value is None else value <= self.target


def interleaved(candidates: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Median of `rounds` measurements of each candidate, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, measure in candidates.items():
            taken[name].append(measure())
    return {name: median(values) for name, values in taken.items()}


def table(rows: list[Row]) -> str:
    """The rows as an aligned table."""
    lines = [f"{'what':<40} {'ours':>12} {'reference':>12} {'ratio':>7} {'target':>9}  against"]
    for row in rows:
        missing = "not here" if row.reference_name else ""
        reference = f"{row.reference:.4g} {row.unit}" if row.reference is not None else missing
        ratio = f"x{row.ratio:.3f}" if row.ratio is not None else ""
        target = f"{row.target:g} {row.unit}" if row.absolute else f"x{row.target:g}"
        mark = {True: "ok", False: "MISS", None: "?"}[row.reached]
        ours = f"{row.ours:.4g} {row.unit}"
        lines.append(
            f"{row.what:<40} {ours:>12} {reference:>12} {ratio:>7} {target:>9}  {mark:<4} {row.reference_name}".rstrip()
        )
    return "\n".join(lines)
