"""Where attention shows itself in a forward pass: its weights go in or out of some layer."""

from __future__ import annotations

from typing import Any, Optional

import torch
from torch import nn

from tutor.kernel.xray.figures import small

_MOST = 1 << 20
"""Numbers of a tensor that is looked at at most."""


def attention_of(module: nn.Module, inputs: Any, output: Any) -> Optional[torch.Tensor]:
    """The attention of the first example and head, (queries, keys), made small; None where this layer has none.

    `nn.MultiheadAttention` gives it away. Where it is written by hand, it mostly comes from an `nn.Softmax`, or goes
    through an `nn.Dropout`; it is known by its rows: nothing below 0, and 1 in all.
    """
    if isinstance(module, nn.MultiheadAttention):
        given = output[1] if isinstance(output, tuple) and len(output) > 1 else None
    elif isinstance(module, nn.Softmax):
        given = output
    elif isinstance(module, nn.Dropout):
        given = inputs[0] if isinstance(inputs, tuple) and inputs else None
    else:
        return None
    if not isinstance(given, torch.Tensor) or given.dim() < 3 or given.shape[-2] < 2 or given.shape[-1] < 2:
        return None
    weights = given.detach().reshape(-1, *given.shape[-2:])[0]
    known = isinstance(module, nn.MultiheadAttention) or (weights.numel() <= _MOST and _is_shared_out(weights))
    return small(weights) if known else None


def _is_shared_out(weights: torch.Tensor) -> bool:
    sums = weights.float().sum(-1)
    return bool((weights >= 0).all()) and bool(torch.allclose(sums, torch.ones_like(sums), atol=1e-3))
