"""The figures of lesson 13 that its text depends on, for three seeds and with a margin."""

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn import functional

from tutor.kit import digits

SEEDS = (0, 1, 2)

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def data() -> digits.Split:
    return digits.split()


def network(seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


def fit(data: digits.Split, seed: int, pictures: int, steps: int, loss_of: Loss) -> tuple[float, list[float], float]:
    """The last training loss, the loss on new pictures after each step, and the share of them that is right."""
    model = network(seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    x, y = data.train_x[:pictures], data.train_y[:pictures]
    loss, new_losses, right = torch.zeros(()), [], 0.0
    for _ in range(steps):
        loss = loss_of(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            output = model(data.val_x)
            new_losses.append(float(functional.cross_entropy(output, data.val_y)))
            right = float((output.argmax(1) == data.val_y).float().mean())
    return loss.item(), new_losses, right


@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_twice_stops_early_and_misses_more(data: digits.Split, seed: int) -> None:
    plain, _, right = fit(data, seed, 200, 150, functional.cross_entropy)
    twice, _, twice_right = fit(data, seed, 200, 150, lambda z, y: functional.cross_entropy(z.softmax(1), y))
    assert plain < 0.03
    assert 0.91 < right < 0.96
    assert 1.55 < twice < 1.8
    assert 0.74 < twice_right < 0.87


@pytest.mark.parametrize("seed", SEEDS)
def test_the_other_knobs_end_where_the_page_says(data: digits.Split, seed: int) -> None:
    warm, _, _ = fit(data, seed, 200, 150, lambda z, y: functional.cross_entropy(z / 10, y))
    smooth, _, right = fit(data, seed, 200, 150, lambda z, y: functional.cross_entropy(z, y, label_smoothing=0.3))
    assert 1.35 < warm < 1.5
    assert 1.17 < smooth < 1.3
    assert 0.92 < right < 0.97


@pytest.mark.parametrize("seed", SEEDS)
def test_the_loss_on_new_digits_rises_while_the_training_loss_falls(data: digits.Split, seed: int) -> None:
    last, new_losses, right = fit(data, seed, 50, 600, functional.cross_entropy)
    best = min(new_losses)
    assert last < 0.002
    assert 0.58 < best < 0.73
    assert 35 < new_losses.index(best) < 85
    assert best + 0.07 < new_losses[-1] < 0.9
    assert 0.78 < right < 0.84


def test_a_wild_ride_moves_the_best_answer_of_mse_alone() -> None:
    rides = torch.tensor([20.0, 21.0, 22.0, 23.0, 60.0])
    guesses = torch.linspace(18, 62, 441)
    found = {
        name: guesses[torch.stack([loss(guess.expand(5), rides) for guess in guesses]).argmin()].item()
        for name, loss in (("mse", nn.MSELoss()), ("mae", nn.L1Loss()), ("huber", nn.HuberLoss()))
    }
    assert found == pytest.approx({"mse": 29.2, "mae": 22.0, "huber": 22.0}, abs=0.06)
