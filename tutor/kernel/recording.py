"""The capture of training series, where this torch can be captured at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Optional

from tutor.kernel.sources import Sources
from tutor.runner.protocol import Event, Points


class Recording:
    """Wraps `tutor.kernel.capture.Capture`, which cannot be imported without torch. Sites are named by lesson file."""

    def __init__(self, send: Callable[[Event], None], sources: Sources) -> None:
        self._send = send
        self._sources = sources
        self._capture: Optional[Any] = None

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

    def begin(self, run: str) -> None:
        """A run begins; its cells are known to the sources."""
        if self._capture is not None:
            self._capture.begin(run, self._sources.names)

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
