"""BUGFIX and ORDER: judged by running."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from tutor.kit import check
from tutor.kit.check import Report


def broken(pred: Any, y: Any) -> Any:
    return ((pred - y) ** 2).mean()


def repaired(fixed: Any) -> Report:
    return check.bugfix(
        fixed,
        lambda pred, y: ((pred[:, 0] - y) ** 2).mean(),
        check.floats("N", 1),
        check.floats("N"),
        broken=broken,
        bug="(N, 1) - (N,) still stretches to (N, N)",
        without={"only the mean is left": lambda pred, y: (pred[:, 0] - y).mean()},
    )


@pytest.mark.parametrize(
    "right", [lambda pred, y: ((pred.squeeze(1) - y) ** 2).mean(), lambda pred, y: ((pred - y[:, None]) ** 2).mean()]
)
def test_repaired(right: Any) -> None:
    assert repaired(right).ok, repaired(right)


@pytest.mark.parametrize(
    ("wrong", "name", "sentence"),
    [
        (broken, "gone", "The bug is still there: (N, 1) - (N,) still stretches"),
        (lambda pred, y: ((pred - y.unsqueeze(0)) ** 2).mean(), "gone", "still stretches"),
        (lambda pred, y: (pred[:, 0] - y).mean(), "kept", "The bug is gone because the feature is: only the mean"),
        (lambda pred, y: ((pred[:, 0] - y) ** 2).sum(), "right", "expected"),
        (lambda pred, y: (pred.T[0] - y).no_such(), "ran", "AttributeError"),
        (..., "ran", "A function was expected"),
    ],
)
def test_not_repaired(wrong: Any, name: str, sentence: str) -> None:
    report = repaired(wrong)
    assert not getattr(report, name).ok and sentence in getattr(report, name).why, report


@pytest.mark.parametrize(
    ("wrong", "fine"), [(lambda pred, y: None, ["ran"]), (lambda pred, y: pred.no_such(), [])], ids=["None", "an error"]
)
def test_nothing_is_called_right_of_a_function_that_gives_nothing(wrong: Any, fine: list[str]) -> None:
    report = repaired(wrong)
    assert [name for name in report if getattr(report, name).ok] == fine


LINES = {
    "A": "for x, y in batches:",
    "B": "    optimizer.zero_grad()",
    "C": "    loss = ((model(x) - y) ** 2).mean()",
    "D": "    loss.backward()",
    "E": "    optimizer.step()",
}


def names() -> dict[str, Any]:
    torch.manual_seed(0)
    model = nn.Linear(1, 1)
    x = torch.linspace(-1, 1, 20)[:, None]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    return {"model": model, "optimizer": optimizer, "batches": [(x, 2 * x + 1)] * 60}


def judge(found: dict[str, Any]) -> str:
    if abs(found["model"].bias.item() - 1) > 0.01 or found["loss"] > 1e-3:
        return "it does not learn the line"
    return ""


def ordered(answer: Any) -> Report:
    known = {
        ("E", "D"): "step() before backward() uses old gradients",
        ("D", "C"): "the loss has to be computed before backward()",
    }
    return check.order(LINES, answer, judge, names=names, known=known)


@pytest.mark.parametrize(
    "right",
    [
        "ABCDE",
        "A C B D E",
        ["A", "C", "D", "E", "B"],
        ("A", "B", "C", "D", "E"),
        "A,B,C,D,E",
        "abcde",
        ["a", "c", "B", "d", "e"],
    ],
)
def test_every_order_that_works(right: Any) -> None:
    assert ordered(right).ok, ordered(right)


@pytest.mark.parametrize(
    ("wrong", "name", "sentence"),
    [
        ("ABDCE", "ran", "it stops at line D (loss.backward()) with NameError"),
        ("ABDCE", "ran", "The loss has to be computed before backward()."),
        ("ABECD", "result", "step() before backward() uses old gradients."),
        ("ACDBE", "result", "it does not learn the line"),
        ("BACDE", "ran", "IndentationError"),
        ("ABCD", "complete", "Line E is missing."),
        ("ABCDEE", "complete", "Line E is there more than once."),
        ("ABCDX", "complete", "There is no line 'X'"),
        (None, "complete", "Write the labels in order, such as A B C D E; there is None."),
    ],
)
def test_orders_that_do_not(wrong: Any, name: str, sentence: str) -> None:
    report = ordered(wrong)
    assert not getattr(report, name).ok and sentence in getattr(report, name).why, report


def test_a_judge_that_stumbles_over_what_it_finds() -> None:
    report = check.order({"A": "x = 1", "B": "del x"}, "AB", lambda found: found["x"] == 1)
    assert "cannot be judged: KeyError" in report.result.why
