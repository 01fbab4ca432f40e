"""What a small model makes of one or two features: its line, or the regions that it tells apart."""

from __future__ import annotations

import contextlib
import copy
import io
import math
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

import torch
from torch import nn

from tutor.kernel.unseen import unseen
from tutor.kernel.xray.names import outermost
from tutor.kernel.xray.reports import number
from tutor.kernel.xray.steps import Parameter

POINTS = 120
CURVE = 64
WIDE, HIGH = 56, 12
"""Points of the data, points of a line, and cells of a map, at most."""

LEVELS = 8
_MARGIN = 0.06


def fit(parameters: Sequence[Parameter], values: torch.Tensor, names: Mapping[str, Any]) -> Dict[str, Any]:
    """The fit with these values of the parameters, or {} where the problem has not one or two features.

    It runs a copy of the learner's model, in evaluation mode, without gradients, unheard, and with the random state put
    back afterwards. The data are the tensors of the namespace that fit its first weight.
    """
    for inputs, outputs in _data(names):
        features = 1 if inputs.dim() == 1 else inputs.shape[1]
        predict = _predictor(parameters, values, names, features, inputs.dim())
        if predict is None:
            continue
        with torch.no_grad(), unseen(), _unheard():
            found = _line(inputs, outputs, predict) if features == 1 else _map(inputs, outputs, predict)
        if found:
            return found
    return {}


def _data(names: Mapping[str, Any]) -> Iterator[Tuple[torch.Tensor, torch.Tensor]]:
    """Pairs of inputs (n, 1), (n, 2) or (n,) and answers (n,) or (n, 1), likely ones first."""
    tensors = [
        (name, one.detach())
        for name, one in names.items()
        if isinstance(one, torch.Tensor) and one.is_cpu and not one.requires_grad and one.dim() in (1, 2)
    ]
    inputs = [pair for pair in tensors if pair[1].is_floating_point() and 4 <= len(pair[1]) <= 100_000]
    inputs = [pair for pair in inputs if pair[1].dim() == 1 or pair[1].shape[1] in (1, 2)]
    for name, one in sorted(inputs, key=lambda pair: (-pair[1].dim(), _is_answer(pair[0]), -len(pair[1]))):
        others = [
            pair
            for pair in tensors
            if pair[1] is not one and pair[0] != name and len(pair[1]) == len(one) and pair[1].numel() == len(one)
        ]
        for _, other in sorted(others, key=lambda pair: not _is_answer(pair[0]))[:1]:
            yield one, other.reshape(-1)


def _is_answer(name: str) -> bool:
    return name.lower()[:1] in "yt" or any(word in name.lower() for word in ("label", "target", "minutes", "answer"))


def _predictor(
    parameters: Sequence[Parameter], values: torch.Tensor, names: Mapping[str, Any], features: int, dims: int
) -> Any:
    """A function from inputs to outputs; None where no model of the namespace has these parameters."""
    tensors = [one.tensor() for one in parameters]
    modules = outermost([(name, one) for name, one in names.items() if isinstance(one, nn.Module)])
    for _, model in modules:
        own = list(model.parameters())
        places = [next((at for at, other in enumerate(tensors) if other is one), None) for one in own]
        if not own or None in places or not _takes(own, features):
            continue
        twin = copy.deepcopy(model).eval()
        pieces = _pieces(parameters, values)
        with torch.no_grad():
            for target, place in zip(twin.parameters(), places):
                if place is None or place >= len(pieces):
                    return None
                target.copy_(pieces[place].reshape(target.shape))
        return twin
    return _by_hand(parameters, values, features)


def _by_hand(parameters: Sequence[Parameter], values: torch.Tensor, features: int) -> Any:
    """`W x + b` from two variables, where one is called like a height."""
    pieces = dict(zip((one.name for one in parameters), _pieces(parameters, values)))
    heights = [name for name in pieces if name.lower() in ("b", "bias", "b0", "intercept", "height", "c")]
    slopes = [name for name in pieces if name not in heights]
    if (
        len(heights) != 1
        or len(slopes) != 1
        or pieces[slopes[0]].numel() != features
        or pieces[heights[0]].numel() != 1
    ):
        return None
    slope, height = pieces[slopes[0]], pieces[heights[0]]
    return lambda inputs: inputs.reshape(len(inputs), -1) @ slope.reshape(-1, 1) + height.reshape(1)


def _pieces(parameters: Sequence[Parameter], values: torch.Tensor) -> List[torch.Tensor]:
    found, at = [], 0
    for one in parameters:
        size = math.prod(one.shape)
        if at + size > values.numel():
            break
        found.append(values[at : at + size])
        at += size
    return found


def _takes(parameters: Sequence[torch.Tensor], features: int) -> bool:
    first = next((one for one in parameters if one.dim() == 2), None)
    return first is not None and first.shape[1] == features


def _line(inputs: torch.Tensor, outputs: torch.Tensor, predict: Any) -> Dict[str, Any]:
    flat = inputs.reshape(-1)
    low, high = float(flat.min()), float(flat.max())
    if not low < high:
        return {}
    xs = torch.linspace(low, high, CURVE)
    ys = predict(xs.reshape(-1, 1)).reshape(CURVE, -1)[:, 0].float()
    step = max(1, len(flat) // POINTS)
    return {
        "kind": "line",
        "x": [number(one) for one in flat[::step].tolist()][:POINTS],
        "y": [number(one) for one in outputs[::step].float().tolist()][:POINTS],
        "curve_x": [number(one) for one in xs.tolist()],
        "curve_y": [number(one) for one in ys.tolist()],
    }


def _map(inputs: torch.Tensor, outputs: torch.Tensor, predict: Any) -> Dict[str, Any]:
    low, high = inputs.min(0).values, inputs.max(0).values
    if not bool((low < high).all()):
        return {}
    margin = (high - low) * _MARGIN
    low, high = low - margin, high + margin
    across = torch.linspace(float(low[0]), float(high[0]), WIDE)
    down = torch.linspace(float(high[1]), float(low[1]), HIGH)
    grid = torch.stack([across.repeat(HIGH), down.repeat_interleave(WIDE)], 1)
    found = predict(grid).reshape(len(grid), -1).float()
    classes = sorted(set(outputs.tolist()))
    if len(classes) > 6:
        return {}
    if found.shape[1] > 1:
        levels = found.argmax(1) * 2 * LEVELS // max(1, found.shape[1] - 1) - LEVELS
    else:
        share = found[:, 0] if bool(((found >= 0) & (found <= 1)).all()) else found[:, 0].sigmoid()
        levels = ((share - 0.5) * 2 * LEVELS).round().to(torch.int)
    letters = "".join(chr(ord("a") + LEVELS + int(one)) for one in levels.clamp(-LEVELS, LEVELS).tolist())
    step = max(1, len(inputs) // POINTS)
    places = ((inputs[::step] - low) / (high - low)).clamp(0, 1)
    return {
        "kind": "map",
        "cells": [letters[at : at + WIDE] for at in range(0, len(letters), WIDE)],
        "points": [
            [round(x * (WIDE - 1)), round((1 - y) * (HIGH - 1)), classes.index(label)]
            for (x, y), label in zip(places.tolist(), outputs[::step].tolist())
        ][:POINTS],
        "classes": [str(one)[:8] for one in classes],
    }


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    with torch.random.fork_rng(devices=[]), contextlib.redirect_stdout(io.StringIO()):
        yield
