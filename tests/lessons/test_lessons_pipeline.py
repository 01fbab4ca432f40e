"""The figures of lesson 15 that its text depends on, for three seeds and with a margin."""

import pytest
import torch
from torch import nn

from tutor.kit import courier

SEEDS = (0, 1, 2)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def parts(seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Orders and minutes side by side, (N, 6): 1340 rows to learn from, 300 to try, 300 for the exam."""
    table = torch.cat(courier.table(1940, seed=seed), dim=1)
    return table[:-600], table[-600:-300], table[-300:]


def rmse(said: torch.Tensor, took: torch.Tensor) -> float:
    return float(((said - took) ** 2).mean().sqrt())


class Trained:
    """A model after the lesson's training, with its measures."""

    def __init__(self, train: torch.Tensor, seed: int, hidden: int = 64, epochs: int = 40, scaled: bool = True) -> None:
        torch.manual_seed(seed)
        self.model: nn.Module = nn.Linear(5, 1)
        if hidden:
            layers = [nn.Linear(5, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 1)]
            self.model = nn.Sequential(*layers)
        self.shift, self.scale = (train.mean(0), train.std(0)) if scaled else (torch.zeros(6), torch.ones(6))
        rows = (train - self.shift) / self.scale
        optimizer = torch.optim.Adam(self.model.parameters(), lr=0.01)
        for _ in range(epochs):
            for part in rows[torch.randperm(len(rows))].split(200):
                loss = ((self.model(part[:, :5]) - part[:, 5:]) ** 2).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

    def predict(self, orders: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            said: torch.Tensor = self.model((orders - self.shift[:5]) / self.scale[:5])
        return said * self.scale[5] + self.shift[5]

    def off(self, rows: torch.Tensor) -> float:
        return rmse(self.predict(rows[:, :5]), rows[:, 5:])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_network_beats_its_rivals(seed: int) -> None:
    train, val, _ = parts(seed)
    assert 12 < rmse(train[:, 5:].mean(), val[:, 5:]) < 16
    assert 5 < Trained(train, seed, hidden=0, epochs=20).off(val) < 8
    assert 1 < Trained(train, seed).off(val) < 2.6


@pytest.mark.parametrize("seed", SEEDS)
def test_raw_columns_stay_far_above_scaled_ones(seed: int) -> None:
    train, val, _ = parts(seed)
    assert Trained(train, seed, epochs=40).off(val) < 2.8
    assert Trained(train, seed, epochs=40, scaled=False).off(val) > 4


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rush_hour_is_harder_and_most_promises_are_kept(seed: int) -> None:
    train, val, test = parts(seed)
    trained = Trained(train, seed)
    hour = test[:, 1]
    rush = (hour - 8.5).abs().lt(2) | (hour - 17.5).abs().lt(2)
    assert trained.off(test[rush]) > 1.2 * trained.off(test[~rush])
    room = (val[:, 5:] - trained.predict(val[:, :5])).flatten().quantile(0.95)
    kept = (test[:, 5:] <= trained.predict(test[:, :5]) + room).float().mean()
    assert 1.5 < room < 6
    assert 0.88 < kept < 0.995


@pytest.mark.parametrize("seed", SEEDS)
def test_a_column_from_the_future_makes_a_line_perfect(seed: int) -> None:
    table = torch.cat(parts(seed)).double()
    ones = torch.ones(len(table), 1, dtype=torch.float64)
    arrived = table[:, 1:2] + table[:, 5:] / 60

    def line_error(*columns: torch.Tensor) -> float:
        inputs = torch.cat([*columns, ones], dim=1)
        line = torch.linalg.lstsq(inputs[:-300], table[:-300, 5:]).solution
        return rmse(inputs[-300:] @ line, table[-300:, 5:])

    assert 5 < line_error(table[:, :5]) < 8
    assert line_error(table[:, :5], arrived) < 0.01
    assert line_error(table[:, :5], 8 - table[:, 5:] / 10) < 0.01
