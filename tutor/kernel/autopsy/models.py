"""Looking up the models that a line calls, and how they behave."""

from __future__ import annotations

from types import FrameType
from typing import Any

from torch import nn

from tutor.kernel.frames import variable


def found(name: str, frame: FrameType) -> Any:
    """What a name, or a name with attributes, stands for in a frame; no property is called."""
    first, *rest = name.split(".")
    value = variable(frame, first)
    for part in rest:
        known = getattr(value, "__dict__", None)
        if not isinstance(known, dict):
            return None
        value = known.get(part, known.get("_modules", {}).get(part))
    return value


def two_faced(layer: nn.Module) -> bool:
    """Whether a layer does something else in training than in evaluation."""
    if isinstance(layer, nn.modules.dropout._DropoutNd):
        return float(layer.p) > 0
    return isinstance(layer, nn.modules.batchnorm._BatchNorm)
