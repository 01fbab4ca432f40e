"""Mutants: the wrong programs that a check has to reject."""

from __future__ import annotations

import ast

import pytest

from tutor.authoring.mutants import MOST, mutants

LOOP = """\
def train(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        shares = model(x).softmax(dim=1)
        return (shares.argmax(1) == y).float().mean()
"""


def made(source: str) -> dict[str, str]:
    return {mutant.words: mutant.source for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("words", "has", "has_not"),
    [
        ("without zero_grad()", "step()", "zero_grad"),
        ("without step()", "zero_grad()", "step()"),
        ("without backward()", "step()", "backward"),
        ("without eval()", "step()", "eval"),
        ("without no_grad()", "    shares = model(x)", "no_grad"),
        ("step() before backward()", "optimizer.step()\n    loss.backward()", "zzz"),
        ("with dim=0", "softmax(dim=0)", "dim=1"),
        ("with dim 0", "argmax(0)", "argmax(1)"),
        ("with sum() instead of mean()", ".sum()", ".mean()"),
        ("with the loss detached", "loss.detach().requires_grad_().backward()", "loss.backward"),
        ("with softmax before cross_entropy", "F.cross_entropy(model(x).softmax(dim=-1), y)", "zzz"),
    ],
)
def test_each_change_alone(words: str, has: str, has_not: str) -> None:
    source = made(LOOP)[words]
    assert has in source and has_not not in source
    ast.parse(source)


def test_other_ways_to_clear_a_gradient_and_to_return() -> None:
    assert "pass" in made("def f(w):\n    w.grad = None\n")["without setting gradients back"]
    assert "zero_" not in made("w.grad.zero_()\nw.backward()\n")["without setting gradients back"]
    assert made("def f(x):\n    return x.sum(dim=1, keepdim=True)\n")["without keepdim"].endswith("x.sum(dim=1)")
    assert made("def f(x):\n    return g(x)\n")["with f returning 0.0 always"].endswith("return 0.0")


def test_what_nobody_could_tell_from_the_solution_is_no_mutant() -> None:
    assert made("def f():\n    return 1\n") == {}
    assert made("def f(x):\n    return 1\n") == {}
    assert made("x = torch.zeros(3)") == {}
    assert made("def broken(") == {}


def test_each_names_its_line_and_there_are_not_too_many() -> None:
    lines = {mutant.words: mutant.line for mutant in mutants(LOOP)}
    assert lines["without zero_grad()"] == 2 and lines["with dim 0"] == 9
    many = list(mutants("\n".join(f"a{number}.backward()" for number in range(30))))
    assert len(many) == MOST and len({one.source for one in many}) == MOST
