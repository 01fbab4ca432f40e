"""Shapes, activations and gradients of programs that train, and what looking must not do to them."""

from __future__ import annotations

import json
import math
import sys
import weakref

import pytest
import torch
from kernel_harness import Kernel
from xray_programs import NET, TRAIN, last_looks, look, newest, rows, script, seen

from tutor.kernel.xray.names import Names
from tutor.runner.protocol.requests import Watch
from tutor.runner.protocol.run_events import Notice, RunFinished
from tutor.runner.protocol.session_events import MAX_REPORT, VIEWS, LastLook


def test_shapes_through_layers_and_line_by_line(kernel: Kernel) -> None:
    look(kernel, "shapes")
    assert kernel.run(NET, TRAIN).outcome == "ok"
    report = newest(kernel, "shapes")
    layers = rows(report)
    assert list(layers) == ["net", "net.conv", "net.fc1", "net.fc2"]
    assert (layers["net.conv"]["in"], layers["net.conv"]["out"]) == ("(32, 1, 8, 8)", "(32, 4, 6, 6)")
    assert layers["net.fc1"]["parameters"] == 1450 and layers["net"]["depth"] == 0
    made = {(one["line"], one["name"]): one["shape"] for one in report["lines"]}
    assert made[14, "h"] == [32, 144] and made[15, "h"] == [32, 10], "inside forward, line by line"
    assert made[4, "out"] == [32, 3] and made[10, "guess"] == [64]


def test_a_layer_that_cannot_take_its_input_is_shown(kernel: Kernel) -> None:
    look(kernel, "shapes")
    assert kernel.run(NET.replace("4 * 36", "100"), "net(X)").outcome == "error"
    layers = rows(newest(kernel, "shapes"))
    assert layers["net.fc1"]["failed"] and layers["net.fc1"]["in"] == "(64, 144)"
    assert "failed" not in layers["net.conv"] and "net.fc2" not in layers


def test_activations_say_what_is_dead(kernel: Kernel) -> None:
    look(kernel, "activations")
    kernel.run(NET + "with torch.no_grad():\n    net.conv.bias[:2] = -100.0", TRAIN)
    found = rows(newest(kernel, "activations"))
    assert set(found) == {"net.conv", "net.fc1", "net.fc2"}
    assert found["net.fc1"]["from"]["dead"] >= 0.5, "two of four channels are 0 after relu"
    assert found["net.fc1"]["from"]["least"] == 0 and 0 < found["net.fc2"]["std"] < 10


def test_what_a_layer_takes_is_told_wherever_in_memory_it_lies(kernel: Kernel) -> None:
    """A tensor that is made anew may lie where one lay that the layer before gave."""
    code = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(30)])
    def forward(self, x):
        for layer in self.layers:
            y = layer(x)
            x = [y.relu(), y.detach()][0]
            del y
            others = [x.view(2, 4) for _ in range(3)]
            x = others[0]
        return x
net = Net()
net(torch.randn(2, 4))
"""
    look(kernel, "activations")
    kernel.run(code)
    assert ["from" in row for row in newest(kernel, "activations")["rows"]] == [True] * 30


def test_layers_that_give_several_tensors_are_there_and_losses_are_not(kernel: Kernel) -> None:
    code = """
