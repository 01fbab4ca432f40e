"""What stands in for PyTorch's functions while a run is captured: the part of capture on the training thread.

It reads the number and puts it into a queue, which costs less than 1 µs a step: call sites are found by the id of
their code (hashing a code object takes as long as all the rest), devices by `is_cpu` (a comparison of devices takes
ten times as long). Nothing raised here reaches the learner, whose results are the same bits with and without.

The functions of this file show up in tracebacks, with its name: frames of `tutor/kernel` are cut there.
"""

from __future__ import annotations

import functools
import math
import os
import sys
from collections import deque
from types import FrameType
from typing import Any, Callable, Deque, Dict, List, Mapping, Optional, Sequence, Tuple

import torch
from torch.compiler import is_compiling
from torch.optim.optimizer import register_optimizer_step_post_hook
from torch.overrides import has_torch_function_unary

from tutor.kernel import devicescalars, runseries, stepaxis
from tutor.kernel.autopsy import comparisons, nonfinite, reading, witness
from tutor.kernel.autopsy.witness import Witness
from tutor.kernel.devicescalars import DeviceScalars
from tutor.kernel.epochs import Epochs
from tutor.kernel.naming import name_of_backward
from tutor.kernel.runseries import EPOCHS, VALIDATION, Entry, RunSeries, Site, outside
from tutor.kernel.unseen import hide_from_dynamo, unseen

LOSSES = (
    *("binary_cross_entropy", "binary_cross_entropy_with_logits", "cosine_embedding_loss", "cross_entropy"),
    *("ctc_loss", "gaussian_nll_loss", "hinge_embedding_loss", "huber_loss", "kl_div", "l1_loss"),
    *("linear_cross_entropy", "margin_ranking_loss", "mse_loss", "multi_margin_loss", "multilabel_margin_loss"),
    *("multilabel_soft_margin_loss", "nll_loss", "poisson_nll_loss", "smooth_l1_loss", "soft_margin_loss"),
    *("triplet_margin_loss", "triplet_margin_with_distance_loss"),
)
"""Functions of `torch.nn.functional` that compute a loss; the modules of `torch.nn` call them."""

_TORCH = os.path.dirname(torch.__file__) + os.sep
_MAX_SITES = 4096


