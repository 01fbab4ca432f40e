"""Some steps of a training: the loss, the norm of every gradient, and the parameters of small models.

It looks right after a backward pass, when the gradients are there and the parameters are those that the loss was made
with. It takes at most 5 ms and half a percent of a run's time, looks less often the longer the run is, and keeps at
most `MAX_FRAMES` steps. So it can be on whether anybody watches or not, and a run can be looked into after it has
ended; on an accelerator, where reading a number makes the training wait, it is on only for those who watch.
"""

from __future__ import annotations

import math
import time
import weakref
from types import FrameType
from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Set, Tuple

import torch

from tutor.kernel.unseen import unseen
from tutor.kernel.xray.names import Named, Names

MAX_FRAMES = 240
MAX_NUMBERS = 2048
"""Parameters of a model that is small enough for all of them to be kept, frame by frame."""

ALLOWANCE = 0.005
SHARE = 0.005
WATCHED_SHARE = 0.02
"""Seconds of processor time that a run may be delayed by, and the share of its own beyond that."""


class Parameter(NamedTuple):
    """A leaf that learns."""

    name: str
    shape: Tuple[int, ...]
    tensor: Any
    """A weak reference to it."""


class Frame(NamedTuple):
    """One step. `norms` has a number for each parameter, None where there was no gradient."""

    step: int
    loss: float
    norms: Tuple[Optional[float], ...]
    values: Optional[torch.Tensor]


class Steps:
    """The frames of one run, thinned. `names` finds out what the learner calls the parameters."""

    def __init__(self, names: Names, files: FrozenSet[str]) -> None:
        self.parameters: List[Parameter] = []
        self.frames: List[Frame] = []
        self._names = names
        self._files = files
        self._stride = 1
        self._spent = 0.0
        self._began = time.thread_time()
        self._cost = 0.0
        self._looks = 0
        self.passes = math.inf
        """How many there were, when the run is over."""
        self.finds = 0
        """How often it was found out which parameters there are."""

    def look(self, loss: torch.Tensor, frame: Optional[FrameType], step: int, *, watched: bool) -> float:
        """Look at backward pass `step` (from 0), which is over; the number of the next one to look at."""
        began = time.thread_time()
        with torch.no_grad(), unseen():
            self._looks += 1
            if self._stale() or self.milestone or self._idle():  # another model may have come
                self._find(loss, frame)
            if not self.parameters or not (watched or self._on_cpu(loss)):
                return math.inf
            self._take(loss, step)
        now = time.thread_time()
        self._cost = now - began
        self._spent += self._cost
        return max(step + self._stride, self._affordable(step, now, WATCHED_SHARE if watched else SHARE))

    def close(self, step: int) -> None:
        """The run is over after so many passes: the last frame is what parameters and gradients have become."""
        self.passes = step
        if not self.frames or self._stale():
            return
        with torch.no_grad(), unseen():
            last = norms([None if one is None else one.grad for one in self.tensors()])
            self.frames.append(Frame(step, math.nan, last, self._values()))

    def charge(self, seconds: float) -> None:
        """So much more of the run's time was taken."""
        self._spent += seconds

    @property
    def milestone(self) -> bool:
        """Whether the number of looks is 1, 2, 4, 8, …: often in the beginning, and now and then for ever."""
        return self._looks & (self._looks - 1) == 0

    def tensors(self) -> List[Optional[torch.Tensor]]:
        """The parameters themselves, None where one is gone."""
        return [one.tensor() for one in self.parameters]

    def _affordable(self, step: int, now: float, share: float) -> float:
        """The pass at which another look keeps within the share of time, if passes go on as fast as up to now."""
        over = self._spent + self._cost - ALLOWANCE
        elapsed = now - self._began
        if over <= share * elapsed:
            return step
        return step + math.ceil((over / share - elapsed) / (elapsed / (step + 1)))

    def _stale(self) -> bool:
        return not self.parameters or any(one.tensor() is None for one in self.parameters)

    def _idle(self) -> bool:
        """Whether nothing has changed in the parameters between the last two frames: others are trained by now."""
        last = self.frames[-2:]
        return len(last) == 2 and last[0].norms == last[1].norms and any(last[1].norms)

    def _on_cpu(self, loss: torch.Tensor) -> bool:
        tensors = self.tensors()
        return loss.is_cpu and all(one is None or one.is_cpu for one in tensors)

    def _find(self, loss: torch.Tensor, frame: Optional[FrameType]) -> None:
        """Which parameters there are: those that this loss was computed from, and all others of the same models."""
        self.finds += 1
        named = self._names.parameters(frame, self._files)
        reached = {id(leaf): leaf for leaf in leaves(loss)}
        owners = {one.owner for key, one in named.items() if key in reached and one.owner}
        kept = [one for key, one in named.items() if key in reached or one.owner in owners]
        kept += [
            Named(f"parameter {number}", leaf, 0)
            for number, (key, leaf) in enumerate(reached.items(), 1)
            if key not in named
        ]
        known = {one.name: one for one in self.parameters if one.tensor() is not None}
        known.update({one.name: Parameter(one.name, tuple(one.leaf.shape), weakref.ref(one.leaf)) for one in kept})
        self.parameters = list(known.values())

    def _take(self, loss: torch.Tensor, step: int) -> None:
        tensors = self.tensors()
        grads = [None if one is None else one.grad for one in tensors]
        values = self._values()
        self.frames.append(Frame(step, float(loss) if loss.numel() == 1 else math.nan, norms(grads), values))
        if len(self.frames) > MAX_FRAMES:
            self.frames = self.frames[::2]
            self._stride *= 2

    def _values(self) -> Optional[torch.Tensor]:
        tensors = [one for one in self.tensors() if one is not None]
        if len(tensors) < len(self.parameters) or sum(one.numel() for one in tensors) > MAX_NUMBERS:
            return None
        flat = [one.detach().reshape(-1).to("cpu", torch.float32) for one in tensors if not one.is_complex()]
        return torch.cat(flat) if len(flat) == len(tensors) else None


def norms(grads: List[Optional[torch.Tensor]]) -> Tuple[Optional[float], ...]:
    """The Euclidean norm of each gradient."""
    present = [one.detach() for one in grads if one is not None]
    try:
        found = [one.float() for one in torch._foreach_norm(present)] if present else []
    except (RuntimeError, TypeError):  # sparse gradients, or kinds of tensors that cannot be taken together
        found = [(one.coalesce().values() if one.is_sparse else one).float().norm() for one in present]
    devices = {one.device for one in found}
    numbers = iter(torch.stack(found).tolist() if len(devices) == 1 else [float(one) for one in found])
    return tuple(None if one is None else next(numbers) for one in grads)


def leaves(loss: torch.Tensor, most: int = 20_000) -> List[torch.Tensor]:
    """The leaves that a loss was computed from, in the order in which the graph is walked."""
    found: Dict[int, torch.Tensor] = {}
    seen: Set[Any] = set()
    waiting = [loss.grad_fn]
    while waiting and len(seen) < most:
        node: Any = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        leaf = getattr(node, "variable", None)
        if isinstance(leaf, torch.Tensor):
            found[id(leaf)] = leaf
        waiting += [one for one, _ in node.next_functions]
    return list(found.values())
