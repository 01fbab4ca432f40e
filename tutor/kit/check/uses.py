"""What a piece of code makes use of: a walk back through a graph, ready-made modules, optimizers."""

from __future__ import annotations

from typing import Any, Callable, List, NamedTuple

import torch
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.optim.optimizer import register_optimizer_step_pre_hook

from tutor.kit.check.attempts import attempt


class Uses(NamedTuple):
    """What was seen during a call.

    `autograd` tells whether some graph was walked back, by `backward()` or by `torch.autograd.grad`; `ready_made` names
    what did work that could have been written by hand, such as "nn.Linear" and "torch.optim.SGD", each once.
    """

    autograd: bool
    ready_made: List[str]


def uses(call: Callable[[], Any], seed: int = 0) -> Uses:
    """Call something and look what it makes use of; an error that it ends with is no matter here.

        seen = check.uses(lambda: fit(X, y, 0.1, 2))
        assert seen.autograd, "backward() is never called"
        assert not seen.ready_made, f"{seen.ready_made[0]} does the work here"

    Only what is used is seen, not what is merely made. A graph that keeps no tensor for the way back, such as that of
    a sum alone, is walked back unseen.
    """
    kept: List[Any] = []
    ready: List[str] = []

    def take(saved: torch.Tensor) -> torch.Tensor:
        kept.append(None)
        return saved

    def note(where: str, one: Any) -> None:
        name = f"{where}.{type(one).__name__}"
        if type(one).__module__.startswith("torch.") and name not in ready:
            ready.append(name)

    hooks = [
        register_module_forward_pre_hook(lambda module, _: note("nn", module)),
        register_optimizer_step_pre_hook(lambda optimizer, *_: note("torch.optim", optimizer)),
    ]
    try:
        with torch.autograd.graph.saved_tensors_hooks(lambda saved: saved, take):
            attempt(call, seed)
    finally:
        for hook in hooks:
            hook.remove()
    return Uses(bool(kept), ready)
