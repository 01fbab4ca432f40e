"""What the header says of the kernel, in a few words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.runner.transcript import Transcript
from tutor.ui.session import SessionReader

if TYPE_CHECKING:
    from tutor.runner.protocol.session_events import Gauges

LEAST_LOAD = 5.0
"""Percent of a core below which nothing is said of it."""

FOREIGN_BYTES = 2e9
"""A CUDA context itself takes some hundred megabytes beside the tensors; beyond this somebody else uses the GPU too."""


@dataclass(frozen=True)
class KernelState:
    """`words` for people; `tone` is "quiet", "good", "busy" or "bad"; `ticking` words change every second."""

    words: str
    tone: str = "quiet"
    ticking: bool = False


def kernel_state(reader: SessionReader, now: float) -> KernelState:
    """The state at wall-clock time `now` (seconds since 1970)."""
    if reader.trouble is not None:
        return KernelState("no session", "bad")
    if not reader.attached:
        return KernelState("connecting")
    return _of_transcript(reader.transcript, now)


def _of_transcript(transcript: Transcript, now: float) -> KernelState:
    if transcript.waiting_for_input is not None:
        return KernelState("waiting for input", "busy")
    current = transcript.current
    if current is not None:
        verb = "checking" if current.kind == "check" else "running"
        return KernelState(f"{verb} {duration(now - current.started)}", "busy", ticking=True)
    if transcript.kernel is None:
        return KernelState("kernel died", "bad") if transcript.kernel_death else KernelState("starting")
    if not transcript.kernel.torch:
        return KernelState("no torch", "bad")
    return KernelState("queued", "busy") if transcript.busy else KernelState("ready", "good")


def place_words(reader: SessionReader) -> str:
    """The device with its load and memory: "cpu 87% 310 MB", "cuda:0 61% 1.2 of 24 GB"; "" while it is not known.

    The load of a CPU is in percent of one core, and left out while nothing is computed.
    """
    kernel, gauges = reader.transcript.kernel, reader.gauges
    if kernel is None:
        return ""
    if gauges is None:
        return kernel.device
    if kernel.device.startswith("cuda"):
        return " ".join((kernel.device, *_gpu_words(gauges)))
    load = [f"{gauges.cpu:.0f}%"] if gauges.cpu >= LEAST_LOAD else []
    return " ".join((kernel.device, *load, *([size(gauges.memory)] if gauges.memory else [])))


def _gpu_words(gauges: Gauges) -> Iterator[str]:
    if gauges.gpu_load >= 0:
        yield f"{gauges.gpu_load:.0f}%"
    if gauges.gpu_total:
        yield f"{gauges.gpu_memory / 1e9:.1f} of {gauges.gpu_total / 1e9:.0f} GB"
        if gauges.gpu_memory - gauges.gpu_held > FOREIGN_BYTES:
            yield f"({gauges.gpu_held / 1e9:.1f} yours)"  # who shares a GPU wants to know whose memory it is
    elif gauges.gpu_held:
        yield size(gauges.gpu_held)


def size(count: int) -> str:
    """Bytes for people: "310 MB", "1.2 GB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def duration(seconds: float) -> str:
    """Seconds for people: "3 s", "2 min 5 s", "1 h 4 min"."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
