"""Programs to look into, and ways to look."""

from __future__ import annotations

import json
from typing import Any

from kernel_harness import Kernel, wait_for

from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Watch
from tutor.runner.protocol.run_events import RunFinished
from tutor.runner.protocol.session_events import LastLook, XRay

NET = """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc1 = nn.Linear(4 * 36, 10)
        self.fc2 = nn.Linear(10, 3)
    def forward(self, x):
        h = F.relu(self.conv(x))
        h = h.view(h.size(0), -1)
        h = torch.tanh(self.fc1(h))
        return self.fc2(h)
X, y = torch.randn(64, 1, 8, 8), torch.randint(0, 3, (64,))
net = Net()
"""

TRAIN = """
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(60):
    out = net(X[:32])
    loss = F.cross_entropy(out, y[:32])
    opt.zero_grad()
    loss.backward()
    opt.step()
with torch.no_grad():
    guess = net(X).argmax(1)
"""


def seen(kernel: Kernel, view: str) -> list[XRay]:
    """All reports of a view."""
    return [one for one in kernel.line.messages if isinstance(one, XRay) and one.view == view]


def newest(kernel: Kernel, view: str) -> dict[str, Any]:
    """What the newest report of a view holds."""
    found: dict[str, Any] = json.loads(seen(kernel, view)[-1].text)
    return found


def look(kernel: Kernel, view: str, subject: str = "") -> dict[str, Any]:
    """What a view shows when somebody asks while nothing runs."""
    before = len(seen(kernel, view))
    kernel.line.send(Watch((view,), subject))
    wait_for(lambda: len(seen(kernel, view)) > before)
    return newest(kernel, view)


def rows(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of a report by their names."""
    return {row["name"]: row for row in report["rows"]}


def last_looks(kernel: Kernel, run: str) -> dict[str, dict[str, Any]]:
    """What a run left behind, by the views; of a view with several looks the last."""
    return {one.view: json.loads(one.text) for one in kernel.events(run, LastLook)}


def script(kernel: Kernel, code: str) -> RunFinished:
    """Run it as a script is run."""
    return kernel.run(Cell("s", code, "train.py"), argv=("train.py",))
