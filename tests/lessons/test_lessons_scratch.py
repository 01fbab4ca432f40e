"""The figures of part D that its text depends on, for three seeds and with a margin."""

from collections.abc import Callable

import pytest
import torch

from tutor.kit import moons

SEEDS = (0, 1, 2)

Rides = tuple[torch.Tensor, torch.Tensor]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


# ------------------------------------------------------------------------------ lesson 10, linear-scratch


def rides(seed: int) -> Rides:
    """200 rides with three inputs, as the lesson makes them."""
    dice = torch.Generator().manual_seed(seed)
    inputs = torch.randn(200, 3, generator=dice)
    luck = 0.1 * torch.randn(200, generator=dice)
    return inputs, inputs @ torch.tensor([2.0, -3.0, 0.5]) + 4.0 + luck


def fit_line(data: Rides, lr: float, steps: int = 200, clear: bool = True) -> float:
    """The loss after training from zero, as in the lesson."""
    inputs, late = data
    w, b = torch.zeros(3, requires_grad=True), torch.zeros((), requires_grad=True)
    loss = torch.zeros(())
    for _ in range(steps):
        loss = ((inputs @ w + b - late) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for part in (w, b):
                part -= lr * part.grad
                if clear:
                    part.grad = None
    return float(loss.item())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rates_end_where_the_page_says(seed: int) -> None:
    data = rides(seed)
    assert 12 < fit_line(data, 0.001) < 14
    assert 0.0175 < fit_line(data, 0.01) < 0.0345
    assert all(0.009 < fit_line(data, lr) < 0.012 for lr in (0.1, 0.5))
    assert not fit_line(data, 0.9) < 1e6
    assert 14 < fit_line(data, 0.1, clear=False) < 19


@pytest.mark.parametrize("seed", SEEDS)
def test_the_limit_of_the_rate_is_two_over_the_steepest_bend(seed: int) -> None:
    inputs, late = rides(seed)
    columns = torch.cat([inputs, torch.ones(200, 1)], dim=1)
    limit = 2 / torch.linalg.eigvalsh(2 * columns.T @ columns / 200)[-1].item()
    assert 0.82 < limit < 0.89
    assert fit_line((inputs, late), 0.98 * limit, 400) < 0.02
    assert not fit_line((inputs, late), 1.02 * limit, 400) < 100


# ------------------------------------------------------------------------------ lesson 11, hidden-scratch

Bend = Callable[[torch.Tensor], torch.Tensor]


def relu(z: torch.Tensor) -> torch.Tensor:
    return torch.maximum(z, torch.zeros_like(z))


def share_right(
    seed: int, units: int = 16, act: Bend = relu, lr: float = 0.5, scale: float = 1.0, steps: int = 600
) -> tuple[float, float]:
    """Share of right new points, and the loss, after the lesson's training."""
    (x, kind), (new_x, new_kind) = moons.sample(400, seed=seed), moons.sample(500, seed=100 + seed)
    y = kind.float()[:, None]
    torch.manual_seed(seed)
    w1, w2 = scale * torch.randn(2, units), scale * torch.randn(units, 1) / units**0.5
    parts = [part.requires_grad_() for part in (w1, torch.zeros(units), w2, torch.zeros(1))]
    w1, b1, w2, b2 = parts
    loss = torch.zeros(())
    for _ in range(steps):
        score = act(x @ w1 + b1) @ w2 + b2
        loss = (torch.logaddexp(score, torch.zeros_like(score)) - score * y).mean()
        loss.backward()
        with torch.no_grad():
            for part in parts:
                part -= lr * part.grad
                part.grad = None
    with torch.no_grad():
        score = act(new_x @ w1 + b1) @ w2 + b2
    return ((score > 0) == (new_kind[:, None] > 0)).float().mean().item(), loss.item()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bend_makes_the_difference(seed: int) -> None:
    assert share_right(seed)[0] > 0.94
    assert share_right(seed, act=lambda z: z)[0] < 0.905
    assert share_right(seed, units=2)[0] < 0.905
    assert share_right(seed, units=64)[0] > 0.945


@pytest.mark.parametrize("seed", SEEDS)
def test_the_start_at_zero_never_leaves_half_and_half(seed: int) -> None:
    right, loss = share_right(seed, scale=0.0)
    assert right == pytest.approx(0.5)
    assert loss == pytest.approx(0.6931, abs=1e-3)


def test_a_rate_of_50_throws_the_weights_about() -> None:
    assert all(share_right(seed, lr=50.0)[0] < 0.8 for seed in SEEDS)


@pytest.mark.parametrize("seed", (0, 1))
def test_the_bar_of_the_blank_page_has_room_below_a_right_answer(seed: int) -> None:
    assert share_right(seed, steps=1500)[0] > 0.935
