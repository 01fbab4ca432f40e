"""SAME: a learner's function against a reference on many random inputs."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import torch

from tutor.kit.check.attempts import Attempt, attempt
from tutor.kit.check.inputs import Case, Input, make_case, make_cases
from tutor.kit.check.misconceptions import guess
from tutor.kit.check.operations import Operations
from tutor.kit.check.report import Findings, Report
from tutor.kit.check.values import Difference, Tolerance, agree, alike, copies, differences, kind_of, show

_FEW, _MANY = 3, 24
"""The two sizes between which the number of operations must not grow by one for each row."""


class _Tried(NamedTuple):
    case: Case
    want: Any
    got: Attempt
    wrong: List[Difference]
    touched: str


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
    names = _names(reference, function)
    used = Operations()
    tried = [_try(function, reference, case, names, limits, used, seed) for case in listed]
    _judge_runs(findings, tried, names)
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


def _try(
    function: Callable[..., Any],
    reference: Callable[..., Any],
    case: Case,
    names: Sequence[str],
    limits: Tolerance,
    used: Operations,
    seed: int,
) -> _Tried:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        want = reference(*copies(case.arguments))
    given = case.arguments if case.special else copies(case.arguments)
    before = copies(given)

    def call() -> Any:
        with used:
            return function(*given)

    got = attempt(call, seed)
    wrong = [] if got.error else list(differences(want, got.value, limits))
    touched = next((names[at] for at, pair in enumerate(zip(before, given)) if not _untouched(*pair)), "")
    return _Tried(Case(before, case.special), want, got, wrong, touched)


def _untouched(before: Any, after: Any) -> bool:
    if torch.is_tensor(before):
        return before.shape == after.shape and agree(before, after, Tolerance(0.0, 0.0))
    return alike(before, after, Tolerance(0.0, 0.0))


def _judge_runs(findings: Findings, tried: Sequence[_Tried], names: Sequence[str]) -> None:
    broken = [one for one in tried if one.got.error is not None]
    if not broken:
        return
    one = _simplest(broken)
    hint = ""
    if len(broken) < len(tried) and len({one.case.special for one in broken}) == 1 and one.case.special:
        hint = {
            "not contiguous": " It fails only where the numbers do not lie in memory in their order, as after a "
            "transpose: reshape() copes with that, view() does not.",
            "empty": " It fails only for an empty input.",
        }[one.case.special]
    findings.fail(
        "ran",
        f"For {_in_words(one.case, names)} it stops with {one.got.words}.{hint}",
        show(one.want) if not torch.is_tensor(one.want) else kind_of(one.want),
        one.got.words,
    )


def _judge_results(
    findings: Findings,
    tried: Sequence[_Tried],
    names: Sequence[str],
    known: Mapping[str, Callable[..., Any]],
    limits: Tolerance,
    seed: int,
) -> None:
    wrong = [one for one in tried if one.wrong]
    mistake = _recognised([one for one in tried if one.wrong or one.got.error], known, limits, seed)
    for name, kinds in (("shape", ("type", "length", "shape")), ("dtype", ("dtype",)), ("values", ("values",))):
        found = [one for one in wrong if any(difference.kind in kinds for difference in one.wrong)]
        if not found:
            continue
        one = _simplest(found)
        difference = next(difference for difference in one.wrong if difference.kind in kinds)
        place = f" in part {difference.where} of the result" if difference.where else ""
        hint = guess(difference) if mistake is None or name == "dtype" else ""
        lead = f"{mistake[:1].upper()}{mistake[1:].rstrip('.')}. " if mistake and name != "dtype" else ""
        sentence = (
            f"{lead}For {_in_words(one.case, names)} expected {difference.expected}{place}, got {difference.got}."
        )
        findings.fail(name, f"{sentence} {hint}".strip(), difference.expected, difference.got)
    if not findings.ok("shape"):
        if mistake is not None and any(difference.kind == "values" for one in wrong for difference in one.wrong):
            return
        findings.skip("the shape has to be right first", "values", "dtype")


def _recognised(
    wrong: Sequence[_Tried], known: Mapping[str, Callable[..., Any]], limits: Tolerance, seed: int
) -> Optional[str]:
    """The sentence of the known mistake whose results are the learner's wherever these are wrong."""
    for sentence, mistaken in known.items():
        if wrong and all(_is_that(one, mistaken, limits, seed) for one in wrong):
            return sentence
    return None


def _is_that(one: _Tried, mistaken: Callable[..., Any], limits: Tolerance, seed: int) -> bool:
    given = copies(one.case.arguments)
    result = attempt(lambda: mistaken(*given), seed)
    if result.error is not None or one.got.error is not None:
        return type(result.error) is type(one.got.error)
    return alike(result.value, one.got.value, Tolerance(max(limits.relative, 1e-3), max(limits.absolute, 1e-5)))


def _judge_touched(findings: Findings, tried: Sequence[_Tried], names: Sequence[str]) -> None:
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


def _simplest(tried: Sequence[_Tried]) -> _Tried:
    """The smallest case, but rather one without sizes of 1 and with a few elements: in tiny ones much coincides."""

    def order(one: _Tried) -> Tuple[bool, bool, int]:
        tensors = [value for value in one.case.arguments if torch.is_tensor(value)]
        return any(1 in value.shape for value in tensors), one.case.size < 4, one.case.size

    return min(tried, key=order)


def _names(reference: Callable[..., Any], function: Callable[..., Any]) -> List[str]:
    for one in (function, reference):
        try:
            names = [
                name for name, value in inspect.signature(one).parameters.items() if value.kind < value.KEYWORD_ONLY
            ]
        except (TypeError, ValueError):
            continue
        if names and not any(
            value.kind is value.VAR_POSITIONAL for value in inspect.signature(one).parameters.values()
        ):
            return names + [f"argument {number}" for number in range(len(names) + 1, 20)]
    return [f"argument {number}" for number in range(1, 20)]


def _in_words(case: Case, names: Sequence[str]) -> str:
    if not case.arguments:
        return "no arguments"
    parts = []
    for name, value in zip(names, case.arguments):
        if torch.is_tensor(value) and value.numel() > 4:
            parts.append(f"{name} of shape {tuple(value.shape)}")
        else:
            parts.append(f"{name} = {show(value)}")
    special = f" ({case.special})" if case.special == "not contiguous" else ""
    return " and ".join([", ".join(parts[:-1])] * (len(parts) > 1) + parts[-1:]) + special
