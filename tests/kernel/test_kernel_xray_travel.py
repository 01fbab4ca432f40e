"""Time travel on real programs: steps are kept in bounds, and what the model was at each can be drawn."""

from __future__ import annotations

import math

import pytest
import torch
from kernel_harness import Kernel
from xray_programs import look, rows

from tutor.kernel.xray import steps as steps_module
from tutor.kernel.xray.names import Names
from tutor.kernel.xray.steps import MAX_FRAMES, Steps
from tutor.runner.protocol.session_events import MAX_REPORT

LINE = """
import torch
from torch import nn
torch.manual_seed(0)
miles = torch.linspace(1, 9, 12).reshape(-1, 1)
minutes = 3 * miles + 5
net = nn.Linear(1, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for step in range(20):
    loss = nn.functional.mse_loss(net(miles), minutes)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

MOONS = """
import torch
from torch import nn
from tutor.kit import moons
x, y = moons.sample(200)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0
        self.layers = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, OUT))
    def forward(self, x):
        self.calls += 1
        return self.layers(x)
net = Net()
for step in range(5):
    nn.functional.cross_entropy(net(x), y).backward()
"""


def test_a_line_at_each_step(kernel: Kernel) -> None:
    kernel.run(LINE)
    end = look(kernel, "steps")
    assert end["runs"] == 1 and end["at"] == len(end["passes"]) - 1 and end["losses"][-1] == "nan"
    first = look(kernel, "steps", "0:0")
    assert first["passes"][0] == 0 and first["losses"][0] > first["losses"][-2]
    weight, bias = (rows(first)[name]["values"][0] for name in ("weight", "bias"))
    fit = first["fit"]
    assert fit["kind"] == "line" and fit["y"][0] == 8.0
    assert math.isclose(fit["curve_y"][-1], 9 * weight + bias, rel_tol=1e-2)
    assert fit["curve_y"] != end["fit"]["curve_y"]


def test_a_line_by_hand(kernel: Kernel) -> None:
    code = """
import torch
x = torch.linspace(0, 1, 8)
y = 2 * x
W, b = torch.zeros(1, requires_grad=True), torch.ones(1, requires_grad=True)
for step in range(9):
    loss = ((W * x + b - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        W -= 0.1 * W.grad
        b -= 0.1 * b.grad
        W.grad = b.grad = None
"""
    kernel.run(code)
    assert look(kernel, "steps", "0:0")["fit"]["curve_y"][0] == 1.0
    assert rows(look(kernel, "steps", "0:0"))["W"]["values"] == [0.0]


@pytest.mark.parametrize("outputs", [2, 1])
def test_regions_of_two_features_and_a_model_that_is_left_alone(kernel: Kernel, outputs: int) -> None:
    code = MOONS.replace("OUT", str(outputs))
    if outputs == 1:
        code = code.replace("cross_entropy(net(x), y)", "binary_cross_entropy_with_logits(net(x)[:, 0], y.float())")
    kernel.run(code)
    kernel.run("before = torch.get_rng_state()")
    fit = look(kernel, "steps", "0:0")["fit"]
    assert fit["kind"] == "map" and len(fit["cells"]) == 12 and {len(row) for row in fit["cells"]} == {56}
    assert len(fit["classes"]) == 2 and all(0 <= x < 56 and 0 <= y < 12 and kind < 2 for x, y, kind in fit["points"])
    kernel.run("print('same', net.calls, net.training, torch.equal(before, torch.get_rng_state()))")
    assert "same 5 True True" in kernel.printed("same")


def test_earlier_runs_are_kept_and_those_without_steps_are_not(kernel: Kernel) -> None:
    kernel.run(LINE)
    kernel.run("a = 1")
    kernel.run(LINE.replace("20", "7"))
    report = look(kernel, "steps")
    assert report["runs"] == 2 and report["passes"][-1] == 7
    assert look(kernel, "steps", "1:")["passes"][-1] == 20
    assert look(kernel, "steps", "9:99999")["back"] == 1
    assert look(kernel, "steps", "x:y")["back"] == 0


def test_a_model_that_is_made_anew_is_followed(kernel: Kernel) -> None:
    code = LINE[: LINE.index("net =")] + "def train():\n    net = nn.Linear(1, 1)\n    for _ in range(12):\n"
    code += "        nn.functional.mse_loss(net(miles), minutes).backward()\n    return net\n"
    kernel.run(code + "for _ in range(3):\n    net = train()\n")
    report = look(kernel, "steps")
    kernel.run("print('is', net.weight.item())")
    shown = float(kernel.printed("is").split("is ")[1].split()[0])
    assert math.isclose(rows(report)["net.weight"]["values"][0], shown, rel_tol=1e-3)


class Clock:
    """Time that passes as a test says."""

    def __init__(self) -> None:
        self.now = 0.0
        self.cost = 0.0

    def thread_time(self) -> float:
        self.cost += 0.0001
        return self.now + self.cost


def walked(monkeypatch: pytest.MonkeyPatch, passes: int, seconds: float) -> tuple[Steps, list[int]]:
    """Look at a training of so many passes of so many seconds each, as the hooks do."""
    clock = Clock()
    monkeypatch.setattr(steps_module, "time", clock)
    W = torch.ones(3, requires_grad=True)  # noqa: N806
    found, following = Steps(Names({"W": W}), frozenset()), 0.0
    at = []
    for number in range(passes):
        clock.now = (number + 1) * seconds
        if number >= following:
            loss = (W * W).sum()
            loss.backward()
            following = found.look(loss, None, number, watched=False)
            at.append(number)
    return found, at


def test_looks_stay_within_their_share_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    _, at = walked(monkeypatch, 20_000, 0.0001)
    assert 0.0001 * len(at) <= 0.005 + 0.005 * 2.0 + 0.0003
    assert len(at) > 50 and at[-1] > 18_000, "it goes on looking to the end"


def test_frames_are_thinned_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = walked(monkeypatch, 3_000, 1.0)
    assert len(found.frames) <= MAX_FRAMES and found.frames[0].step == 0 and found.frames[-1].step > 2_900
    gaps = {b.step - a.step for a, b in zip(found.frames, found.frames[1:], strict=False)}
    assert len(gaps) == 1, "evenly"


def test_the_report_of_the_longest_run_is_bounded(kernel: Kernel) -> None:
    kernel.run(MOONS.replace("OUT", "2").replace("range(5)", "range(600)"))
    assert len(str(look(kernel, "steps"))) < MAX_REPORT
