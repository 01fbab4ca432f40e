"""GRAD: the gradients of a learner's function against autograd and against nudged inputs."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence, Tuple

import torch

from tutor.kit.check.attempts import attempt
from tutor.kit.check.inputs import Case, Input, make_cases
from tutor.kit.check.misconceptions import guess
from tutor.kit.check.report import Findings, Report
from tutor.kit.check.trials import in_words, parameter_names
from tutor.kit.check.values import Difference, Tolerance, copies, differences, kind_of

Slopes = Tuple[Any, Sequence[Any]]
"""The value of a function and its gradients with respect to each of its floating-point arguments."""

_CLOSE = Tolerance(1e-5, 1e-7)


def grad(
    function: Callable[..., Any],
    reference: Optional[Callable[..., Any]] = None,
    *inputs: Input,
    cases: int = 8,
    also: Sequence[Tuple[Any, ...]] = (),
    of: Optional[Callable[[Callable[..., Any], Tuple[Any, ...]], Slopes]] = None,
    numeric: bool = True,
    seed: int = 0,
) -> Report:
    """Compare value and gradients of a function with those of a reference, in float64.

        report = check.grad(Huber.apply, lambda x: F.huber_loss(x, 0 * x, reduction="none"), check.floats("N"))
        assert report.ran.ok, report.ran.why
        assert report.value.ok, report.value.why
        assert report.gradient.ok, report.gradient.why
        assert report.numeric.ok, report.numeric.why

    `inputs` and `also` are as in `same`. Without a `reference` only `numeric` is judged. A result with several elements
    is weighted with random numbers before `backward()`, so that a forgotten `grad_output` shows. For functions that are
    not PyTorch's, such as those of a home-made engine, `of(function, arguments)` gives value and gradients.

    Findings: `ran` (with the backward pass), `value`, `gradient`, `numeric` (`torch.autograd.gradcheck`, by nudging the
    inputs; not for `of` or `numeric=False`).
    """
    findings = Findings("ran", "value", "gradient", "numeric")
    names = parameter_names(reference or function, function)
    listed = [Case(tuple(one)) for one in also] + (make_cases(inputs, cases, seed, {}) if inputs else [])
    measure = of or slopes
    for case in listed:
        arguments = tuple(map(_wide, case.arguments))
        place = in_words(case, names)
        got = attempt(lambda arguments=arguments: measure(function, copies(arguments)), seed)  # type: ignore[misc]
        if got.error is not None:
            findings.fail("ran", f"For {place} it stops with {got.words}.{_hint(got.words)}", "a gradient", got.words)
            findings.skip("value and gradient have to come first", "value", "gradient", "numeric")
            return findings.report()
        if reference is not None:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                want = slopes(reference, copies(arguments))
            _compare(findings, function, arguments, want, got.value, names, place, of is None)
    if numeric and of is None:
        _judge_numeric(findings, function, listed, names)
    return findings.report()


def slopes(function: Callable[..., Any], arguments: Tuple[Any, ...], ones: bool = False) -> Slopes:
    """Value and gradients by autograd; an argument that no gradient reaches has None.

    A result with several elements is weighted, with ones or with fixed random numbers.
    """
    leaves = [one.requires_grad_() for one in arguments if torch.is_tensor(one) and one.is_floating_point()]
    with torch.enable_grad():
        value = function(*arguments)
        if not torch.is_tensor(value):
            raise TypeError(f"the function gives {kind_of(value)} instead of a tensor")
        generator = torch.Generator().manual_seed(1)
        drawn = torch.rand(value.shape, generator=generator, dtype=torch.float64) + 0.5
        weights = torch.ones_like(value) if ones or value.numel() == 1 else drawn.to(value.dtype)
        value.backward(weights)
    return value.detach(), [one.grad for one in leaves]


def _wide(value: Any) -> Any:
    return value.double() if torch.is_tensor(value) and value.is_floating_point() else value


def _hint(words: str) -> str:
    if "does not require grad" in words:
        return " Something cuts the graph: detach(), no_grad(), item() or a new tensor made from numbers."
    return ""


def _compare(
    findings: Findings,
    function: Callable[..., Any],
    arguments: Tuple[Any, ...],
    want: Slopes,
    got: Slopes,
    names: Sequence[str],
    place: str,
    torchs: bool,
) -> None:
    found = list(differences(want[0], got[0], _CLOSE)) if torchs else list(_plainly(want[0], got[0]))
    for difference in found:
        why = f"For {place} expected {difference.expected}, got {difference.got}. {guess(difference)}"
        findings.fail("value", why.strip(), difference.expected, difference.got)
    floating = [name for name, one in zip(names, arguments) if torch.is_tensor(one) and one.is_floating_point()]
    for name, right, mine in zip(floating, want[1], got[1]):
        if right is None or not bool(right.any()):
            if mine is not None and bool(torch.as_tensor(mine).any()):
                why = f"No gradient should reach {name}, and one does: cut it off with detach()."
                findings.fail("gradient", why, "no gradient", kind_of(mine))
            continue
        if mine is None:
            why = f"No gradient reaches {name}: is the graph cut too early?"
            findings.fail("gradient", why, "a gradient", "none")
            continue
        for difference in differences(right, mine, _CLOSE) if torchs else _plainly(right, mine):
            hint = guess(difference)
            if torchs and _ignores_weights(function, arguments, floating.index(name), mine):
                hint = "What comes from behind, grad_output, is not multiplied in."
            why = f"For {place} the gradient of {name} should be {difference.expected}, it is {difference.got}. {hint}"
            findings.fail("gradient", why.strip(), difference.expected, difference.got)


def _ignores_weights(function: Callable[..., Any], arguments: Tuple[Any, ...], index: int, mine: Any) -> bool:
    """Whether the gradient is the same whatever weights the backward pass begins with."""
    again = attempt(lambda: slopes(function, copies(arguments), ones=True))
    value = None if again.error else again.value
    if value is None or value[0].numel() < 2 or value[1][index] is None:
        return False
    return not list(differences(value[1][index], mine, _CLOSE))


def _plainly(want: Any, got: Any) -> List[Difference]:
    """Differences of what a home-made engine gives, where numbers may stand for tensors with one element."""
    made = attempt(lambda: torch.as_tensor(got, dtype=torch.float64))
    mine = got if made.error else made.value
    return list(differences(want.double(), mine.reshape(want.shape) if _one(want, mine) else mine, _CLOSE))


def _one(want: Any, got: Any) -> bool:
    return bool(torch.is_tensor(got) and want.numel() == got.numel() == 1)


def _judge_numeric(
    findings: Findings, function: Callable[..., Any], listed: Sequence[Case], names: Sequence[str]
) -> None:
    for case in sorted(listed, key=lambda one: one.size)[:4]:
        arguments = tuple(_wide(one) for one in copies(case.arguments))
        for one in arguments:
            if torch.is_tensor(one) and one.is_floating_point():
                one.requires_grad_()
        got = attempt(lambda arguments=arguments: torch.autograd.gradcheck(function, arguments))  # type: ignore[misc]
        if got.error is not None:
            why = f"For {in_words(case, names)} the gradient is not the slope found by nudging the input a little."
            findings.fail("numeric", why, "the slope", "another gradient")
