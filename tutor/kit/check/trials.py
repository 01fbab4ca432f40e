"""Trials: a function and its reference on the same arguments, and which known mistake the results are those of."""

from __future__ import annotations

import inspect
from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import torch

from tutor.kit.check.attempts import Attempt, attempt
from tutor.kit.check.inputs import Case
from tutor.kit.check.operations import Operations
from tutor.kit.check.values import Difference, Tolerance, agree, alike, copies, differences, show


class Trial(NamedTuple):
    """What a function gave for one case, beside what the reference gives.

    `wrong` are the differences of the two, `touched` the name of an argument that was changed in place ("" for none).
    """

    case: Case
    want: Any
    got: Attempt
    wrong: List[Difference]
    touched: str


def try_case(
    function: Callable[..., Any],
    reference: Callable[..., Any],
    case: Case,
    names: Sequence[str],
    limits: Tolerance,
    used: Operations,
    seed: int,
) -> Trial:
    """Call the reference and the function with copies of the same arguments. Raises what the reference raises."""
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
    return Trial(Case(before, case.special), want, got, wrong, touched)


def _untouched(before: Any, after: Any) -> bool:
    if torch.is_tensor(before):
        return before.shape == after.shape and agree(before, after, Tolerance(0.0, 0.0))
    return alike(before, after, Tolerance(0.0, 0.0))


def gave_nothing(one: Trial) -> bool:
    """Whether the function ended without an error and without a result, where the reference has one."""
    return one.got.error is None and one.got.value is None and one.want is not None


def recognised(
    wrong: Sequence[Trial], known: Mapping[str, Callable[..., Any]], limits: Tolerance, seed: int
) -> Optional[str]:
    """The sentence of the known mistake whose results are the learner's wherever these are wrong."""
    for sentence, mistaken in known.items():
        if wrong and all(_is_that(one, mistaken, limits, seed) for one in wrong):
            return sentence
    return None


def _is_that(one: Trial, mistaken: Callable[..., Any], limits: Tolerance, seed: int) -> bool:
    given = copies(one.case.arguments)
    result = attempt(lambda: mistaken(*given), seed)
    if result.error is not None or one.got.error is not None:
        return type(result.error) is type(one.got.error)
    return alike(result.value, one.got.value, Tolerance(max(limits.relative, 1e-3), max(limits.absolute, 1e-5)))


def simplest(tried: Sequence[Trial]) -> Trial:
    """The smallest case, but rather one without sizes of 1 and with a few elements: in tiny ones much coincides."""

    def order(one: Trial) -> Tuple[bool, bool, int]:
        tensors = [value for value in one.case.arguments if torch.is_tensor(value)]
        return any(1 in value.shape for value in tensors), one.case.size < 4, one.case.size

    return min(tried, key=order)


def parameter_names(reference: Callable[..., Any], function: Callable[..., Any]) -> List[str]:
    """The names of the function's arguments, or of the reference's, or "argument 1" and so on."""
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


def in_words(case: Case, names: Sequence[str]) -> str:
    """The arguments of a case: small ones with their values, large ones by their shapes."""
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
