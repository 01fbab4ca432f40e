"""The capture of training series and the X-ray, where this torch can be watched at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, List, Mapping, Optional, Sequence

from tutor.kernel.sources import Sources
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Cell, Fact
from tutor.runner.protocol.requests import Watch
from tutor.runner.protocol.run_events import Points


class Recording:
    """Wraps `Capture` and `XRay`, which cannot be imported without torch. Sites are named by lesson file."""

    def __init__(self, send: Callable[[Event], None], sources: Sources) -> None:
        self._send = send
        self._sources = sources
        self._capture: Optional[Any] = None
        self._xray: Optional[Any] = None
        self._names: Mapping[str, Any] = {}

    def install(self, torch: Any) -> str:
        """Begin to watch torch; "", or why that is impossible with this version. Code runs all the same."""
        try:
            from tutor.kernel.capture import Capture

            capture = Capture(self._pass_on)
            capture.install()
        except (ImportError, AttributeError) as error:
            return f"torch {torch.__version__} is too old for the live plot ({error}): it needs 2.6 or later."
        self._capture = capture
        return ""

    def look_into(self, names: Mapping[str, Any]) -> None:
        """Be ready to show what is in this namespace."""
        self._names = names
        if self._capture is not None:
            from tutor.kernel.xray.watching import XRay

            self._xray = XRay(self._send, names, self._capture.hooks, self._sources)

    def begin(self, run: str, cells: Sequence[Cell], *, last: bool = False) -> None:
        """The last of these cells is about to run; all are known to the sources. With `last`, nobody can look later."""
        if self._capture is not None:
            self._capture.begin(run, self._sources.names, self._names)
        if self._xray is not None:
            self._xray.begin(run, cells, last)

    def observe(self) -> None:
        """Watch the training loop of an answer that is checked; nothing is sent of it."""
        if self._capture is not None:
            self._capture.observe(self._sources.names, self._names)

    def observed(self) -> List[Fact]:
        """What was seen since `observe`."""
        return self._capture.observed() if self._capture is not None else []

    def watch(self, wanted: Watch) -> None:
        """Somebody looks into the program; called by the reader's thread."""
        if self._xray is not None:
            self._xray.watch(wanted)

    def look(self) -> None:
        """Show what is looked at. Nothing runs."""
        if self._xray is not None:
            self._xray.look()

    def ran(self, last: bool) -> None:
        """The cells have run, and the namespace is still as they left it; with `last`, nobody can look later."""
        if self._xray is not None:
            self._xray.end(last)

    def flush(self) -> None:
        """Send what has come in; called by the ticker."""
        if self._capture is not None:
            self._capture.flush()

    def end(self) -> None:
        """Send everything: the run is over. Harmless when it has ended before."""
        if self._capture is not None:
            self._capture.end()

    def _pass_on(self, event: Event) -> None:
        aliases = self._sources.aliases
        if isinstance(event, Points) and aliases:
            series = []
            for one in event.series:
                name, _, line = one.site.rpartition(":")
                series.append(replace(one, site=f"{aliases.get(name, name)}:{line}"))
            event = replace(event, series=tuple(series))
        self._send(event)
