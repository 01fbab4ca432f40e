"""The GPU's gauges: what is asked of NVML and of torch, and what is sent. The library is a stand-in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tutor.kernel import gpus
from tutor.kernel.gpus import GpuWatch, Nvml
from tutor.runner.protocol.engine import GpuUse

GB = 10**9


class Library:
    """NVML's functions over a few figures; `broken` ones give error 999, as a driver that went away does."""

    def __init__(self, used: int = 4 * GB, total: int = 24 * GB, load: int = 61) -> None:
        self.used, self.total, self.load = used, total, load
        self.broken: set[str] = set()
        self.asked: list[object] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> int:
            if name in self.broken:
                return 999
            if name.startswith("nvmlDeviceGetHandle"):
                self.asked.append(arguments[0].value)
            elif name == "nvmlDeviceGetMemoryInfo":
                memory = arguments[1]._obj
                memory.used, memory.total, memory.free = self.used, self.total, self.total - self.used
            elif name == "nvmlDeviceGetUtilizationRates":
                arguments[1]._obj.gpu = self.load
            return 0

        return call


class Cuda:
    def __init__(self, held: int | None) -> None:
        self.held = held

    def is_initialized(self) -> bool:
        return self.held is not None

    def memory_reserved(self, index: int) -> int:
        assert self.held is not None, "asking would initialise CUDA"
        return self.held


def watch_over(library: Library | None, held: int | None = None) -> tuple[GpuWatch, list[GpuUse], Cuda]:
    sent: list[GpuUse] = []
    cuda = Cuda(held)
    nvml = Nvml(library, 0, None) if library is not None else None
    return GpuWatch(SimpleNamespace(cuda=cuda), 0, nvml, sent.append), sent, cuda


def test_what_has_changed_is_sent_and_nothing_else() -> None:
    library = Library()
    watch, sent, cuda = watch_over(library)
    watch.look()
    watch.look()
    library.used += 1000  # less than a megabyte is no news
    watch.look()
    assert sent == [GpuUse(memory=4 * GB >> 20 << 20, total=24 * GB, load=61.0)]
    cuda.held = 2 * GB
    watch.look()
    assert len(sent) == 2 and sent[-1].held == 2 * GB >> 20 << 20


def test_torch_is_not_asked_before_cuda_is_initialised() -> None:
    watch, sent, _ = watch_over(None)
    watch.look()
    assert sent == []


def test_without_a_driver_it_tells_what_the_process_holds() -> None:
    watch, sent, _ = watch_over(None, held=3 << 20)
    watch.look()
    assert sent == [GpuUse(held=3 << 20)]


def test_a_device_that_tells_no_load_still_tells_its_memory() -> None:
    library = Library()
    library.broken = {"nvmlDeviceGetUtilizationRates"}
    assert Nvml(library, 0, None).read() == (4 * GB, 24 * GB, -1.0)


def test_a_driver_that_goes_away_is_not_asked_again() -> None:
    library = Library()
    watch, sent, _ = watch_over(library)
    watch.look()
    library.broken = {"nvmlDeviceGetMemoryInfo"}
    watch.look()
    library.broken = set()
    watch.look()
    assert sent[-1] == GpuUse() and len(sent) == 2


def test_a_broken_cuda_ends_no_thread() -> None:
    watch, sent, cuda = watch_over(Library(), held=0)

    def fail(index: int) -> int:
        raise RuntimeError("CUDA error: unspecified launch failure")

    cuda.memory_reserved = fail  # type: ignore[method-assign]
    watch.look()
    assert sent[-1].memory and not sent[-1].held


@pytest.mark.parametrize(
    ("index", "visible", "name"),
    [(1, None, 1), (1, "", 1), (0, "3,5", 3), (1, "3, 5", 5), (0, "GPU-8f2e", b"GPU-8f2e"), (2, "3,5", 2)],
)
def test_cudas_numbers_are_those_of_the_visible_devices(index: int, visible: str | None, name: object) -> None:
    library = Library()
    Nvml(library, index, visible)
    assert library.asked == [name]


def test_nothing_is_watched_without_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GpuWatch, "start", lambda self: pytest.fail("it watches"))
    gpus.watch(None, None, lambda use: None)
    gpus.watch(None, SimpleNamespace(type="cpu", index=None), lambda use: None)


def test_no_driver_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpus, "_LIBRARY", "libnone-of-this-name.so.1")
    assert Nvml.open(0) is None
