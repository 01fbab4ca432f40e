"""SAME: a learner's function against a reference on many random inputs."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Tuple

import torch

from tutor.kit.check.attempts import attempt
from tutor.kit.check.inputs import Case, Input, make_case, make_cases
from tutor.kit.check.misconceptions import guess
from tutor.kit.check.operations import Operations
from tutor.kit.check.report import Findings, Report, lead
from tutor.kit.check.trials import (
    Trial,
    gave_nothing,
    in_words,
    parameter_names,
    recognised,
    simplest,
    try_case,
)
from tutor.kit.check.values import Tolerance, copies, kind_of, show

_FEW, _MANY = 3, 24
"""The two sizes between which the number of operations must not grow by one for each row."""


def same(
    function: Callable[..., Any],
    reference: Callable[..., Any],
    *inputs: Input,
    cases: int = 24,
    also: Sequence[Tuple[Any, ...]] = (),
    least: Optional[Mapping[str, int]] = None,
    empty: Optional[str] = None,
    tolerance: Tuple[float, float] = (1e-4, 1e-5),
    vectorised: bool = False,
    forbid: Sequence[str] = (),
    known: Optional[Mapping[str, Callable[..., Any]]] = None,
    seed: int = 0,
) -> Report:
    """Compare a function with a reference on `cases` random inputs, and on those of `also` (tuples of arguments).

        from tutor.kit import check

        report = check.same(
            pick, lambda scores, labels: scores.gather(1, labels[:, None])[:, 0],
            check.floats("N", "C"), check.indices("N", below="C"), vectorised=True,
            known={"this picks every label for every row": lambda scores, labels: scores[:, labels]},
        )
        assert report.ran.ok, report.ran.why
        assert report.shape.ok, report.shape.why
        assert report.values.ok, report.values.why
        assert report.unchanged.ok, report.unchanged.why
        assert report.vectorised.ok, report.vectorised.why

    `inputs` say how each argument is made (`floats`, `indices`, `bools`, `one_of`). The cases have the sizes 1, odd,
    square and not square; every third has tensors that are not contiguous; with `empty="N"` the last has N = 0.
    `least={"N": 2}` is a lower bound. `tolerance` is (relative, absolute). `known` maps a sentence to the wrong
    function it is about: the sentence is said where the learner's results are those of that function.

    Findings: `ran` (no error on any input), `shape` (with the type and number of results), `dtype`, `values`,
    `unchanged` (no argument changed in place), `allowed` (nothing of `forbid`, names such as "softmax", is called),
    `vectorised` (if asked for: the number of PyTorch calls does not grow with the sizes, as it does in a Python loop).

    Raises what `reference` raises, nothing that `function` raises.
    """
    findings = Findings("ran", "shape", "dtype", "values", "unchanged", "allowed", "vectorised")
    if not callable(function):
        findings.fail(
            "ran", f"A function was expected, and there is {kind_of(function)}.", "a function", kind_of(function)
        )
        findings.skip("there is no function to call", *findings.others("ran"))
        return findings.report()
    limits = Tolerance(*tolerance)
    listed = [Case(tuple(one)) for one in also]
    listed += make_cases(inputs, cases, seed, least or {}, empty) if inputs else []
    names = parameter_names(reference, function)
    used = Operations()
    tried = [try_case(function, reference, case, names, limits, used, seed) for case in listed]
    _judge_runs(findings, tried, names)
    if all(map(gave_nothing, tried)):
        findings.skip("your function has to return something first", *findings.others("ran", "shape"))
    _judge_results(findings, tried, names, known or {}, limits, seed)
    _judge_touched(findings, tried, names)
    banned = next((name for name in forbid if used.names[name]), None)
    if banned is not None:
        findings.fail("allowed", f"{banned} does the whole job, and is not allowed here.", f"no {banned}", banned)
    if vectorised:
        _judge_growth(findings, function, inputs, seed)
    if all(one.got.error is not None for one in tried):
        findings.skip("your function has to run first", *findings.others("ran"))
    return findings.report()


def _judge_runs(findings: Findings, tried: Sequence[Trial], names: Sequence[str]) -> None:
    broken = [one for one in tried if one.got.error is not None]
    if not broken:
        return
    one = simplest(broken)
    hint = ""
    if len(broken) < len(tried) and len({one.case.special for one in broken}) == 1 and one.case.special:
        hint = {
            "not contiguous": " It fails only where the numbers do not lie in memory in their order, as after a "
            "transpose: reshape() copes with that, view() does not.",
            "empty": " It fails only for an empty input.",
        }[one.case.special]
    findings.fail(
        "ran",
        f"For {in_words(one.case, names)} it stops with {one.got.words}.{hint}",
        show(one.want) if not torch.is_tensor(one.want) else kind_of(one.want),
        one.got.words,
    )


def _judge_results(
    findings: Findings,
    tried: Sequence[Trial],
    names: Sequence[str],
    known: Mapping[str, Callable[..., Any]],
    limits: Tolerance,
    seed: int,
) -> None:
    wrong = [one for one in tried if one.wrong]
    mistake = recognised([one for one in tried if one.wrong or one.got.error], known, limits, seed)
    for name, kinds in (("shape", ("type", "length", "shape")), ("dtype", ("dtype",)), ("values", ("values",))):
        found = [one for one in wrong if any(difference.kind in kinds for difference in one.wrong)]
        if not found:
            continue
        one = simplest(found)
        difference = next(difference for difference in one.wrong if difference.kind in kinds)
        place = f" in part {difference.where} of the result" if difference.where else ""
        hint = guess(difference) if mistake is None or name == "dtype" else ""
        said = lead(mistake) if mistake and name != "dtype" else ""
        sentence = f"{said}For {in_words(one.case, names)} expected {difference.expected}{place}, got {difference.got}."
        findings.fail(name, f"{sentence} {hint}".strip(), difference.expected, difference.got)
    if not findings.ok("shape"):
        if mistake is not None and any(difference.kind == "values" for one in wrong for difference in one.wrong):
            return
        findings.skip("the shape has to be right first", "values", "dtype")


def _judge_touched(findings: Findings, tried: Sequence[Trial], names: Sequence[str]) -> None:
    for one in tried:
        if one.touched:
            findings.fail(
                "unchanged",
                f"It changes {one.touched}, which belongs to whoever calls the function. Make a new tensor: functions "
                "whose name ends in _, and assignments such as x[i] = 0 or x += 1, work in place.",
                f"{one.touched} as it was",
                f"a changed {one.touched}",
            )


def _judge_growth(findings: Findings, function: Callable[..., Any], inputs: Sequence[Input], seed: int) -> None:
    counts: Dict[int, int] = {}
    for size in (_FEW, _MANY):
        case = make_case(inputs, size, seed)
        seen = Operations()

        def call(case: Case = case, seen: Operations = seen) -> Any:
            with seen:
                return function(*copies(case.arguments))

        if attempt(call, seed).error is not None:
            return
        counts[size] = seen.total
    if counts[_MANY] - counts[_FEW] >= _MANY - _FEW:
        findings.fail(
            "vectorised",
            f"For sizes of {_FEW} it makes {counts[_FEW]} calls to PyTorch, for sizes of {_MANY} already "
            f"{counts[_MANY]}: a Python loop goes over the elements. Let one call do all of them.",
            f"{counts[_FEW]} calls for any size",
            f"{counts[_MANY]} calls for size {_MANY}",
        )
