"""Scalars that are read later: order, bounds, and the asynchronous way, with a device that a test plays."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tutor.kernel import devicescalars
from tutor.kernel.devicescalars import MAX_PENDING, DeviceScalars
from tutor.kernel.stepaxis import PATIENCE, StepAxis


class Collected(list[tuple[Any, Any, Any, float]]):
    def __call__(self, *entry: Any) -> None:
        self.append(entry)  # type: ignore[arg-type]


def test_numbers_come_when_due_and_in_order() -> None:
    found = Collected()
    scalars = DeviceScalars(found)
    for step in range(10):
        scalars.put("loss", step, step, torch.tensor(float(step)))
    assert found == []
    scalars.due = True
    scalars.put("loss", 10, 10, torch.tensor([[10.0]], dtype=torch.float64))
    assert found == [("loss", step, step, float(step)) for step in range(11)]
    assert not scalars.due


def test_what_waits_is_fetched_at_the_bound_and_at_the_end() -> None:
    found = Collected()
    scalars = DeviceScalars(found)
    for step in range(MAX_PENDING):
        scalars.put("loss", step, step, torch.tensor(1.0))
    assert len(found) == MAX_PENDING
    scalars.put("loss", 0, 0, torch.tensor(2.0))
    scalars.finish()
    assert found[-1][3] == 2.0


def test_the_graph_of_a_loss_is_not_kept() -> None:
    scalars = DeviceScalars(Collected())
    weight = torch.ones(1, requires_grad=True)
    scalars.put("loss", 0, 0, (weight * 2).sum())
    assert scalars._pending[0][1].grad_fn is None


def test_meta_tensors_have_no_value() -> None:
    found = Collected()
    scalars = DeviceScalars(found)
    scalars.put("loss", 0, 0, torch.empty((), device="meta"))
    scalars.finish()
    assert found == []


class Event:
    """A copy that arrives when the test says so."""

    def __init__(self) -> None:
        self.here = False

    def query(self) -> bool:
        return self.here

    def synchronize(self) -> None:
        self.here = True


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> tuple[DeviceScalars, Collected]:
    """Scalars on a device whose copies take their time."""

    def take_off(self: DeviceScalars, stacked: torch.Tensor, tags: list[Any]) -> devicescalars._Flight:
        self._buffers.setdefault(stacked.device, [])
        return devicescalars._Flight(Event(), torch.full((MAX_PENDING,), torch.nan), stacked, tags)

    monkeypatch.setattr(devicescalars, "_ASYNCHRONOUS", ("cpu",))
    monkeypatch.setattr(DeviceScalars, "_take_off", take_off)
    found = Collected()
    return DeviceScalars(found), found


def arrive(scalars: DeviceScalars) -> None:
    """The oldest copy is done."""
    flight = scalars._flights[0]
    flight.buffer[: len(flight.tags)] = flight.stacked
    flight.arrived.here = True


def test_nothing_is_read_before_its_copy_has_arrived(slow: tuple[DeviceScalars, Collected]) -> None:
    scalars, found = slow
    scalars.due = True
    scalars.put("loss", 0, 0, torch.tensor(5.0))
    scalars.collect()
    assert found == []
    arrive(scalars)
    scalars.collect()
    assert found == [("loss", 0, 0, 5.0)]


def test_at_most_two_copies_are_under_way_and_what_waits_is_bounded(slow: tuple[DeviceScalars, Collected]) -> None:
    scalars, found = slow
    for step in range(50_000):
        scalars.due = step % 100 == 0
        scalars.put("loss", step, step, torch.tensor(float(step)))
        assert len(scalars._flights) <= 2
        assert len(scalars._pending) <= MAX_PENDING
    for _ in range(2):
        arrive(scalars)
        scalars.collect()
    assert [entry[3] for entry in found] == sorted(entry[3] for entry in found)
    scalars.launch()
    arrive(scalars)
    scalars.finish()
    steps = [entry[1] for entry in found]
    assert steps == sorted(steps)
    assert steps[-1] == 49_999


def test_forgetting_drops_everything(slow: tuple[DeviceScalars, Collected]) -> None:
    scalars, found = slow
    scalars.due = True
    scalars.put("loss", 0, 0, torch.tensor(5.0))
    scalars.put("loss", 1, 1, torch.tensor(5.0))
    scalars.forget()
    scalars.collect()
    scalars.finish()
    assert found == []


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_on_a_real_device() -> None:
    found = Collected()
    scalars = DeviceScalars(found)
    for step in range(10_000):
        scalars.due = step % 50 == 0
        scalars.put("loss", step, step, torch.tensor(float(step), device="cuda") * 2)
        scalars.collect()
    scalars.finish()
    steps = [entry[1] for entry in found]
    assert steps == sorted(set(steps))
    assert all(value == 2.0 * step for _, step, _, value in found)
    assert steps[-1] == 9_999


def test_axis_counts_steps_where_there_are_any() -> None:
    axis = StepAxis()
    assert axis.place(0, 0) == 0
    assert axis.place(0, 1) is None
    assert axis.place(1, 4) == 1
    assert axis.place(0, 1) == 0
    assert axis.place(2, 8) == 2


def test_axis_counts_passes_where_no_step_comes() -> None:
    axis = StepAxis()
    assert [axis.place(0, passes) for passes in range(PATIENCE + 1)] == [0.0] + [None] * PATIENCE
    assert axis.place(0, PATIENCE + 1) == PATIENCE + 1
    assert axis.place(0, 3) == 3
    assert axis.place(5, 200) == 200


def test_axis_goes_on_where_steps_end() -> None:
    axis = StepAxis()
    places = [axis.place(step, step) for step in range(100)]
    places += [axis.place(100, passes) for passes in range(100, 400)]
    known = [place for place in places if place is not None]
    assert known == sorted(known)
    assert len(set(known)) >= len(known) - PATIENCE - 1
