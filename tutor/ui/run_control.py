"""The way from a polite interrupt to a hard stop: which request a further ctrl+c sends, and what to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tutor.runner.protocol.message import Message
from tutor.runner.protocol.requests import Interrupt, Restart
from tutor.ui.drafts import After
from tutor.ui.session import SessionReader

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


class RunControl:
    """Stops what runs, one rung after the other, and says what came of it.

    `say` tells one sentence; `after(seconds, f)` starts a timer; `hard_words` say what a hard stop comes to, where that
    is not what it is in a lesson.
    """

    def __init__(self, reader: SessionReader, say: Callable[[str], None], after: After, hard_words: str = "") -> None:
        self._reader = reader
        self._say = say
        self._after = after
        self._hard_words = hard_words
        self._ladder = InterruptLadder()

    def interrupt(self) -> bool:
        """Take the next rung; False when nothing runs."""
        run = self._running
        if run:
            self._do(self._ladder.press(run), run)
        return bool(run)

    def insist(self) -> None:
        """Interrupt what runs, harder."""
        run = self._running
        if run:
            self._do(self._ladder.insist(run), run)
        else:
            self._say("Nothing runs.")

    def stop_hard(self) -> None:
        """End the kernel, whether something runs or not."""
        self._do(self._ladder.stop_hard(self._running), self._running)

    @property
    def _running(self) -> str:
        """The id of what runs, else of what waits for its turn; "" when there is neither."""
        transcript = self._reader.transcript
        waiting = (record for record in transcript.runs.values() if record.running)
        current = transcript.current or next(waiting, None)
        return current.run if current is not None else ""

    def _do(self, step: Step, run: str) -> None:
        if not self._reader.send(step.request):
            self._say(str(self._reader.trouble or "The session is still starting."))
            return
        words = self._hard_words or step.words if isinstance(step.request, Restart) else step.words
        if words:
            self._say(words)

        def look_again() -> None:
            if self._running == run:
                self._say(step.later)

        if run:
            self._after(PATIENCE, look_again)
