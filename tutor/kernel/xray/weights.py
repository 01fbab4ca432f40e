"""One matrix of the program as a small picture: weights, the filters of a convolution, attention, any tensor."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

import torch
from torch import nn

from tutor.kernel.texts import clean
from tutor.kernel.unseen import unseen
from tutor.kernel.xray.figures import small
from tutor.kernel.xray.names import outermost
from tutor.kernel.xray.reports import number

MAX_SUBJECTS = 60
ROWS, COLUMNS = 48, 64
"""Numbers of a picture at most."""

_TALL = 6
"""A matrix with so many times more rows than columns lies on its side."""

LEVELS = 8
"""Steps of colour on either side of 0."""


def subjects(names: Mapping[str, Any], attention: Mapping[str, torch.Tensor]) -> List[Tuple[str, torch.Tensor]]:
    """What can be drawn: attention, then weights of the models, then other tensors of two to four dimensions."""
    values = list(names.items())
    found = [(f"{name} (attention)", weights) for name, weights in attention.items()]
    models = outermost([(name, value) for name, value in values if isinstance(value, nn.Module)])
    for name, model in models:
        found += [
            (path.replace("_orig_mod.", "") if len(models) == 1 else f"{name}.{path}", one)
            for path, one in model.named_parameters()
            if _drawable(one)
        ]
    tensors = [(name, one) for name, one in values if isinstance(one, torch.Tensor) and name[:1] != "_"]
    with unseen():
        return [*found, *(pair for pair in tensors if _drawable(pair[1]))][:MAX_SUBJECTS]


def picture(chosen: str, names: Mapping[str, Any], attention: Mapping[str, torch.Tensor]) -> Dict[str, Any]:
    """The picture of a subject, or of the first one where there is none of that name."""
    found = subjects(names, attention)
    titles = [clean(name, 60) for name, _ in found]
    if not found:
        return {"subjects": []}
    at = titles.index(chosen) if chosen in titles else 0
    tensor = found[at][1]
    with unseen():
        values = _matrix(tensor.detach())
        lying = values.shape[0] > _TALL * values.shape[1]
        if lying:
            values = values.t()
        finite = values[torch.isfinite(values)]
        least, most = (float(finite.min()), float(finite.max())) if finite.numel() else (0.0, 0.0)
        return {
            "subjects": titles,
            "subject": titles[at],
            "shape": list(tensor.shape),
            "least": number(least),
            "most": number(most),
            "signed": least < 0,
            "lying": lying,
            "cells": _cells(values, least, most),
        }


def _drawable(tensor: torch.Tensor) -> bool:
    return 2 <= tensor.dim() <= 4 and tensor.numel() > 1 and tensor.is_floating_point() and not tensor.is_meta


def _matrix(tensor: torch.Tensor) -> torch.Tensor:
    """Two dimensions: of a batch the first entry, of filters all side by side, with gaps of NaN between them."""
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.dim() == 3:
        tensor = tensor[0]
    if tensor.dim() == 4:
        return _tiles(tensor)
    size = (COLUMNS, ROWS) if tensor.shape[0] > _TALL * tensor.shape[1] else (ROWS, COLUMNS)
    high, low = small(tensor, *size), -small(-tensor, *size)
    return torch.where(high.abs() >= low.abs(), high, low)


def _tiles(filters: torch.Tensor) -> torch.Tensor:
    """Filters (out, in, height, width): a row of tiles for each output; images of a batch with one channel in rows."""
    count, channels, height, width = filters.shape
    if height > ROWS or width > COLUMNS:
        return _matrix(filters[0, 0])
    down, across = max(1, ROWS // (height + 1)), max(1, COLUMNS // (width + 1))
    tiles = filters.reshape(count * channels, height, width)
    per_row = min(across, channels if channels > 1 else max(1, count))
    chosen = tiles[: per_row * down] if channels == 1 else filters[:down, :per_row].reshape(-1, height, width)
    pad, lines = torch.nn.functional.pad, []
    for start in range(0, len(chosen), per_row):
        row = [pad(one.float().cpu(), (0, 1, 0, 1), value=torch.inf) for one in chosen[start : start + per_row]]
        line = torch.cat(row, 1)
        lines.append(pad(line, (0, per_row * (width + 1) - line.shape[1]), value=torch.inf))
    return torch.cat(lines)[:-1, :-1]


def _cells(values: torch.Tensor, least: float, most: float) -> List[str]:
    """A letter for each number, "a" for the least level; "." for a gap and "!" for NaN."""
    span = max(abs(least), abs(most)) if least < 0 else most
    levels = torch.nan_to_num(values / (span or 1.0) * LEVELS, 0.0, 0.0, 0.0).round().clamp(-LEVELS, LEVELS)
    first = ord("a") + LEVELS
    rows = []
    for numbers, broken in zip(levels.to(torch.int).tolist(), values.tolist()):
        rows.append("".join(_letter(first + one, value) for one, value in zip(numbers, broken)))
    return rows


def _letter(code: int, value: float) -> str:
    if value != value:
        return "!"
    return "." if value in (float("inf"), float("-inf")) else chr(code)
