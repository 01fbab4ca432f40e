"""MODULE: right modules in two styles pass, each wrong one is rejected with its own sentence."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from tutor.kit import check
from tutor.kit.check import Report


class Plain(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x: Any) -> Any:
        return x @ self.weight.T + self.bias


class Registered(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.empty(outputs, inputs)))
        self.register_parameter("bias", nn.Parameter(torch.rand(outputs)))
        nn.init.normal_(self.weight)

    def forward(self, x: Any) -> Any:
        return torch.einsum("ni,oi->no", x, self.weight) + self.bias


class Transposed(Plain):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.weight = nn.Parameter(torch.randn(inputs, outputs))

    def forward(self, x: Any) -> Any:
        return x @ self.weight + self.bias


class PlainTensors(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = torch.randn(outputs, inputs, requires_grad=True)
        self.bias = torch.zeros(outputs, requires_grad=True)

    forward = Plain.forward


class NoSuper(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        self.weight = nn.Parameter(torch.randn(outputs, inputs))


class PlainList(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self._layers = [nn.Linear(inputs, outputs)]

    def forward(self, x: Any) -> Any:
        return self._layers[0](x)


class MadeInForward(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.sizes = inputs, outputs
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x: Any) -> Any:
        return nn.Linear(*self.sizes)(x) * self.scale


class Detached(Plain):
    def forward(self, x: Any) -> Any:
        return x @ self.weight.detach().T + self.bias


class NothingBack(Plain):
    def forward(self, x: Any) -> Any:
        super().forward(x)


class Flat(Plain):
    def forward(self, x: Any) -> Any:
        return super().forward(x).squeeze().sum(-1)


class Breaks(Plain):
    def forward(self, x: Any) -> Any:
        return x @ self.weight


class NoBias(Plain):
    def forward(self, x: Any) -> Any:
        return x @ self.weight.T + self.bias * 0 + 1


class Forgetful(Plain):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.shift = torch.rand(1)

    def forward(self, x: Any) -> Any:
        return super().forward(x) + self.shift


class StaysBehind(Plain):
    """Adds what it has saved, but from a plain attribute: it is right until the module moves."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.shift = torch.zeros(outputs)
        self.register_buffer("kept", self.shift)

    def forward(self, x: Any) -> Any:
        return super().forward(x) + self.shift


class Remembers(Plain):
    """Keeps what it has calculated last: made anew in each call, so nothing stays behind."""

    def forward(self, x: Any) -> Any:
        self.last = super().forward(x)
        return self.last


class InPlace(Plain):
    def forward(self, x: Any) -> Any:
        x += 1
        return super().forward(x - 1)


class Noisy(Plain):
    def forward(self, x: Any) -> Any:
        return F.dropout(super().forward(x))


class Dropping(Plain):
    def forward(self, x: Any) -> Any:
        return F.dropout(super().forward(x), training=self.training)


def judged(kind: Any, **options: Any) -> Report:
    return check.module(
        lambda: kind(4, 3),
        check.floats("N", 4),
        **{"output": ("N", 3), "parameters": 15, "like": lambda: nn.Linear(4, 3), **options},
    )


@pytest.mark.parametrize("right", [Plain, Registered, nn.Linear, Remembers])
def test_right_in_any_style(right: Any) -> None:
    assert judged(right).ok, judged(right)


@pytest.mark.parametrize(
    ("wrong", "name", "sentence"),
    [
        (Transposed, "like", "weight has shape (4, 3) instead of (3, 4). PyTorch stores (out, in)"),
        (PlainTensors, "parameters", "self.weight is invisible to PyTorch, and the optimizer sees 0 numbers"),
        (NoSuper, "built", "super().__init__() has to be the first line"),
        (PlainList, "parameters", "the plain list self._layers"),
        (MadeInForward, "steady", "is a layer made anew in forward"),
        (Detached, "gradients", "No gradient reaches weight"),
        (NothingBack, "shape", "Is there a return in forward?"),
        (Flat, "shape", "expected shape (2, 3), got (2,)"),
        (Breaks, "ran", "forward stops with RuntimeError: mat1 and mat2"),
        (NoBias, "like", "With the same weights as nn.Linear expected"),
        (Forgetful, "saved", "belongs in register_buffer"),
        (StaysBehind, "moves", "After .to(torch.float64) self.shift is as it was: a plain tensor stays behind."),
        (InPlace, "unchanged", "forward changes its input, which belongs to whoever calls the model."),
        (Noisy, "steady", "dropout used without looking at self.training"),
        (Dropping, "modes", "should agree here"),
        (lambda *sizes: nn.Linear(4, 3, bias=False), "parameters", "Expected 15 numbers to train, got 12"),
        (lambda *sizes: nn.Linear(4), "built", "Building it stops with TypeError"),
        (lambda *sizes: None, "built", "there is None"),
    ],
)
def test_wrong_is_rejected_with_its_sentence(wrong: Any, name: str, sentence: str) -> None:
    report = judged(wrong)
    finding = getattr(report, name)
    assert not finding.ok and sentence in finding.why, report


def test_modes() -> None:
    assert judged(Dropping, modes="different").ok
    assert "F.dropout needs training" in judged(Plain, modes="different").modes.why
    norm = check.module(lambda: nn.BatchNorm1d(4), check.floats("N", 4), output=("N", 4), modes="different")
    assert norm.ok, norm


def test_buffers_without_parameters() -> None:
    class Standardize(nn.Module):
        def __init__(self, mean: Any, buffer: bool) -> None:
            super().__init__()
            if buffer:
                self.register_buffer("mean", mean)
            else:
                self.mean = mean

        def forward(self, x: Any) -> Any:
            return x - self.mean

    def report(buffer: bool) -> Report:
        return check.module(lambda: Standardize(torch.rand(4), buffer), check.floats("N", 4), trains=False)

    assert report(True).ok, report(True)
    plain = report(False)
    assert "register_buffer" in plain.saved.why
    assert plain.parameters.ok and plain.gradients.ok


def test_a_tensor_that_stays_behind() -> None:
    class Stays(Plain):
        def forward(self, x: Any) -> Any:
            return super().forward(x).float()

    assert "gives float32" in judged(Stays, like=None).moves.why


def test_a_module_without_super_that_can_be_built_is_told_what_it_lacks() -> None:
    class Bare(nn.Module):
        def __init__(self) -> None:
            self.size = 3

        def forward(self, x: Any) -> Any:
            return x

    report = check.module(Bare, check.floats("N", 4), output=("N", 4))
    assert not report.built.ok and "super().__init__()" in report.built.why
    assert "Not looked at yet" in report.parameters.why
