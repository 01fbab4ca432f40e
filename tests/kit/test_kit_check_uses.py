"""What a piece of code makes use of, seen while it runs."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from tutor.kit import check


def start() -> torch.Tensor:
    return torch.ones(3, requires_grad=True)


def backward() -> None:
    (start() ** 2).sum().backward()


def backward_as_a_function() -> None:
    torch.autograd.backward((start() ** 2).sum())


def grad() -> None:
    w = start()
    torch.autograd.grad((w**2).sum(), w)


def by_hand() -> torch.Tensor:
    return 2 * torch.ones(3)


def recorded_only() -> torch.Tensor:
    return (start() ** 2).sum()


def backward_and_an_error() -> None:
    backward()
    raise ValueError("after it")


@pytest.mark.parametrize("call", [backward, backward_as_a_function, grad, backward_and_an_error])
def test_each_way_back_through_a_graph_is_seen(call: Callable[[], Any]) -> None:
    assert check.uses(call).autograd


@pytest.mark.parametrize("call", [by_hand, recorded_only])
def test_what_does_not_go_back_is_not_taken_for_it(call: Callable[[], Any]) -> None:
    assert not check.uses(call).autograd


def test_ready_made_parts_are_named_once_and_only_those_that_did_something() -> None:
    class Own(nn.Module):  # type: ignore[misc]
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return 2 * x

    def call() -> None:
        layer, unused = nn.Linear(3, 1), nn.ReLU()
        optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
        for _ in range(2):
            layer(Own()(torch.ones(3))).sum().backward()
            optimizer.step()
        assert unused is not None

    assert check.uses(call).ready_made == ["nn.Linear", "torch.optim.SGD"]
    assert check.uses(backward).ready_made == []


def test_no_hook_stays_behind_and_the_random_numbers_are_as_before() -> None:
    torch.manual_seed(3)
    first = torch.rand(1)
    torch.manual_seed(3)
    seen = check.uses(lambda: torch.rand(7))
    assert torch.equal(torch.rand(1), first)
    nn.Linear(1, 1)(torch.ones(1))
    assert seen.ready_made == []
