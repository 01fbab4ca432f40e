"""Events of a session: its beginning and end, its clients, its kernel, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from tutor.runner.protocol.message import PROTOCOL, Event, Journaled
from tutor.runner.protocol.parts import Device


@dataclass(frozen=True)
class Refused(Event):
    """The host turned a client or a request down; `why` is one sentence for people."""

    why: str = ""


@dataclass(frozen=True)
class Pong(Event):
    """Answer to `Ping`. `running` is the id of the run in progress or "", `label` its label.

    A `private` session belongs to one command and ends with it; nobody else comes back to it. `script` is the name of
    the one script that the session was made for, or "".
    """

    session: str = ""
    pid: int = 0
    protocol: int = PROTOCOL
    python: str = ""
    running: str = ""
    label: str = ""
    clients: int = 0
    started: float = 0.0
    private: bool = False
    script: str = ""


@dataclass(frozen=True)
class CaughtUp(Event):
    """The client that attached has now seen the whole journal up to `last`; what follows is live."""

    last: int = 0


@dataclass(frozen=True)
class SessionStarted(Journaled):
    """The first event of every journal. `script` as in `Pong`."""

    session: str = ""
    protocol: int = PROTOCOL
    python: str = ""
    pid: int = 0
    script: str = ""


@dataclass(frozen=True)
class SessionEnded(Journaled):
    """The last event of a journal that was ended on purpose."""

    why: str = ""


@dataclass(frozen=True)
class KernelStarting(Journaled):
    """A kernel is being made; `generation` counts kernels of this session from 1."""

    generation: int = 0
    why: str = ""


@dataclass(frozen=True)
class KernelReady(Journaled):
    """The kernel can run code. `torch` is its version or "" where it is missing; `device` is what `device` holds."""

    generation: int = 0
    pid: int = 0
    python: str = ""
    executable: str = ""
    torch: str = ""
    device: str = "cpu"
    devices: Tuple[Device, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class KernelDied(Journaled):
    """The kernel is gone. `cause` is one sentence for people: what, and what was kept.

    `run` is the run that it took with it ("" for none); a `RunFinished(outcome="died"…)` for it precedes this event.
    """

    generation: int = 0
    run: str = ""
    exit_code: Optional[int] = None
    signal: Optional[int] = None
    cause: str = ""


@dataclass(frozen=True)
class Gauges(Event):
    """Resident memory of the kernel's process tree in bytes and its CPU use in percent of one core; ≤ 1 Hz.

    Of its GPU, if it has one: bytes in use by anybody and in all, the load in percent (-1 unknown), bytes held by the
    kernel's own tensors and caches.
    """

    memory: int = 0
    cpu: float = 0.0
    gpu_memory: int = 0
    gpu_total: int = 0
    gpu_load: float = -1.0
    gpu_held: int = 0


VIEWS = ("variables", "shapes", "gradients", "activations", "weights", "graph", "steps")
"""What the X-ray can show."""


MAX_REPORT = 16 << 10
"""Longest `XRay.text` in bytes."""


@dataclass(frozen=True)
class XRay(Event):
    """What one view of the X-ray shows now, in place of what it showed before; at most 4 a second of each view.

    `text` is a JSON object of at most `MAX_REPORT` bytes whose form `tutor.xray` knows. `run` is the last run. Not
    journaled: whoever looks asks the kernel again.
    """

    run: str = ""
    view: str = ""
    text: str = "{}"


@dataclass(frozen=True)
class LastLook(Journaled):
    """What one view of the X-ray shows at the end of a script, with which its kernel ends too. Fields as in `XRay`."""

    run: str = ""
    view: str = ""
    text: str = "{}"
