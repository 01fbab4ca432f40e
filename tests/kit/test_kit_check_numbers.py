"""METRIC, GRAD, NUMBER, CHOICE, SHAPE: right answers pass, wrong ones get their own sentence."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from tutor.kit import check


def rmse(limit: float = 2.2, **options: Any) -> Any:
    known = [(13.5, 14.5, "you predict the mean: print the shapes")]
    defaults = {
        "at_most": limit, "too_good": 0.9, "too_good_why": "which column knows the future?", "known": known,
        "name": "rmse", "unit": "minutes",
    }  # fmt: skip
    return lambda measure: check.metric(measure, **{**defaults, **options})


@pytest.mark.parametrize("right", [lambda seed: 1.5, lambda seed: torch.tensor(1.6 + 0.1 * seed)])
def test_metric_reached(right: Any) -> None:
    assert rmse()(right).ok


@pytest.mark.parametrize(
    ("wrong", "name", "sentence"),
    [
        (
            lambda seed: 13.9,
            "reached",
            "You predict the mean: print the shapes. rmse is 13.9 minutes (median of 2 seeds)",
        ),
        (lambda seed: 5.5, "reached", "rmse is 5.5 minutes (median of 2 seeds), it should be at most 2.2 minutes."),
        (lambda seed: 0.01, "honest", "too good to be true: which column knows the future?"),
        (lambda seed: float("nan"), "number", "with seed 0 it is nan"),
        (lambda seed: None, "number", "with seed 0 it is None"),
        (lambda seed: 1 / seed, "ran", "With seed 0 it stops with ZeroDivisionError"),
    ],
)
def test_metric_missed(wrong: Any, name: str, sentence: str) -> None:
    report = rmse()(wrong)
    assert not getattr(report, name).ok and sentence in getattr(report, name).why, report


def test_metric_seeds_what_it_measures() -> None:
    seen: list[tuple[float, float]] = []

    def measure(seed: int) -> float:
        seen.append((torch.rand(1).item(), random.random()))
        return 0.95

    for _ in range(2):
        assert check.metric(measure, at_least=0.92, seeds=(0, 1, 2)).ok
    assert seen[:3] == seen[3:] and len(set(seen)) == 3
    low = check.metric(lambda seed: 0.9, at_least=0.92)
    assert "it should be at least 0.92" in low.reached.why
    with pytest.raises(ValueError, match="either"):
        check.metric(measure)


class Huber(torch.autograd.Function):
    """Right; the others each have one flaw."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return torch.where(x.abs() < 1, x * x / 2, x.abs() - 0.5)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return grad * ctx.saved_tensors[0].clamp(-1, 1)


class NoFactor(Huber):
    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return ctx.saved_tensors[0].clamp(-1, 1)


class WrongBorder(Huber):
    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return grad * ctx.saved_tensors[0].clamp(-2, 2)


class Negative(Huber):
    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return -Huber.backward(ctx, grad)


class NoHalf(Huber):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return torch.where(x.abs() < 1, x * x, x.abs() - 0.5)


def huber(x: Any) -> Any:
    return F.huber_loss(x, torch.zeros_like(x), reduction="none")


POINTS = (torch.tensor([-3.0, -1.5, -0.5, 0.0, 0.7, 1.2, 4.0]),)


@pytest.mark.parametrize("right", [Huber.apply, huber])
def test_grad_right(right: Any) -> None:
    report = check.grad(right, huber, check.floats("N"), also=[POINTS])
    assert report.ok, report


@pytest.mark.parametrize(
    ("wrong", "name", "sentence"),
    [
        (NoFactor.apply, "gradient", "grad_output, is not multiplied in"),
        (NoFactor.apply, "numeric", "not the slope found by nudging"),
        (WrongBorder.apply, "gradient", "the gradient of x should be"),
        (Negative.apply, "gradient", "The sign is the wrong way round"),
        (NoHalf.apply, "value", "expected"),
        (lambda x: huber(x).detach(), "ran", "Something cuts the graph"),
        (lambda x: huber(x).tolist(), "ran", "a list of"),
        (lambda x: huber(x) / x.missing, "ran", "AttributeError"),
    ],
)
def test_grad_wrong(wrong: Any, name: str, sentence: str) -> None:
    report = check.grad(wrong, huber, check.floats("N"), also=[POINTS])
    assert not getattr(report, name).ok and sentence in getattr(report, name).why, report


