"""The way from a polite interrupt to a hard stop: which request a further ctrl+c sends, and what to say."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.runner.protocol import Interrupt, Message, Restart

PATIENCE = 2.0
"""Seconds after which an interrupt that had no effect is spoken of."""


@dataclass(frozen=True)
class Step:
    """A request to send, what to say at once ("" for nothing), and what to say if it has had no effect."""

    request: Message
    words: str
    later: str


_RUNGS = (
    Step(
        Interrupt(),
        "",
        "The code has not stopped yet. ctrl+c again insists; the third one stops it hard.",
    ),
    Step(
        Interrupt(force=True),
        "Insisting …",
        "It still runs, probably in C code that cannot be interrupted. "
        "ctrl+c once more ends the kernel: its variables are lost, your code and the output stay.",
    ),
    Step(
        Restart(),
        "Stopping hard: a new kernel starts. The cells above run again by themselves when you run something.",
        "The new kernel is not ready yet.",
    ),
)


class InterruptLadder:
    """Remembers how often the run in progress has been interrupted."""

    def __init__(self) -> None:
        self._run = ""
        self._rung = 0

    def press(self, run: str) -> Step:
        """The next step for this run; another run begins at the first one again."""
        if run != self._run:
            self._run, self._rung = run, 0
        step = _RUNGS[self._rung]
        self._rung = min(self._rung + 1, len(_RUNGS) - 1)
        return step

    def insist(self, run: str) -> Step:
        """The second step, whatever came before."""
        self._run, self._rung = run, 2
        return _RUNGS[1]

    def stop_hard(self, run: str) -> Step:
        """The last step, whatever came before."""
        self._run, self._rung = run, 2
        return _RUNGS[2]
