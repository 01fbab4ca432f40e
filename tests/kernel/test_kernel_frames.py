"""Looking into a running function keeps none of its tensors alive, and takes nothing from the learner."""

from __future__ import annotations

import sys
import weakref

from kernel_harness import Kernel

from tutor.kernel.frames import variable, variables


class Big:
    pass


def test_a_look_keeps_nothing_alive() -> None:
    def look() -> list[bool]:
        # Plain statements: pytest keeps the parts of an assertion alive.
        big, small = Big(), 1
        same = variables(sys._getframe())["big"] is big
        read = variable(sys._getframe(), "small") == small
        gone = weakref.ref(big)
        del big
        return [same, read, gone() is None]

    assert look() == [True, True, True]


def test_local_before_global_before_nothing() -> None:
    weakref = 3
    frame = sys._getframe()
    assert variable(frame, "weakref") == weakref
    assert variable(frame, "Big") is Big and variable(frame, "nobody") is None


def test_a_dictionary_that_the_function_may_hold_stays_full() -> None:
    one = 1
    held = locals()
    variable(sys._getframe(), "one")
    assert held["one"] == one


TRAIN = """
import torch, weakref

def train(steps):
    net = torch.nn.Linear(2, 1)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    kept = 0
    for step in range(steps):
        x = torch.ones(4, 2) * step
        out = net(x)
        loss = (out - 1).pow(2).mean()
        opt.zero_grad()
        (loss / 2).backward()
        opt.step()
        held = [weakref.ref(one) for one in (x, out, loss)]
        del x, out, loss
        kept += sum(one() is not None for one in held)
    return kept

print("kept", train(60))
"""


def test_a_training_function_is_watched_and_keeps_nothing(kernel: Kernel) -> None:
    assert kernel.run(TRAIN).outcome == "ok"
    assert "kept 0" in kernel.printed("kept")
