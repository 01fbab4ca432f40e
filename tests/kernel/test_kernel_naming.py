"""Names of captured numbers, read from the source at the place of the call."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from tutor.kernel import naming
from tutor.kernel.naming import Name, name_of_backward, name_of_evaluation

FILE = "<naming>"


class Loss:
    """Stands for a tensor, and for everything that makes one: it answers any call with itself."""

    requires_grad = True

    def __init__(self, probe: Callable[[FrameType], None]) -> None:
        self.probe = probe

    def backward(self, *_: object) -> None:
        self.probe(sys._getframe(1))

    def scale(self, loss: Loss) -> Loss:
        return loss

    def mean(self) -> Loss:
        return self

    def __call__(self, *_: object) -> Loss:
        return self

    def __getitem__(self, _: object) -> Loss:
        return self

    def __add__(self, _: object) -> Loss:
        return self

    __mul__ = __rmul__ = __truediv__ = __radd__ = __add__

    def __neg__(self) -> Loss:
        return self


class Engine:
    """Stands for `torch.autograd`, or an accelerator: its `backward` takes the loss."""

    def __init__(self, probe: Callable[[FrameType], None]) -> None:
        self.backward = lambda *_: probe(sys._getframe(1))


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    linecache.cache.pop(FILE, None)


def run(code: str, before: str = "", taken: tuple[str, ...] = ()) -> tuple[list[list[Name]], list[str]]:
    """Names of the backward calls and of the calls of `evaluate` in `code`, which stands below `before` in its file."""
    backward: list[list[Name]] = []
    evaluated: list[str] = []

    def see(frame: FrameType) -> None:
        backward.append(name_of_backward(frame))

    def evaluate(*_: object) -> float:
        evaluated.append(name_of_evaluation(sys._getframe(1), taken))
        return 1.0

    text = before + code
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    shifted = "\n" * before.count("\n") + code
    torch = type("torch", (), {"autograd": Engine(see)})
    names = {"loss": Loss(see), "g_loss": Loss(see), "model": Loss(see), "scaler": Loss(see), "criterion": Loss(see)}
    names |= {"losses": Loss(see), "mse_loss": Loss(see), "compute": Loss(see), "accelerator": Engine(see)}
    exec(compile(shifted, FILE, "exec"), {**names, "torch": torch, "evaluate": evaluate, "F": Loss(see)})
    return backward, evaluated


BACKWARD = [
    ("loss.backward()", "loss", None),
    ("g_loss.backward()", "g_loss", None),
    ("(loss / 4).backward()", "loss", "loss"),
    ("(0.5 * loss).backward()", "loss", "loss"),
    ("(loss + 0.1 * g_loss).backward()", "loss + 0.1 * g_loss", None),
    ("scaler.scale(loss).backward()", "loss", "loss"),
    ("scaler.scale(loss / 4).backward()", "loss", "loss"),
    ("loss.mean().backward()", "loss", None),
    ("losses['d'].backward()", "losses['d']", None),
    ("criterion(model(1), 2).backward()", "loss", None),
    ("mse_loss(model(1), 2).backward()", "mse_loss", None),
    ("compute(1).backward()", "loss", None),
    ("(-loss).backward()", "-loss", None),
    ("torch.autograd.backward(loss)", "loss", None),
    ("accelerator.backward(g_loss)", "g_loss", None),
    ("loss.backward(); g_loss + 1", "loss", None),
    ("(\n    loss\n    .mean()\n    .backward()\n)", "loss", None),
    ("for _ in range(1):\n    loss.backward()", "loss", None),
]


@pytest.mark.parametrize(("code", "name", "variable"), BACKWARD)
@pytest.mark.parametrize("before", ["", "# Lesson\n\nSome *prose* with a `code span`, isn't it:\n\n```python\n"])
def test_backward(code: str, name: str, variable: str | None, before: str) -> None:
    assert run(code, before) == ([[Name(name, variable)]], [])


@pytest.mark.parametrize(("code", "name", "variable"), [one for one in BACKWARD if "\n" not in one[0]])
def test_backward_where_python_records_no_columns(
    code: str, name: str, variable: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "_end_of_call", lambda frame: None)
    assert run(code) == ([[Name(name, variable)]], [])


def test_two_on_one_line() -> None:
    assert run("loss.backward(); g_loss.backward()")[0] == [[Name("loss")], [Name("g_loss")]]


def test_several_at_once() -> None:
    assert run("torch.autograd.backward([loss, g_loss])")[0] == [[Name("loss"), Name("g_loss")]]


def test_no_source() -> None:
    seen: list[list[Name]] = []
    exec("loss.backward()", {"loss": Loss(lambda frame: seen.append(name_of_backward(frame)))})
    assert seen == [[]]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("val_loss = evaluate(1)", "val_loss"),
        ("test_loss = evaluate(1)", "test_loss"),
        ("loss = evaluate(1)", "val_loss"),
        ("running_loss = evaluate(1)", "val_loss"),
        ("val_loss = 0\nval_loss += evaluate(1)", "val_loss"),
        ("total = 0\ntotal += evaluate(1)", "val_loss"),
        ("evaluate(1)", "val_loss"),
        ("mse = evaluate(1)", "mse"),
        ("taken_mse = evaluate(1)", "val_taken_mse"),
        ("val_losses = []\nval_losses.append(evaluate(1))", "val_losses"),
        ("def measure(x):\n    return evaluate(x)\ntest_error = measure(1)", "test_error"),
        ("metrics = {}\nmetrics['val'] = evaluate(1)", "metrics['val']"),
    ],
)
@pytest.mark.parametrize("before", ["", "# Lesson\n\nit's prose\n\n"])
def test_evaluation(code: str, name: str, before: str) -> None:
    assert run(code, before, ("taken_mse",)) == ([], [name])


def test_long_names_are_cut() -> None:
    (name,) = run("very_very_long_name_of_a_validation_loss = evaluate(1)")[1]
    assert name == "very_very_long_name_of_a_validation_loss"[: naming.MAX_NAME]
