"""What was seen of a run's training loop, in words, with the lessons about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tutor.course.model import Course
from tutor.learning.autopsy import Curve, Finding, Seen, findings
from tutor.runner.transcript import RunRecord
from tutor.study.explaining import place_of, teaching


class Numbers(Protocol):
    """What is read of a series: `tutor.metrics.series.Series` is one. Points are (step, value)."""

    role: str
    count: int
    first: tuple[float, float] | None
    last: tuple[float, float] | None
    minimum: float
    maximum: float


@dataclass(frozen=True)
class Remark(Finding):
    """A finding; `lesson` is where its concept is taught."""

    lesson: str = ""


class Autopsy(Protocol):
    """`autopsy` with its course given."""

    def __call__(self, record: RunRecord, loss: Numbers | None = None) -> tuple[Remark, ...]:
        """What is to be said about a run."""


def autopsy(record: RunRecord, loss: Numbers | None = None, course: Course | None = None) -> tuple[Remark, ...]:
    """What is to be said about a run or a check that has ended; `loss` is its main series."""
    if record.running or not record.facts or (record.kind == "check" and record.passed):
        return ()
    seen = [Seen(one.kind, one.line, one.names, one.numbers) for one in record.facts]
    remarks = []
    for one in findings(seen, _curve(loss)):
        entry = teaching(course, one.concepts) if course is not None else None
        lesson = place_of(entry) if entry is not None else ""
        remarks.append(Remark(one.kind, one.line, one.what, one.remedy, one.concepts, lesson))
    return tuple(remarks)


def _curve(loss: Numbers | None) -> Curve | None:
    if loss is None or loss.role != "train" or loss.first is None or loss.last is None:
        return None
    return Curve(loss.count, loss.first[1], loss.last[1], loss.minimum, loss.maximum)
