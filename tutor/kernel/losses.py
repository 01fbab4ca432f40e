"""What stands in for PyTorch's loss functions while a run is captured: a loss computed with gradients off is a point.

The functions of this file show up in tracebacks, with its name: frames of `tutor/kernel` are cut there.
"""

from __future__ import annotations

import functools
import os
from sys import _getframe
from types import FrameType
from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence

import torch
from torch.compiler import is_compiling

from tutor.kernel.runseries import VALIDATION, outside
from tutor.kernel.unseen import unseen

if TYPE_CHECKING:
    from tutor.kernel.hooks import Hooks

LOSSES = (
    *("binary_cross_entropy", "binary_cross_entropy_with_logits", "cosine_embedding_loss", "cross_entropy"),
    *("ctc_loss", "gaussian_nll_loss", "hinge_embedding_loss", "huber_loss", "kl_div", "l1_loss"),
    *("linear_cross_entropy", "margin_ranking_loss", "mse_loss", "multi_margin_loss", "multilabel_margin_loss"),
    *("multilabel_soft_margin_loss", "nll_loss", "poisson_nll_loss", "smooth_l1_loss", "soft_margin_loss"),
    *("triplet_margin_loss", "triplet_margin_with_distance_loss"),
)
"""Functions of `torch.nn.functional` that compute a loss; the modules of `torch.nn` call them."""

_TORCH = os.path.dirname(torch.__file__) + os.sep


class Losses:
    """Sees the losses that one process computes, for its `hooks`."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._sums = False
        """Whether this program learns from sums."""

    def install(self) -> None:
        """Take the place of all of them. Once for a process: there is no way back."""
        for name in LOSSES:
            if hasattr(torch.nn.functional, name):
                setattr(torch.nn.functional, name, self._watched(name, getattr(torch.nn.functional, name)))

    def _watched(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        hooks = self._hooks
        witness = hooks.witness
        grad_enabled = torch.is_grad_enabled

        @functools.wraps(original)
        def loss(*args: Any, **kwargs: Any) -> Any:
            if is_compiling() or hooks.quiet:
                return original(*args, **kwargs)
            witness.skip = skip = witness.skip - 1
            if skip < 0:
                witness.compared(name, args, _getframe(1))
            summed = kwargs.get("reduction") == "sum"
            if grad_enabled():
                self._sums = summed
                return original(*args, **kwargs)
            hooks.pause()
            try:
                value = original(*args, **kwargs)
            finally:
                hooks.resume()
            self._record(_getframe(1), value, _terms(args, kwargs) if summed and not self._sums else 1)
            return value

        # Says to TorchScript and to torch.compile: what you want to read is the function beneath.
        vars(loss).update(__script_if_tracing_wrapper=True, __original_fn=original)
        return loss

    def _record(self, frame: FrameType, value: Any, terms: int) -> None:
        """A loss was computed with gradients off; called in `frame`.

        It is divided by the number of terms that it is a sum of: evaluations add sums up and divide in the end, and the
        curve of the means that the program learns from would lie flat at the bottom beside such sums.
        """
        if not isinstance(value, torch.Tensor) or torch._C._are_functorch_transforms_active():
            return
        hooks = self._hooks
        try:
            with unseen():
                if value.dim() or torch._C._get_tracing_state() is not None:
                    return
                caller = outside(frame, _TORCH)
                key = (id(caller.f_code), caller.f_lasti, VALIDATION)
                site = hooks.sites.get(key)
                if site is None:
                    site = hooks.sites[key] = hooks.current().validation_site(caller)
                if not site.ignored:
                    number = value.item() if value.is_cpu else value
                    hooks.keep(site, hooks.steps, hooks.passes, number / terms if terms > 1 else number)
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            hooks.failed(error)


def _terms(args: Sequence[Any], kwargs: Mapping[str, Any]) -> int:
    """How many numbers a loss with `reduction="sum"` adds up: as many as `reduction="mean"` would divide by."""
    tensors = [one for one in (*args[:2], kwargs.get("input"), kwargs.get("target")) if isinstance(one, torch.Tensor)]
    if not tensors:
        return 1
    counted = tensors[0] if tensors[-1].is_floating_point() else tensors[-1]  # classes are one number an example
    return int(counted.numel())
