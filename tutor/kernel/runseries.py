"""The captured series of one run: which call sites there are, what they are called, and their points not yet sent."""

from __future__ import annotations

import os
import time
from types import CodeType, FrameType
from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Sequence, Tuple

import torch

from tutor.kernel.frames import variable
from tutor.kernel.naming import Name, name_of_evaluation
from tutor.kernel.stepaxis import StepAxis
from tutor.runner.protocol.parts import Series

TRAIN, VALIDATION, LOGGED = "train", "validation", "logged"
EPOCH, EPOCHS, ROUND, ROUNDS = "epoch", "epochs", "round", "rounds"

MAX_SERIES = 200
"""Series that a run may have; a name made anew at each step would otherwise fill the memory."""

HOLD = 1.0
"""Seconds that points wait for the first optimizer step, see `StepAxis`."""

_CHECKPOINT = os.path.join("torch", "utils", "checkpoint.py")
_OPTIMIZER = os.path.join("torch", "optim", "optimizer.py")


class Site:
    """A place in the code from which numbers come: one series, or several where one call differentiates many."""

    __slots__ = (
        "code", "counting", "gap_count", "gap_sum", "gap_x", "ignored", "landed", "name", "parts", "role",
        "seen", "sent", "steps", "taken", "values", "variable", "where",
    )  # fmt: skip

    def __init__(self, name: str, role: str, where: str, code: CodeType, variable: Optional[str] = None) -> None:
        self.name, self.role, self.where = name, role, where
        self.code = code  # kept alive: sites are found by its id
        self.variable = variable
        self.parts: Tuple[Site, ...] = (self,)
        self.ignored = False
        self.seen = 0  # the backward pass in which it was last used
        self.sent = self.landed = 0  # device scalars given away and got back
        self.taken = 0
        self.counting = False
        self.steps: List[float] = []
        self.values: List[float] = []
        self.gap_x, self.gap_sum, self.gap_count = 0.0, 0.0, 0

    def read(self, frame: FrameType, tensor: torch.Tensor) -> torch.Tensor:
        """The variable that `tensor` is a scaled copy of: `loss` in `(loss / 4).backward()`."""
        value = variable(frame, self.variable or "")
        return value if isinstance(value, torch.Tensor) and value.numel() == 1 else tensor

    def add(self, x: float, value: float) -> None:
        """A point. Validation losses of one gap between steps are averaged into one."""
        if self.role != VALIDATION:
            self.steps.append(x)
            self.values.append(value)
            return
        if self.gap_count and x != self.gap_x:
            self.close_gap()
        self.gap_x = x
        self.gap_sum += value
        self.gap_count += 1

    def close_gap(self) -> None:
        """The gap between two steps is over: its mean is a point."""
        self.steps.append(self.gap_x)
        self.values.append(self.gap_sum / self.gap_count)
        self.gap_sum, self.gap_count = 0.0, 0


Entry = Tuple[Site, Optional[int], float, float]
"""What the training thread queues: site, optimizer steps, backward passes, value. Without steps, passes is the x."""


