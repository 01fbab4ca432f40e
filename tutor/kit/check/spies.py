"""A model that notes what is done to it: every forward, backward and optimizer step, in order."""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook


class Forward:
    """One call of the model. `samples` are the numbers of the samples in it, None where some are unknown."""

    def __init__(
        self, samples: Optional[Tuple[int, ...]], inputs: Any, training: bool, weights: Dict[str, Any]
    ) -> None:
        self.samples = samples
        self.inputs = inputs
        self.training = training
        self.with_grad = torch.is_grad_enabled()
        self.weights = weights
        self.output: Any = None
        self.alive = 0
        """How many graphs of earlier calls were still in memory."""


class Backward(NamedTuple):
    """A gradient came back to the output of a call."""

    forward: Forward
    gradient: Any


class Step(NamedTuple):
    """An optimizer of the model's parameters was about to step, with these gradients (None where there is none)."""

    gradients: Tuple[Any, ...]


Event = Union[Forward, Backward, Step]


class Log:
    """What happened to a model. A copy of the model, such as one kept as the best, writes into the same log."""

    def __init__(self, samples: Dict[float, int]) -> None:
        self.samples = samples
        """The number of each sample by its first value."""
        self.events: List[Event] = []
        self.graphs: List[Any] = []

    def __deepcopy__(self, memo: Any) -> Log:
        return self

    def lookup(self, inputs: Any) -> Optional[Tuple[int, ...]]:
        """Which samples a batch consists of."""
        if not torch.is_tensor(inputs) or inputs.ndim == 0 or not inputs.numel():
            return None
        found = [self.samples.get(first) for first in inputs.detach().float().reshape(len(inputs), -1)[:, 0].tolist()]
        return None if None in found else tuple(one for one in found if one is not None)


class _Graph:
    """Lives as long as the graph of one forward call."""


class _Mark(torch.autograd.Function):  # type: ignore[misc]
    """Passes a tensor on and ties a `_Graph` to the graph."""

    @staticmethod
    def forward(ctx: Any, output: Any, graph: _Graph) -> Any:
        """The output as it is."""
        ctx.graph = graph
        return output.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """The gradient as it is."""
        return gradients[0], None


class SpyModel(nn.Module):  # type: ignore[misc]
    """Wraps a network without randomness and writes into a log. It starts in eval mode: nobody promised train mode."""

    def __init__(self, net: nn.Module, log: Log) -> None:
        super().__init__()
        self.net = net
        self._log = log
        self.eval()

    def forward(self, *inputs: Any) -> Any:
        """The network's output for a batch."""
        log = self._log
        with_grad = torch.is_grad_enabled()
        weights = {name: one.detach().clone() for name, one in self.net.named_parameters()} if with_grad else {}
        kept = tuple(one.detach().clone() if torch.is_tensor(one) else one for one in inputs)
        call = Forward(log.lookup(inputs[0]) if inputs else None, kept, self.training, weights)
        log.graphs = [one for one in log.graphs if one() is not None]
        call.alive = len(log.graphs)
        output = self.net(*inputs)
        call.output = output.detach().clone()
        log.events.append(call)
        if output.requires_grad:
            graph = _Graph()
            log.graphs.append(weakref.ref(graph))
            output = _Mark.apply(output, graph)
            output.register_hook(lambda gradient: log.events.append(Backward(call, gradient.detach().clone())))
        return output

    def own_gradients(self, backward: Backward) -> Tuple[Any, ...]:
        """What one backward call alone adds to the gradients of the parameters."""
        call = backward.forward
        with torch.enable_grad():
            weights = {name: one.clone().requires_grad_() for name, one in call.weights.items()}
            output = torch.func.functional_call(self.net, weights, call.inputs)
            return tuple(torch.autograd.grad(output, tuple(weights.values()), backward.gradient))


@contextmanager
def watched_steps(model: SpyModel, log: Log) -> Iterator[None]:
    """Note the steps of every optimizer that has parameters of the model, whoever made it."""

    def note(optimizer: Any, args: Any, kwargs: Any) -> None:
        mine = {id(one) for one in model.parameters()}
        if any(id(one) in mine for group in optimizer.param_groups for one in group["params"]):
            gradients = (None if one.grad is None else one.grad.detach().clone() for one in model.parameters())
            log.events.append(Step(tuple(gradients)))

    handle = register_optimizer_step_pre_hook(note)
    try:
        yield
    finally:
        handle.remove()
