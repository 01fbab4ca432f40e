"""Looks at the first steps of a training loop, and at few of the later ones, on the training thread.

Each look takes some microseconds up to a millisecond; between looks a comparison of integers is all that is left. No
look changes anything: gradients and weights are only read, nothing is kept alive, and an error ends the looking.
"""

from __future__ import annotations

import ast
import linecache
import sys
import weakref
from types import CodeType, FrameType, FunctionType
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Set, Tuple

import torch
from torch import nn

from tutor.kernel.autopsy.comparisons import Comparisons
from tutor.kernel.autopsy.models import found, two_faced
from tutor.kernel.autopsy.nonfinite import leaves_of, source_of
from tutor.kernel.autopsy.reading import Reading, read
from tutor.kernel.naming import parse_around
from tutor.kernel.unseen import unseen
from tutor.kernel.xray.names import Names
from tutor.runner.protocol.parts import Fact

NEVER = sys.maxsize
EVERY = 16
"""So many first passes, and the steps between them, are looked at; later ones at powers of two."""

_MOST_OPTIMIZERS = 64

_SAMPLE = 8
"""Leaves of a pass that are looked at, and elements of each for a mark of its values."""

_ELEMENTS = 512


class Pass(NamedTuple):
    """A backward pass as it was about to begin, `number` from 0. `stale` and `marks` are by the id of a leaf."""

    site: Tuple[int, int]
    number: int
    stale: Dict[int, bool]
    marks: Dict[int, float]
    leaves: FrozenSet[int]
    training: Dict[str, bool]


class Step(NamedTuple):
    """A step of an optimizer, just after it, when there had been so many `passes`, the last one from `site`.

    `optimizer` is a number of ours, for ids are used again. `early` steps belong to the first passes, of which none
    was missed; `reached` tells whether any pass since the step before came to the optimizer's weights. `empty` holds
    the ids of the parameters that had no gradient, `full` those that had one, `zero` tells whether all of these were
    zeros.
    """

    optimizer: int
    passes: int
    early: bool
    reached: bool
    site: Optional[Tuple[int, int]]
    empty: FrozenSet[int]
    full: FrozenSet[int]
    zero: bool


