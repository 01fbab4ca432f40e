"""BUGFIX: a repaired program: is the bug gone, is the feature still there, and is everything else right?"""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Sequence, Tuple

from tutor.kit.check.inputs import Case, Input, make_cases
from tutor.kit.check.misconceptions import guess
from tutor.kit.check.operations import Operations
from tutor.kit.check.report import Findings, Report
from tutor.kit.check.trials import gave_nothing, in_words, parameter_names, recognised, simplest, try_case
from tutor.kit.check.values import Tolerance, kind_of


def bugfix(
    fixed: Callable[..., Any],
    reference: Callable[..., Any],
    *inputs: Input,
    broken: Callable[..., Any],
    bug: str,
    without: Optional[Mapping[str, Callable[..., Any]]] = None,
    cases: int = 20,
    also: Sequence[Tuple[Any, ...]] = (),
    least: Optional[Mapping[str, int]] = None,
    tolerance: Tuple[float, float] = (1e-4, 1e-5),
    seed: int = 0,
) -> Report:
    """Judge a repair by behaviour: the repaired function against a right one, the broken one, and cheap ways out.

        report = check.bugfix(
            mse, lambda pred, y: ((pred[:, 0] - y) ** 2).mean(), check.floats("N", 1), check.floats("N"),
            broken=lambda pred, y: ((pred - y) ** 2).mean(), bug="(N, 1) - (N,) still stretches to (N, N)",
            without={"the square is gone": lambda pred, y: (pred[:, 0] - y).mean()},
        )
        assert report.ran.ok, report.ran.why
        assert report.gone.ok, report.gone.why
        assert report.kept.ok, report.kept.why
        assert report.right.ok, report.right.why

    `broken` is the program as it was and `bug` the sentence said where the results are still its results. `without`
    maps sentences to programs that avoid the bug by leaving something out. Other arguments are as in `same`.

    Findings: `ran`, `gone` (the bug), `kept` (the feature), `right` (all results are those of the reference).
    Raises what `reference` raises.
    """
    findings = Findings("ran", "gone", "kept", "right")
    if not callable(fixed):
        findings.fail("ran", f"A function was expected, and there is {kind_of(fixed)}.", "a function", kind_of(fixed))
        findings.skip("there is no function to call", "gone", "kept", "right")
        return findings.report()
    limits = Tolerance(*tolerance)
    listed = [Case(tuple(one)) for one in also] + (make_cases(inputs, cases, seed, least or {}) if inputs else [])
    names = parameter_names(reference, fixed)
    tried = [try_case(fixed, reference, case, names, limits, Operations(), seed) for case in listed]
    bad = [one for one in tried if one.wrong or one.got.error is not None]
    if not bad:
        return findings.report()
    if recognised(bad, {bug: broken}, limits, seed):
        findings.fail(
            "gone", f"The bug is still there: {bug.rstrip('.')}.", "the bug gone", "the same results as before"
        )
    else:
        cheap = recognised(bad, without or {}, limits, seed)
        if cheap is not None:
            why = f"The bug is gone because the feature is: {cheap.rstrip('.')}."
            findings.fail("kept", why, "the feature still there", cheap)
    stopped = [one for one in bad if one.got.error is not None]
    if stopped:
        one = simplest(stopped)
        findings.fail(
            "ran", f"For {in_words(one.case, names)} it stops with {one.got.words}.", "a result", one.got.words
        )
    if len(stopped) == len(tried):
        findings.skip("your function has to run first", "gone", "kept")
    elif all(map(gave_nothing, tried)):
        findings.skip("your function has to return something first", "gone", "kept")
    wrong = [one for one in bad if one.wrong]
    if not wrong:
        findings.skip("it has to run on every input first", "right")
        return findings.report()
    one = simplest(wrong)
    difference = one.wrong[0]
    why = f"For {in_words(one.case, names)} expected {difference.expected}, got {difference.got}. {guess(difference)}"
    findings.fail("right", why.strip(), difference.expected, difference.got)
    return findings.report()
