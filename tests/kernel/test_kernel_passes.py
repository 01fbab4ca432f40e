"""The short way of `loss.backward()`: taken where it may be, and never to be told from PyTorch's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
import torch
from kernel_capture import installed_capture
from torch import nn
from torch.autograd import graph

from tutor.kernel import passes
from tutor.kernel.capture import Capture
from tutor.runner.protocol.message import Event
from tutor.runner.protocol.run_events import Points

PASSES = 40
"""More than are looked at one by one."""


class Scaled(torch.Tensor):
    """A subclass that wants to be told of what is called on it."""


def number(weight: torch.Tensor) -> torch.Tensor:
    return (weight**2).sum()


LOSSES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "a number": number,
    "one element": lambda weight: (weight**2).sum().reshape(1, 1),
    "an expanded element": lambda weight: (weight**2).sum().expand(1),
    "float64": lambda weight: number(weight.double()),
    "bfloat16": lambda weight: number(weight.bfloat16()),
    "complex": lambda weight: number(weight) * 1j,
    "several elements": lambda weight: weight**2,
    "no gradient wanted": lambda weight: number(weight).detach(),
    "not finite": lambda weight: number(weight) / 0,
    "a subclass": lambda weight: number(weight).as_subclass(Scaled),
    "sparse": lambda weight: number(weight).reshape(1).to_sparse(),
    "a leaf": lambda weight: nn.Parameter(torch.ones(())),
}
CALLS: dict[str, dict[str, object]] = {
    "plain": {},
    "retain_graph": {"retain_graph": True},
    "graph not kept": {"retain_graph": False},
    "a gradient given": {"gradient": torch.tensor(2.0)},
}


@pytest.fixture
def events() -> list[Event]:
    return installed_capture()[1]


@pytest.fixture
def capture() -> Capture:
    return installed_capture()[0]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The losses that the engine was called with at once."""
    taken: list[object] = []
    engine = graph._engine_run_backward

    def counted(tensors: tuple[torch.Tensor, ...], *args: object, **kwargs: object) -> object:
        taken.extend(tensors)
        return engine(tensors, *args, **kwargs)

    monkeypatch.setattr(graph, "_engine_run_backward", counted)
    yield taken


def trained(make: Callable[[torch.Tensor], torch.Tensor], call: dict[str, object]) -> list[str]:
    """What comes of many passes from one place: a gradient, or what was raised; twice each, as the graph allows."""
    found: list[str] = []
    for at in range(PASSES):
        weight = (torch.arange(3.0) + at).requires_grad_()
        loss = make(weight)
        for _ in range(2):
            try:
                loss.backward(**call)
            except RuntimeError as error:
                found.append(str(error))
            found.append("none" if weight.grad is None else str(weight.grad.tolist()))
    return found


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", LOSSES)
def test_gradients_and_errors_are_those_of_torch(capture: Capture, name: str, call: str) -> None:
    alone = trained(LOSSES[name], CALLS[call])
    capture.begin("run", [__file__])
    try:
        watched = trained(LOSSES[name], CALLS[call])
    finally:
        capture.end()
    assert watched == alone


def test_a_training_takes_the_short_way_but_where_it_is_looked_at(capture: Capture, short: list[object]) -> None:
    capture.begin("run", [__file__])
    try:
        trained(number, {"retain_graph": True})
        assert PASSES < len(short) < 2 * PASSES
        short.clear()
        capture.hooks.pause()
        trained(number, {"retain_graph": True})
        assert short == []
    finally:
        capture.end()


def test_who_wants_to_see_a_pass_sees_it(
    capture: Capture, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []

    def look(loss: torch.Tensor, frame: object) -> None:
        seen.append(loss.item())
        capture.hooks.look_at(math.inf)

    monkeypatch.setattr(capture.hooks, "look", look)
    events.clear()
    capture.begin("run", [__file__])
    try:
        for at in range(PASSES):
            if at == 30:
                capture.hooks.look_at(30)
            loss = torch.tensor(float(at), requires_grad=True) * 2
            loss.backward()
    finally:
        capture.end()
    assert seen == [60.0]
    [(_, _, values)] = [one for event in events if isinstance(event, Points) for one in event.unpack()]
    assert list(values) == [2.0 * at for at in range(PASSES)]


def test_a_torch_that_is_not_known_goes_the_long_way() -> None:
    assert passes.is_known("2.6.0+cu124") and passes.is_known("2.13.0")
    assert not any(map(passes.is_known, ("2.5.1", "2.14.0a0+git12", "3.0", "nightly")))
