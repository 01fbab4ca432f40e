"""What stands in for PyTorch's two `backward` functions while a run is captured.

Nearly every training loop calls `loss.backward()` on one plain number on the CPU, and that call has a short way here.
`torch.autograd.backward` makes ready for several losses, given gradients, chosen inputs and subclasses of `Tensor`
before it calls the engine, which takes some 10 µs of Python. Nothing of that applies to a plain number, so the engine
is called at once, with the very arguments that it would have got. This pays for the looking: a captured loop takes no
longer than one that nobody watches. All other calls go the long way; so do all in a torch that is not known here.

The functions of this file show up in tracebacks, with its name: frames of `tutor/kernel` are cut there.
"""

from __future__ import annotations

import functools
from sys import _getframe
from types import FrameType
from typing import TYPE_CHECKING, Any, Callable, List, Sequence, Tuple

import torch
from torch.autograd import graph
from torch.compiler import is_compiling
from torch.overrides import has_torch_function_unary

from tutor.kernel.naming import name_of_backward
from tutor.kernel.runseries import Site
from tutor.kernel.unseen import unseen

if TYPE_CHECKING:
    from tutor.kernel.hooks import Hooks

KNOWN = ((2, 6), (2, 13))
"""The oldest and the newest torch whose `autograd.backward` does for a plain number what the short way does."""

MAX_SITES = 4096


def is_known(version: str) -> bool:
    """Whether this torch calls its engine in the way that is known here."""
    try:
        major, minor = map(int, version.split(".")[:2])
    except ValueError:
        return False
    return KNOWN[0] <= (major, minor) <= KNOWN[1] and hasattr(graph, "_engine_run_backward")