import torch
from torch import nn
rnn, att, loss = nn.LSTM(3, 4), nn.MultiheadAttention(4, 2), nn.MSELoss()
out, _ = rnn(torch.randn(5, 2, 3))
got, _ = att(out, out, out)
loss(got, torch.zeros_like(got))
"""
    look(kernel, "activations")
    kernel.run(code)
    assert set(rows(newest(kernel, "activations"))) == {"rnn", "att"}


def test_saturated_modules(kernel: Kernel) -> None:
    look(kernel, "activations")
    kernel.run("import torch\nnet = torch.nn.Sequential(torch.nn.Tanh())\nnet(torch.full((4, 3), 9.0))")
    assert rows(newest(kernel, "activations"))["net.0"]["saturated"] == 1


def test_gradients_of_a_run_that_nobody_watched(kernel: Kernel) -> None:
    kernel.run(NET, TRAIN)
    report = look(kernel, "gradients")
    assert report["steps"][-1] == 59, "of 60 passes, counted from 0"
    found = rows(report)
    assert list(found) == ["conv.weight", "conv.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
    assert report["steps"][0] == 0 and len(report["steps"]) > 5
    assert all(len(row["norms"]) == len(report["steps"]) for row in found.values())


def test_gradient_norms_are_right(kernel: Kernel) -> None:
    code = "import torch\nW = torch.tensor([3.0, 4.0], requires_grad=True)\nb = torch.zeros(1, requires_grad=True)\n"
    kernel.run(code + "for _ in range(3):\n    W.grad = None\n    (10 * (W * W).sum() / 2 + b * 0).backward()")
    found = rows(look(kernel, "gradients"))
    assert found["W"]["norms"] == [round(math.log10(50), 1)] * len(found["W"]["norms"])
    assert set(found["b"]["norms"]) == {"zero"}


def test_a_parameter_without_gradient_is_there(kernel: Kernel) -> None:
    kernel.run(NET.replace("h = h.view", "h = h.detach().view"), TRAIN)
    found = rows(look(kernel, "gradients"))
    assert set(found["conv.weight"]["norms"]) == {None} and None not in found["fc2.weight"]["norms"]


def test_two_models_that_take_turns(kernel: Kernel) -> None:
    code = """
import torch
from torch import nn
G, D = nn.Linear(2, 2), nn.Linear(2, 1)
for step in range(8):
    D.zero_grad(); D(G(torch.randn(4, 2)).detach()).mean().backward()
    G.zero_grad(); D(G(torch.randn(4, 2))).mean().backward()
"""
    kernel.run(code)
    assert set(rows(look(kernel, "gradients"))) == {"D.weight", "D.bias", "G.weight", "G.bias"}


def test_models_in_functions_have_their_names(kernel: Kernel) -> None:
    code = """
import torch
def main():
    model = torch.nn.Linear(2, 1)
    for step in range(4):
        loss = model(torch.randn(3, 2)).mean()
        loss.backward()
main()
"""
    look(kernel, "shapes")
    kernel.run(code)
    assert list(rows(newest(kernel, "shapes"))) == ["model"]
    assert {(one["line"], one["name"]) for one in newest(kernel, "shapes")["lines"]} == {(6, "loss")}


def test_only_lines_that_ran_are_shown(kernel: Kernel) -> None:
    kernel.run("import torch\nold = torch.ones(3)")
    look(kernel, "shapes")
    kernel.run("import torch\nb, a = torch.ones(1), torch.ones(2)\nfor _ in range(5000):\n    pass\nc = torch.ones(4)")
    report = newest(kernel, "shapes")
    assert [(one["line"], one["name"]) for one in report["lines"]] == [(2, "b"), (2, "a"), (5, "c")]
    assert "called no layers" in report["note"]


SAME = """
import hashlib
with torch.no_grad():
    bits = b"".join(p.numpy().tobytes() for p in net.parameters())
print(hashlib.sha256(bits).hexdigest(), torch.rand(3).tolist())
"""


def test_looking_changes_no_bit(zygote) -> None:
    printed = []
    for views in ((), VIEWS):
        kernel = zygote.kernel()
        kernel.line.send(Watch(views))
        kernel.run(NET + "drop = nn.Dropout(0.5)", TRAIN.replace("net(X[:32])", "drop(net(X[:32]))"), SAME)
        assert not kernel.events("run-1", Notice)
        printed.append(kernel.printed("]"))
        assert bool(seen(kernel, "gradients")) == bool(views)
        kernel.end()
    assert printed[0] == printed[1]


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_compiled_models_and_steps_go_on(kernel: Kernel, backend: str) -> None:
    code = f"""
model = torch.compile(net, backend={backend!r})
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(3):
    opt.zero_grad()
    loss = F.cross_entropy(model(X), y)
    loss.backward()
    opt.step()
