"""Programs with everything in their functions: what those hold is seen while they run, and their models after."""

from __future__ import annotations

import os
import signal

from kernel_harness import Kernel, wait_for
from xray_programs import NET, last_looks, look, newest, rows, script, seen

from tutor.runner.protocol.requests import Watch
from tutor.runner.protocol.session_events import VIEWS

IN_FUNCTIONS = (
    NET.replace("net = Net()\n", "")
    + """
class Trainer:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=0.1)
    def fit(self, passes):
        for step in range(passes):
            loss = F.cross_entropy(self.model(X), y)
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
def main(passes):
    model = Net()
    Trainer(model).fit(passes)
"""
)


def test_what_functions_hold_is_seen_while_they_run(kernel: Kernel) -> None:
    kernel.line.send(Watch(("variables", "weights")))
    run = kernel.start(IN_FUNCTIONS + "main(10**9)")
    wait_for(lambda: seen(kernel, "weights") and newest(kernel, "weights")["subjects"])
    assert newest(kernel, "weights")["subject"] == "conv.weight"
    wait_for(lambda: "loss" in rows(newest(kernel, "variables")))
    found = rows(newest(kernel, "variables"))
    assert {name: found[name]["in"] for name in ("loss", "self.opt", "model")} == {
        **{"loss": "fit", "self.opt": "fit", "model": "main"}
    }
    assert "in" not in found["X"]
    os.killpg(kernel.pid, signal.SIGINT)
    assert kernel.finished(run).outcome == "interrupted"


def test_models_of_functions_that_have_ended_are_kept_until_the_next_run(kernel: Kernel) -> None:
    kernel.run(IN_FUNCTIONS + "main(5)")
    assert look(kernel, "weights")["subjects"][:3] == ["conv.weight", "fc1.weight", "fc2.weight"]
    assert rows(look(kernel, "variables"))["self.model"]["in"] == "fit"
    kernel.run("1 + 1")
    assert look(kernel, "weights")["subjects"] == ["X"]


def test_a_script_with_everything_in_its_main_leaves_a_last_look_too(kernel: Kernel) -> None:
    found = last_looks(kernel, script(kernel, IN_FUNCTIONS + "main(5)").run)
    assert set(found) == set(VIEWS)
    assert found["weights"]["subject"] == "conv.weight"
    variables = rows(found["variables"])
    assert variables["self.model"]["in"] == "fit" and variables["loss"]["kind"] == "tensor"
    assert "after 4 passes" in found["variables"]["note"]


def test_a_model_that_the_program_has_dropped_is_not_kept_while_another_learns(kernel: Kernel) -> None:
    code = IN_FUNCTIONS.replace("model = Net()\n", "model = Net(); alive.add(model)\n")
    kernel.run(
        code + "import weakref\nalive = weakref.WeakSet()\nfor _ in range(4):\n    main(3)\nprint('alive', len(alive))"
    )
    assert "alive 1" in kernel.printed("alive ")


def test_lines_are_traced_when_somebody_begins_to_look_in_the_middle_of_a_run(kernel: Kernel) -> None:
    run = kernel.start(IN_FUNCTIONS + "print('on')\nmain(10**9)")
    kernel.printed("on")
    kernel.line.send(Watch(("shapes",)))
    wait_for(lambda: seen(kernel, "shapes") and newest(kernel, "shapes")["lines"])
    wait_for(lambda: {"loss", "h"} <= {one["name"] for one in newest(kernel, "shapes")["lines"]})
    os.killpg(kernel.pid, signal.SIGINT)
    assert kernel.finished(run).outcome == "interrupted"
