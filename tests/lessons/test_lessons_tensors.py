"""The figures of part B that its text depends on, with a margin: each claim must hold for three seeds."""

import pytest
import torch
from torch import nn

from tutor.kit import courier

SEEDS = (0, 1, 2)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


# ---------------------------------------------------------------------------------- lesson 04, tensor-values


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mean_of_2000_random_numbers_settles_where_the_page_says(seed: int) -> None:
    torch.manual_seed(seed)
    assert torch.rand(2000).mean().item() == pytest.approx(0.5, abs=0.03)
    assert torch.randn(2000).mean().item() == pytest.approx(0.0, abs=0.1)


# ---------------------------------------------------------------------------------- lesson 06, broadcasting


def trained(seed: int, steps: int, stretch: bool) -> tuple[float, float]:
    """Error on new orders and spread of the guesses, both in minutes, of the lesson's network and training."""
    orders, minutes = courier.table(2000)
    x = (orders - orders[:1600].mean(dim=0)) / orders[:1600].std(dim=0)
    center, spread = minutes[:1600].mean(), minutes[:1600].std()
    goal = ((minutes - center) / spread).squeeze(1)
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(steps):
        rows = torch.randint(0, 1600, (100,))
        target = goal[rows] if stretch else goal[rows][:, None]
        loss = ((net(x[rows]) - target) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        guess = net(x[1600:])[:, 0]
        error = ((guess - goal[1600:]) * spread).square().mean().sqrt()
        return error.item(), (guess * spread).std().item()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stretched_loss_teaches_the_mean_and_the_fitting_one_the_task(seed: int) -> None:
    error, spread = trained(seed, 250, stretch=True)
    assert error == pytest.approx(13.9, abs=0.5), "the page says: about 14 minutes, the standard deviation"
    assert spread < 0.5, "the predict region says: less than one minute"
    error, spread = trained(seed, 250, stretch=False)
    assert 1.0 < error < 3.0, "the page says: 2 to 3 minutes"
    assert spread > 10


def test_new_orders_have_the_standard_deviation_that_the_page_and_the_quiz_name() -> None:
    _, minutes = courier.table(2000)
    assert minutes[1600:].std().item() == pytest.approx(13.9, abs=0.05)
