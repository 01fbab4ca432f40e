"""The figures of part C that its text depends on: where nudges fail, what the small engine learns, what is silent."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tutor.course.items import Exercise, Snippet
from tutor.course.parser import parse_lesson

FOLDER = Path(__file__).parents[2] / "lessons" / "03-autograd"
SEEDS = (0, 1, 2)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def curve(x: torch.Tensor) -> torch.Tensor:
    return x**2 * torch.sin(x)


def nudge_error(dtype: torch.dtype, eps: float) -> float:
    """Relative error of the slope of the lesson's curve at 2, by nudges to both sides."""
    x = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(curve(x), x)
    place = torch.tensor(2.0, dtype=dtype)
    found = (curve(place + eps) - curve(place - eps)).item() / (2 * eps)
    return float(abs(found - slope.item()) / slope.item())


# ----------------------------------------------------------------------------------- lesson 07, gradients


def test_a_thousandth_is_the_best_float32_nudge_and_tiny_ones_find_nothing() -> None:
    errors = {power: nudge_error(torch.float32, 10.0**-power) for power in range(1, 11)}
    assert min(errors, key=errors.__getitem__) == 3
    assert 0.01 < errors[6] < 0.1, "the quiz says: off by some percent"
    assert errors[8] == 1.0
    assert nudge_error(torch.float64, 1e-6) < 1e-8


def test_two_starts_end_in_two_valleys_of_which_one_is_six_times_as_deep() -> None:
    ends = []
    for start in (3.0, -2.0):
        x = torch.tensor(start, requires_grad=True)
        for _ in range(200):
            (slope,) = torch.autograd.grad(curve(x), x)
            x = (x - 0.02 * slope).detach().requires_grad_()
        ends.append(x.detach())
    assert [round(one.item(), 2) for one in ends] == [5.09, -2.29]
    assert (curve(ends[0]) / curve(ends[1])).item() == pytest.approx(6.1, abs=0.1)


# ------------------------------------------------------------------------------- lesson 08, tiny-autograd


@pytest.fixture(scope="module")
def engine() -> dict[str, Any]:
    """The names of lesson 08 up to its training, with its own solutions."""
    names: dict[str, Any] = {"__name__": "lesson"}
    for _, item in parse_lesson(FOLDER / "08-tiny-autograd.md").items():
        if isinstance(item, Exercise):
            exec(item.solution.code.source, names)
        elif isinstance(item, Snippet) and "sleep" not in item.code.source:
            exec(item.code.source, names)
        if "net" in names:
            break
    return names


def xor_loss(names: dict[str, Any], hidden: int, seed: int, epochs: int) -> float:
    weights = names["make_weights"](hidden, seed)
    for _ in range(epochs):
        loss = names["mean_square"](weights)
        for weight in weights:
            weight.grad = 0.0
        loss.backward()
        for weight in weights:
            weight.data -= 0.3 * weight.grad
    return float(loss.data)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_small_engine_learns_xor_with_four_neurons_and_with_two_but_not_with_one(
    engine: dict[str, Any], seed: int
) -> None:
    assert xor_loss(engine, 4, seed, 300) < 1e-12, "the page says: below 0.000 000 001"
    assert xor_loss(engine, 2, seed, 150) < 1e-6
    assert 0.6 < xor_loss(engine, 1, seed, 150) < 0.72


# --------------------------------------------------------------------------- lesson 09, autograd-practice


def test_a_change_through_data_goes_past_the_guard_and_one_under_no_grad_does_not() -> None:
    w = torch.tensor(2.0, requires_grad=True)
    z = w * w
    w.data.mul_(10)
    z.backward()
    assert w.grad is not None
    assert w.grad.item() == 40.0
    w = torch.tensor(2.0, requires_grad=True)
    z = w * w
    with torch.no_grad():
        w.mul_(10)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.backward()


def test_the_three_reluish_functions_choose_three_slopes_at_the_corner() -> None:
    slopes = []
    for function in (lambda x: torch.maximum(x, torch.zeros(())), torch.relu, lambda x: x.clamp(min=0)):
        x = torch.tensor(0.0, requires_grad=True)
        slopes.append(torch.autograd.grad(function(x), x)[0].item())
    assert slopes == [0.5, 0.0, 1.0]
