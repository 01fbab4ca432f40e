"""Where a NaN or an infinity in the loss comes from, read from what autograd has kept for the backward pass."""

from __future__ import annotations

import math
from collections import deque
from typing import Any, Callable, Dict, List, Tuple

import torch

_MOST_NODES = 2_000
_MOST_NUMBERS = 1 << 22
_HUGE = 1e8
"""Weights beyond this were spoiled by the steps before."""

_OPERATIONS: Dict[str, Tuple[str, Callable[[torch.Tensor], torch.Tensor], str]] = {
    "Log": ("_saved_self", lambda x: x <= 0, "log"),
    "Log2": ("_saved_self", lambda x: x <= 0, "log"),
    "Log10": ("_saved_self", lambda x: x <= 0, "log"),
    "Sqrt": ("_saved_result", torch.isnan, "sqrt"),
    "Exp": ("_saved_result", torch.isinf, "exp"),
    "Div": ("_saved_other", lambda x: x == 0, "division"),
    "Reciprocal": ("_saved_result", torch.isinf, "division"),
    "Pow": ("_saved_self", lambda x: x < 0, "power"),
}
"""Operations that make what is not finite out of what is: where to look, and for what."""

_INPUTS = (
    "_saved_mat1",
    "_saved_self",
    "_saved_input",
    "_saved_mat2",
    "_saved_other",
    "_saved_weight",
    "_saved_target",
)


def source_of(loss: torch.Tensor) -> Tuple[str, str]:
    """What made a loss that is not finite: ("weights" | "data" | an operation | "", name of the operation's node)."""
    nodes, leaves = _graph(loss)
    if any(_broken(leaf, _HUGE) for leaf in leaves):
        return "weights", ""
    for node in reversed(nodes):  # from the inputs to the loss
        kind = node.name().rpartition("Backward")[0] or node.name()
        if kind in _OPERATIONS:
            attribute, makes_it, words = _OPERATIONS[kind]
            saved = _saved(node, attribute)
            sound = saved is not None and (attribute == "_saved_result" or not _broken(saved))
            whole = kind == "Pow" and float(getattr(node, "_saved_exponent", 1)).is_integer()
            if sound and not whole and bool(makes_it(saved).any()):
                return words, str(node.name())
        for attribute in _INPUTS:
            saved = _saved(node, attribute)
            if saved is not None and not saved.requires_grad and saved.is_leaf and _broken(saved):
                return "data", str(node.name())
    return "", ""


def _graph(loss: torch.Tensor) -> Tuple[List[Any], List[torch.Tensor]]:
    """Nodes in breadth-first order from the loss, and the leaves they end in."""
    nodes: List[Any] = []
    leaves: List[torch.Tensor] = []
    todo = deque([loss.grad_fn])
    seen = {loss.grad_fn}
    while todo and len(nodes) < _MOST_NODES:
        node = todo.popleft()
        if node is None:
            continue
        leaf = getattr(node, "variable", None)
        if leaf is not None:
            leaves.append(leaf)
            continue
        nodes.append(node)
        for other, _ in node.next_functions:
            if other is not None and other not in seen:
                seen.add(other)
                todo.append(other)
    return nodes, leaves


def leaves_of(loss: torch.Tensor) -> List[torch.Tensor]:
    """The tensors that a backward pass from this loss gives gradients to."""
    return _graph(loss)[1]


def _saved(node: Any, attribute: str) -> Any:
    try:
        value = getattr(node, attribute, None)
    except RuntimeError:  # freed, or changed in place since
        return None
    return value if isinstance(value, torch.Tensor) and value.is_floating_point() else None


def _broken(tensor: torch.Tensor, limit: float = math.inf) -> bool:
    """Whether a tensor holds NaN, or a number that is not below `limit`."""
    return 0 < tensor.numel() <= _MOST_NUMBERS and not bool((tensor.abs() < limit).all())
