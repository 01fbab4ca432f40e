"""SAME: right functions in several styles pass, each wrong one is rejected with its own sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch

from tutor.kit import check
from tutor.kit.check import Report
from tutor.kit.check.report import begun, lead

Function = Callable[..., Any]


def pick(scores: Any, labels: Any) -> Any:
    return scores.gather(1, labels[:, None])[:, 0]


def pick_report(function: Any, **options: Any) -> Report:
    options = {"vectorised": True, "empty": "N", **options}
    return check.same(function, pick, check.floats("N", "C"), check.indices("N", below="C"), **options)


def with_loop(scores: Any, labels: Any) -> Any:
    found = scores.new_zeros(len(labels))
    for row in range(len(labels)):
        found[row] = scores[row, labels[row]]
    return found


def by_lists(scores: Any, labels: Any) -> Any:
    return torch.tensor([row[label] for row, label in zip(scores.tolist(), labels.tolist(), strict=True)])


def in_place(scores: Any, labels: Any) -> Any:
    picked = pick(scores, labels)
    scores += 1
    return picked


def leaves(scores: Any, labels: Any) -> Any:
    sys.exit(0)


class LoudError(Exception):
    def __str__(self) -> str:
        raise ValueError("not even its text")


def loud(scores: Any, labels: Any) -> Any:
    raise LoudError


@pytest.mark.parametrize(
    "right", [pick, lambda scores, labels: scores[torch.arange(len(labels)), labels], lambda *both: pick(*both)]
)
def test_right_in_any_style(right: Function) -> None:
    report = pick_report(right, forbid=("softmax",))
    assert report.ok, report


@pytest.mark.parametrize(
    ("wrong", "name", "sentence"),
    [
        (lambda scores, labels: scores[:, labels], "shape", "each element met every other one"),
        (lambda scores, labels: scores.gather(1, labels[:, None]), "shape", "A dimension of size 1 was kept"),
        (lambda scores, labels: pick(scores, labels).sum(), "shape", "reduced to one number"),
        (lambda scores, labels: None, "shape", "got None. Is there a return"),
        (lambda scores, labels: pick(scores, labels).tolist(), "shape", "got a list of"),
        (lambda scores, labels: pick(scores, labels).double(), "dtype", "expected float32, got float64"),
        (lambda scores, labels: -pick(scores, labels), "values", "The sign is the wrong way round"),
        (lambda scores, labels: pick(scores, labels) * 3, "values", "Every number is 3 times"),
        (lambda scores, labels: pick(scores, labels) + 2, "values", "Every number is off by 2"),
        (lambda scores, labels: pick(scores, labels) / 0, "values", "division by zero"),
        (lambda scores, labels: pick(scores, labels).flip(0), "values", "their places are not"),
        (in_place, "unchanged", "It changes scores"),
        (with_loop, "vectorised", "a Python loop goes over the elements"),
        (by_lists, "vectorised", "a Python loop goes over the elements"),
        (lambda scores: scores, "ran", "TypeError"),
        (lambda scores, labels: scores.view(-1)[labels], "ran", "reshape() copes with that"),
        (leaves, "ran", "it called sys.exit()"),
        (loud, "ran", "it stops with LoudError."),
        (..., "ran", "A function was expected"),
        (lambda scores, labels: pick(scores, labels.clamp(max=len(scores.softmax(1)) + 9)), "allowed", "softmax does"),
    ],
)
def test_wrong_is_rejected_with_its_sentence(wrong: Any, name: str, sentence: str) -> None:
    report = pick_report(wrong, forbid=("softmax",))
    finding = getattr(report, name)
    assert not finding.ok and sentence in finding.why, report
    assert not report.ok


def test_nothing_is_called_right_of_a_function_that_returns_nothing() -> None:
    report = pick_report(lambda scores, labels: None, forbid=("softmax",))
    assert [name for name in report if getattr(report, name).ok] == ["ran"]
    assert "Is there a return" in report.shape.why
    for name in set(report) - {"ran", "shape"}:
        assert getattr(report, name).why == "Not looked at yet: your function has to return something first."


def test_a_known_mistake_is_called_by_its_name() -> None:
    def softmax(x: Any) -> Any:
        return x.softmax(1)

    known = {"you normalised each column": lambda x: x.softmax(0), "this needs the exponent first": lambda x: x}
    inputs = check.floats("N", "C")
    assert check.same(softmax, softmax, inputs, known=known).ok
    columns = check.same(lambda x: torch.exp(x) / torch.exp(x).sum(0), softmax, inputs, known=known)
    assert columns.values.why.startswith("You normalised each column. For x = [[")
    nothing = check.same(lambda x: x, softmax, inputs, known=known)
    assert nothing.values.why.startswith("This needs the exponent first.")
    other = check.same(lambda x: x * 0 + 1, softmax, inputs, known=known)
    assert "normalised" not in other.values.why and not other.values.ok


def test_square_cases_do_not_hide_a_transpose() -> None:
    report = check.same(lambda x: x.mT, lambda x: x + 0, check.floats("N", "M"))
    assert "Rows and columns are swapped" in report.shape.why
    square = check.same(lambda x: x.mT, lambda x: x + 0, check.floats("N", "N"))
    assert "Rows and columns are swapped" in square.values.why


def test_size_one_is_among_the_cases() -> None:
    report = check.same(lambda x: x.mean(1).squeeze(), lambda x: x.mean(1), check.floats("N", "D"))
    assert "A dimension of size 1 is missing" in report.shape.why


def test_numbers_tuples_dicts_and_texts() -> None:
    def stats(x: Any) -> Any:
        return {"mean": x.mean().item(), "both": (x.min(), x.max()), "kind": "float"}

    report = check.same(stats, stats, check.floats("N"))
    assert report.ok, report
    swapped = check.same(lambda x: {**stats(x), "both": (x.max(), x.min())}, stats, check.floats("N"))
    assert "['both'][0]" in swapped.values.why
    tensor = check.same(lambda x: x.mean(), lambda x: x.mean().item(), check.floats("N"))
    assert ".item() takes the number out" in tensor.shape.why
    keys = check.same(lambda x: {"mean": 1.0}, stats, check.floats("N"))
    assert "the keys ['both', 'kind', 'mean']" in keys.shape.why


def test_explicit_cases_and_empty_ones() -> None:
    def normalised(x: Any) -> Any:
        total = x.sum(1, keepdim=True)
        return torch.where(total == 0, x, x / total)

    zero = torch.tensor([[0.0, 0.0], [1.0, 3.0]])
    report = check.same(lambda x: x / x.sum(1, keepdim=True), normalised, check.floats("N", "D"), also=[(zero,)])
    assert "nan comes from 0/0" in report.values.why
    empty = check.same(lambda x: x[0] * 0 + x, lambda x: x + 0, check.floats("N"), empty="N")
    assert "It fails only for an empty input" in empty.ran.why


def test_the_same_every_time_and_no_trace_left() -> None:
    state = torch.random.get_rng_state()
    first, second = (repr(pick_report(lambda scores, labels: torch.rand(len(labels)))) for _ in range(2))
    assert first == second
    assert torch.equal(state, torch.random.get_rng_state())


def test_unknown_finding_names_those_there_are() -> None:
    with pytest.raises(AttributeError, match="ran, shape, dtype"):
        _ = pick_report(pick).shapes


@pytest.mark.parametrize(
    ("sentence", "start"),
    [
        ("the rows are swapped", "The rows are swapped"),
        ("argmax(dim=0) looks elsewhere", "argmax(dim=0) looks elsewhere"),
        ("x[mask] copies", "x[mask] copies"),
        ("b1 is lost", "b1 is lost"),
        ("w stays", "w stays"),
        ("a minus is lost", "A minus is lost"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_and_code_does_not(sentence: str, start: str) -> None:
    assert begun(sentence) == start


def test_a_sentence_before_another_ends_once() -> None:
    assert [lead(one) for one in ("is it so?", "it is", "it is.")] == ["Is it so? ", "It is. ", "It is. "]
