"""What a run printed, as lines of a terminal: `\\r`, `\\b`, colours and small cursor moves honoured, memory bounded.

Pure: it knows nothing of widgets. No escape sequence and no control character is left in a `Line`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from tutor.ui.escapes import LONGEST_SEQUENCE, NOT_PLAIN, SPECIAL, UNFINISHED
from tutor.ui.sgr import PLAIN, Ink, apply_sgr
from tutor.ui.visible import drop_invisible

HEAD = 4_000
"""So many first lines are kept."""

TAIL = 4_000
"""At least so many last lines are kept, and at most twice as many."""

LONGEST = 4_000
"""So many characters of a line are kept; the others are counted."""

REACH = 40
"""How many lines above the last one the cursor can still go (progress bars below each other)."""

Runs = tuple[tuple[str, Ink], ...]


@dataclass(frozen=True)
class Line:
    """One line: pieces of text, each in one ink. `kind` says who wrote it, see `tutor.runner.transcript.Chunk`."""

    runs: Runs
    kind: str = "stdout"

    @property
    def text(self) -> str:
        """Its text."""
        return "".join(text for text, _ in self.runs)


class TerminalText:
    """Lines that grow as text is fed.

    `lines` is the first `HEAD` lines, then, once the middle is gone, a line that counts it, then the last ones.
    `changed_from` is the index of the first line that is new or different since `take_changes` was called last.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.dropped = 0
        self._changed_from = 0
        self._ink = PLAIN
        self._kind = ""
        self._pending = ""
        self._row = -1
        self._column = 0
        self._characters: list[str] = []
        self._inks: list[Ink] = []
        self._cut = 0

    def take_changes(self) -> int:
        """Index of the first line that has changed since the last call."""
        changed, self._changed_from = self._changed_from, len(self.lines)
        return changed

    def feed(self, text: str, kind: str = "stdout") -> None:
        """Write `text`. A change of kind begins a new line, except that input goes on after its prompt."""
        if kind != self._kind:
            self._turn_to(kind)
        if not self._pending and not NOT_PLAIN.search(text):
            self._feed_plain(text)
        else:
            self._feed_special(text)
        self._keep()
        self._evict()

    def _feed_plain(self, text: str) -> None:
        """The way most output goes: whole lines, nothing to interpret."""
        first, *parts = text.split("\n")
        self._write(first)
        if not parts:
            return
        last = parts.pop()
        self._newline()
        if parts and self._row == len(self.lines) - 1:
            del self.lines[self._row :]
            ink, kind = self._ink, self._kind
            for part in parts:
                runs = ((drop_invisible(part), ink),) if part else ()
                self.lines.append(Line(runs if len(part) <= LONGEST else _shortened(part, ink), kind))
            self.lines.append(Line((), kind))
            self._row = len(self.lines) - 1
        else:
            for part in parts:
                self._write(part)
                self._newline()
        self._write(last)

    def _feed_special(self, text: str) -> None:
        text, self._pending = self._pending + text, ""
        unfinished = UNFINISHED.search(text)
        if unfinished is not None and len(text) - unfinished.start() <= LONGEST_SEQUENCE:
            self._pending = text[unfinished.start() :]
            text = text[: unfinished.start()]
        at = 0
        for special in SPECIAL.finditer(text):
            self._write(text[at : special.start()])
            at = special.end()
            if special["control"]:
                self._control(special["control"])
            elif special["csi"]:
                self._sequence(special["final"], special["parameters"])
        self._write(text[at:])

    def _turn_to(self, kind: str) -> None:
        if kind != "input" and self._kind != "input" and (self._characters or self._column):
            self._newline()
        self._kind, self._pending = kind, ""
        if kind == "input":
            self._ink = PLAIN
        self._open()

    def _open(self) -> None:
        if self._row < 0:
            self.lines.append(Line((), self._kind))
            self._row = len(self.lines) - 1

    def _write(self, text: str) -> None:
        if not text:
            return
        if not text.isascii():
            text = drop_invisible(text)
        self._open()
        room = LONGEST - self._column
        if len(text) > room:
            self._cut += len(text) - max(0, room)
            text = text[: max(0, room)]
        gap = self._column - len(self._characters)
        if gap > 0:
            self._characters += " " * gap
            self._inks += [PLAIN] * gap
        end = self._column + len(text)
        self._characters[self._column : end] = text
        self._inks[self._column : end] = [self._ink] * len(text)
        self._column = end

    def _control(self, character: str) -> None:
        if character in "\n\x0b\x0c\x85\u2028\u2029":
            self._newline()
        elif character == "\r":
            self._column = 0
        elif character == "\b":
            self._column = max(0, self._column - 1)
        elif character == "\t":
            self._write(" " * (8 - self._column % 8))
        elif "\ud800" <= character <= "\udfff":
            self._write("\ufffd")

    def _sequence(self, final: str, parameters: str) -> None:
        """The sequences that programs print lines with; all others are dropped."""
        if final == "m" and not parameters.startswith(("<", "=", ">", "?")):
            self._ink = apply_sgr(self._ink, parameters)
            return
        count = int(parameters) if parameters.isdecimal() and len(parameters) < 6 else 0
        if final == "K":
            self._erase(count)
        elif final in "AF":
            self._move(-max(1, count), start=final == "F")
        elif final in "BE":
            self._move(max(1, count), start=final == "E")
        elif final == "C":
            self._column = min(LONGEST, self._column + max(1, count))
        elif final == "D":
            self._column = max(0, self._column - max(1, count))
        elif final == "G":
            self._column = min(LONGEST, max(1, count) - 1)

    def _erase(self, what: int) -> None:
        if what == 0:
            del self._characters[self._column :], self._inks[self._column :]
            self._cut = 0
        elif what == 1:
            end = min(self._column + 1, len(self._characters))
            self._characters[:end], self._inks[:end] = " " * end, [PLAIN] * end
        else:
            self._characters, self._inks, self._cut = [], [], 0

    def _newline(self) -> None:
        self._open()
        if self._row == len(self.lines) - 1:
            self._keep()
            self.lines.append(Line((), self._kind))
            self._row += 1
            self._characters, self._inks, self._cut = [], [], 0
        else:
            self._move(1)
        self._column = 0

    def _move(self, by: int, start: bool = False) -> None:
        self._open()
        row = min(len(self.lines) - 1, max(self._row + by, len(self.lines) - REACH, 0))
        if row != self._row and self.lines[row].kind != "dropped":
            self._keep()
            self._row = row
            self._characters, self._inks, self._cut = [], [], 0
            for text, ink in self.lines[row].runs:
                self._characters += text
                self._inks += [ink] * len(text)
        if start:
            self._column = 0

    def _keep(self) -> None:
        """Freeze the row under the cursor."""
        if self._row < 0:
            return
        text, inks, at = "".join(self._characters), self._inks, 0
        runs: list[tuple[str, Ink]] = []
        if inks and inks[0] == inks[-1] and inks.count(inks[0]) == len(inks):
            runs.append((text, inks[0]))
        else:
            for ink, group in groupby(inks):
                size = sum(1 for _ in group)
                runs.append((text[at : at + size], ink))
                at += size
        if self._cut:
            runs.append(_left_out(self._cut))
        self.lines[self._row] = Line(tuple(runs), self._kind if runs else self.lines[self._row].kind)
        self._changed_from = min(self._changed_from, self._row)

    def _evict(self) -> None:
        """Drop lines in the middle, many at a time."""
        over = len(self.lines) - HEAD - TAIL - (1 if self.dropped else 0)
        if over <= TAIL:
            return
        start = HEAD + (1 if self.dropped else 0)
        self.dropped += over
        note = Line(((f"… {self.dropped:,} lines not kept here …", Ink(dim=True)),), "dropped")
        self.lines[HEAD : start + over] = [note]
        self._row += HEAD + 1 - start - over
        self._changed_from = min(self._changed_from, HEAD)


def _shortened(text: str, ink: Ink) -> Runs:
    return (drop_invisible(text[:LONGEST]), ink), _left_out(len(text) - LONGEST)


def _left_out(count: int) -> tuple[str, Ink]:
    return f" … {count:,} more characters", Ink(dim=True)
