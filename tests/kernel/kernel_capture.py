"""The capture of the process that runs the tests: there is one, as in a kernel, whoever tests it."""

from __future__ import annotations

import functools

from tutor.kernel.capture import Capture
from tutor.runner.protocol.message import Event


@functools.cache
def installed_capture() -> tuple[Capture, list[Event]]:
    """A capture that has taken the place of PyTorch's functions, and what it has sent since it was last cleared."""
    events: list[Event] = []
    capture = Capture(events.append)
    capture.install()
    return capture, events
