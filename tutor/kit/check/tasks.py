"""Small made-up tasks for training loops: data, a model that is watched, loaders whose last batch is smaller."""

from __future__ import annotations

from typing import Any, NamedTuple, Tuple

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from tutor.kit.check.spies import Log, SpyModel

TRAIN, VAL = 10, 7
"""Samples for training (batches of 4, 4, 2) and for validation (batches of 3, 3, 1)."""

KINDS = ("classes", "regression", "regression-flat", "multilabel", "sequences")


class Task(NamedTuple):
    """What a training function gets.

    A batch of the loaders is a list: inputs and targets, for sequences (tokens, lengths, labels).

    | kind | inputs | output | targets | loss_fn |
    | --- | --- | --- | --- | --- |
    | classes | (B, 1, 4, 4) | (B, 3) | (B,) int64 | cross-entropy |
    | regression | (B, 5) | (B, 1) | (B, 1) | mean squared error |
    | regression-flat | (B, 5) | (B, 1) | (B,) | mean squared error |
    | multilabel | (B, 1, 4, 4) | (B, 4) | (B, 4) float | binary cross-entropy with logits |
    | sequences | (B, 6) int64, PAD 0, and (B,) lengths | (B, 3) | (B,) int64 | cross-entropy |
    """

    kind: str
    model: Any
    optimizer: Any
    loss_fn: Any
    train_loader: Any
    val_loader: Any
    epochs: int
    log: Log
    data: Tuple[Any, ...]
    """Inputs and targets of all samples, training first."""

    def target(self, samples: Tuple[int, ...]) -> Any:
        """The targets of some samples, in the shape of the model's output for regression."""
        target = self.data[-1][list(samples)]
        return target[:, None] if self.kind == "regression-flat" else target


def make_task(kind: str, epochs: int, seed: int) -> Task:
    """A new task of this kind. Raises ValueError for an unknown one."""
    if kind not in KINDS:
        raise ValueError(f"there is no task {kind!r}; there are: {', '.join(KINDS)}")
    generator = torch.Generator().manual_seed(seed)
    data, net, loss_fn = _parts(kind, generator)
    for one in net.parameters():
        with torch.no_grad():
            one.copy_(torch.randn(one.shape, generator=generator) * 0.3)
    firsts = data[0].float().reshape(TRAIN + VAL, -1)[:, 0].tolist()
    log = Log({first: number for number, first in enumerate(firsts)})
    model = SpyModel(net, log)
    train, val = (TensorDataset(*(one[part] for one in data)) for part in (slice(TRAIN), slice(TRAIN, None)))
    return Task(
        kind,
        model,
        torch.optim.SGD(model.parameters(), lr=0.1),
        loss_fn,
        DataLoader(train, batch_size=4, shuffle=True),
        DataLoader(val, batch_size=3),
        epochs,
        log,
        data,
    )


def _parts(kind: str, generator: Any) -> Tuple[Tuple[Any, ...], Any, Any]:
    count = TRAIN + VAL
    if kind == "sequences":
        lengths = torch.randint(1, 7, (count,), generator=generator)
        tokens = torch.randint(1, 20, (count, 6), generator=generator)
        tokens[:, 0] = torch.arange(20, 20 + count)  # tells the samples apart
        tokens[torch.arange(6) >= lengths[:, None]] = 0
        labels = torch.randint(0, 3, (count,), generator=generator)
        return (tokens, lengths, labels), _Words(20 + count, 3), nn.CrossEntropyLoss()
    if kind.startswith("regression"):
        inputs = torch.randn(count, 5, generator=generator)
        target = inputs[:, :1] * 3 + inputs[:, 1:2] ** 2
        net = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 1))
        return (inputs, target if kind == "regression" else target[:, 0]), net, nn.MSELoss()
    inputs = torch.randn(count, 1, 4, 4, generator=generator)
    many = kind == "multilabel"
    net = nn.Sequential(nn.Flatten(), nn.Linear(16, 4), nn.Tanh(), nn.Linear(4, 4 if many else 3))
    if many:
        return (inputs, (torch.rand(count, 4, generator=generator) < 0.4).float()), net, nn.BCEWithLogitsLoss()
    return (inputs, torch.randint(0, 3, (count,), generator=generator)), net, nn.CrossEntropyLoss()


class _Words(nn.Module):  # type: ignore[misc]
    """The mean of a sequence's embeddings, without the padding, through a linear layer."""

    def __init__(self, words: int, classes: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, 4)
        self.head = nn.Linear(4, classes)

    def forward(self, tokens: Any, lengths: Any = None) -> Any:
        """Scores of shape (B, classes) for tokens of shape (B, T)."""
        real = (tokens != 0).float()[..., None]
        return self.head((self.embedding(tokens) * real).sum(1) / real.sum(1).clamp(min=1))
