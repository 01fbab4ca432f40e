"""The figures of lesson 14 that its text depends on, for three seeds and with a margin."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from tutor.kit import digits

SEEDS = (0, 1, 2)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def network(seed: int) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


def learn(which: str, lr: float, seed: int) -> float:
    """The share of right answers on the validation part after ten epochs."""
    data, model = digits.split(), network(seed)
    optimizer = getattr(torch.optim, which)(model.parameters(), lr=lr)
    for _ in range(10):
        for some in torch.randperm(1200).split(100):
            loss = functional.cross_entropy(model(data.train_x[some]), data.train_y[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        return float((model(data.val_x).argmax(1) == data.val_y).float().mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_each_optimizer_needs_a_rate_of_its_own(seed: int) -> None:
    assert learn("SGD", 0.001, seed) < 0.25
    assert learn("SGD", 0.01, seed) < 0.45
    assert learn("Adam", 0.01, seed) > 0.88
    assert learn("SGD", 1.0, seed) > 0.88
    assert learn("Adam", 1.0, seed) < 0.3
    assert learn("Adam", 0.1, seed) > 0.88


@pytest.mark.parametrize("seed", range(6))
def test_without_zero_grad_sgd_learns_by_heart_and_adam_jumps_up_again(seed: int) -> None:
    data = digits.split()
    highest = {}
    for which, lr in (("SGD", 0.1), ("Adam", 0.01)):
        model = network(seed)
        optimizer = getattr(torch.optim, which)(model.parameters(), lr=lr)
        losses = []
        for _ in range(200):
            loss = functional.cross_entropy(model(data.train_x[:8]), data.train_y[:8])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        highest[which] = max(losses[100:])
    assert highest["SGD"] < 0.05
    assert highest["Adam"] > 0.5


def test_the_valley_is_slow_for_sgd_and_explodes_above_its_limit() -> None:
    def height(optimizer: type[torch.optim.Optimizer], **settings: float) -> float:
        w = torch.tensor([-10.0, 1.0], requires_grad=True)
        made = optimizer([w], **settings)
        for _ in range(80):
            value = (w[0] ** 2 + 50 * w[1] ** 2) / 2
            made.zero_grad()
            value.backward()
            made.step()
        return value.item()

    slow = height(torch.optim.SGD, lr=0.035)
    assert 0.1 < slow < 0.3
    assert height(torch.optim.SGD, lr=0.035, momentum=0.8) < slow / 100
    assert height(torch.optim.Adam, lr=0.5) < slow / 10
    assert height(torch.optim.SGD, lr=0.045) > 1000


def test_defaults_are_those_of_the_text() -> None:
    w = nn.Parameter(torch.ones(1))
    defaults = {which: getattr(torch.optim, which)([w]).defaults for which in ("SGD", "RMSprop", "Adam", "AdamW")}
    assert [one["lr"] for one in defaults.values()] == [0.001, 0.01, 0.001, 0.001]
    assert [one["weight_decay"] for one in defaults.values()] == [0, 0, 0, 0.01]
