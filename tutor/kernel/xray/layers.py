"""The layers of the models that run: what goes into each and what comes out, and the numbers that leave it.

PyTorch's global forward hooks are there for a few forward passes only, and only when somebody looks. No tensor is kept:
of each only its shape, and a few figures of some 16,384 of its numbers.
"""

from __future__ import annotations

import functools
import threading
import weakref
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import nn
from torch.compiler import is_compiling
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from tutor.kernel.texts import clean
from tutor.kernel.unseen import unseen
from tutor.kernel.xray.attention import attention_of
from tutor.kernel.xray.figures import figures
from tutor.kernel.xray.reports import Row

MAX_MODELS = 4
MAX_LAYERS = 80
MAX_PASSES = 6
"""So many forward passes at most are watched in one go."""


class _Call(NamedTuple):
    """A layer whose forward is running."""

    module: nn.Module
    row: Optional[Row]
    figures: Row


class LayerWatch:
    """Watches forward passes of the thread that made it, from `arm` to `disarm`. `name_of` names a whole model.

    `begins` is called when a forward pass of one begins.
    """

    def __init__(self, name_of: Callable[[nn.Module], str], begins: Callable[[], None]) -> None:
        self.attention: Dict[str, torch.Tensor] = {}
        """The attention weights of the last watched pass, made small: (queries, keys), by layer."""
        self._name_of = name_of
        self._begins = begins
        self._models: Dict[int, List[Tuple[Row, Row]]] = {}
        self._names: Dict[int, str] = {}
        self._stack: List[_Call] = []
        self._handles: List[Any] = []
        self._compile: Optional[Callable[..., Any]] = None
        self.compiled = False
        """Whether something is compiled in this run: its layers cannot be seen, and PyTorch warns of our hooks."""
        self._passes = 0
        self._given: Callable[[], Optional[torch.Tensor]] = lambda: None
        self._thread = threading.get_ident()

    def shapes(self) -> List[Row]:
        """A row for each layer, model after model, in the order in which they were called."""
        return [row for rows in self._models.values() for row, _ in rows]

    def figures(self) -> List[Row]:
        """The figures of what left each layer; "from" has those of what came in."""
        return [
            {"name": row["name"], "type": row["type"], **found}
            for rows in self._models.values()
            for row, found in rows
            if found
        ]

    def forget(self, compiled: bool = False) -> None:
        """Another run begins; `compiled` tells that there is a compiled model already."""
        self.disarm()
        self.compiled = compiled
        self._models.clear()
        self.attention.clear()

    def arm(self, passes: int = MAX_PASSES) -> None:
        """Watch so many forward passes from now on."""
        self._passes = passes
        self._stack.clear()
        if not self._handles and not self.compiled:
            self._handles = [register_module_forward_pre_hook(self._before), register_module_forward_hook(self._after)]
            self._stand_in_for_compile()

    def disarm(self) -> None:
        """Watch no more. A layer that has begun and not ended has failed."""
        for handle in self._handles:
            handle.remove()
        self._handles = []
        if self._compile is not None and torch.compile is self._stand_in:
            torch.compile = self._compile
        self._compile = None
        for call in self._stack:
            if call.row is not None:
                call.row["failed"] = True
        self._stack.clear()

    def _stand_in_for_compile(self) -> None:
        original = self._compile = torch.compile

        @functools.wraps(original)
        def compile(*args: Any, **options: Any) -> Any:
            self.compiled = True
            self.disarm()
            return original(*args, **options)

        self._stand_in = torch.compile = compile

    def _before(self, module: nn.Module, inputs: Any) -> None:
        if is_compiling() or threading.get_ident() != self._thread or not self._handles:
            return
        try:
            with unseen():
                self._enter(module, inputs)
        except Exception:  # noqa: BLE001  looking at a program never breaks it
            self._stack.append(_Call(module, None, {}))

    def _after(self, module: nn.Module, inputs: Any, output: Any) -> None:
        if is_compiling() or threading.get_ident() != self._thread or not self._stack:
            return
        while self._stack and self._stack[-1].module is not module:
            self._stack.pop()  # its forward raised, and somebody caught it
        if not self._stack:
            return
        call = self._stack.pop()
        try:
            if call.row is not None:
                with torch.no_grad(), unseen():
                    self._leave(call, call.row, inputs, output)
        except Exception:  # noqa: BLE001  looking at a program never breaks it
            pass
        if not self._stack:
            self._passes -= 1
            if self._passes <= 0:
                self.disarm()

    def _enter(self, module: nn.Module, inputs: Any) -> None:
        if not self._stack:
            self._begin_pass(module)
        root = self._stack[0].module if self._stack else module
        rows = self._models.get(id(root))
        row: Optional[Row] = None
        found: Row = {}
        if rows is not None and len(rows) < MAX_LAYERS:
            name = self._names.get(id(module), "")
            row, found = next((one for one in rows if one[0]["name"] == name), (None, found))
            if row is None:
                row = _described(module, name, len(self._stack))
                rows.append((row, found))
            row["calls"] += 1
            if row["calls"] == 1:
                row["in"] = _shapes(inputs)
        self._stack.append(_Call(module, row, found))

    def _begin_pass(self, root: nn.Module) -> None:
        self._begins()
        if id(root) not in self._models and len(self._models) >= MAX_MODELS:
            return
        name = clean(self._name_of(root), 40)
        self._names = {
            id(one): f"{name}.{path}" if path else name for path, one in root.named_modules(remove_duplicate=True)
        }
        self._models[id(root)] = []

    def _leave(self, call: _Call, row: Row, inputs: Any, output: Any) -> None:
        row["out"] = _shapes(output)
        attention = attention_of(call.module, inputs, output)
        if attention is not None:
            self.attention[row["name"]] = attention
        given = output[0] if isinstance(output, tuple) and output else output  # as recurrent layers and attention do
        whole = not row["parts"] or isinstance(call.module, nn.MultiheadAttention)
        if whole and isinstance(given, torch.Tensor) and given.dim():
            call.figures.update(figures(given, row["type"]))
            first = inputs[0] if isinstance(inputs, tuple) and inputs else None
            if isinstance(first, torch.Tensor) and first is not self._given():  # else it is what the layer before gave
                call.figures["from"] = figures(first, "")
            self._given = weakref.ref(given)


def _described(module: nn.Module, name: str, depth: int) -> Row:
    own = list(module.parameters())
    return {
        "name": clean(name, 60),
        "type": clean(type(module).__name__, 40),
        "depth": min(depth, 12),
        "parts": len(list(module.children())),
        "parameters": sum(one.numel() for one in own),
        "in": "",
        "out": "",
        "calls": 0,
    }


def _shapes(value: Any) -> str:
    """The shapes in what a layer takes or gives: "(32, 10)", "(32, 5), (2, 5)"."""
    if isinstance(value, torch.Tensor):
        return str(tuple(value.shape))
    if isinstance(value, (tuple, list)):
        parts = [_shapes(one) for one in value[:3]] + (["…"] if len(value) > 3 else [])
        return ", ".join(part for part in parts if part)
    return clean(type(value).__name__, 20) if value is not None else ""
