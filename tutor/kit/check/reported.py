"""The numbers a training function reports, and what they are in truth and under each usual mistake."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import torch

from tutor.kit.check.report import Findings
from tutor.kit.check.spies import Forward
from tutor.kit.check.tasks import Task
from tutor.kit.check.values import kind_of, plain

METRICS = ("loss", "accuracy", "rmse", "exact")


class Epoch(NamedTuple):
    """The calls of one epoch: on training samples, with a backward and without one, and on validation samples."""

    trained: List[Forward]
    looked: List[Forward]
    validated: List[Forward]


class Batch(NamedTuple):
    """A number of one batch: its mean over `size` samples."""

    mean: float
    size: int


def judge_means(findings: Findings, task: Task, days: Sequence[Epoch], result: Any, reports: Sequence[str]) -> None:
    """Compare each reported number with what the batches of its epoch give."""
    found = series(result, reports)
    if found is None:
        wanted = f"{', '.join(reports)}, a number for each epoch"
        findings.fail("means", f"Return {wanted}; got {kind_of(result)}.", wanted, kind_of(result))
        return
    for name in reports:
        part, _, metric = name.partition("_")
        values = found.get(name)
        if values is None:
            got = ", ".join(found) or "nothing"
            findings.fail("means", f"{name} is missing in what you return; there is {got}.", name, got)
            continue
        if len(values) != task.epochs:
            why = f"{name} should have {task.epochs} numbers, one for each epoch, and has {len(values)}."
            findings.fail("means", why, f"{task.epochs} numbers", str(len(values)))
            continue
        for at, (value, day) in enumerate(zip(values, days), 1):
            ways = [day.validated] if part == "val" else [day.trained, day.looked]
            _judge_number(findings, task, f"{name} of epoch {at}", metric, value, [one for one in ways if one])


def _judge_number(
    findings: Findings, task: Task, name: str, metric: str, value: Any, ways: Sequence[List[Forward]]
) -> None:
    if any(call.samples is None for calls in ways for call in calls) or not ways:
        findings.skip("the model has to see the batches first", "means")
        return
    got = number(value)
    if got is None:
        findings.fail("means", f"{name} should be a number, and is {kind_of(value)}.", "a number", kind_of(value))
        return
    measured = [truth(task, metric, calls) for calls in ways]
    rights = [combine(metric, batches) for batches in measured]
    if any(close(right, got) for right in rights):
        return
    hint = next(filter(None, (explain(metric, batches, got) for batches in measured)), "")
    hint = hint or next(filter(None, (mistaken_labels(task, metric, calls, got) for calls in ways)), "")
    why = f"{name} should be {plain(rights[0])}, yours is {plain(got)}. {hint}".strip()
    findings.fail("means", why, plain(rights[0]), plain(got))


def series(result: Any, names: Sequence[str]) -> Optional[Dict[str, List[Any]]]:
    """What was reported, by name: one value for each epoch. None if the result has no such form.

    Takes a dict of lists, a list of dicts (one for each epoch), or a tuple of lists in the order of `names`.
    """
    if isinstance(result, Mapping):
        found = {str(name): result[name] for name in result}
    elif isinstance(result, (list, tuple)) and result and all(isinstance(one, Mapping) for one in result):
        found = {str(name): [one.get(name) for one in result] for name in result[0]}
    elif isinstance(result, tuple) and len(result) == len(names):
        found = dict(zip(names, result))
    elif isinstance(result, list) and len(names) == 1:
        found = {names[0]: result}
    else:
        return None
    return {name: list(one) for name, one in found.items() if isinstance(one, (list, tuple)) or _is_vector(one)}


def number(value: Any) -> Optional[float]:
    """A reported value as a float; None if it is not one number."""
    try:
        value = value.detach() if torch.is_tensor(value) else value
        return None if isinstance(value, (str, bool)) else float(value)
    except (TypeError, ValueError, RuntimeError):
        return None


def truth(task: Task, metric: str, calls: Sequence[Forward]) -> List[Batch]:
    """The number of each batch, from what the model gave."""
    return [Batch(_measure(task, metric, call), len(call.samples or ())) for call in calls]


def combine(metric: str, batches: Sequence[Batch]) -> float:
    """The right number for all batches together: weighted by their sizes."""
    mean = sum(one.mean * one.size for one in batches) / max(1, sum(one.size for one in batches))
    return float(mean**0.5) if metric == "rmse" else mean


def explain(metric: str, batches: Sequence[Batch], got: float) -> str:
    """Why a reported number is not the right one; "" if nothing fits."""
    means = [one.mean for one in batches]
    if not means:
        return ""
    right = combine(metric, batches)
    count, samples = len(means), sum(one.size for one in batches)
    root: Callable[[float], float] = (lambda value: value**0.5) if metric == "rmse" else (lambda value: value)
    wrong: List[Tuple[float, str]] = [
        (root(sum(means) / count), "The last batch is smaller: weight each batch by its size."),
        (sum(map(root, means)) / count, "The root of a mean is not the mean of roots: take the root once, at the end."),
        (root(means[-1]), "That is the number of the last batch alone."),
        (root(means[0]), "That is the number of the first batch alone."),
        (sum(means), "The batches were added up and never divided."),
        (
            sum(means) / samples,
            "The sum of batch means was divided by the number of samples: multiply each by its size first.",
        ),
        (sum(one.mean * one.size for one in batches), "The samples were added up and never divided."),
        (sum(one.mean * one.size for one in batches) / count, "Divide by the number of samples, not of batches."),
        (right * 100, "That is in percent: report a share from 0 to 1."),
        (right**2, "The root is missing.") if metric == "rmse" else (float("nan"), ""),
    ]
    return next((sentence for value, sentence in wrong if close(value, got) and not close(value, right)), "")


def mistaken_labels(task: Task, metric: str, calls: Sequence[Forward], got: float) -> str:
    """Why a number about several labels a sample is not the right one; "" if nothing fits."""
    if task.kind != "multilabel" or metric not in ("accuracy", "exact"):
        return ""
    output = torch.cat([call.output for call in calls])
    right = torch.cat([task.target(call.samples or ()) for call in calls])

    def share(said: Any, metric: str = metric) -> float:
        hits = said.float() == right
        return float((hits.all(1) if metric == "exact" else hits).float().mean())

    wrong = (
        (share(output > 0, "accuracy"), "That is the share of right labels: a sample counts if all of its labels are."),
        (share(output > 0, "exact"), "That is the share of samples with all labels right: here each label counts."),
        (share(output > 0.5), "Scores were compared with 0.5: a probability of 0.5 is a score of 0."),
        (share(output.softmax(1) > 0.5), "A softmax makes the labels compete: use the sign of each score."),
        (share(output < 0), "Yes and no are swapped."),
    )
    truth = share(output > 0)
    return next((sentence for value, sentence in wrong if close(value, got) and not close(value, truth)), "")


def close(one: float, other: float) -> bool:
    """Whether two reported numbers are the same up to rounding."""
    return abs(one - other) <= 1e-4 * max(abs(one), abs(other)) + 1e-5


def _is_vector(value: Any) -> bool:
    return bool(torch.is_tensor(value) and value.ndim == 1)


def _measure(task: Task, metric: str, call: Forward) -> float:
    target, output = task.target(call.samples or ()), call.output
    with torch.no_grad():
        if metric == "loss":
            return float(task.loss_fn(output, target))
        if metric == "rmse":
            return float(((output - target) ** 2).mean())
        right = (output > 0).float() == target if task.kind == "multilabel" else output.argmax(1) == target
        return float((right.all(1) if metric == "exact" else right).float().mean())
