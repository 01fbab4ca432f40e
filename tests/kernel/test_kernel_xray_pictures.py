"""Weights as pictures, and the graph of the last loss."""

from __future__ import annotations

import ast

import pytest
import torch
from kernel_harness import Kernel
from xray_programs import NET, TRAIN, look, newest

from tutor.kernel.xray.cuts import cuts
from tutor.kernel.xray.figures import figures, small
from tutor.kernel.xray.weights import picture, subjects
from tutor.runner.protocol.requests import Watch
from tutor.runner.protocol.session_events import MAX_REPORT, VIEWS


def drawn(tensor: torch.Tensor) -> list[str]:
    cells: list[str] = picture("x", {"x": tensor}, {})["cells"]
    return cells


def test_a_matrix_keeps_its_extremes_and_its_sign() -> None:
    assert drawn(torch.tensor([[-2.0, 0.0], [1.0, 2.0]])) == ["ai", "mq"]
    large = torch.zeros(500, 300)
    large[123, 45], large[400, 200] = -5.0, 5.0
    cells = drawn(large)
    assert len(cells) == 48 and {len(row) for row in cells} == {64}
    assert sum(row.count("a") for row in cells) == 1 and sum(row.count("q") for row in cells) == 1


def test_broken_and_constant_matrices() -> None:
    assert drawn(torch.tensor([[float("nan"), 1.0]])) == ["!q"]
    assert drawn(torch.zeros(2, 2)) == ["ii", "ii"]
    assert drawn(torch.full((1, 2), float("nan"))) == ["!!"]


def test_a_tall_matrix_lies_on_its_side() -> None:
    tall = torch.arange(1.0, 9.0).reshape(8, 1)
    found = picture("x", {"x": tall}, {})
    assert found["lying"] and found["shape"] == [8, 1] and found["cells"] == ["jklmnopq"]
    assert not picture("x", {"x": tall.reshape(2, 4)}, {})["lying"]
    assert len(drawn(torch.ones(5000, 2))[0]) == 64


def test_filters_stand_side_by_side() -> None:
    cells = drawn(torch.ones(2, 3, 2, 2))
    assert cells == ["qq.qq.qq", "qq.qq.qq", "........", "qq.qq.qq", "qq.qq.qq"]
    assert all(len(drawn(torch.ones(*shape))) <= 48 for shape in ((64, 64, 3, 3), (1, 1, 99, 99), (500, 1, 7, 7)))
    assert drawn(torch.ones(3, 1, 2, 2)) == ["qq.qq.qq", "qq.qq.qq"]


def test_what_can_be_drawn() -> None:
    names = {"net": torch.nn.Linear(2, 3), "x": torch.ones(2, 2), "v": torch.ones(5), "n": torch.ones(2, 2).int()}
    assert [name for name, _ in subjects(names, {"att": torch.ones(2, 2)})] == ["att (attention)", "weight", "x"]


def test_a_picture_is_chosen_by_name(kernel: Kernel) -> None:
    kernel.run(NET)
    first = look(kernel, "weights")
    assert first["subject"] == "conv.weight" and first["shape"] == [4, 1, 3, 3]
    second = look(kernel, "weights", "fc2.weight")
    assert second["subject"] == "fc2.weight" and len(second["cells"]) == 3
    assert look(kernel, "weights", "nobody")["subject"] == "conv.weight"


def test_attention_is_kept_of_the_run(kernel: Kernel) -> None:
    kernel.line.send(Watch(VIEWS))
    code = "import torch\natt = torch.nn.MultiheadAttention(8, 2, batch_first=True)\nx = torch.randn(2, 300, 8)\n"
    kernel.run(code + "out, _ = att(x, x, x)")
    report = newest(kernel, "weights")
    assert report["subject"] == "att (attention)" and len(report["cells"]) <= 64 and not report["signed"]
    assert len(str(report)) < MAX_REPORT


