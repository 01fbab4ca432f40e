"""The norms of the gradients over the steps: where they vanish, where they explode, where none arrives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

from tutor.xray.fields import Fields, real, rows, shape, text, whole
from tutor.xray.variables import shape_text

LOOK_FOR = (
    "Bars of about the same length. Short ones at the top: the gradient vanishes; long and growing ones: it explodes."
)

VANISHED = 3.0
"""So many decades less than the greatest gradient of the last layers: the first ones hardly learn."""

EXPLODED = 3.0
"""A norm of 10 to this power and more is an explosion."""


@dataclass(frozen=True)
class Gradient:
    """One parameter. `norms` are decimal logarithms: minus infinity is 0, NaN is NaN, None is "there was none"."""

    name: str
    shape: str
    norms: tuple[float | None, ...]
    weight: float | None

    @property
    def last(self) -> float | None:
        """The newest norm."""
        return next((one for one in reversed(self.norms) if one is not None), None)

    @property
    def norm(self) -> float | None:
        """The newest norm as it is, not as a logarithm."""
        return None if self.last is None else 10**self.last if not math.isnan(self.last) else math.nan


@dataclass(frozen=True)
class Gradients:
    """All parameters in their order, the steps of their norms, and how many in the middle are left out."""

    parameters: tuple[Gradient, ...]
    steps: tuple[int, ...]
    between: int

    @property
    def scale(self) -> tuple[float, float]:
        """The decades that all finite norms lie in, at least four."""
        finite = [one for each in self.parameters for one in each.norms if one is not None and math.isfinite(one)]
        if not finite:
            return -4.0, 0.0
        high = math.ceil(max(finite))
        return min(math.floor(min(finite)), high - 4.0), float(high)


def gradients(fields: Fields) -> Gradients:
    """The report as values."""
    steps = fields.get("steps")
    return Gradients(
        tuple(
            Gradient(text(row, "name"), shape_text(shape(row, "shape")), _norms(row), _norm(row.get("weight")))
            for row in rows(fields)
        ),
        tuple(one for one in steps if isinstance(one, int)) if isinstance(steps, list) else (),
        whole(fields, "between"),
    )


def words(found: Gradients) -> list[str]:
    """What the bars show, as sentences; the gravest first."""
    said = []
    for one in found.parameters:
        bad = next((at for at, norm in enumerate(one.norms) if norm is not None and _broken(norm)), None)
        if bad is not None and bad < len(found.steps):
            what = "NaN" if math.isnan(one.norms[bad] or 0.0) else "infinite"
            said.append(f"The gradient of {one.name} became {what} at pass {found.steps[bad] + 1:,}.")
            break
    none = [one.name for one in found.parameters if one.last is None]
    if none:
        said.append(f"No gradient reaches {_list(none)}: the graph view says where it is cut.")
    zero = [one.name for one in found.parameters if one.last is not None and one.last == -math.inf]
    if zero:
        said.append(f"The gradient of {_list(zero)} is exactly 0.")
    weights = [one for one in found.parameters if one.last is not None and math.isfinite(one.last)]
    matrices = [one for one in weights if one.name.endswith("weight")] or weights
    if len(matrices) >= 3:
        pairs = [(when(matrices[0]), max(map(when, matrices[1:]))) for when in (_early, _late)]
        first, rest = max(pairs, key=lambda pair: pair[1] - pair[0])
        if rest - first >= VANISHED:
            times = f"{10 ** (rest - first):,.0f} times smaller than later layers"
            said.append(f"Vanishing: {matrices[0].name} gets a gradient {times}.")
    large = [one for one in weights if _late(one) >= EXPLODED]
    if large:
        said.append(f"Exploding: the gradient of {_list([one.name for one in large])} is {10 ** _late(large[0]):,.0f}.")
    return said[:3] or (["Every parameter gets a gradient."] if weights else [])


def _norms(row: Fields) -> tuple[float | None, ...]:
    found = row.get("norms")
    return tuple(_norm(one) for one in found) if isinstance(found, list) else ()


def _norm(found: object) -> float | None:
    return -math.inf if found == "zero" else real(found)


def _broken(norm: float) -> bool:
    return math.isnan(norm) or norm == math.inf


def _early(one: Gradient) -> float:
    """The typical norm of the first few steps."""
    finite = [norm for norm in one.norms if norm is not None and math.isfinite(norm)]
    return median(finite[:3]) if finite else -math.inf


def _late(one: Gradient) -> float:
    """The typical norm of the last third of the steps."""
    finite = [norm for norm in one.norms if norm is not None and math.isfinite(norm)]
    return median(finite[-max(1, len(finite) // 3) :]) if finite else -math.inf


def _list(names: list[str]) -> str:
    more = f" and {len(names) - 2} more" if len(names) > 3 else ""
    shown = names[: 2 if more else 3]
    return ", ".join(shown) + more