class Site:
    """A place from which `backward` is called."""

    def __init__(self, frame: FrameType, loss: torch.Tensor) -> None:
        self.line = frame.f_lineno
        self.reading: Reading = read(frame)
        self.leaves: List[weakref.ref[torch.Tensor]] = []
        self.ids: FrozenSet[int] = frozenset()
        self.see(loss)

    def see(self, loss: torch.Tensor) -> None:
        """Take in the leaves of a pass."""
        leaves = leaves_of(loss)
        self.ids = frozenset(map(id, leaves))
        chosen = leaves[:: max(1, len(leaves) // _SAMPLE)][:_SAMPLE]
        self.leaves = [weakref.ref(leaf) for leaf in chosen]


class Witness:
    """Sees one run. `due` and `due_step` are read by the hooks: from that pass, or step, on they call.

    `skip` is how many further losses they compute without calling; they count it down.
    """

    def __init__(self) -> None:
        self.due = self.due_step = self.skip = NEVER
        self.begin(frozenset(), {}, watch=False)

    def begin(self, files: FrozenSet[str], names: Mapping[str, Any], watch: bool = True) -> None:
        """A run begins; `files` are the learner's, `names` is the namespace as it is before."""
        self._files = files
        self._names = names
        self._known = {id(one) for one in names.values() if isinstance(one, torch.optim.Optimizer)}
        self.sites: Dict[Tuple[int, int], Site] = {}
        self.passes: List[Pass] = []
        self.steps: List[Step] = []
        self.parameters: Dict[int, Tuple[str, float, FrozenSet[int]]] = {}
        self.optimizers: Dict[int, Tuple[str, bool, FrozenSet[int]]] = {}
        self.named: Dict[int, str] = {}
        self.facts: List[Fact] = []
        self.comparisons = Comparisons(self._say, files)
        self.skip = 0 if watch else NEVER
        self._said: Set[Tuple[str, int]] = set()
        self._serials: Dict[int, Tuple[weakref.ref[torch.optim.Optimizer], int, int]] = {}
        self._count = self._stepped = 0
        self.broken = False
        self.due = self.due_step = 0 if watch else NEVER

    def stop(self) -> None:
        """Look no more."""
        self.due = self.due_step = self.skip = NEVER

    def forget(self) -> None:
        """Let go of everything that belongs to the run."""
        self.begin(frozenset(), {}, watch=False)

    def _say(self, kind: str, line: int, *names: str, numbers: Tuple[float, ...] = ()) -> None:
        if (kind, line) not in self._said and len(self._said) < 40:
            self._said.add((kind, line))
            self.facts.append(Fact(kind, line, names, numbers))

    def _safely(self, look: Callable[[], None]) -> None:
        try:
            with unseen(), torch.no_grad():
                look()
        except Exception:  # noqa: BLE001  telemetry never breaks the learner's code
            self.stop()

    def bodies(self) -> List[ast.AST]:
        """The learner's `forward` methods and functions that the namespace holds, as trees."""
        trees: List[ast.AST] = []
        for value in list(self._names.values()):
            function = value if isinstance(value, FunctionType) else getattr(type(value), "forward", None)
            code = getattr(function, "__code__", None)
            if code is not None and code.co_filename in self._files:
                tree = parse_around(linecache.getlines(code.co_filename), code.co_firstlineno)
                trees += [one for one in ast.walk(tree or ast.Module([], [])) if _is(one, code)]
        return trees[:16]

    # What the hooks call.

    def passing(self, loss: torch.Tensor, frame: FrameType, number: int) -> None:
        """Pass `number` is about to begin."""
        self._safely(lambda: self._pass(loss, frame))
        self._count += 1
        if self._count >= EVERY:
            self.due = max(self.due, number + 1, 2 * number)

    def stepped(self, optimizer: torch.optim.Optimizer, steps: int) -> None:
        """An optimizer has stepped, the `steps`-th time."""
        self._safely(lambda: self._step(optimizer))
        self._stepped += 1
        if self._stepped >= 2 * EVERY:
            self.due_step = max(self.due_step, steps + 1, 2 * steps)

    def compared(self, name: str, args: Tuple[Any, ...], frame: FrameType) -> None:
        """The loss function `name` is about to be called."""
        training = torch.is_grad_enabled()
        self.skip = self.comparisons.pause()
        self._safely(lambda: self.comparisons.see(name, args, frame, training))

    def broke(self, loss: torch.Tensor, frame: FrameType, number: int) -> None:
        """The loss of a pass is not finite, for the first time."""
        self.broken = True
        own = self._own(frame)
        if own is not None:
            self._safely(lambda: self._say("not-finite", own.f_lineno, *source_of(loss), numbers=(float(number),)))

    # Looks.

    def _own(self, frame: Optional[FrameType]) -> Optional[FrameType]:
        """The learner's innermost frame."""
        while frame is not None and frame.f_code.co_filename not in self._files:
            frame = frame.f_back
        return frame

    def _pass(self, loss: torch.Tensor, frame: FrameType) -> None:
        number = self._count
        own = self._own(frame)
        if own is None:
            return
        key = (id(own.f_code), own.f_lasti)
        site = self.sites.get(key)
        if site is None:
            if len(self.sites) >= 16:
                return
            site = self.sites[key] = Site(own, loss)
            self._around(site, own)
        else:
            site.see(loss)
        leaves = [leaf for leaf in (one() for one in site.leaves) if leaf is not None]
        stale = {id(leaf): leaf.grad is not None and bool(leaf.grad.count_nonzero()) for leaf in leaves}
        marks = {id(leaf): _mark(leaf) for leaf in leaves}
        self.passes.append(Pass(key, number, stale, marks, site.ids, self._modes(site, own)))
        if number >= 3:
            self._keeping(site, own)
        for left, right, line in site.reading.differences:
            self.comparisons.shapes(found(left, own), found(right, own), line, left, right)

    def _around(self, site: Site, frame: FrameType) -> None:
        """Once for a site: the names of its leaves, and the optimizers that are in sight."""
        names = Names(self._names)
        for key, one in names.parameters(frame, self._files).items():
            self.named.setdefault(key, one.name)
        for scope in names.scopes(frame, self._files):
            values = list(scope.items())
            owner = scope.get("self")
            values += list(getattr(owner, "__dict__", {}).items()) if owner is not None else []
            for name, value in values:
                if isinstance(value, torch.optim.Optimizer):
                    self.optimizers.setdefault(id(value), (name, id(value) not in self._known, _ids(value)))

    def _modes(self, site: Site, frame: FrameType) -> Dict[str, bool]:
        """Models that are called at a site and hold layers that know training from evaluation -> their mode."""
        modes = {}
        for name in site.reading.models[:32]:
            model = found(name, frame)
            if isinstance(model, nn.Module) and any(map(two_faced, model.modules())):
                modes[name] = model.training
        return modes

    def _keeping(self, site: Site, frame: FrameType) -> None:
        """Losses that are kept with their graph, in a list or in a sum."""
        reading = site.reading
        backwards = {name for name, method, _ in reading.calls if method == "backward"}
        for name, what, line in reading.kept:
            value = found(name, frame)
            if what in backwards and type(value) is list and len(value) > 1 and _in_graph(value[-1]):
                self._say("loss-kept", line, name, what)
        for name, what, line in reading.sums:
            if what in backwards and name not in backwards and _in_graph(found(name, frame)):
                self._say("loss-summed", line, name, what)

    def _step(self, optimizer: torch.optim.Optimizer) -> None:
        empty: Set[int] = set()
        full: Set[int] = set()
        for group in optimizer.param_groups:
            for one in group["params"]:
                (empty if one.grad is None else full).add(id(one))
        sample = [one for group in optimizer.param_groups for one in group["params"] if one.grad is not None][:_SAMPLE]
        zero = bool(sample) and not any(bool(one.grad.count_nonzero()) for one in sample if one.grad is not None)
        known = self._serials.get(id(optimizer))
        if known is None or known[0]() is not optimizer:
            if len(self.parameters) >= _MOST_OPTIMIZERS:
                return
            known = self._serials[id(optimizer)] = (weakref.ref(optimizer), len(self.parameters), self._count)
            rate = optimizer.param_groups[0].get("lr", 0.0) if optimizer.param_groups else 0.0
            self.parameters[known[1]] = (type(optimizer).__name__, float(rate), _ids(optimizer))
        _, serial, before = known
        self._serials[id(optimizer)] = (known[0], serial, self._count)
        since = [one for one in self.passes if one.number >= before]
        mine = self.parameters[serial][2]
        reached = len(since) < self._count - before or any(one.leaves & mine for one in since)
        last = self.passes[-1].site if self.passes else None
        early = self._count < EVERY
        step = Step(serial, self._count, early, reached, last, frozenset(empty), frozenset(full), zero)
        self.steps.append(step)


def _is(node: ast.AST, code: CodeType) -> bool:
    """Whether a node is the definition that a code object was made from."""
    if not isinstance(node, ast.FunctionDef) or node.name != code.co_name:
        return False
    return min([node.lineno, *(one.lineno for one in node.decorator_list)]) == code.co_firstlineno


def _ids(optimizer: torch.optim.Optimizer) -> FrozenSet[int]:
    return frozenset(id(one) for group in optimizer.param_groups for one in group["params"])


def _in_graph(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.grad_fn is not None


def _mark(tensor: torch.Tensor) -> float:
    """A number that changes when the tensor does."""
    flat = tensor.detach()
    flat = flat.reshape(-1)[:_ELEMENTS] if tensor.is_contiguous() else flat.flatten()[:_ELEMENTS]
    weights = torch.arange(1, flat.numel() + 1, dtype=torch.float64, device=flat.device)
    return float((flat.double() * weights).sum()) if not flat.is_complex() else float(flat.abs().double().sum())