"""
    kernel.line.send(Watch(VIEWS))
    done = kernel.run(NET, code)
    assert done.outcome == "ok" and not kernel.err.text
    assert kernel.run("loss = F.cross_entropy(model(X), y)").outcome == "ok" and not kernel.err.text
    assert "compiled" in newest(kernel, "shapes")["note"]
    kernel.run(code)
    assert "conv.weight" in rows(newest(kernel, "gradients"))


def test_no_hook_and_no_tensor_stays(kernel: Kernel) -> None:
    kernel.line.send(Watch(VIEWS))
    kernel.run(NET, TRAIN)
    kernel.line.send(Watch(()))
    after = """
import gc, sys, weakref
from torch.nn.modules import module
print(len(module._global_forward_hooks), len(module._global_forward_pre_hooks), sys.gettrace())
held = [weakref.ref(one) for one in (net, loss, out, X, net.fc1.weight)]
del net, loss, out, X, opt
gc.collect()
print([one() is None for one in held])
"""
    kernel.run(after)
    assert kernel.printed("]").split("\n")[:2] == ["0 0 None", "[True, True, True, True, True]"]


def test_names_of_a_function_that_goes_on_keep_none_of_its_tensors() -> None:
    def train() -> bool:
        weight = torch.ones(2, requires_grad=True)
        product = 2 * weight
        found = Names({}).parameters(sys._getframe(), frozenset([__file__]))
        assert [one.name for one in found.values()] == ["weight"]
        held = weakref.ref(product)
        del product
        return held() is None and weight.shape == (2,)

    assert train()


def test_reports_of_a_large_model_are_bounded(kernel: Kernel) -> None:
    kernel.line.send(Watch(VIEWS))
    code = """
import torch
from torch import nn
net = nn.Sequential(*[nn.Linear(4, 4) for _ in range(300)])
for step in range(3):
    net(torch.randn(2, 4)).sum().backward()
"""
    assert kernel.run(code).outcome == "ok"
    for view in VIEWS:
        assert all(len(one.text) <= MAX_REPORT for one in seen(kernel, view))
    assert newest(kernel, "gradients")["between"] == 560


def test_a_script_leaves_a_last_look_behind_though_nobody_watches(kernel: Kernel) -> None:
    done = script(kernel, NET + TRAIN + "raise SystemExit(3)\n")
    assert done.outcome == "exit"
    found = last_looks(kernel, done.run)
    assert set(found) == set(VIEWS)
    assert rows(found["variables"])["net"]["type"] == "Net"
    assert found["weights"]["shape"] == [4, 1, 3, 3]
    assert rows(found["gradients"])["fc2.weight"]["norms"]
    assert found["graph"]["loss"] == "loss" and found["steps"]["passes"][-1] == 60
    assert rows(found["shapes"])["net.fc1"]["in"] == "(32, 144)" and "first passes" in found["shapes"]["note"]
    assert rows(found["activations"])["net.conv"]["std"] > 0
    assert all(len(one.text) <= MAX_REPORT for one in kernel.events(done.run, LastLook))
    assert isinstance(kernel.line.messages[-1], RunFinished)


def test_every_matrix_and_step_of_a_script_is_kept_to_choose_from(kernel: Kernel) -> None:
    done = script(kernel, NET + TRAIN)
    looks = [(one.view, json.loads(one.text)) for one in kernel.events(done.run, LastLook)]
    titles = ["conv.weight", "fc1.weight", "fc2.weight", "X", "out"]
    pictures = [look for view, look in looks if view == "weights"]
    assert [one["subject"] for one in reversed(pictures)] == titles and pictures[0]["subjects"] == titles
    steps = [look for view, look in looks if view == "steps"]
    assert [one["at"] for one in steps] == list(range(len(steps))) and len(steps) <= 40
    assert steps[0]["passes"][0] == 0 and steps[0]["passes"][-1] == 60


def test_what_nobody_could_see_is_not_told_for_good(kernel: Kernel) -> None:
    done = script(kernel, "import torch\nx = 1\n")
    assert set(last_looks(kernel, done.run)) == {"variables"}


def test_a_cell_needs_no_last_look_for_its_kernel_lives_on(kernel: Kernel) -> None:
    assert last_looks(kernel, kernel.run(NET + TRAIN).run) == {}
    assert rows(look(kernel, "gradients"))["fc2.weight"]["norms"]
