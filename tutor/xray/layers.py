"""The layers of the models that ran, and the tensors that lines made."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.xray.fields import Fields, flag, real, rows, shape, text, whole
from tutor.xray.variables import shape_text

SHAPES_LOOK_FOR = "Does each layer take the shape that the one above gives? The first number is the batch and stays."
ACTIVATIONS_LOOK_FOR = (
    "A spread that shrinks or grows from layer to layer; units that are 0 for every example: they are dead."
)

DEAD = 0.4
SATURATED = 0.4
SHRUNK = 0.05
"""Shares of units, of values, and of the first layer's spread from which on something is said."""


@dataclass(frozen=True)
class Layer:
    """A layer that was called. `failed` means that its forward raised; `calls` how often one pass called it."""

    name: str
    type: str
    depth: int
    takes: str
    gives: str
    parameters: int
    calls: int
    failed: bool


@dataclass(frozen=True)
class Made:
    """A tensor that a line made; `graph` tells whether gradients flow through it."""

    line: int
    source: str
    name: str
    shape: str
    dtype: str
    graph: bool


@dataclass(frozen=True)
class Activation:
    """What left a layer. Shares are from 0 to 1, None where they mean nothing."""

    name: str
    type: str
    mean: float
    std: float
    zeros: float
    dead: float | None
    saturated: float | None


def layers(fields: Fields) -> tuple[Layer, ...]:
    """The layers, in the order of their calls."""
    return tuple(
        Layer(
            text(row, "name"),
            text(row, "type"),
            whole(row, "depth"),
            text(row, "in"),
            text(row, "out"),
            whole(row, "parameters"),
            whole(row, "calls"),
            flag(row, "failed"),
        )
        for row in rows(fields)
    )


def lines(fields: Fields) -> tuple[Made, ...]:
    """The tensors, in the order of the lines."""
    return tuple(
        Made(
            whole(row, "line"),
            text(row, "source"),
            text(row, "name"),
            shape_text(shape(row, "shape")),
            text(row, "dtype"),
            flag(row, "graph"),
        )
        for row in rows(fields, "lines")
    )


def activations(fields: Fields) -> tuple[Activation, ...]:
    """What left each layer, and what a function such as `relu` made of it before the next one."""
    found: list[Activation] = []
    for row in rows(fields):
        came = row.get("from")
        name, kind = text(row, "name"), text(row, "type")
        if real(row.get("std")) is None:
            continue
        before = _activation(f"→ {name}", "(relu before it)", came) if isinstance(came, dict) else None
        # A layer that is a module of its own has its row; what a function did is only seen as the next one's input.
        if before and before.zeros > 0 and _least(came) == 0 and not (found and found[-1].zeros == before.zeros):
            found.append(before)
        now = _activation(name, kind, row)
        if now is not None:
            found.append(now)
    return tuple(found)


def words(found: tuple[Activation, ...]) -> list[str]:
    """What is worth a sentence."""
    said = []
    for one in found:
        if one.dead is not None and one.dead >= DEAD:
            said.append(
                f"{one.dead:.0%} of the units of {one.name} are dead: 0 for every example, so they learn nothing."
            )
        if one.saturated is not None and one.saturated >= SATURATED:
            said.append(f"{one.saturated:.0%} of what leaves {one.name} is saturated: there its slope is nearly 0.")
    spreads = [one for one in found if one.type.startswith(("Linear", "Conv"))]
    if len(spreads) > 2 and 0 < spreads[-2].std < SHRUNK * spreads[0].std:
        said.append(
            f"The spread shrinks from {spreads[0].std:.2g} to {spreads[-2].std:.2g}: little of the input is left."
        )
    return said[:3]


def _activation(name: str, kind: str, fields: Fields) -> Activation | None:
    mean, std, zeros = (real(fields.get(key)) for key in ("mean", "std", "zeros"))
    if mean is None or std is None or zeros is None:
        return None
    return Activation(name, kind, mean, std, zeros, real(fields.get("dead")), real(fields.get("saturated")))


def _least(fields: object) -> float | None:
    return real(fields.get("least")) if isinstance(fields, dict) else None