def test_grad_where_none_should_go() -> None:
    def target(online: Any, frozen: Any) -> Any:
        return ((online - frozen.detach()) ** 2).mean()

    inputs = check.floats("N"), check.floats("N")
    assert check.grad(target, target, *inputs, numeric=False).ok
    leak = check.grad(lambda a, b: ((a - b) ** 2).mean(), target, *inputs, numeric=False)
    assert "No gradient should reach b" in leak.gradient.why
    cut = check.grad(lambda a, b: ((a.detach() - b.detach() + 0 * b) ** 2).mean(), target, *inputs, numeric=False)
    assert "No gradient reaches a" in cut.gradient.why


def test_grad_of_an_engine_that_is_not_pytorch() -> None:
    def of(function: Any, arguments: Any) -> Any:
        x, y = (one.item() for one in arguments)
        return x * y, ([y, x] if function == "right" else [1.0, x])

    inputs = check.floats(), check.floats()
    assert check.grad("right", lambda a, b: a * b, *inputs, of=of).ok  # type: ignore[arg-type]
    wrong = check.grad("wrong", lambda a, b: a * b, *inputs, of=of)  # type: ignore[arg-type]
    assert "the gradient of a should be" in wrong.gradient.why


@pytest.mark.parametrize("right", [1400, 1300.0, torch.tensor(1600)])
def test_number_right(right: Any) -> None:
    assert check.number(right, (1300, 1600)).ok


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (500, "epochs is 500: run it: 49.5"),
        (100, "epochs is 100, and that is too small."),
        (9000, "epochs is 9000, and that is too large."),
        (None, "epochs should be a number, and is None."),
        (..., "epochs should be a number, and is an ellipsis."),
        (True, "epochs should be a number"),
        (float("nan"), "epochs is nan"),
    ],
)
def test_number_wrong(wrong: Any, sentence: str) -> None:
    finding = check.number(wrong, (1300, 1600), known={500: "run it: 49.5"}, name="epochs")
    assert not finding.ok and sentence in finding.why
    assert "1300" not in finding.why and "1600" not in finding.why


def test_number_with_a_tolerance() -> None:
    assert check.number(0.3, 0.1 + 0.2).ok
    assert check.number(2.31, 2.303, tolerance=0.01).ok
    assert not check.number(2.32, 2.303, tolerance=0.01)


def test_choice() -> None:
    def judged(got: Any) -> Any:
        known = {"softmax": "cross-entropy already contains it"}
        return check.choice(got, ("none", "identity"), options=("none", "identity", "softmax", "sigmoid"), known=known)

    assert judged("none").ok and judged(" Identity ").ok
    assert judged("Softmax").why == "the answer is not 'Softmax': cross-entropy already contains it"
    assert judged("sigmoid").why == "the answer is not 'sigmoid'."
    assert "should be one of identity, none, sigmoid, softmax" in judged("relu").why
    assert "is an ellipsis" in judged(...).why


def test_shape() -> None:
    def judged(got: Any, right: Any = None, parts: Any = ((3, 1), (4,))) -> Any:
        return check.shape(got, right or (lambda: torch.ones(3, 1) + torch.ones(4)), parts=parts)

    assert judged((3, 4)).ok and judged([3, 4]).ok and judged(torch.Size([3, 4])).ok
    assert "from the last to the first" in judged((2, 3), lambda: torch.ones(2, 3) + torch.ones(2), ()).why
    assert judged("Error", lambda: torch.ones(2, 3) + torch.ones(2)).ok
    assert (
        "at the last dimension, not at the first"
        in judged((2, 3), lambda: torch.ones(2, 3) + torch.ones(2), ((2, 3), (2,))).why
    )
    assert "a size of 1 stretches" in judged("error", parts=()).why
    assert "their order is not" in judged((4, 3)).why
    assert "The number of dimensions is not 1" in judged((12,)).why
    assert "Look at dimension 1 again" in judged((3, 5)).why
    assert 'or "error"' in judged(None).why
    assert judged(list(range(50))).why.endswith("and is a list of 50.")
    assert check.shape((1, 4), (4,), known={(1, 4): "an index removes its dimension"}).why.endswith(
        "an index removes its dimension"
    )
