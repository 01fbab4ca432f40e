"""METRIC: a number that a learner's function reaches, over several seeds."""

from __future__ import annotations

from math import isnan
from statistics import median
from typing import Any, Callable, List, Optional, Sequence, Tuple

from tutor.kit.check.attempts import attempt
from tutor.kit.check.report import Findings, Report, lead
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
    middle, tail = median(values), f" {unit}" if unit else ""
    said, bound = f"{plain(middle)}{tail}", at_least if at_least is not None else at_most
    rising = at_least is not None
    if too_good is not None and (middle > too_good if rising else middle < too_good):
        why = f"{name} is {said}, which is too good to be true: {too_good_why.rstrip('.')}"
        limit = f"at {'most' if rising else 'least'} {plain(too_good)}{tail}"
        findings.fail("honest", why if why.endswith("?") else f"{why}.", limit, said)
    elif bound is not None and (middle < bound if rising else middle > bound):
        wanted = f"at {'least' if rising else 'most'} {plain(bound)}{tail}"
        runs = f" (median of {len(values)} seeds)" if len(values) > 1 else ""
        reason = next((sentence for low, high, sentence in known if low <= middle <= high), "")
        first = lead(reason) if reason else ""
        findings.fail("reached", f"{first}{name} is {said}{runs}, it should be {wanted}.", wanted, said)
    return findings.report()
