"""Which typical mistake a failed check resembles by what it does: the mistakes are run against the same checks.

Only when it is needed, one check for each mistake whose behaviour is not known yet, and none of them is an attempt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tutor.course.items import Exercise
from tutor.course.model import Lesson
from tutor.learning.behaviour import Fingerprint, fingerprint, fixed_sentences, recognised
from tutor.runner.protocol.requests import Check
from tutor.runner.transcript import RunRecord
from tutor.study.recording import CheckResult, told
from tutor.study.requests import Requests
from tutor.study.tags import MARK

LONGEST = 5.0
"""Seconds that one of them may take."""
BUDGET = 8.0
"""Seconds that all of them may take, as far as the learner's own check lets one guess."""
_STARTER = -1


@dataclass
class _Case:
    """The failed check of a program, and what still runs because of it."""

    exercise: Exercise
    result: CheckResult
    mine: Fingerprint
    waiting: dict[str, int] = field(default_factory=dict)


class Suspicion:
    """Remembers how mistakes behave, by the content of lesson and mistake, and finds the one that a check resembles."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._known: dict[str, Fingerprint] = {}
        self._cases: dict[str, _Case] = {}

    def requests(
        self, lesson: Lesson, exercise: Exercise, record: RunRecord, result: CheckResult, executed: Mapping[str, str]
    ) -> tuple[Check, ...]:
        """What to run in order to find out; empty where nothing is to be found out, where all is known,
        and where it would take too long.

        Ask `found` when these have ended, or at once where there are none.
        """
        mine = _open_question(exercise, record, result)
        if mine is None:
            return ()
        if (record.seconds - record.ready_seconds) * len(_programs(exercise)) > BUDGET:
            return ()
        case = _Case(exercise, result, mine)
        wanted: list[Check] = []
        for index, source in _programs(exercise).items():
            if _key(exercise, source) not in self._known:
                request = self._requests.check(lesson, exercise, source, executed)
                request = replace(
                    request,
                    tag=exercise.key + MARK,
                    label="comparing with typical mistakes",
                    timeout=min(request.timeout or LONGEST, LONGEST),
                )
                case.waiting[request.run] = index
                wanted.append(request)
        self._cases[record.run] = case
        return tuple(wanted)

    def learn(self, record: RunRecord) -> str:
        """Take in one of these checks that has ended; the id of the learner's check that is now settled, or ""."""
        for run, case in self._cases.items():
            index = case.waiting.pop(record.run, None)
            if index is not None:
                source = _programs(case.exercise)[index]
                self._known[_key(case.exercise, source)] = _behaviour(record)
                return run if not case.waiting else ""
        return ""

    def found(self, run: str) -> CheckResult | None:
        """The result of the learner's check `run` with the mistake that it resembles.

        None where there is none, and while something of it still runs."""
        case = self._cases.get(run)
        if case is None or case.waiting:
            return None
        del self._cases[run]
        return self._resembling(case.exercise, case.mine, case.result)

    def recalled(
        self, exercise: Exercise, record: RunRecord, result: CheckResult, others: Iterable[RunRecord]
    ) -> CheckResult | None:
        """The result of a check of which others say what it resembles: those that were run for it and are known again,
        after coming back to a session. None where they do not say it, and where nothing is to be found out."""
        mine = _open_question(exercise, record, result)
        if mine is None:
            return None
        wanted = {_key(exercise, source) for source in _programs(exercise).values()}
        for one in others:
            if one.tag == exercise.key + MARK and not one.running and (key := _key(exercise, one.source)) in wanted:
                self._known.setdefault(key, _behaviour(one))
        return self._resembling(exercise, mine, result) if wanted <= self._known.keys() else None

    def _resembling(self, exercise: Exercise, mine: Fingerprint, result: CheckResult) -> CheckResult | None:
        known = {
            index: self._known.get(_key(exercise, source), Fingerprint())
            for index, source in _programs(exercise).items()
        }
        starter = known.pop(_STARTER)
        index = recognised(mine, known, starter)
        return None if index is None else replace(result, mistake=exercise.mistakes[index], alike=True)


def _programs(exercise: Exercise) -> dict[int, str]:
    """The mistakes by their index, and the starter."""
    mistakes = {index: mistake.code.source for index, mistake in enumerate(exercise.mistakes)}
    return {**mistakes, _STARTER: exercise.starter.source}


def _open_question(exercise: Exercise, record: RunRecord, result: CheckResult) -> Fingerprint | None:
    """How the program of a check behaves, where that may tell something; else None."""
    fixed = frozenset[str]().union(*(fixed_sentences(test.source) for test in exercise.tests))
    mine = _fingerprint(record, fixed)
    settled = result.passed or result.mistake is not None or record.outcome != "ok"
    return mine if mine.telling and not settled else None


def _behaviour(record: RunRecord) -> Fingerprint:
    """How a typical mistake behaves. What did not run to its end has nothing to be recognised by."""
    return _fingerprint(record) if record.outcome == "ok" else Fingerprint()


def _fingerprint(record: RunRecord, fixed: frozenset[str] = frozenset()) -> Fingerprint:
    return fingerprint(((one.ok, one.message, one.got, told(one.failure)) for one in record.verdicts), fixed)


def _key(exercise: Exercise, source: str) -> str:
    return hashlib.sha256(f"{exercise.hash}\n{source}".encode()).hexdigest()
