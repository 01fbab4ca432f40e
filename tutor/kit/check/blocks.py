"""MODULE: a learner's `nn.Module`, built twice and looked at from every side that training and saving need."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence, Tuple

import torch
from torch import nn

from tutor.kit.check.attempts import attempt
from tutor.kit.check.block_behaviour import (
    attributes,
    call,
    judge_gradients,
    judge_inputs,
    judge_likeness,
    judge_modes,
    judge_moving,
    judge_saving,
)
from tutor.kit.check.inputs import Input, Size, make_cases
from tutor.kit.check.report import Findings, Report
from tutor.kit.check.values import kind_of, show

_LATER = ("saved", "moves", "like")


def module(
    build: Callable[[], Any],
    *inputs: Input,
    output: Optional[Sequence[Size]] = None,
    parameters: Optional[int] = None,
    modes: str = "same",
    like: Optional[Callable[[], Any]] = None,
    trains: bool = True,
    cases: int = 6,
    seed: int = 0,
) -> Report:
    """Check an `nn.Module`; `build()` makes a new instance.

        report = check.module(
            lambda: MyLinear(4, 3), check.floats("N", 4), output=("N", 3), like=lambda: nn.Linear(4, 3),
        )
        assert report.built.ok, report.built.why
        assert report.shape.ok, report.shape.why
        assert report.parameters.ok, report.parameters.why
        assert report.gradients.ok, report.gradients.why
        assert report.saved.ok, report.saved.why
        assert report.moves.ok, report.moves.why
        assert report.like.ok, report.like.why

    `inputs` say how the arguments of `forward` are made, for `cases` sets of sizes; `output` is the shape of the result
    in the same size names. `parameters` is the number of trainable numbers. `modes` says how train mode and eval mode
    differ: "same", "different" (dropout, batch norm), or "any". `like()` makes a module whose `state_dict` has to fit
    and then to give the same output. `trains=False` is for modules without parameters.

    Findings: `built`, `ran`, `shape`, `unchanged` (forward leaves its inputs as they were), `parameters` (registered,
    and their number), `gradients` (one reaches every parameter), `steady` (two calls in eval mode agree), `modes`,
    `saved` (`state_dict` into a second instance gives the same output), `moves` (`.to(torch.float64)` takes everything
    along), `like`.

    Never raises for what the module does.
    """
    findings = Findings("built", "ran", "shape", "unchanged", "parameters", "gradients", "steady", "modes", *_LATER)
    made, other = attempt(build, seed), attempt(build, seed + 1)
    if made.error is not None or not isinstance(made.value, nn.Module) or other.error is not None:
        findings.fail("built", *_about_building(made if made.error or not other.error else other))
        findings.skip("the module has to be built first", *findings.others("built"))
        return findings.report()
    net = made.value
    if "_parameters" not in vars(net):
        findings.fail("built", *_about_building(attempt(net.parameters().__next__)))
        findings.skip("the module has to be built first", *findings.others("built"))
        return findings.report()
    arguments = _judge_calls(findings, net, inputs, output, cases, seed)
    _judge_parameters(findings, net, parameters, trains)
    if arguments is None:
        findings.skip("forward has to run first", "shape", "unchanged", "gradients", "steady", "modes", *_LATER)
        return findings.report()
    judge_inputs(findings, net, arguments)
    if trains:
        judge_gradients(findings, net, arguments, seed)
    judge_modes(findings, net, arguments, modes)
    if findings.ok("steady"):
        judge_saving(findings, net, other.value, arguments)
        if like is not None:
            judge_likeness(findings, other.value, like, arguments, seed)
    else:
        findings.skip("two calls have to agree first", "saved", "like")
    judge_moving(findings, net, arguments)
    return findings.report()


def _about_building(made: Any) -> Tuple[str, str, str]:
    if made.error is None:
        return f"A module was expected, and there is {kind_of(made.value)}.", "an nn.Module", kind_of(made.value)
    if "before Module.__init__() call" in made.words or "_parameters" in made.words:
        why = (
            "super().__init__() has to be the first line of __init__: nn.Module keeps its parameters and layers there."
        )
        return f"{why} Without it: {made.words}.", "super().__init__() first", made.words
    return f"Building it stops with {made.words}.", "a module", made.words


def _judge_calls(
    findings: Findings, net: Any, inputs: Sequence[Input], output: Optional[Sequence[Size]], cases: int, seed: int
) -> Optional[Tuple[Any, ...]]:
    """Call with several sizes; the arguments of a middling case, or None if a call failed."""
    names = list(dict.fromkeys(name for one in inputs for name in one.names()))
    middling: Optional[Tuple[Any, ...]] = None
    for case in make_cases(inputs, cases, seed, dict.fromkeys(names, 2)):
        got = call(net, case.arguments, train=False)
        shapes = " and ".join(str(tuple(one.shape)) for one in case.arguments if torch.is_tensor(one))
        if got.error is not None:
            findings.fail(
                "ran", f"For an input of shape {shapes} forward stops with {got.words}.", "a tensor", got.words
            )
            return None
        if output is not None and torch.is_tensor(got.value):
            sizes = _sizes(inputs, case.arguments)
            want = tuple(sizes[one] if isinstance(one, str) else one for one in output)
            if tuple(got.value.shape) != want:
                why = f"For an input of shape {shapes} expected shape {want}, got {tuple(got.value.shape)}."
                findings.fail("shape", why, f"shape {want}", str(tuple(got.value.shape)))
        elif output is not None:
            hint = " Is there a return in forward?" if got.value is None else ""
            findings.fail(
                "shape", f"forward gives {kind_of(got.value)} instead of a tensor.{hint}", "a tensor", show(got.value)
            )
            return None
        middling = middling or case.arguments
    return middling


def _sizes(inputs: Sequence[Input], arguments: Sequence[Any]) -> dict[str, int]:
    return {
        name: size
        for one, value in zip(inputs, arguments)
        if torch.is_tensor(value)
        for name, size in zip(one.dims, value.shape)
        if isinstance(name, str)
    }


def _judge_parameters(findings: Findings, net: Any, count: Optional[int], trains: bool) -> None:
    found = sum(one.numel() for one in net.parameters() if one.requires_grad)
    unseen = hidden(net)
    if unseen and trains:
        findings.fail(
            "parameters",
            f"{unseen[0]} is invisible to PyTorch, and the optimizer sees {found} numbers in all. Layers belong in "
            "attributes, in nn.ModuleList or nn.Sequential; tensors that are trained in nn.Parameter.",
            "registered parameters",
            unseen[0],
        )
    elif trains and not found:
        findings.fail(
            "parameters", "The optimizer sees 0 parameters: wrap what is trained in nn.Parameter.", "parameters", "0"
        )
    if count is not None and found != count:
        findings.fail("parameters", f"Expected {count} numbers to train, got {found}.", str(count), str(found))


def hidden(net: Any) -> List[str]:
    """What a module holds without having registered it, in words: lists of layers, plain trainable tensors."""
    found = []
    for owner in net.modules():
        for name, value in attributes(owner):
            if torch.is_tensor(value) and (value.requires_grad or value.grad_fn is not None):
                found.append(f"The tensor self.{name}")
            parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
            layers = [one for one in parts if isinstance(one, (nn.Module, nn.Parameter))]
            if layers:
                found.append(f"What is in the plain {type(value).__name__} self.{name}")
    return found
