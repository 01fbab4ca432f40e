"""Events of a run or a check: from the queue over its output, points and verdicts to its end."""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass, replace
from typing import Iterator, List, Optional, Tuple

from tutor.runner.protocol.message import Event, Journaled, ProtocolError
from tutor.runner.protocol.parts import Cell, Fact, Failure, Series


@dataclass(frozen=True)
class RunQueued(Journaled):
    """A run or a check was accepted. `kind` is "run" or "check"; `cells` are what was asked for, `code` last.

    `quiet_cells`, `isolated` and `kept_cells` as in `Run`.
    """

    run: str = ""
    kind: str = "run"
    tag: str = ""
    label: str = ""
    cells: Tuple[Cell, ...] = ()
    quiet_cells: int = 0
    isolated: bool = False
    kept_cells: int = 0


@dataclass(frozen=True)
class RunStarted(Journaled):
    """The kernel took it up."""

    run: str = ""
    generation: int = 0


@dataclass(frozen=True)
class CellFinished(Journaled):
    """One cell of a run ended; `ok` tells whether the namespace now holds what it makes."""

    run: str = ""
    key: str = ""
    ok: bool = True
    seconds: float = 0.0


@dataclass(frozen=True)
class Output(Journaled):
    """Text that the run wrote; `stream` is "stdout" or "stderr". May hold `\\r` and escape sequences: data only."""

    run: str = ""
    stream: str = "stdout"
    text: str = ""


@dataclass(frozen=True)
class OutputSkipped(Journaled):
    """`count` bytes of `stream` were counted and not kept, between the head and the tail that are."""

    run: str = ""
    stream: str = "stdout"
    count: int = 0


@dataclass(frozen=True)
class OutputTail(Event):
    """What a run writes right now, once the middle of its output is only counted: shown until the next one comes.

    `text` is the end of `stream`, a few lines; `skipped` is how many bytes were not kept so far. Not journaled: the
    real tail follows as `OutputSkipped` and `Output` when the run ends.
    """

    run: str = ""
    stream: str = "stdout"
    text: str = ""
    skipped: int = 0


@dataclass(frozen=True)
class Result(Journaled):
    """`repr` of the last expression of the last cell."""

    run: str = ""
    text: str = ""


@dataclass(frozen=True)
class Points(Journaled):
    """New points of one or more series. The blob holds, series after series, `count` steps and then `count` values."""

    run: str = ""
    series: Tuple[Series, ...] = ()
    blob: bytes = b""

    def unpack(self) -> Iterator[Tuple[Series, array[float], array[float]]]:
        """Yield `(series, steps, values)`; both arrays are float64 and `series.count` long."""
        numbers: array[float] = array("d")
        numbers.frombytes(self.blob)
        if sys.byteorder == "big":
            numbers.byteswap()
        if len(numbers) != 2 * sum(one.count for one in self.series):
            raise ProtocolError("a Points message whose blob does not fit its series")
        at = 0
        for one in self.series:
            middle, end = at + one.count, at + 2 * one.count
            yield one, numbers[at:middle], numbers[middle:end]
            at = end


def pack_points(run: str, parts: List[Tuple[Series, List[float], List[float]]]) -> Points:
    """Build a `Points` event from `(series, steps, values)`; `series.count` is filled in here."""
    numbers: array[float] = array("d")
    series = []
    for one, steps, values in parts:
        if len(steps) != len(values):
            raise ValueError(f"series {one.name!r}: {len(steps)} steps but {len(values)} values")
        numbers.extend(steps)
        numbers.extend(values)
        series.append(replace(one, count=len(values)))
    if sys.byteorder == "big":
        numbers.byteswap()
    return Points(run=run, series=tuple(series), blob=numbers.tobytes())


@dataclass(frozen=True)
class CheckVerdict(Journaled):
    """One `assert` of a check. `ok` is its outcome, `message` its feedback sentence, `source` its condition as written.

    `expected` and `got` are short texts of the two sides where the condition has sides, "" else. `failure` is set when
    evaluating it raised. `line` is the line in the lesson file.
    """

    run: str = ""
    index: int = 0
    ok: bool = False
    message: str = ""
    source: str = ""
    expected: str = ""
    got: str = ""
    line: int = 0
    failure: Optional[Failure] = None


@dataclass(frozen=True)
class InputRequested(Journaled):
    """The code waits in `input()`. The prompt itself has been printed before."""

    run: str = ""
    prompt: str = ""
    password: bool = False


@dataclass(frozen=True)
class InputAnswered(Journaled):
    """Somebody answered; `text` is "" for a password."""

    run: str = ""
    text: str = ""


@dataclass(frozen=True)
class Notice(Journaled):
    """One sentence from the runner about the run: "finishing an import, then stopping", "loss became NaN at step 7"."""

    run: str = ""
    text: str = ""


@dataclass(frozen=True)
class Observed(Journaled):
    """What was seen of the training loop of a run or of a checked answer; comes before its end, at most once."""

    run: str = ""
    facts: Tuple[Fact, ...] = ()


OUTCOMES = ("ok", "error", "interrupted", "exit", "died", "timeout", "memory", "stopped")
"""How a run can end.

"error": an exception, see `failure`. "exit": `sys.exit`, the namespace is kept. "died": the process ended by itself or
was killed from outside. "timeout", "memory": a limit. "stopped": killed on request (restart, stop). A check is "ok"
when all its statements ran, whatever they said; it is passed when it is "ok", gave a verdict and all verdicts are ok.
"""


@dataclass(frozen=True)
class RunFinished(Journaled):
    """The end of a run; every byte it printed and every point it logged stands before this event.

    `words` is one sentence for outcomes other than "ok" and "error". `stage` says for a check where it ended:
    "setup", "code", "tests", "solution". `exit_code` is that of `sys.exit` or of the process, `signal` the number of
    the signal that ended the process. Of a check, `ready_seconds` of its `seconds` went into cells above it that need
    not run again for the next one.
    """

    run: str = ""
    outcome: str = "ok"
    seconds: float = 0.0
    failure: Optional[Failure] = None
    words: str = ""
    stage: str = ""
    exit_code: Optional[int] = None
    signal: Optional[int] = None
    ready_seconds: float = 0.0
