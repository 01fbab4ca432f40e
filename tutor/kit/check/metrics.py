"""METRIC: a number that a learner's function reaches, over several seeds."""

from __future__ import annotations

from math import isnan
from statistics import median
from typing import Any, Callable, List, Optional, Sequence, Tuple

from tutor.kit.check.attempts import attempt
from tutor.kit.check.report import Findings, Report
from tutor.kit.check.reported import number as as_number
from tutor.kit.check.values import kind_of, plain


def metric(
    measure: Callable[[int], Any],
    *,
    at_least: Optional[float] = None,
    at_most: Optional[float] = None,
    too_good: Optional[float] = None,
    too_good_why: str = "something knows the answer beforehand",
    known: Sequence[Tuple[float, float, str]] = (),
    seeds: Sequence[int] = (0, 1),
    name: str = "the result",
    unit: str = "",
) -> Report:
    """Compare the median of `measure(seed)` over the `seeds` with a threshold.

        report = check.metric(
            lambda seed: rmse_in_minutes(seed), at_most=2.2, too_good=0.9, unit="minutes", name="rmse",
            too_good_why="better than the noise: which column knows the future?",
            known=[(13.5, 14.5, "you predict the mean: print the shapes of output and target")],
        )
        assert report.ran.ok, report.ran.why
        assert report.reached.ok, report.reached.why
        assert report.honest.ok, report.honest.why

    Exactly one of `at_least` and `at_most` is the threshold; put it below the worst of several measured seeds. Beyond
    `too_good` the number is not believed. `known` are (low, high, sentence): the sentence is said for a median in
    that range. Before each call the random numbers of torch and of Python are seeded.

    Findings: `ran`, `number` (it is one number, and not NaN), `reached`, `honest` (not too good to be true).
    """
    if (at_least is None) == (at_most is None):
        raise ValueError("give either at_least or at_most")
    findings = Findings("ran", "number", "reached", "honest")
    values: List[float] = []
    for seed in seeds:
        got = attempt(lambda seed=seed: measure(seed), seed)  # type: ignore[misc]
        if got.error is not None:
            findings.fail("ran", f"With seed {seed} it stops with {got.words}.", "a number", got.words)
            findings.skip("your function has to run first", "number", "reached", "honest")
            return findings.report()
        value = as_number(got.value)
        if value is None or isnan(value):
            came = "nan" if value is not None else kind_of(got.value)
            findings.fail("number", f"{name} should be a number; with seed {seed} it is {came}.", "a number", came)
            findings.skip(f"{name} has to be a number first", "reached", "honest")
            return findings.report()
        values.append(value)
    _judge(findings, values, at_least, at_most, too_good, too_good_why, known, f"{name} is", unit)
    return findings.report()


def _judge(
    findings: Findings,
    values: Sequence[float],
    at_least: Optional[float],
    at_most: Optional[float],
    too_good: Optional[float],
    too_good_why: str,
    known: Sequence[Tuple[float, float, str]],
    lead: str,
    unit: str,
) -> None:
    middle = median(values)
    tail = f" {unit}" if unit else ""
    said = f"{plain(middle)}{tail}"
    if too_good is not None and (middle > too_good if at_least is not None else middle < too_good):
        bound = f"at {'most' if at_least is not None else 'least'} {plain(too_good)}{tail}"
        why = f"{lead} {said}, which is too good to be true: {too_good_why.rstrip('.')}"
        findings.fail("honest", why if why.endswith("?") else f"{why}.", bound, said)
        return
    missed = middle < at_least if at_least is not None else middle > (at_most if at_most is not None else middle)
    if not missed:
        return
    bound = (
        f"at {'least' if at_least is not None else 'most'} {plain(at_least if at_least is not None else at_most)}{tail}"
    )
    runs = f" (median of {len(values)} seeds)" if len(values) > 1 else ""
    reason = next((sentence for low, high, sentence in known if low <= middle <= high), "")
    why = f"{lead} {said}{runs}, it should be {bound}."
    findings.fail("reached", f"{reason[:1].upper()}{reason[1:].rstrip('.')}. {why}" if reason else why, bound, said)
