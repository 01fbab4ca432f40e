"""Finding out, without a screen, which typical mistake a failed check resembles."""

from __future__ import annotations

from tutor.commands.headless import Headless
from tutor.course.items import Exercise
from tutor.course.model import Lesson
from tutor.runner.transcript import RunRecord
from tutor.study import CheckResult, Study


async def suspect(
    headless: Headless, study: Study, lesson: Lesson, exercise: Exercise, record: RunRecord, result: CheckResult
) -> CheckResult:
    """The result, with the mistake that does the same where there is one."""
    executed = headless.transcript.executed
    for request in study.suspicion.requests(lesson, exercise, record, result, executed):
        study.suspicion.learn(await headless.run(request))
    return study.suspicion.found(record.run) or result
