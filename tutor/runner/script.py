"""The pieces of a scripted run: what a kernel would say, for `tutor.runner.replay`.

Each helper gives steps: events without a run id, and numbers, which mean to wait that many seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from tutor.runner.protocol.message import Event
from tutor.runner.protocol.parts import Failure, Frame, Series
from tutor.runner.protocol.run_events import CheckVerdict, InputRequested, Output, Result, RunFinished, pack_points

Step = Event | float

FOREVER = math.inf
"""A step that lasts until the run is interrupted or stopped."""


def printed(text: str, stream: str = "stdout") -> list[Step]:
    """The run writes `text`."""
    return [Output(stream=stream, text=text)]


def shown(text: str) -> list[Step]:
    """The last expression's `repr`."""
    return [Result(text=text)]


def asked(prompt: str = "") -> list[Step]:
    """The run waits in `input(prompt)` until somebody answers."""
    return [Output(text=prompt), InputRequested(prompt=prompt)]


def training(
    values: Sequence[float] | Mapping[str, Sequence[float]],
    *,
    batch: int = 50,
    pause: float = 0.0,
    first_step: int = 1,
    site: str = "",
) -> Iterator[Step]:
    """A training that logs one point a step: one series `loss`, or several by name.

    Names that begin with `val` become validation series. `batch` points go into one event, as a kernel at 20 Hz
    would send them, with `pause` seconds after each.
    """
    series = values if isinstance(values, Mapping) else {"loss": values}
    longest = max((len(one) for one in series.values()), default=0)
    for start in range(0, longest, batch):
        parts = []
        for name, numbers in series.items():
            piece = list(numbers[start : start + batch])
            if piece:
                role = "validation" if name.startswith("val") else "train"
                steps = [float(first_step + start + at) for at in range(len(piece))]
                parts.append((Series(name, role, site), steps, piece))
        yield pack_points("", parts)
        if pause:
            yield pause


def check_passed(*messages: str) -> list[Step]:
    """A check whose assertions all hold."""
    return [CheckVerdict(index=at, ok=True, message=text) for at, text in enumerate(messages or ("It works.",))]


def check_failed(message: str, expected: str = "", got: str = "", source: str = "", index: int = 0) -> list[Step]:
    """A check with one assertion that does not hold."""
    return [CheckVerdict(index=index, ok=False, message=message, expected=expected, got=got, source=source)]


def failed(kind: str, message: str, line: int = 1, filename: str = "lesson.md", source: str = "") -> list[Step]:
    """The run ends with an exception raised at `line`."""
    frame = Frame(filename=filename, line=line, function="<module>", source=source)
    text = (
        f'Traceback (most recent call last):\n  File "{filename}", line {line}, in <module>\n'
        f"{f'    {source}' + chr(10) if source else ''}{kind}: {message}\n"
    )
    return [RunFinished(outcome="error", failure=Failure(kind, message, (frame,), text))]


def ended(outcome: str, words: str = "", exit_code: int | None = None) -> list[Step]:
    """The run ends in another way than by itself; one of `tutor.runner.protocol.run_events.OUTCOMES`."""
    return [RunFinished(outcome=outcome, words=words, exit_code=exit_code)]


def interrupted() -> RunFinished:
    """How a run ends by ctrl+c."""
    failure = Failure("KeyboardInterrupt", "", (), "KeyboardInterrupt\n")
    return RunFinished(outcome="interrupted", failure=failure, words="Interrupted.")
