"""The part of capture on the training thread: it reads a number and puts it into a queue.

`passes` sees the backward passes, `losses` the losses with gradients off; steps of optimizers are counted here. What
all share is kept cheap: call sites are found by the id of their code (hashing a code object takes as long as all the
rest), devices by `is_cpu` (a comparison of devices takes ten times as long), and whether anything but the number is
wanted of a pass is one comparison of integers. Nothing raised here reaches the learner, whose results are the same
bits with and without.
"""

from __future__ import annotations

import math
import sys
import weakref
from collections import deque
from types import FrameType
from typing import Any, Callable, Deque, Dict, Mapping, Optional

import torch
from torch.compiler import is_compiling
from torch.optim.optimizer import register_optimizer_step_post_hook

from tutor.kernel import devicescalars, losses, passes, runseries, stepaxis
from tutor.kernel.autopsy import comparisons, nonfinite, reading, witness
from tutor.kernel.autopsy.witness import Witness
from tutor.kernel.devicescalars import DeviceScalars
from tutor.kernel.epochs import Epochs
from tutor.kernel.losses import Losses
from tutor.kernel.passes import Passes
from tutor.kernel.rounds import Loops, Place
from tutor.kernel.runseries import EPOCH, EPOCHS, ROUND, ROUNDS, Entry, RunSeries, Site
from tutor.kernel.unseen import hide_from_dynamo


class Hooks:
    """The hooks of one process and what they have recorded. `run` is None, and `quiet` set, between runs."""

    def __init__(self) -> None:
        self.run: Optional[RunSeries] = None
        self.queue: Deque[Entry] = deque()
        self.sites: Dict[Any, Site] = {}
        self.device = DeviceScalars(self._arrived)
        self.steps = 0
        self.passes = 0
        self.quiet = True
        self.due = -1
        """From this backward pass on, more than its number is wanted of one; -1 while `quiet`."""
        self.glance = math.inf
        """From this backward pass on, `look` is called after one, with its loss and its caller's frame."""
        self.look: Callable[[torch.Tensor, FrameType], None] = lambda loss, frame: None
        self.witness = Witness()
        self.problem = ""
        self.asked = False
        """Whether the next pass is to tell its round."""
        self._loops = Loops()
        self._place: Optional[Place] = None
        self._epochs = Epochs(lambda: None if self.quiet else self.passes, self._epoch)
        self._stepped: Dict[int, int] = {}  # id of an optimizer -> the step in which it was last seen
        self._latest = 0  # id of the optimizer that stepped last, while it may go on without a look into that
        self._living: Dict[int, Any] = {}  # id of an optimizer -> a weak reference to it

    def install(self) -> None:
        """Take the place of PyTorch's functions. Once for a process: there is no way back."""
        Passes(self).install()
        Losses(self).install()
        self._epochs.install()
        register_optimizer_step_post_hook(self._count_step)
        hide_from_dynamo(sys.modules[__name__], passes, losses, runseries, devicescalars, stepaxis)
        hide_from_dynamo(witness, comparisons, reading, nonfinite)

    def start(self, run: RunSeries) -> None:
        """Record from now on, for `run`."""
        self.queue.clear()
        self.sites.clear()
        self._stepped.clear()
        self._living.clear()
        self._latest = 0
        self._epochs.start()
        self._loops, self._place, self.asked = Loops(), None, False
        self.steps = self.passes = 0
        self.problem = ""
        self.run = run
        self.resume()

    def stop(self) -> None:
        """Record no more; what waits in the queue stays there."""
        self.pause()
        self.run = None
        self.glance = math.inf
        self.witness.stop()

    def pause(self) -> None:
        """Record nothing: calls that follow are ours, or come back to us."""
        self.quiet = True
        self.due = -1

    def resume(self) -> None:
        """Record again, if there is a run."""
        self.quiet = self.run is None
        self.reckon()

    def look_at(self, number: float) -> None:
        """Call `look` from backward pass `number` on."""
        self.glance = number
        self.reckon()

    def reckon(self) -> None:
        """Find out anew which pass is the next of which more is wanted."""
        soonest = 0 if self.asked else int(min(self.glance, self.witness.due))
        self.due = -1 if self.quiet else soonest

    def log(self, values: Mapping[str, Any], step: Optional[float], frame: FrameType) -> None:
        """Record numbers, or one-element tensors (on devices) under names of the learner's, who calls from `frame`."""
        if self.quiet:
            return
        try:
            for name, value in values.items():
                site = self.sites.get(name)
                if site is None:
                    site = self.sites[name] = self.current().logged_site(frame, name)
                steps, passes = (self.steps, self.passes) if step is None else (None, step)
                self.keep(site, steps, passes, value)
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self.failed(error)

    def ask_for_round(self) -> None:
        """Have the next backward pass tell in which round of its loop it is; called by the flusher's thread."""
        if not self._epochs.total:
            self.asked = True
            self.due = 0

    def tell_round(self, frame: FrameType) -> None:
        """A pass was asked for its round; `frame` is that of its caller."""
        self.asked = False
        try:
            place = self._loops.outermost(frame)
            if place is None or place == self._place:
                return
            if self._place is None or place.loop is not self._place.loop or place.total != self._place.total:
                self._tell(ROUNDS, place.total)
            self._tell(ROUND, place.number)
            self._place = place
        except Exception as error:  # noqa: BLE001  telemetry never breaks the learner's code
            self.failed(error)

    def _epoch(self, number: int, total: int) -> None:
        """An epoch begins; `total` is how many there will be, where that is news, else 0."""
        self._tell(EPOCH, number)
        if total:
            self._tell(EPOCHS, total)

    def _tell(self, role: str, number: int) -> None:
        self.queue.append((self.current().progress_site(role), self.steps, self.passes, float(number)))

    def _count_step(self, optimizer: torch.optim.Optimizer, _args: Any, _kwargs: Any) -> None:
        """An optimizer has stepped.

        Several that take turns, as in a GAN, make one step together: the count goes up when one of them steps
        for the second time. One that comes when the others are gone takes their place and begins a step of its own.
        """
        if is_compiling():
            return
        steps, key = self.steps, id(optimizer)
        if steps >= self.witness.due_step and not self.quiet:
            self.witness.stepped(optimizer, steps)
        if key == self._latest:  # the same one again, as nearly always
            self.steps = steps + 1
            return
        if self._latest:
            self._stepped[self._latest] = steps
        before = self._stepped.get(key)
        if before is None:
            self._living[key] = weakref.ref(optimizer, lambda _: self._gone(key))
        if before == steps or not self._stepped:
            self.steps = steps + 1
        self._stepped[key] = self.steps
        self._latest = key

    def _gone(self, key: int) -> None:
        """The program has dropped an optimizer; another may have its id."""
        self._stepped.pop(key, None)
        self._living.pop(key, None)
        if self._latest == key:
            self._latest = 0

    def keep(self, site: Site, steps: Optional[int], passes: float, value: Any) -> None:
        """Queue a number, or a tensor on a device until its number is known."""
        if isinstance(value, torch.Tensor):
            site.sent += 1
            self.device.put(site, steps, passes, value)
        else:
            self.queue.append((site, steps, passes, value))

    def current(self) -> RunSeries:
        """The run that is captured. Raises `RuntimeError` when there is none."""
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
