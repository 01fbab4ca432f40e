"""Seeing a training loop without a line added to it.

`backward()` on a scalar is a point, `optimizer.step()` is a step, a loss computed with gradients off is a validation
point. The training thread does no more than read the number and put it into a queue (below 1 µs a step); the ticker
thread works out what they are and sends them.

Functions of this file stand in for some of PyTorch's, so they show up in tracebacks: cut frames by `__file__`.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections import deque
from types import FrameType
from typing import Any, Callable, Deque, Dict, Iterable, Mapping, Optional, Sequence

import torch
from torch.compiler import is_compiling
from torch.optim.optimizer import register_optimizer_step_post_hook
from torch.overrides import has_torch_function_unary

from tutor.kernel.devicescalars import DeviceScalars
from tutor.kernel.naming import name_of_backward
from tutor.kernel.runseries import VALIDATION, Entry, RunSeries, Site, outside
from tutor.kit import logging as kit_logging
from tutor.runner.protocol import Event, Notice, pack_points

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


class Capture:
    """Captures the runs of one kernel process, one after another.

    `send` is called by the thread that flushes, with `Points` and `Notice` events.
    """

    def __init__(self, send: Callable[[Event], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._queue: Deque[Entry] = deque()
        self._sites: Dict[Any, Site] = {}
        self._device = DeviceScalars(self._arrived)
        self._run: Optional[RunSeries] = None
        self._pid = os.getpid()
        self._quiet = True  # nothing is recorded: no run, or a call that comes back to us
        self._steps = 0
        self._passes = 0
        self._stepped: Dict[int, int] = {}  # id of an optimizer -> the step in which it was last seen
        self._failures = 0
        self._problem = ""

    # What the kernel calls.

    def install(self) -> None:
        """Take the place of PyTorch's functions, once for this process, and receive `tutor.kit.log`."""
        self._patch_tensor_backward()
        self._patch_autograd_backward()
        self._patch_losses()
        register_optimizer_step_post_hook(self._count_step)
        kit_logging.connect(self.log)
        os.register_at_fork(after_in_child=self._forked)

    def begin(self, run: str, files: Iterable[str]) -> None:
        """A run starts; `files` are the names that the learner's code is compiled under."""
        with self._lock:
            self._queue.clear()
            self._sites.clear()
            self._stepped.clear()
            self._steps = self._passes = 0
            self._failures, self._problem = 0, ""
            self._run = RunSeries(run, frozenset(files))
            self._quiet = False

    def flush(self) -> None:
        """Send what has come in. The ticker calls this 20 times a second, from its own thread."""
        self._device.due = True
        with self._lock:
            self._flush(last=False)

    def end(self) -> None:
        """The run is over: send everything, waiting for devices. Called by the thread that trained."""
        self._quiet = True
        with self._lock:
            try:
                self._device.finish()
            except Exception as error:  # noqa: BLE001  a failed kernel of the learner's surfaces in any later call
                self._failed(error)
            self._flush(last=True)
            self._run = None

    def log(self, values: Mapping[str, Any], step: Optional[float] = None) -> None:
        """Record numbers or one-element tensors under the learner's own names, at `step` or the current one."""
        run = self._run
        if self._quiet or run is None:
            return
        try:
            for name, value in values.items():
                site = self._sites.get(name)
                if site is None:
                    site = self._sites[name] = run.logged_site(outside(sys._getframe(1), kit_logging.__file__), name)
                steps, passes = (self._steps, self._passes) if step is None else (None, step)
                if isinstance(value, torch.Tensor):
                    self._record(site, steps, passes, value)
                else:
                    self._queue.append((site, steps, passes, float(value)))
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self._failed(error)

    # What takes the place of PyTorch's functions.

    def _patch_tensor_backward(self) -> None:
        original = torch.Tensor.backward
        engine = torch.autograd.backward
        capture, find, put, getframe = self, self._sites.get, self._queue.append, sys._getframe

        @functools.wraps(original)
        def backward(
            self: torch.Tensor,
            gradient: Any = None,
            retain_graph: Any = None,
            create_graph: Any = False,
            inputs: Any = None,
        ) -> None:
            if capture._quiet or gradient is not None or has_torch_function_unary(self):
                return capture._unusual(original, self, gradient, retain_graph, create_graph, inputs)
            steps = capture._steps
            engine(self, None, retain_graph, create_graph, inputs=inputs)
            try:
                frame = getframe(1)
                site = find((id(frame.f_code), frame.f_lasti)) or capture._train_site(frame)
                if site.seen == capture._passes:
                    capture._passes += 1
                site.seen = capture._passes
                loss = self if site.variable is None else site.read(frame, self)
                if loss.is_cpu:
                    put((site, steps, capture._passes - 1, loss.item()))
                else:
                    site.sent += 1
                    capture._device.put(site, steps, capture._passes - 1, loss)
            except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
                capture._failed(error)

        torch.Tensor.backward = backward

    def _unusual(self, original: Any, tensor: torch.Tensor, gradient: Any, *others: Any) -> None:
        """`Tensor.backward` with a gradient, under `__torch_function__`, or outside of a run.

        A tensor's subclass may come back to our `backward` with the same tensor: only the first call is recorded.
        """
        recorded, steps = not self._quiet, self._steps
        self._quiet = True
        try:
            original(tensor, gradient, *others)
        finally:
            self._quiet = not recorded or self._run is None
        if recorded and tensor.numel() == 1:
            self._record_train(sys._getframe(2), [tensor], steps)

    def _patch_autograd_backward(self) -> None:
        original = torch.autograd.backward
        capture = self

        @functools.wraps(original)
        def backward(
            tensors: Any,
            grad_tensors: Any = None,
            retain_graph: Any = None,
            create_graph: bool = False,
            grad_variables: Any = None,
            inputs: Any = None,
        ) -> None:
            if is_compiling() or capture._quiet or grad_tensors is not None or grad_variables is not None:
                original(tensors, grad_tensors, retain_graph, create_graph, grad_variables, inputs)
                return
            if not isinstance(tensors, (torch.Tensor, list, tuple)):
                tensors = tuple(tensors)  # an iterator can be read only once
            steps = capture._steps
            capture._quiet = True
            try:
                original(tensors, None, retain_graph, create_graph, None, inputs)
            finally:
                capture._quiet = capture._run is None
            together = [tensors] if isinstance(tensors, torch.Tensor) else list(tensors)
            capture._record_train(sys._getframe(1), together, steps)

        torch.autograd.backward = backward

    def _patch_losses(self) -> None:
        for name in LOSSES:
            if hasattr(torch.nn.functional, name):
                setattr(torch.nn.functional, name, self._watched(getattr(torch.nn.functional, name)))

    def _watched(self, original: Callable[..., Any]) -> Callable[..., Any]:
        grad_enabled = torch.is_grad_enabled

        @functools.wraps(original)
        def loss(*args: Any, **kwargs: Any) -> Any:
            if grad_enabled() or is_compiling() or self._quiet:
                return original(*args, **kwargs)
            self._quiet = True
            try:
                value = original(*args, **kwargs)
            finally:
                self._quiet = self._run is None
            self._record_validation(sys._getframe(1), value)
            return value

        return loss

    def _count_step(self, optimizer: torch.optim.Optimizer, _args: Any, _kwargs: Any) -> None:
        """An optimizer has stepped.

        Several that take turns, as in a GAN, make one step together: the count goes up when one of them steps
        for the second time.
        """
        if is_compiling():
            return
        key = id(optimizer)
        if self._stepped.get(key, 0) == self._steps:
            self._steps += 1
        self._stepped[key] = self._steps

    # What happens less often.

    def _record_train(self, frame: FrameType, tensors: Sequence[Any], steps: int) -> None:
        """A point for each scalar of a backward pass that the fast path does not serve."""
        try:
            site = self._sites.get((id(frame.f_code), frame.f_lasti)) or self._train_site(frame, len(tensors))
            if site.seen == self._passes:
                self._passes += 1
            site.seen = self._passes
            for part, tensor in zip(site.parts, tensors):
                value = tensor if part.variable is None else part.read(frame, tensor)
                if isinstance(value, torch.Tensor) and value.numel() == 1:
                    self._record(part, steps, self._passes - 1, value)
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self._failed(error)

    def _record_validation(self, frame: FrameType, value: Any) -> None:
        try:
            if not isinstance(value, torch.Tensor) or value.dim() or torch._C._are_functorch_transforms_active():
                return
            caller = outside(frame, _TORCH)
            key = (id(caller.f_code), caller.f_lasti, VALIDATION)
            site = self._sites.get(key)
            if site is None:
                site = self._sites[key] = self._current().validation_site(caller)
            if not site.ignored:
                self._record(site, self._steps, self._passes, value)
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self._failed(error)

    def _record(self, site: Site, steps: Optional[int], passes: float, value: torch.Tensor) -> None:
        with torch._C.DisableTorchFunction():
            if value.is_cpu:
                self._queue.append((site, steps, passes, value.item()))
            else:
                site.sent += 1
                self._device.put(site, steps, passes, value)

    def _train_site(self, frame: FrameType, count: int = 1) -> Site:
        """The site of a call of `backward` on `count` tensors that is seen for the first time in this run."""
        if len(self._sites) > _MAX_SITES:  # code made anew at each step; its sites find their series again by line
            self._sites.clear()
        site = self._current().train_site(frame, name_of_backward(frame), count)
        self._sites[(id(frame.f_code), frame.f_lasti)] = site
        return site

    def _current(self) -> RunSeries:
        if self._run is None:
            raise RuntimeError("a thread went on after its run had ended")
        return self._run

    def _arrived(self, site: Site, steps: Optional[int], passes: float, value: float) -> None:
        """A number that was on a device is known."""
        self._queue.append((site, steps, passes, value))
        site.landed += 1

    def _flush(self, last: bool) -> None:
        run = self._run
        if run is None or os.getpid() != self._pid:
            return
        steps, passes = self._steps, self._passes  # before the queue is read: what was made until then is in it
        try:
            self._device.collect()
        except RuntimeError as error:  # an asynchronous error of the learner's kernels: theirs to see
            self._device.forget()
            self._failed(error)
        queue = self._queue
        run.extend([queue.popleft() for _ in range(len(queue))])
        points = run.take(steps, passes, last)
        if points:
            self._send(pack_points(run.run, points))
        problem = self._problem or run.problem
        if problem and not run.reported:
            run.reported = True
            self._send(Notice(run=run.run, text=problem))

    def _failed(self, error: BaseException) -> None:
        self._failures += 1
        if not self._problem:
            self._problem = f"part of the plot is missing: {type(error).__name__}: {error}"

    def _forked(self) -> None:
        """In a forked child (a data loader's worker, a check) nothing is recorded, and the parent's device is left."""
        self._quiet = True
        self._run = None
        self._lock = threading.Lock()
        self._queue.clear()
        self._device.forget()
        kit_logging.connect(None)