class Hooks:
    """The hooks of one process and what they have recorded. `run` is None, and `quiet` set, between runs."""

    def __init__(self) -> None:
        self.run: Optional[RunSeries] = None
        self.queue: Deque[Entry] = deque()
        self.device = DeviceScalars(self._arrived)
        self.steps = 0
        self.passes = 0
        self.quiet = True  # nothing is recorded: no run, or a call that comes back to us
        self.problem = ""
        self.glance = math.inf
        """From this backward pass on, `look` is called after one, with its loss and its caller's frame."""
        self.look: Callable[[torch.Tensor, FrameType], None] = lambda loss, frame: None
        self.witness = Witness()
        self._epochs = Epochs(lambda: None if self.quiet else self.passes, self._epoch)
        self._sites: Dict[Any, Site] = {}
        self._stepped: Dict[int, int] = {}  # id of an optimizer -> the step in which it was last seen

    def install(self) -> None:
        """Take the place of PyTorch's functions. Once for a process: there is no way back."""
        self._patch_tensor_backward()
        self._patch_autograd_backward()
        self._patch_losses()
        self._epochs.install()
        register_optimizer_step_post_hook(self._count_step)
        hide_from_dynamo(sys.modules[__name__], runseries, devicescalars, stepaxis)
        hide_from_dynamo(witness, comparisons, reading, nonfinite)

    def start(self, run: RunSeries) -> None:
        """Record from now on, for `run`."""
        self.queue.clear()
        self._sites.clear()
        self._stepped.clear()
        self._epochs.start()
        self.steps = self.passes = 0
        self.problem = ""
        self.run = run
        self.quiet = False

    def stop(self) -> None:
        """Record no more; what waits in the queue stays there."""
        self.quiet = True
        self.run = None
        self.glance = math.inf
        self.witness.stop()

    def log(self, values: Mapping[str, Any], step: Optional[float], frame: FrameType) -> None:
        """Record numbers, or one-element tensors (on devices) under names of the learner's, who calls from `frame`."""
        if self.quiet:
            return
        try:
            for name, value in values.items():
                site = self._sites.get(name)
                if site is None:
                    site = self._sites[name] = self._current().logged_site(frame, name)
                steps, passes = (self.steps, self.passes) if step is None else (None, step)
                self._keep(site, steps, passes, value)
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self.failed(error)

    def _epoch(self, number: int, total: int) -> None:
        """An epoch begins; `total` is how many there will be, where that is news, else 0."""
        run = self._current()
        self.queue.append((run.epoch_site(), self.steps, self.passes, float(number)))
        if total:
            self.queue.append((run.epoch_site(EPOCHS), self.steps, self.passes, float(total)))

    def _patch_tensor_backward(self) -> None:
        original = torch.Tensor.backward
        engine = torch.autograd.backward
        hooks, find, put, getframe = self, self._sites.get, self.queue.append, sys._getframe
        dispatch_modes = torch._C._len_torch_dispatch_stack
        seen_by = self.witness

        @functools.wraps(original)
        def backward(
            self: torch.Tensor,
            gradient: Any = None,
            retain_graph: Any = None,
            create_graph: Any = False,
            inputs: Any = None,
        ) -> None:
            if hooks.quiet:
                original(self, gradient, retain_graph, create_graph, inputs)
                return
            if gradient is not None or has_torch_function_unary(self) or dispatch_modes():
                hooks._differentiate(original, getframe(1), self, gradient, retain_graph, create_graph, inputs)
                return
            problem = None
            try:
                frame = getframe(1)
                site = find((id(frame.f_code), frame.f_lasti)) or hooks._train_site(frame)
                loss = self if site.variable is None else site.read(frame, self)
                value = loss.item() if loss.is_cpu else loss
                if hooks.passes >= seen_by.due:
                    seen_by.passing(self, frame, hooks.passes)
                if value is not loss and value - value != 0.0 and not seen_by.broken:
                    seen_by.broke(self, frame, hooks.passes)
            except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
                problem = error
            steps = hooks.steps
            engine(self, None, retain_graph, create_graph, inputs=inputs)
            if hooks.passes >= hooks.glance:
                hooks.look(self, frame)
            if problem is not None:
                hooks.failed(problem)
                return
            before = hooks.passes
            if site.seen == before:
                hooks.passes = site.seen = before + 1
            else:  # another loss of the same pass
                before -= 1
                site.seen = hooks.passes
            if value is loss:
                site.sent += 1
                hooks.device.put(site, steps, before, loss)
            else:
                put((site, steps, before, value))

        torch.Tensor.backward = backward

    def _patch_autograd_backward(self) -> None:
        original = torch.autograd.backward
        hooks = self

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
            frame = sys._getframe(1)
            hooks._differentiate(original, frame, tensors, None, retain_graph, create_graph, None, inputs)

        torch.autograd.backward = backward

    def _differentiate(self, original: Any, frame: FrameType, tensors: Any, *others: Any) -> None:
        """A backward pass off the fast path: several losses, a gradient given, somebody watching the calls.

        A subclass of `Tensor` may come back to our functions with the same tensor: only the first call is recorded.
        """
        found = self._scalars(frame, [tensors] if isinstance(tensors, torch.Tensor) else tensors)
        steps = self.steps
        self.quiet = True
        if self.passes >= self.witness.due and isinstance(tensors, torch.Tensor):
            self.witness.passing(tensors, frame, self.passes)
        try:
            original(tensors, *others)
        finally:
            self.quiet = self.run is None
        if found:
            if found[0][0].seen == self.passes:
                self.passes += 1
            for site, value in found:
                site.seen = self.passes
                self._keep(site, steps, self.passes - 1, value)
            if self.passes > self.glance:
                first = tensors if isinstance(tensors, torch.Tensor) else tensors[0]
                self.look(first, frame)

    def _patch_losses(self) -> None:
        for name in LOSSES:
            if hasattr(torch.nn.functional, name):
                setattr(torch.nn.functional, name, self._watched(name, getattr(torch.nn.functional, name)))

    def _watched(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        grad_enabled = torch.is_grad_enabled
        witness = self.witness

        @functools.wraps(original)
        def loss(*args: Any, **kwargs: Any) -> Any:
            if is_compiling() or self.quiet:
                return original(*args, **kwargs)
            witness.skip = skip = witness.skip - 1
            if skip < 0:
                witness.compared(name, args, sys._getframe(1))
            if grad_enabled():
                return original(*args, **kwargs)
            self.quiet = True
            try:
                value = original(*args, **kwargs)
            finally:
                self.quiet = self.run is None
            self._record_validation(sys._getframe(1), value)
            return value

        # Says to TorchScript and to torch.compile: what you want to read is the function beneath.
        vars(loss).update(__script_if_tracing_wrapper=True, __original_fn=original)
        return loss

    def _count_step(self, optimizer: torch.optim.Optimizer, _args: Any, _kwargs: Any) -> None:
        """An optimizer has stepped.

        Several that take turns, as in a GAN, make one step together: the count goes up when one of them steps
        for the second time.
        """
        if is_compiling():
            return
        if self.steps >= self.witness.due_step and not self.quiet:
            self.witness.stepped(optimizer, self.steps)
        key = id(optimizer)
        if self._stepped.get(key, 0) == self.steps:
            self.steps += 1
        self._stepped[key] = self.steps

    def _scalars(self, frame: FrameType, tensors: Sequence[Any]) -> List[Tuple[Site, Any]]:
        """The scalars of a backward pass with their sites; `[]` where there are none."""
        found = []
        try:
            with unseen():
                if any(one.numel() == 1 for one in tensors):
                    site = self._sites.get((id(frame.f_code), frame.f_lasti)) or self._train_site(frame, len(tensors))
                    for part, tensor in zip(site.parts, tensors):
                        value = tensor if part.variable is None else part.read(frame, tensor)
                        if value.numel() == 1:
                            found.append((part, value.item() if value.is_cpu else value))
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self.failed(error)
        return found

    def _record_validation(self, frame: FrameType, value: Any) -> None:
        if not isinstance(value, torch.Tensor) or torch._C._are_functorch_transforms_active():
            return
        try:
            with unseen():
                if value.dim() or torch._C._get_tracing_state() is not None:
                    return
                caller = outside(frame, _TORCH)
                key = (id(caller.f_code), caller.f_lasti, VALIDATION)
                site = self._sites.get(key)
                if site is None:
                    site = self._sites[key] = self._current().validation_site(caller)
                if not site.ignored:
                    self._keep(site, self.steps, self.passes, value.item() if value.is_cpu else value)
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self.failed(error)

    def _keep(self, site: Site, steps: Optional[int], passes: float, value: Any) -> None:
        """Queue a number, or a tensor on a device until its number is known."""
        if isinstance(value, torch.Tensor):
            site.sent += 1
            self.device.put(site, steps, passes, value)
        else:
            self.queue.append((site, steps, passes, value))

    def _train_site(self, frame: FrameType, count: int = 1) -> Site:
        """The site of a call of `backward` on `count` tensors that is seen for the first time in this run."""
        if len(self._sites) > _MAX_SITES:  # code made anew at each step; its sites find their series again by line
            self._sites.clear()
        with unseen():
            site = self._current().train_site(frame, name_of_backward(frame), count)
        self._sites[(id(frame.f_code), frame.f_lasti)] = site
        return site

    def _current(self) -> RunSeries:
        if self.run is None:
            raise RuntimeError("a thread went on after its run had ended")
        return self.run

    def _arrived(self, site: Site, steps: Optional[int], passes: float, value: float) -> None:
        """A number that was on a device is known."""
        self.queue.append((site, steps, passes, value))
        site.landed += 1

    def failed(self, error: BaseException) -> None:
        """Keep the first error of a run, as a sentence for people."""
        if not self.problem:
            self.problem = f"part of the plot is missing: {type(error).__name__}: {error}"