def test_attention_written_by_hand_is_known_by_its_rows(kernel: Kernel) -> None:
    kernel.line.send(Watch(VIEWS))
    code = """
import torch
from torch import nn
class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
        self.share, self.drop, self.out = nn.Softmax(dim=-1), nn.Dropout(0.1), nn.Dropout(0.1)
    def forward(self, x):
        scores = self.query(x) @ self.key(x).transpose(1, 2)
        given = self.drop(scores.softmax(-1)) if self.by_dropout else self.share(scores)
        return self.out(given @ self.value(x))
one, other = Head(), Head()
one.by_dropout, other.by_dropout = True, False
x = torch.randn(3, 5, 8)
y = other(one(x))
"""
    kernel.run(code)
    shown = [one for one in newest(kernel, "weights")["subjects"] if "attention" in one]
    assert shown == ["one.drop (attention)", "other.share (attention)"]
    assert len(look(kernel, "weights", shown[0])["cells"]) == 5


def test_figures_of_dead_units() -> None:
    values = torch.tensor([[0.0, 1.0, 2.0], [0.0, -1.0, 0.0]])
    found = figures(values, "")
    assert (found["dead"], found["zeros"], found["units"]) == (0.333, 0.5, 3)
    assert figures(torch.ones(2), "")["std"] == 0 and figures(torch.empty(0, 3), "") == {}
    assert figures(torch.ones(2, 3).int(), "") == {} and "dead" not in figures(torch.ones(1, 3), "")
    assert figures(torch.full((1000, 1000), 0.999), "Sigmoid")["saturated"] == 1
    assert small(torch.arange(100.0).reshape(10, 10), 2, 2).tolist() == [[44, 49], [94, 99]]


# The graph


def test_a_graph_that_is_whole(kernel: Kernel) -> None:
    kernel.run(NET, TRAIN)
    report = look(kernel, "graph")
    assert report["loss"] == "loss" and report["missing"] == []
    leaves = [row["name"] for row in report["rows"] if row["kind"] == "leaf"]
    assert sorted(leaves) == ["conv.bias", "conv.weight", "fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight"]
    assert report["rows"][0] == {"depth": 0, "kind": "operation", "name": "NllLoss"}


def test_a_graph_that_is_cut_names_the_line(kernel: Kernel) -> None:
    kernel.line.send(Watch(("graph",)))
    kernel.run(NET.replace("h = h.view", "h = h.detach().view"), TRAIN)
    report = newest(kernel, "graph")
    assert report["missing"] == ["conv.weight", "conv.bias"]
    assert [(one["what"], one["line"]) for one in report["cuts"]] == [("detach()", 14)]


def test_a_graph_of_a_function_that_has_ended(kernel: Kernel) -> None:
    kernel.line.send(Watch(("graph",)))
    code = (
        "import torch\ndef train():\n    W = torch.ones(2, requires_grad=True)\n    (W * W).sum().backward()\ntrain()"
    )
    kernel.run(code)
    report = newest(kernel, "graph")
    assert [row["name"] for row in report["rows"]] == ["Sum", "Mul", "W", "W"]


def test_a_deep_graph_and_one_with_cycles_of_use_are_bounded(kernel: Kernel) -> None:
    code = "import torch\nW = torch.ones(2, requires_grad=True)\nloss = W.sum()\n"
    kernel.run(code + "for _ in range(20000):\n    loss = loss + loss\n")
    assert len(look(kernel, "graph")["rows"]) == 90
    kernel.run("twice = W * W\nloss = (twice + twice).sum()")
    assert [row["kind"] for row in look(kernel, "graph")["rows"]].count("again") == 1


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("h = f(x).detach()", [(1, "detach()")]),
        ("x = torch.tensor(y)\nz = y.data", [(1, "torch.tensor()"), (2, ".data")]),
        ("history = loss.item()\ntotal += h.item()\nprint(h.detach())", []),
        ("with torch.no_grad():\n    W -= lr * W.grad", []),
        ("with torch.no_grad():\n    h = model(x)\nloss.backward()", [(1, "no_grad()")]),
        ("loss.backward()\nwith torch.no_grad():\n    h = model(x)", []),
        ("@torch.no_grad()\ndef f(x):\n    return x", [(2, "no_grad()")]),
    ],
)
def test_places_that_may_cut(code: str, places: list[tuple[int, str]]) -> None:
    assert [(one.line, one.what) for one in cuts([ast.parse(code)], [], [])] == places


def test_what_a_trace_has_seen_decides() -> None:
    tree = ast.parse("a = x.detach()\nb = y.detach()\nc = z.detach()")
    rows = [{"line": 1, "graph": True}, {"line": 2, "graph": False}]
    assert [one.line for one in cuts([], [tree], rows)] == [2]
