"""What a tensor of activations looks like in a few numbers."""

from __future__ import annotations

import torch

from tutor.kernel.xray.reports import Row, number

MOST = 1 << 14
"""Numbers that are looked at; of a larger tensor every so manieth example."""

_SATURATED = {"Tanh": (-0.99, 0.99), "Sigmoid": (0.01, 0.99), "Hardtanh": (-0.99, 0.99), "Hardsigmoid": (0.01, 0.99)}
"""Where the slope of an activation function is nearly 0: outside of these bounds."""


def figures(values: torch.Tensor, kind: str) -> Row:
    """Mean, standard deviation, share of zeros, of dead units and, for some kinds of layer, of saturated values.

    A unit is an entry of the last dimension, and a channel where there are four dimensions; it is dead when it is 0 for
    every example that is looked at.
    """
    values = values.detach()
    if not values.is_floating_point() or not values.numel() or values.is_meta or values.layout is not torch.strided:
        return {}
    if values.numel() > MOST and values.dim() > 1:
        values = values[:: max(1, values.numel() // MOST + 1)]
    if values.numel() > 4 * MOST:
        values = values.reshape(-1)[:: values.numel() // MOST + 1]
    values = values.float()
    zero = values == 0
    found: Row = {
        "mean": number(float(values.mean())),
        "std": number(float(values.std(correction=0))),
        "least": number(float(values.min())),
        "zeros": number(float(zero.float().mean()), 3),
    }
    if values.dim() >= 2 and values.shape[0] > 1:
        across = [at for at in range(values.dim()) if at != (1 if values.dim() == 4 else values.dim() - 1)]
        dead = zero
        for at in reversed(across):
            dead = dead.all(at)
        found["dead"] = number(float(dead.float().mean()), 3)
        found["units"] = dead.numel()
    if kind in _SATURATED:
        low, high = _SATURATED[kind]
        found["saturated"] = number(float(((values < low) | (values > high)).float().mean()), 3)
    return found


def small(matrix: torch.Tensor, rows: int = 64, columns: int = 64) -> torch.Tensor:
    """A copy of a matrix on the CPU; where it has more rows or columns than this, the greatest value of each patch."""
    values = matrix.detach().to(torch.float32)
    height, width = min(rows, values.shape[0]), min(columns, values.shape[1])
    if values.shape != (height, width):
        values = torch.nn.functional.adaptive_max_pool2d(values[None], (height, width))[0]
    return values.to("cpu", copy=True)