class Passes:
    """Sees the backward passes of one process for its `hooks`."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._short = is_known(torch.__version__)

    def install(self) -> None:
        """Take the place of both functions. Once for a process: there is no way back."""
        torch.Tensor.backward = self._of_tensor(torch.Tensor.backward, torch.autograd.backward)
        torch.autograd.backward = self._of_autograd(torch.autograd.backward)

    def _of_tensor(self, original: Callable[..., None], engine: Callable[..., None]) -> Callable[..., None]:
        hooks, short = self._hooks, self._short
        find, put = hooks.sites.get, hooks.queue.append
        dispatch_modes = torch._C._len_torch_dispatch_stack
        transforms = torch._C._are_functorch_transforms_active
        ones_like, like_it = torch.ones_like, torch.preserve_format

        @functools.wraps(original)
        def backward(
            self: torch.Tensor,
            gradient: Any = None,
            retain_graph: Any = None,
            create_graph: Any = False,
            inputs: Any = None,
        ) -> None:
            frame = _getframe(1)
            site = find((id(frame.f_code), frame.f_lasti))
            if (
                site is None
                or hooks.passes >= hooks.due
                or site.variable is not None
                or gradient is not None
                or inputs is not None
                or has_torch_function_unary(self)
                or dispatch_modes()
                or transforms()
                or not (short and self.is_cpu and self.requires_grad)
            ):
                the_long_way(self, frame, gradient, retain_graph, create_graph, inputs)
                return
            try:
                value = self.item()
            except RuntimeError:
                value = None
            if type(value) is not float or value - value:  # no real number, or NaN, or infinite
                the_long_way(self, frame, None, retain_graph, create_graph, None)
                return
            steps = hooks.steps
            graph._engine_run_backward(
                (self,),
                (ones_like(self, memory_format=like_it),),
                create_graph if retain_graph is None else retain_graph,
                create_graph,
                (),
                allow_unreachable=True,
                accumulate_grad=True,
            )
            before = hooks.passes
            if site.seen == before:
                hooks.passes = site.seen = before + 1
            else:  # another loss of the same pass
                site.seen = before
                before -= 1
            put((site, steps, before, value))

        def the_long_way(
            loss: torch.Tensor, frame: FrameType, gradient: Any, retain_graph: Any, create_graph: Any, inputs: Any
        ) -> None:
            if hooks.quiet:
                original(loss, gradient, retain_graph, create_graph, inputs)
                return
            if gradient is not None or has_torch_function_unary(loss) or dispatch_modes():
                self._differentiate(original, frame, loss, gradient, retain_graph, create_graph, inputs)
                return
            problem = None
            try:
                site, value = self._read(loss, frame)
            except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
                problem = error
            steps = hooks.steps
            engine(loss, None, retain_graph, create_graph, inputs=inputs)
            if hooks.passes >= hooks.glance:
                hooks.look(loss, frame)
            if hooks.asked:
                hooks.tell_round(frame)
            hooks.reckon()
            if problem is not None:
                hooks.failed(problem)
                return
            if site.seen == hooks.passes:
                hooks.passes += 1
            site.seen = hooks.passes
            hooks.keep(site, steps, hooks.passes - 1, value)

        return backward

    def _of_autograd(self, original: Callable[..., None]) -> Callable[..., None]:
        hooks = self._hooks

        @functools.wraps(original)
        def backward(
            tensors: Any,
            grad_tensors: Any = None,
            retain_graph: Any = None,
            create_graph: bool = False,
            grad_variables: Any = None,
            inputs: Any = None,
        ) -> None:
            if is_compiling() or hooks.quiet or grad_tensors is not None or grad_variables is not None:
                original(tensors, grad_tensors, retain_graph, create_graph, grad_variables, inputs)
                return
            if not isinstance(tensors, (torch.Tensor, list, tuple)):
                tensors = tuple(tensors)  # an iterator can be read only once
            frame = _getframe(1)
            self._differentiate(original, frame, tensors, None, retain_graph, create_graph, None, inputs)

        return backward

    def _read(self, loss: torch.Tensor, frame: FrameType) -> Tuple[Site, Any]:
        """The site of a loss and its number, a tensor where it is on a device. Whoever looks at losses has seen it."""
        hooks = self._hooks
        witness = hooks.witness
        site = hooks.sites.get((id(frame.f_code), frame.f_lasti)) or self._site(frame)
        number = loss if site.variable is None else site.read(frame, loss)
        value = number.item() if number.is_cpu else number
        if hooks.passes >= witness.due:
            witness.passing(loss, frame, hooks.passes)
        if value is not number and value - value != 0.0 and not witness.broken:
            witness.broke(loss, frame, hooks.passes)
        return site, value

    def _differentiate(self, original: Any, frame: FrameType, tensors: Any, *others: Any) -> None:
        """Several losses, a gradient given, or somebody watching the calls.

        A subclass of `Tensor` may come back to our functions with the same tensor: only the first call is recorded.
        """
        hooks = self._hooks
        found = self._scalars(frame, [tensors] if isinstance(tensors, torch.Tensor) else tensors)
        steps = hooks.steps
        hooks.pause()
        if hooks.passes >= hooks.witness.due and isinstance(tensors, torch.Tensor):
            hooks.witness.passing(tensors, frame, hooks.passes)
        try:
            original(tensors, *others)
        finally:
            hooks.resume()
        if found:
            if found[0][0].seen == hooks.passes:
                hooks.passes += 1
            for site, value in found:
                site.seen = hooks.passes
                hooks.keep(site, steps, hooks.passes - 1, value)
            if hooks.passes > hooks.glance:
                first = tensors if isinstance(tensors, torch.Tensor) else tensors[0]
                hooks.look(first, frame)
            if hooks.asked:
                hooks.tell_round(frame)

    def _scalars(self, frame: FrameType, tensors: Sequence[Any]) -> List[Tuple[Site, Any]]:
        """The scalars of a backward pass with their sites; `[]` where there are none."""
        found = []
        sites = self._hooks.sites
        try:
            with unseen():
                if any(one.numel() == 1 for one in tensors):
                    site = sites.get((id(frame.f_code), frame.f_lasti)) or self._site(frame, len(tensors))
                    for part, tensor in zip(site.parts, tensors):
                        value = tensor if part.variable is None else part.read(frame, tensor)
                        if value.numel() == 1:
                            found.append((part, value.item() if value.is_cpu else value))
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self._hooks.failed(error)
        return found

    def _site(self, frame: FrameType, count: int = 1) -> Site:
        """The site of a call of `backward` on `count` tensors that is seen for the first time in this run."""
        sites = self._hooks.sites
        if len(sites) > MAX_SITES:  # code made anew at each step; its sites find their series again by line
            sites.clear()
        with unseen():
            site = self._hooks.current().train_site(frame, name_of_backward(frame), count)
        sites[(id(frame.f_code), frame.f_lasti)] = site
        return site
