"""Numbers that still live on an accelerator, read without making the training wait.

`Tensor.item()` waits for everything the device has been told to do. So a loss on a device is kept as it is, and now
and then all kept ones are stacked and copied to pinned memory in one asynchronous transfer. Stack and copy are issued
by the training thread on its own current stream, behind the work that makes the numbers: that needs neither a second
stream nor `record_stream`. The flusher only asks whether the copy has arrived.
"""

from __future__ import annotations

import sys
from collections import deque
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional, Tuple

import torch

MAX_PENDING = 4096
"""Numbers that may wait; when nobody fetches them, every second one is let go."""

_ASYNCHRONOUS = ("cuda",)
"""Device types with pinned memory and events; on others (MPS) each of the 20 copies a second is waited for."""

_MAX_FLIGHTS = 2
"""Copies under way per device; each has a pinned buffer of its own."""

Tag = Tuple[Any, Optional[int], float]
"""What belongs to a number: its site, optimizer steps (or None) and backward passes at the time."""


class _Flight(NamedTuple):
    """A copy under way. `stacked` is held so that its memory is not given to others before the copy is done."""

    arrived: Any
    buffer: torch.Tensor
    stacked: torch.Tensor
    tags: List[Tag]


class DeviceScalars:
    """Pending device scalars of one process.

    `deliver(site, steps, passes, value)` is called for each number, in order per device, once it is known.
    """

    def __init__(self, deliver: Callable[[Any, Optional[int], float, float], None]) -> None:
        self.due = False
        self._deliver = deliver
        self._pending: List[Tuple[Tag, torch.Tensor]] = []
        self._flights: Deque[_Flight] = deque()
        self._buffers: Dict[torch.device, List[torch.Tensor]] = {}

    def put(self, site: Any, steps: Optional[int], passes: float, value: torch.Tensor) -> None:
        """Keep a one-element tensor. Called by the training thread; starts no kernel unless a copy is due."""
        if value.is_meta:
            return  # it has no value
        kept = value.data
        if "torch._inductor.cudagraph_trees" in sys.modules:
            kept = kept.clone()  # a CUDA graph writes its next result over this one
        self._pending.append(((site, steps, passes), kept))
        if self.due or len(self._pending) >= MAX_PENDING:
            self.launch()

    def launch(self) -> None:
        """Start copying what is pending. Called by the training thread."""
        self.due = False
        pending, self._pending = self._pending, []
        groups: Dict[torch.device, List[Tuple[Tag, torch.Tensor]]] = {}
        for one in pending:
            groups.setdefault(one[1].device, []).append(one)
        for device, group in groups.items():
            if sum(flight.stacked.device == device for flight in tuple(self._flights)) >= _MAX_FLIGHTS:
                self._pending += group if len(group) < MAX_PENDING else group[::2]
                continue
            with torch.no_grad(), torch._C.DisableTorchFunction():
                stacked = torch.stack([value.reshape(()).to(torch.float32) for _, value in group])
                tags = [tag for tag, _ in group]
                if device.type in _ASYNCHRONOUS:
                    self._flights.append(self._take_off(stacked, tags))
                else:
                    self._hand_over(tags, stacked.tolist())

    def collect(self) -> None:
        """Deliver what has arrived. Called by the flusher; never waits.

        An asynchronous error of the learner's own kernels can surface here as `RuntimeError`.
        """
        while self._flights and self._flights[0].arrived.query():
            self._land(self._flights.popleft())

    def finish(self) -> None:
        """Deliver everything, waiting for it. Called by the training thread when the run is over."""
        while self._pending or self._flights:
            while self._flights:
                self._flights[0].arrived.synchronize()
                self._land(self._flights.popleft())
            self.launch()

    def forget(self) -> None:
        """Drop everything: after an error, and in a forked child, where the device cannot be asked."""
        self._pending.clear()
        self._flights.clear()
        self._buffers.clear()

    def _take_off(self, stacked: torch.Tensor, tags: List[Tag]) -> _Flight:
        free = self._buffers.setdefault(stacked.device, [])
        buffer = free.pop() if free else torch.empty(MAX_PENDING, dtype=torch.float32, pin_memory=True)
        buffer[: len(tags)].copy_(stacked, non_blocking=True)
        arrived = torch.cuda.Event()
        arrived.record(torch.cuda.current_stream(stacked.device))
        return _Flight(arrived, buffer, stacked, tags)

    def _land(self, flight: _Flight) -> None:
        values = flight.buffer[: len(flight.tags)].tolist()
        self._buffers[flight.stacked.device].append(flight.buffer)
        self._hand_over(flight.tags, values)

    def _hand_over(self, tags: List[Tag], values: List[float]) -> None:
        for (site, steps, passes), value in zip(tags, values):
            self._deliver(site, steps, passes, value)
