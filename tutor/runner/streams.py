"""From the bytes of a pipe to the text of a run: decoded, batched, and kept within bounds."""

from __future__ import annotations

import codecs

from tutor.runner.protocol.message import Event
from tutor.runner.protocol.run_events import Output, OutputSkipped, OutputTail

HEAD_BYTES = 2 << 20
"""How much of the beginning of a run's output is kept, per stream."""

TAIL_BYTES = 64 << 10
"""How much of its end is kept; what lies between is counted."""

GLIMPSE_BYTES = 2 << 10
"""How much of the end is shown while the run goes on."""


class Stream:
    """One stream of one run: `feed` it bytes, `take` events.

    The first `head` bytes pass as they come. Of what follows only the last `tail` bytes are held back until
    `finish`, and the rest is counted. A character split over two reads comes out whole, and bytes that are not
    UTF-8 become U+FFFD.
    """

    def __init__(self, name: str, run: str, head: int = HEAD_BYTES, tail: int = TAIL_BYTES) -> None:
        self.name = name
        self.run = run
        self.skipped = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._room = head
        self._tail_size = tail
        self._text: list[str] = []
        self._tail = bytearray()
        self._moved = False

    @property
    def pending(self) -> bool:
        """Whether `take` or `glimpse` has something new."""
        return bool(self._text) or self._moved

    def feed(self, data: bytes) -> None:
        """Take in what was read."""
        if self._room:
            head, data = data[: self._room], data[self._room :]
            self._room -= len(head)
            self._text.append(self._decoder.decode(head))
            if not self._room:  # a character cut in two by the border belongs to the tail
                self._tail += self._decoder.getstate()[0]
                self._decoder.reset()
        if data:
            self._tail += data
            self._moved = True
            excess = len(self._tail) - self._tail_size
            if excess > 0:
                self.skipped += excess
                del self._tail[:excess]

    def take(self) -> list[Event]:
        """The text that came since the last call, as at most one event."""
        text = "".join(self._text)
        self._text.clear()
        return [Output(run=self.run, stream=self.name, text=text)] if text else []

    def glimpse(self) -> OutputTail | None:
        """What the run writes now, if that is beyond what `take` gives and has moved since the last call."""
        if not self._moved:
            return None
        self._moved = False
        text = bytes(self._tail[-GLIMPSE_BYTES:]).decode("utf-8", "ignore")
        return OutputTail(run=self.run, stream=self.name, text=text, skipped=self.skipped)

    def finish(self) -> list[Event]:
        """Everything that is left, in order: text, how much was skipped, the tail. More may be fed afterwards."""
        self._text.append(self._decoder.decode(b"", final=True))
        self._decoder.reset()
        found = self.take()
        if self.skipped:
            torn = _torn(self._tail)
            del self._tail[:torn]
            found.append(OutputSkipped(run=self.run, stream=self.name, count=self.skipped + torn))
        if self._tail:
            text = self._tail.decode("utf-8", "replace")
            found.append(Output(run=self.run, stream=self.name, text=text))
        self._tail.clear()
        self.skipped, self._moved = 0, False
        return found


def _torn(data: bytearray) -> int:
    """How many bytes at the beginning are the rest of a character whose start was dropped."""
    count = 0
    while count < min(3, len(data)) and data[count] & 0xC0 == 0x80:
        count += 1
    return count
