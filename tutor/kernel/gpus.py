"""How full and how busy the GPU is, looked up beside the learner's code and never on its way.

NVML, the library behind `nvidia-smi`, comes with the driver and knows the whole device without initialising CUDA. It is
called through ctypes, because a foreign interpreter need not have a package for it. What this process holds is asked of
torch, and only once the learner's code has initialised CUDA: torch's counters cost no call of the driver.
"""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import suppress
from typing import Any, Callable, List, Optional, Tuple

from tutor.kernel.link import block_interrupts
from tutor.runner.protocol.engine import GpuUse

SECONDS = 1.0
"""Time between two looks."""

_LIBRARY = "libnvidia-ml.so.1"
_MEGABYTE = 20


class _Memory(ctypes.Structure):
    """`nvmlMemory_t`, in bytes."""

    _fields_ = [("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong)]


class _Utilization(ctypes.Structure):
    """`nvmlUtilization_t`, in percent of the last sampling period."""

    _fields_ = [("gpu", ctypes.c_uint), ("memory", ctypes.c_uint)]


class Nvml:
    """One device of NVML. `library` is the loaded library; raises `OSError` where it refuses."""

    def __init__(self, library: Any, index: int, visible: Optional[str]) -> None:
        self._library = library
        self._handle = ctypes.c_void_p()
        self._call("nvmlInit_v2")
        name = _visible(index, visible)
        if name.isdecimal():
            self._call("nvmlDeviceGetHandleByIndex_v2", ctypes.c_uint(int(name)), ctypes.byref(self._handle))
        else:
            self._call("nvmlDeviceGetHandleByUUID", ctypes.c_char_p(name.encode()), ctypes.byref(self._handle))

    @classmethod
    def open(cls, index: int) -> Optional[Nvml]:
        """The device that CUDA counts as `index`; None without a driver or without such a device."""
        try:
            return cls(ctypes.CDLL(_LIBRARY), index, os.environ.get("CUDA_VISIBLE_DEVICES"))
        except (OSError, AttributeError):
            return None

    def read(self) -> Tuple[int, int, float]:
        """Bytes in use and in all, by whomever, and the load in percent (-1 where the device does not tell, as a MIG).

        Raises `OSError`.
        """
        memory, load = _Memory(), _Utilization()
        self._call("nvmlDeviceGetMemoryInfo", self._handle, ctypes.byref(memory))
        try:
            self._call("nvmlDeviceGetUtilizationRates", self._handle, ctypes.byref(load))
        except OSError:
            return memory.used, memory.total, -1.0
        return memory.used, memory.total, float(load.gpu)

    def _call(self, name: str, *arguments: Any) -> None:
        status = getattr(self._library, name)(*arguments)
        if status:
            raise OSError(f"{name} gave {status}")


def _visible(index: int, visible: Optional[str]) -> str:
    """What CUDA's device `index` is called for NVML, which does not know CUDA_VISIBLE_DEVICES: a number or a UUID."""
    names: List[str] = [name.strip() for name in visible.split(",")] if visible else []
    return names[index] if index < len(names) and names[index] else str(index)


class GpuWatch:
    """Looks at the device once a second and sends what has changed. A thread of its own: a driver may hang.

    `nvml` is None where there is no driver to ask; then only what this process holds is told.
    """

    def __init__(self, torch: Any, index: int, nvml: Optional[Nvml], send: Callable[[GpuUse], None]) -> None:
        self._torch = torch
        self._index = index
        self._nvml = nvml
        self._send = send
        self._sent = GpuUse()

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._watch, name="gpu", daemon=True).start()

    def look(self) -> None:
        """Look once."""
        used, total, load = 0, 0, -1.0
        if self._nvml is not None:
            try:
                used, total, load = self._nvml.read()
            except OSError:
                self._nvml = None  # the driver has gone; it does not come back within a process
        held = 0
        with suppress(RuntimeError, AssertionError):  # the learner's code may have broken CUDA
            if self._torch.cuda.is_initialized():
                held = int(self._torch.cuda.memory_reserved(self._index))
        use = GpuUse(memory=_whole(used), total=total, load=load, held=_whole(held))
        if use != self._sent:
            self._sent = use
            self._send(use)

    def _watch(self) -> None:
        block_interrupts()
        pause = threading.Event()
        while True:
            self.look()
            pause.wait(SECONDS)


def watch(torch: Any, device: Any, send: Callable[[GpuUse], None]) -> None:
    """Look at `device` (a `torch.device`) from here on, if it is a GPU of CUDA's."""
    if device is not None and device.type == "cuda":
        index = device.index or 0
        GpuWatch(torch, index, Nvml.open(index), send).start()


def _whole(count: int) -> int:
    """To a megabyte: what changes by less is no news."""
    return count >> _MEGABYTE << _MEGABYTE
