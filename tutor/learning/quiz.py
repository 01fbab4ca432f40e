"""Grading a quiz: every option counts, and there is a second try before the answer is given away."""

from __future__ import annotations

from dataclasses import dataclass

TRIES = 2
"""After so many wrong answers all explanations are shown."""


@dataclass(frozen=True)
class QuizResult:
    """What an answer was worth. Indices are 0-based.

    `explain` holds the options whose "why" is to be shown now: on a wrong first try only those that were chosen
    wrongly, so that the second try is still a question; later all of them. `missed` counts right options that were not
    chosen. `attempt` counts from 1.
    """

    passed: bool
    chosen: frozenset[int]
    explain: frozenset[int]
    wrong: frozenset[int]
    missed: int
    attempt: int
    headline: str

    @property
    def revealed(self) -> bool:
        """Whether the right answer is no secret any more."""
        return self.passed or self.attempt >= TRIES


def grade(chosen: frozenset[int], right: frozenset[int], options: int, attempt: int) -> QuizResult:
    """Grade `chosen` against `right` in a quiz of so many `options`, as try number `attempt`."""
    wrong, missed = chosen - right, right - chosen
    passed = not wrong and not missed
    everything = frozenset(range(options))
    reveal = passed or attempt >= TRIES
    return QuizResult(
        passed=passed,
        chosen=chosen,
        explain=everything if reveal else wrong,
        wrong=wrong,
        missed=len(missed),
        attempt=attempt,
        headline=_headline(passed, len(wrong), len(missed), len(right), reveal, attempt),
    )


def _headline(passed: bool, wrong: int, missed: int, right: int, reveal: bool, attempt: int) -> str:
    if passed:
        return "Right." if attempt == 1 else f"Right, on try {attempt}."
    if wrong:
        what = "That is not it." if right == 1 else f"{_of(wrong, 'option')} you chose {_is(wrong)} wrong."
    else:
        what = f"Nothing wrong so far, but {_of(missed, 'right option')} {_is(missed)} missing."
    return f"{what} {'Here is why.' if reveal else 'Try once more.'}"


def _of(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def pack(chosen: frozenset[int]) -> str:
    """The form in which an answer is stored: "0,2"."""
    return ",".join(str(index) for index in sorted(chosen))


def unpack(answer: str) -> frozenset[int]:
    """The options of a stored answer; anything unreadable is an empty choice."""
    parts = answer.split(",") if answer else []
    return frozenset(int(part) for part in parts if part.isdecimal())
