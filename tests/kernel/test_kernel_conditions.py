"""Conditions of asserts: what holds is what Python says, once, and the sides are shown."""

import ast

import pytest
import torch

from tutor.kernel.conditions import Conditions


def judge(condition: str, **names: object) -> tuple[bool, tuple[str, str]]:
    return Conditions("lesson.md", {"torch": torch, **names}).judge(ast.parse(condition, mode="eval").body)


@pytest.mark.parametrize(
    ("condition", "expected", "got"),
    [
        ("a == 3", "3", "1"),
        ("3 == a", "3", "1"),
        ("a == b", "2", "1"),
        ("a != 1", "anything but 1", "1"),
        ("not a == 1", "anything but 1", "1"),
        ("a > 2", "more than 2", "1"),
        ("2 < a", "more than 2", "1"),
        ("0 < a < 1", "less than 1", "1"),
        ("not a", "something false", "1"),
        ("a > 0 and b > 5", "more than 5", "2"),
        ("a > 5 or b > 5", "more than 5", "1; 2"),
        ("a in (5, 6)", "one of (5, 6)", "1"),
        ("a not in (1, 2)", "none of (1, 2)", "1"),
        ("'relu' in names", "'relu' in it", "['tanh']"),
        ("a is None", "None", "1"),
        ("isinstance(a, (str, list))", "an object of type str or list", "1 (int)"),
        ("names", "something true", "[]"),
        ("abs(a - 1.5) < 0.1", "1.5, within 0.1", "1"),
        ("abs(1.5 - a) <= 0.1", "1.5, within 0.1", "1"),
        ("a is False", "False", "1"),
        ("a == '1'", "'1'", "1"),
        ("t == (1, 2)", "(1, 2)", "[1, 2]"),
        ("False", "", ""),
        ("True is False", "False", "True"),
    ],
)
def test_sides(condition: str, expected: str, got: str) -> None:
    names = [] if condition == "names" else ["tanh"]
    assert judge(condition, a=1, b=2, names=names, t=[1, 2]) == (False, (expected, got))


@pytest.mark.parametrize(
    "condition",
    [
        "1 == 1",
        "0 < 1 < 2",
        "not 0",
        "1 or 1 / 0",
        "isinstance(1, int)",
        "torch.ones(2).equal(torch.ones(2))",
        "(n := 3) == n",
    ],
)
def test_what_holds_has_no_sides(condition: str) -> None:
    assert judge(condition) == (True, ("", ""))


def test_nothing_is_evaluated_twice_and_no_more_than_python_would() -> None:
    calls: list[object] = []

    def f(value: object) -> object:
        calls.append(value)
        return value

    for condition, wanted in [
        ("f(1) == f(2)", [1, 2]),
        ("f(0) < f(1) < f(1) < f(9)", [0, 1, 1]),
        ("f(1) and f(0) and f(5)", [1, 0]),
        ("f(0) or f(0)", [0, 0]),
        ("abs(f(3) - f(1)) < f(1)", [3, 1, 1]),
        ("isinstance(f(1), str)", [1]),
        ("not (f(1) == f(1))", [1, 1]),
        ("torch.equal(f(a), f(b))", ["a", "b"]),
        ("all(f([0]))", ["list"]),
        ("bool(f(0) == f(1))", [0, 1]),
    ]:
        calls.clear()
        ok, _ = judge(condition, f=f, a=torch.ones(1), b=torch.zeros(1))
        seen = ["list" if isinstance(one, list) else one for one in calls]
        if "equal" in condition:
            seen = ["a" if bool(one) else "b" for one in calls]
        assert (ok, seen) == (False, wanted), condition


def test_small_tensors_are_shown() -> None:
    x = torch.tensor([1.0, 2.0])
    assert judge("torch.equal(x, torch.tensor([1.0, 3.0]))", x=x)[1] == ("tensor([1., 3.])", "tensor([1., 2.])")
    assert judge("torch.equal(torch.tensor([1.0, 3.0]), x)", x=x)[1] == ("tensor([1., 3.])", "tensor([1., 2.])")
    assert judge("x.equal(torch.ones(2))", x=x)[1] == ("tensor([1., 1.])", "tensor([1., 2.])")
    assert judge("(x == torch.ones(2)).all()", x=x)[1] == ("tensor([1., 1.])", "tensor([1., 2.])")
    assert judge("torch.equal(x, torch.tensor([1, 3]))", x=x)[1] == (
        "tensor([1, 3]), an int64 tensor of shape (2,)",
        "tensor([1., 2.]), a float32 tensor of shape (2,)",
    )
    assert judge("x.shape == (3, 4)", x=x)[1] == ("(3, 4)", "(2,)")


def test_large_tensors_are_described_with_a_difference() -> None:
    x = torch.zeros(40, 50)
    y = x.clone()
    y[3, 7] = 0.25
    y[5, 1] = 2.0
    assert judge("torch.equal(x, y)", x=x, y=y)[1] == (
        "a float32 tensor of shape (40, 50) with 0.25 at [3, 7]",
        "a float32 tensor of shape (40, 50) with 0 at [3, 7]; 2 of 2,000 values differ",
    )
    assert judge("torch.allclose(x, y)", x=x, y=y)[1][0].endswith("with 2 at [5, 1]")
    assert judge("(x - y).abs().max() < 1e-3", x=x, y=y)[1][0].endswith("with 2 at [5, 1], within 0.001")
    assert judge("torch.equal(x, y[0])", x=x, y=y)[1] == (
        "a float32 tensor of shape (50,)",
        "a float32 tensor of shape (40, 50)",
    )


def test_gradients_do_not_clutter() -> None:
    x = torch.ones(1, requires_grad=True) * 2
    assert judge("torch.equal(x, torch.zeros(1))", x=x)[1] == ("tensor([0.])", "tensor([2.])")


def test_the_solution_is_what_was_expected() -> None:
    assert judge("_solution['a'] == a", a=1, _solution={"a": 2})[1] == ("2", "1")


def test_texts_are_bounded_and_survive_a_bad_repr() -> None:
    class Bad:
        def __repr__(self) -> str:
            raise ValueError

    _, (expected, got) = judge("a == b", a=Bad(), b=list(range(1000)))
    assert "Bad" in got and "ValueError" in got
    assert len(expected) <= 300


def test_what_raises_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        judge("1 / 0 == 1")
    with pytest.raises(RuntimeError, match="ambiguous"):
        judge("torch.ones(2) == torch.ones(2)")


def test_a_finding_of_the_check_kit_brings_its_own_sides() -> None:
    from tutor.kit.check.report import Finding, Report

    report = Report({"shape": Finding(False, "why", "(2, 3)", "(3, 2)"), "values": Finding(True)})
    assert judge("report.shape.ok", report=report) == (False, ("(2, 3)", "(3, 2)"))
    assert judge("report.values.ok", report=report)[0]
