"""Time travel: one step of one of the last runs: loss, gradients, parameters and, where it can be drawn, the fit."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import torch

from tutor.kernel.texts import clean
from tutor.kernel.xray.fit import fit
from tutor.kernel.xray.reports import Row, magnitude, number
from tutor.kernel.xray.steps import Frame, Steps

MAX_RUNS = 3
MAX_ROWS = 24
MAX_VALUES = 6
"""Runs that are kept, parameters that are told of, and numbers of each."""


class Travel:
    """The steps of the last runs that took any, the newest first."""

    def __init__(self) -> None:
        self._runs: List[Steps] = []

    def add(self, steps: Steps) -> None:
        """A run has begun whose steps these will be."""
        self._runs = [steps, *(one for one in self._runs if one.frames)][: MAX_RUNS + 1]

    def thin(self, most: int) -> None:
        """Keep only the newest run, and of its steps so many, evenly, the first and the last among them."""
        self._runs = [one for one in self._runs if one.frames][:1]
        for steps in self._runs:
            last = len(steps.frames) - 1
            if last >= most:
                steps.frames = [steps.frames[round(at * last / (most - 1))] for at in range(most)]

    def told(self, subject: str, names: Mapping[str, Any]) -> Dict[str, Any]:
        """The report about a subject, "run:frame": how many runs back, and which frame; "" is the newest of all."""
        runs = [one for one in self._runs if one.frames][:MAX_RUNS]
        if not runs:
            return {}
        back, at = _parsed(subject)
        back = min(back, len(runs) - 1)
        steps = runs[back]
        at = len(steps.frames) - 1 if at is None else min(at, len(steps.frames) - 1)
        frame = steps.frames[at]
        return {
            "rows": _rows(steps, frame)[:MAX_ROWS],
            "runs": len(runs),
            "back": back,
            "at": at,
            "passes": [one.step for one in steps.frames],
            "losses": [None if one.loss is None else number(one.loss, 3) for one in steps.frames],
            "fit": fit(steps.parameters, frame.values, names) if frame.values is not None else {},
        }


def _parsed(subject: str) -> Tuple[int, Optional[int]]:
    back, _, at = subject.partition(":")
    return int(back) if back.isdigit() else 0, int(at) if at.isdigit() else None


def _rows(steps: Steps, frame: Frame) -> List[Row]:
    rows: List[Row] = []
    values = _split(frame.values, [one.shape for one in steps.parameters])
    for index, parameter in enumerate(steps.parameters):
        norm = frame.norms[index] if index < len(frame.norms) else None
        row: Row = {"name": clean(parameter.name, 60), "shape": list(parameter.shape)[:12], "norm": magnitude(norm)}
        if index < len(values):
            row["values"] = [number(one) for one in values[index][:MAX_VALUES].tolist()]
        rows.append(row)
    return rows


def _split(values: Optional[torch.Tensor], shapes: Sequence[Tuple[int, ...]]) -> List[torch.Tensor]:
    """The parameters of a frame, as far as it has them: a model that came later is not in it."""
    found, at = [], 0
    for shape in shapes:
        size = math.prod(shape)
        if values is None or at + size > values.numel():
            break
        found.append(values[at : at + size])
        at += size
    return found
