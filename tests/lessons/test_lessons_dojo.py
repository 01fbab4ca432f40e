"""The figures of lessons 16 to 20 that their texts depend on, for three seeds and with a margin."""

from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from tutor.kit import courier, digits, moons, scripts

SEEDS = (0, 1, 2)
Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def train(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, loss: Loss, epochs: int, size: int, lr: float = 0.01
) -> nn.Module:
    """The loop of the lessons, with Adam; leaves the model in eval mode."""
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    for _ in range(epochs):
        for some in torch.randperm(len(x)).split(size):
            value = loss(model(x[some]), y[some])
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
    return model.eval()


def layers(*sizes: int) -> list[nn.Module]:
    found: list[nn.Module] = []
    for before, after in pairwise(sizes):
        found += [nn.Linear(before, after), nn.ReLU()]
    return found[:-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_digits_reach_what_the_exercise_asks_for(seed: int) -> None:
    data = digits.split()
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 10))
    train(model, data.train_x, data.train_y, functional.cross_entropy, 8, 64)
    with torch.no_grad():
        right = (model(data.val_x).argmax(1) == data.val_y).float().mean()
        model.train()
        with_dropout = (model(data.val_x).argmax(1) == data.val_y).float().mean()
    assert right > 0.93
    assert with_dropout < right - 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_minutes_are_near_2_and_at_the_spread_with_flat_targets(seed: int) -> None:
    orders, minutes = courier.table(1700)
    x = (orders - orders[:1400].mean(0)) / orders[:1400].std(0)
    middle, spread = minutes[:1400].mean(), minutes[:1400].std()
    y = (minutes - middle) / spread

    def off(target: torch.Tensor, loss: Loss) -> float:
        torch.manual_seed(seed)
        model = train(nn.Sequential(*layers(5, 64, 64, 1)), x[:1400], target[:1400], loss, 40, 100)
        with torch.no_grad():
            return float((((model(x[1400:]) - y[1400:]) * spread) ** 2).mean().sqrt())

    assert 1.2 < off(y, functional.mse_loss) < 2.15
    assert 14 < off(y[:, 0], lambda said, took: ((said - took) ** 2).mean()) < 16


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_that_compete_stay_far_below(seed: int) -> None:
    x, y = digits.pairs(4000, seed=0)
    new_x, new_y = digits.pairs(600, seed=1, part="val")
    assert 0.80 < (new_y == 0).float().mean() < 0.82

    def exact(loss: Loss, epochs: int) -> float:
        torch.manual_seed(seed)
        model = train(nn.Sequential(nn.Flatten(), *layers(128, 128, 10)), x, y, loss, epochs, 100)
        with torch.no_grad():
            return float(((model(new_x) > 0).float() == new_y).all(1).float().mean())

    assert exact(functional.binary_cross_entropy_with_logits, 15) > 0.61
    assert exact(functional.cross_entropy, 5) < 0.4


@pytest.mark.parametrize("seed", SEEDS)
def test_pairs_of_letters_help(seed: int) -> None:
    data = scripts.split()

    def accuracy(pairs: bool) -> float:
        def pieces(name: str) -> list[str]:
            marked = f"<{name}>"
            return list(name) + ([a + b for a, b in pairwise(marked)] if pairs else [])

        table: dict[str, int] = {}
        for name in data.train_names:
            for piece in pieces(name):
                table.setdefault(piece, len(table) + 2)

        def encode(names: list[str]) -> torch.Tensor:
            words = [torch.tensor([table.get(piece, 1) for piece in pieces(name)]) for name in names]
            return pad_sequence(words, batch_first=True)

        class Mean(nn.Module):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.table = nn.Embedding(len(table) + 2, 32, padding_idx=0)
                self.head = nn.Linear(32, 8)

            def forward(self, tokens: torch.Tensor) -> torch.Tensor:
                scores: torch.Tensor = self.head(self.table(tokens).sum(1) / (tokens != 0).sum(1, keepdim=True))
                return scores

        torch.manual_seed(seed)
        model = train(Mean(), encode(data.train_names), data.train_y, functional.cross_entropy, 8, 50)
        with torch.no_grad():
            return float((model(encode(data.test_names)).argmax(1) == data.test_y).float().mean())

    assert accuracy(pairs=True) > 0.72
    assert accuracy(pairs=False) < 0.66


@pytest.mark.parametrize("seed", SEEDS)
def test_moons_need_a_bend_and_points(seed: int) -> None:
    x, y = moons.sample(1000, seed=0)
    new_x, new_y = moons.sample(500, seed=1)

    def measured(net: list[nn.Module], points: int, epochs: int) -> tuple[float, float]:
        torch.manual_seed(seed)
        size = 50 if points > 100 else 20
        model = train(nn.Sequential(*net), x[:points], y[:points], functional.cross_entropy, epochs, size)
        with torch.no_grad():
            scores = model(new_x)
        loss = functional.cross_entropy(scores, new_y)
        return float((scores.argmax(1) == new_y).float().mean()), float(loss)

    torch.manual_seed(seed)
    assert measured(layers(2, 16, 16, 2), 1000, 20)[0] > 0.95
    flat: list[nn.Module] = [nn.Linear(2, 16), nn.Linear(16, 16), nn.Linear(16, 2)]
    assert measured(flat, 1000, 20)[0] < 0.92
    assert measured(layers(2, 64, 64, 64, 2), 60, 120)[1] > 0.15
