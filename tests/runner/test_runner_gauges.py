"""The gauges that the host makes of the kernel's process tree and of what the kernel says of its GPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutor.runner.limits import MemoryWatch
from tutor.runner.protocol.engine import GpuUse
from tutor.runner.protocol.session_events import Gauges


class Loop:
    """Keeps what is to be called later, and calls it on request."""

    def __init__(self) -> None:
        self.todo: list[Callable[[], None]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> Any:
        self.todo.append(call)
        return self

    def cancel(self) -> None:
        self.todo.clear()

    def turn(self) -> None:
        todo, self.todo = self.todo, []
        for call in todo:
            call()


class Kernel:
    def memory(self) -> tuple[int, float, list[int]]:
        return 300 << 20, 1.0, [1]


def test_one_look_covers_runs_that_follow_each_other_quickly() -> None:
    loop, shown = Loop(), []
    watch = MemoryWatch(
        loop,  # type: ignore[arg-type]
        Kernel(),  # type: ignore[arg-type]
        lambda: None,
        running=lambda: False,
        watched=lambda: True,
        show=shown.append,
        exceeded=lambda words: None,
        gpu=GpuUse,
    )
    for _ in range(3):
        watch.attend()
    assert len(loop.todo) == 1
    loop.turn()
    assert len(shown) == 1
    watch.attend()  # in place of the look that would come five seconds later
    assert len(loop.todo) == 1


def test_the_gpus_figures_stand_beside_those_of_the_processes() -> None:
    loop, shown = Loop(), []
    use = GpuUse(memory=4 << 30, total=24 << 30, load=61.0, held=1 << 30)
    watch = MemoryWatch(
        loop,  # type: ignore[arg-type]
        Kernel(),  # type: ignore[arg-type]
        lambda: None,
        running=lambda: True,
        watched=lambda: True,
        show=shown.append,
        exceeded=lambda words: None,
        gpu=lambda: use,
    )
    watch.attend()
    loop.turn()
    (gauges,) = shown
    assert isinstance(gauges, Gauges) and gauges.memory == 300 << 20
    assert (gauges.gpu_memory, gauges.gpu_total) == (4 << 30, 24 << 30)
    assert (gauges.gpu_load, gauges.gpu_held) == (61.0, 1 << 30)
