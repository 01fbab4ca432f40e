"""The variables of the learner's namespace and functions: what each one is, and whether the last run changed it."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Dict, Iterable, List, Mapping, Tuple

import torch
from torch import nn

from tutor.kernel.texts import clean
from tutor.kernel.unseen import unseen
from tutor.kernel.xray.reports import Row, number
from tutor.kernel.xray.scope import Held

MAX_ROWS = 120
_TEXT = 60
_CONTAINERS = (list, tuple, dict, set, frozenset)
_NO_DATA = (ModuleType, FunctionType, BuiltinFunctionType, type)


class Variables:
    """Describes a namespace, again and again, and marks what is not as it was at the time of the run before."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._before: Dict[str, Tuple[Any, ...]] = {}
        self._marks: Dict[str, str] = {}
        self._order: Dict[str, int] = {}
        self._preset = frozenset(names)
        self._looked = False
        self.stale = True
        """Whether something has run since `ran` was called."""

    def ran(self, used: List[str]) -> None:
        """Code has run that uses these names: they come first, and what changed since the last call is marked."""
        self.stale = False
        self.use(used)
        now = {name: _signature(value) for name, value in self._shown()}
        before, first = self._before, not self._looked
        changed = [name for name, signature in now.items() if not first and before.get(name) != signature]
        self._marks = {name: "new" if name not in before else "changed" for name in changed}
        self._before, self._looked = now, True

    def use(self, used: List[str]) -> None:
        """These names come first from now on."""
        fresh = set(used)
        self._order = {name: at for at, name in enumerate([*used, *(n for n in self._order if n not in fresh)])}

    def rows(self, functions: Mapping[str, Held]) -> List[Row]:
        """A row for each variable: those used by the last run first, in the order in which it names them.

        `functions` are those that functions hold: they stand before the namespace's own, and in place of those that
        have their names. "in" of a row is the function.
        """
        shown = self._sorted((name, value) for name, value in self._shown() if name not in functions)
        local = self._sorted((name, held.value) for name, held in functions.items() if _is_shown(name, held.value))
        rows = [
            {"name": clean(name, _TEXT), **_described(value), "in": clean(functions[name].function, _TEXT)}
            for name, value in local
        ]
        rows += [{"name": clean(name, _TEXT), **_described(value), **self._mark(name)} for name, value in shown]
        return rows[:MAX_ROWS]

    def _sorted(self, pairs: Iterable[Tuple[str, Any]]) -> List[Tuple[str, Any]]:
        last = len(self._order)
        return sorted(pairs, key=lambda pair: self._order.get(pair[0], last))

    def _mark(self, name: str) -> Row:
        return {"mark": self._marks[name]} if name in self._marks else {}

    def _shown(self) -> List[Tuple[str, Any]]:
        pairs = [pair for pair in list(self._names.items()) if pair[0] not in self._preset and _is_shown(*pair)]
        return pairs[:MAX_ROWS]


def _is_shown(name: Any, value: Any) -> bool:
    """Whether it is the learner's data."""
    if not isinstance(name, str) or name[:1] == "_" or name == "self":
        return False
    return type(value) not in _NO_DATA and not isinstance(value, type)


def _described(value: Any) -> Row:
    """What kind of thing it is, in the words of its kind."""
    try:
        with unseen():
            if isinstance(value, torch.Tensor):
                return _tensor(value)
            if isinstance(value, nn.Module):
                return _module(value)
            if isinstance(value, torch.optim.Optimizer):
                rates = sorted({float(group["lr"]) for group in value.param_groups})
                said = "lr " + ", ".join(f"{rate:g}" for rate in rates[:4])
                return {"kind": "optimizer", "type": type(value).__name__, "text": said}
            return _plain(value)
    except Exception:  # noqa: BLE001  the learner's own classes may do anything when they are asked
        return {"kind": "other", "type": clean(type(value).__name__, _TEXT)}


def _tensor(value: torch.Tensor) -> Row:
    row: Row = {
        "kind": "tensor",
        "shape": list(value.shape)[:12],
        "dtype": str(value.dtype).replace("torch.", ""),
        "device": str(value.device),
        "leaf": value.is_leaf,
        "needs": value.requires_grad,
        "grad": value.is_leaf and value.grad is not None,
    }
    if type(value) is not torch.Tensor:
        row["type"] = clean(type(value).__name__, _TEXT)
    if value.numel() == 1 and value.is_cpu and not value.is_complex() and value.layout is torch.strided:
        row["text"] = str(number(value.item()))
    return row


def _module(value: nn.Module) -> Row:
    parameters = list(value.parameters())
    return {
        "kind": "module",
        "type": clean(type(value).__name__, _TEXT),
        "parameters": sum(one.numel() for one in parameters),
        "frozen": sum(one.numel() for one in parameters if not one.requires_grad),
        "training": bool(value.training),
        "device": ", ".join(sorted({str(one.device) for one in parameters})),
    }


def _plain(value: Any) -> Row:
    kind = type(value)
    row: Row = {"kind": "other", "type": clean(kind.__name__, _TEXT)}
    if kind is bool or value is None or kind is float or (kind is int and value.bit_length() < 200):
        row.update(kind="number", text=clean(repr(value), _TEXT))
    elif kind is str:
        row.update(kind="text", text=clean(repr(value[:_TEXT]), _TEXT), length=len(value))
    elif kind in _CONTAINERS:
        row["length"] = len(value)
        held = {type(one) for one in (value.values() if kind is dict else list(value)[:1000])} if value else set()
        if len(held) == 1:
            row["held"] = clean(held.pop().__name__, _TEXT)
    elif kind is torch.device or kind is torch.dtype or kind is torch.Size:
        row["text"] = clean(str(value), _TEXT)
    elif isinstance(value, torch.utils.data.DataLoader):
        row["text"] = f"{len(value)} batches of {value.batch_size}"
    elif isinstance(value, torch.utils.data.Dataset):
        row["length"] = len(value)
    return row


def _signature(value: Any) -> Tuple[Any, ...]:
    """What is not the same any more when something was assigned or changed in place."""
    try:
        with unseen():
            if isinstance(value, torch.Tensor):
                return (
                    id(value),
                    None if value.is_inference() else value._version,
                    value.is_leaf and value.grad is None,
                )
            if isinstance(value, nn.Module):
                versions = [one._version for one in value.parameters() if not one.is_inference()]
                return (id(value), sum(versions), value.training)
            if type(value) in (int, float, bool, str):
                return (repr(value),)  # NaN is not equal to itself
            if type(value) in _CONTAINERS:
                return (id(value), len(value))
    except Exception:  # noqa: BLE001  the learner's own classes may do anything when they are asked
        pass
    return (id(value),)