class RunSeries:
    """Sites and waiting points of one run. `problem` is a sentence for people about what is missing, or ""."""

    def __init__(self, run: str, files: FrozenSet[str]) -> None:
        self.run = run
        self.problem = ""
        self.reported = False
        self._files = files
        self._axis = StepAxis()
        self._by_evaluation = False
        self._sites: Dict[Any, Site] = {}
        self._names: Dict[str, Site] = {}
        self._held: List[Entry] = []
        self._held_since = 0.0

    def train_site(self, frame: FrameType, names: Sequence[Name], count: int) -> Site:
        """The site of a backward call on `count` tensors."""
        found = list(names) or [Name("loss")]
        if count > 1 and len(found) != count:
            found = [Name(f"{found[0].text}[{index}]") for index in range(count)]
        key = (TRAIN, frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, frame.f_lasti)
        known = self._sites.get(key)
        if known is not None:
            return known
        if _inside(frame, _OPTIMIZER):
            self._by_evaluation = True  # a closure: LBFGS evaluates the loss many times in one step
        parts = tuple(self._make(name.text, TRAIN, frame, name.variable) for name in found)
        self._sites[key] = parts[0]
        parts[0].parts = parts
        return parts[0]

    def validation_site(self, frame: FrameType) -> Site:
        """The site of a loss that is computed with gradients off."""
        key = (VALIDATION, frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, frame.f_lasti)
        site = self._sites.get(key)
        if site is None:
            taken = [name for name, other in self._names.items() if other.role == TRAIN]
            site = self._sites[key] = self._make(name_of_evaluation(frame, taken), VALIDATION, frame)
        return site

    def logged_site(self, frame: FrameType, name: str) -> Site:
        """The site of a number that the learner logs under `name`."""
        site = self._sites.get((LOGGED, name))
        if site is None:
            site = self._sites[LOGGED, name] = self._make(name, LOGGED, frame)
        return site

    def progress_site(self, role: str) -> Site:
        """The site of numbers that tell how far a run is: EPOCH, EPOCHS, ROUND or ROUNDS, see `Series.role`."""
        site = self._sites.get(role)
        if site is None:
            site = self._sites[role] = Site(role, role, "", Site.add.__code__)
            site.name = self._free_name(role, 0)
            self._names[site.name] = site
        return site

    def extend(self, entries: Iterable[Entry]) -> None:
        """Take in what the training thread has queued, in its order."""
        if self._by_evaluation:
            self._axis.count_passes()
        place = self._axis.place
        for entry in entries:
            site, steps, passes, value = entry
            if site.ignored or isinstance(value, complex):
                continue
            if steps is None:
                site.add(float(passes), value)
                continue
            if site.role == LOGGED:
                if site.counting or (steps == 0 and passes == 0 and site.taken):
                    site.counting = True  # no training so far: the axis is the number of the call
                    site.add(float(site.taken), value)
                    site.taken += 1
                    continue
                site.taken += 1
            x = place(steps, int(passes))
            if x is None:
                if not self._held:
                    self._held_since = time.monotonic()
                self._held.append(entry)
                continue
            if self._held:
                self._release()
            site.add(x, value)

    def take(self, steps: int, passes: int, last: bool) -> List[Tuple[Series, List[float], List[float]]]:
        """Points to send, by series. `steps` and `passes` are the present ones; with `last` nothing stays behind."""
        if self._held and (last or time.monotonic() - self._held_since > HOLD):
            self._axis.count_passes()
        now = self._axis.place(steps, passes)
        if self._held and now is not None:
            self._release()
        points = []
        for site in list(self._names.values()):
            if site.gap_count and (last or (site.sent == site.landed and now is not None and now > site.gap_x)):
                site.close_gap()
            if site.values:
                points.append((Series(site.name, site.role, site.where), site.steps, site.values))
                site.steps, site.values = [], []
        return points

    def _release(self) -> None:
        held, self._held = self._held, []
        for site, steps, passes, value in held:
            x = self._axis.place(steps or 0, int(passes))
            site.add(float(passes) if x is None else x, value)

    def _make(self, name: str, role: str, frame: FrameType, variable: Optional[str] = None) -> Site:
        caller: Optional[FrameType] = frame
        while caller is not None and caller.f_code.co_filename not in self._files:
            caller = caller.f_back
        caller = caller or frame
        site = Site(name, role, f"{caller.f_code.co_filename}:{caller.f_lineno}", frame.f_code, variable)
        if role == VALIDATION and _inside(frame, _CHECKPOINT):
            site.ignored = True  # the forward pass of a checkpoint, which runs with gradients off
        elif len(self._names) >= MAX_SERIES:
            site.ignored = True
            self.problem = f"this run makes more than {MAX_SERIES} series: the further ones are not kept"
        else:
            site.name = self._free_name(name, caller.f_lineno)
            self._names[site.name] = site
        return site

    def _free_name(self, name: str, line: int) -> str:
        if name not in self._names:
            return name
        wanted, number = f"{name}:{line}", 1
        free = wanted
        while free in self._names:
            number += 1
            free = f"{wanted} ({number})"
        return free


def outside(frame: FrameType, path: str) -> FrameType:
    """The innermost caller whose file does not begin with `path`."""
    here: Optional[FrameType] = frame
    while here is not None and here.f_code.co_filename.startswith(path):
        here = here.f_back
    return here or frame


def _inside(frame: FrameType, path: str) -> bool:
    here: Optional[FrameType] = frame
    while here is not None and not here.f_code.co_filename.endswith(path):
        here = here.f_back
    return here is not None
