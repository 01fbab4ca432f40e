"""What a loss is given: shapes that broadcast, scores that were squashed before, labels in order, the wrong mode."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Callable, Dict, FrozenSet, Optional, Set, Tuple

import torch
from torch import nn

from tutor.kernel.autopsy.models import found, two_faced
from tutor.kernel.autopsy.reading import Reading, read

FIRST, THEN, MOST = 16, 60, 200
"""The first calls are looked at, then so many are left out between two looks, of which there are at most so many."""

_BATCHES = 6
"""So many batches of a single class each, in a row, are no accident."""

_ELEMENTWISE = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")


class Comparisons:
    """Looks at calls of the functions of `torch.nn.functional` that compute a loss."""

    def __init__(self, say: Callable[..., None], files: FrozenSet[str]) -> None:
        self._say = say
        self._files = files
        self._looks = 0
        self._readings: Dict[Tuple[int, int], Reading] = {}
        self._single: Set[int] = set()
        self._batches = 0

    def pause(self) -> int:
        """One more look: after how many further calls the next one is due."""
        self._looks += 1
        if self._looks >= MOST:
            return sys.maxsize
        return 0 if self._looks < FIRST else THEN

    def see(self, name: str, args: Tuple[Any, ...], frame: FrameType, training: bool) -> None:
        """A loss is about to be computed from `args`; `training` tells whether gradients are on."""
        own = self._own(frame)
        if own is None or len(args) < 2 or not all(isinstance(one, torch.Tensor) for one in args[:2]):
            return
        scores, target = args[0], args[1]
        line = own.f_lineno
        if name in _ELEMENTWISE:
            self.shapes(scores, target, line, "", "")
        squashed = _squashed(scores)
        if name == "cross_entropy" and squashed == "Softmax":
            self._say("softmax-twice", line, "softmax", "cross_entropy")
        if name == "binary_cross_entropy_with_logits" and squashed == "Sigmoid":
            self._say("softmax-twice", line, "sigmoid", "binary_cross_entropy_with_logits")
        if name == "nll_loss" and scores.numel() <= 1 << 16 and scores.is_cpu and bool((scores > 0).any()):
            self._say("nll-of-scores", line)
        if name == "cross_entropy" and training and scores.requires_grad:
            self._order(target, line)
        self._mode(own, training, scores)

    def shapes(self, left: Any, right: Any, line: int, left_name: str, right_name: str) -> None:
        """Two tensors that are compared number by number: (N, 1) with (N,) makes N times N of them."""
        if not (isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor)):
            return
        one, other = tuple(left.shape), tuple(right.shape)
        if _tall(one, other) or _tall(other, one):
            sizes = (*map(float, one), -1.0, *map(float, other))
            self._say("broadcast-loss", line, left_name, right_name, numbers=sizes)

    def _order(self, target: torch.Tensor, line: int) -> None:
        """Batch after batch of one class each: the data come sorted."""
        if target.dtype is not torch.int64 or target.dim() != 1 or not target.is_cpu or target.numel() < 4:
            return
        if self._batches < 0:
            return
        low, high = torch.aminmax(target)
        if int(low) != int(high):
            self._batches = -1
            return
        self._batches += 1
        self._single.add(int(low))
        if self._batches >= _BATCHES and len(self._single) > 1:
            self._say("sorted", line, numbers=(float(self._batches), float(target.numel())))
            self._batches = -1

    def _mode(self, frame: FrameType, training: bool, scores: torch.Tensor) -> None:
        """Dropout or batch norm that is on where gradients are off; a graph that is built in evaluation."""
        key = (id(frame.f_code), frame.f_lasti)
        reading = self._readings.get(key)
        if reading is None:
            reading = self._readings[key] = read(frame, narrow=True)
        for name in reading.models[:32]:
            model = found(name, frame)
            if not isinstance(model, nn.Module) or not any(True for _ in model.parameters()):
                continue
            if not training and model.training:
                kinds = sorted({type(one).__name__ for one in model.modules() if two_faced(one) and one.training})
                if kinds:
                    self._say("evaluated-in-training-mode", frame.f_lineno, name, kinds[0])
            evaluating = not model.training and reading.looped and not reading.has("backward")
            if training and evaluating and scores.requires_grad:
                self._say("graph-in-evaluation", frame.f_lineno, name)

    def _own(self, frame: Optional[FrameType]) -> Optional[FrameType]:
        while frame is not None and frame.f_code.co_filename not in self._files:
            frame = frame.f_back
        return frame


def _tall(one: Tuple[int, ...], other: Tuple[int, ...]) -> bool:
    """Whether one is (N, 1) and the other (N,), N being more than 1."""
    return len(one) == 2 and one[1] == 1 and one[0] > 1 and other == (one[0],)


def _squashed(scores: torch.Tensor) -> str:
    """ "Softmax" or "Sigmoid" where that is what made these scores, as autograd has noted."""
    node = scores.grad_fn
    return str(node.name()).rpartition("Backward")[0] if node is not None else ""
