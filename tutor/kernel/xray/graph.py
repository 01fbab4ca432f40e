"""The autograd graph of a loss as a tree of a few lines, and the parameters that it does not reach."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import torch

from tutor.kernel.texts import clean
from tutor.kernel.xray.cuts import Cut
from tutor.kernel.xray.names import Named
from tutor.kernel.xray.reports import Row
from tutor.kernel.xray.steps import leaves

MAX_NODES = 90
MAX_MISSING = 12


def last_loss(names: Mapping[str, Any]) -> Optional[Tuple[str, torch.Tensor]]:
    """The newest scalar of the namespace that has a graph; one that is called a loss comes first."""
    found = [
        (name, value)
        for name, value in list(names.items())
        if isinstance(value, torch.Tensor) and value.numel() == 1 and value.grad_fn is not None
    ]
    called = [pair for pair in found if "loss" in pair[0].lower()]
    candidates = called or found
    return candidates[-1] if candidates else None


def tree(name: str, loss: torch.Tensor, named: Mapping[int, Named], cuts: Sequence[Cut]) -> Dict[str, Any]:
    """The nodes from the loss down to the leaves, depth first, and what no gradient reaches, with why."""
    reached = {id(leaf) for leaf in leaves(loss)}
    owners = {one.owner for key, one in named.items() if key in reached}
    missing = [one.name for key, one in named.items() if key not in reached and (not one.owner or one.owner in owners)]
    return {
        "rows": _nodes(loss, named),
        "loss": clean(name, 40),
        "missing": [clean(one, 60) for one in missing[:MAX_MISSING]],
        "more": max(0, len(missing) - MAX_MISSING),
        "cuts": [{"line": one.line, "what": clean(one.what, 40)} for one in cuts],
    }


def _nodes(loss: torch.Tensor, named: Mapping[int, Named]) -> List[Row]:
    rows: List[Row] = []
    seen: Dict[Any, bool] = {}
    waiting: List[Tuple[Any, int]] = [(loss.grad_fn, 0)]
    while waiting and len(rows) < MAX_NODES:
        node, depth = waiting.pop()
        if node is None:
            rows.append({"depth": depth, "kind": "none"})
            continue
        leaf = getattr(node, "variable", None)
        if isinstance(leaf, torch.Tensor):
            known = named.get(id(leaf))
            name = known.name if known is not None else "a tensor without a name"
            rows.append({"depth": depth, "kind": "leaf", "name": clean(name, 60), "shape": list(leaf.shape)[:12]})
            continue
        again = seen.setdefault(node, False)
        operation = re.sub(r"Backward\d*$", "", str(node.name()).rpartition("::")[2])
        rows.append({"depth": depth, "kind": "again" if again else "operation", "name": clean(operation, 40)})
        if not again:
            seen[node] = True
            # The deepest path last: what it is made of stands below, and short branches are read first.
            following = [one for one, _ in node.next_functions]
            waiting += [(one, depth + 1) for one in sorted(following, key=_is_inner, reverse=True)]
    return rows


def _is_inner(node: Any) -> int:
    """0 for what ends here, 1 for what goes on."""
    return 0 if node is None or hasattr(node, "variable") else 1
