"""How a module behaves: its inputs, gradients, train and eval mode, saving and loading, moving to another dtype."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Sequence, Tuple

import torch
from torch import nn

from tutor.kit.check.attempts import attempt
from tutor.kit.check.report import Findings
from tutor.kit.check.values import Tolerance, alike, copies, differences, dtype_name

_CLOSE = Tolerance(1e-4, 1e-5)
_SAME = Tolerance(0.0, 0.0)
_OWN = frozenset(vars(nn.Module()))


def attributes(owner: Any) -> Iterator[Tuple[str, Any]]:
    """What a module keeps in attributes of its own, by name: neither parameters nor buffers nor layers."""
    return ((name, value) for name, value in vars(owner).items() if name not in _OWN)


def judge_inputs(findings: Findings, net: Any, arguments: Tuple[Any, ...]) -> None:
    """Call once and look whether the arguments are as they were."""
    given = copies(arguments)

    def forward() -> None:
        net.eval()
        with torch.no_grad():
            net(*given)

    attempt(forward)
    if not alike(arguments, given, _SAME):
        findings.fail(
            "unchanged",
            "forward changes its input, which belongs to whoever calls the model. Make a new tensor: x -= 1 and "
            "functions whose name ends in _ work in place.",
            "the input as it was",
            "a changed input",
        )


def judge_gradients(findings: Findings, net: Any, arguments: Tuple[Any, ...], seed: int) -> None:
    """Send a random gradient back and see which parameters it reaches."""
    net.zero_grad(set_to_none=True)

    def backward() -> None:
        net.train()
        outputs = [one for one in _tensors_of(net(*copies(arguments))) if one.is_floating_point()]
        weights = [torch.randn_like(one) for one in outputs]  # a plain sum is constant after softmax or a norm
        torch.autograd.backward(outputs, weights)

    got = attempt(backward, seed)
    if got.error is not None:
        hint = ""
        if "does not require grad" in got.words:
            hint = " Something cuts the graph: detach(), no_grad(), item() or data, or nothing is an nn.Parameter."
        findings.fail("gradients", f"backward() stops with {got.words}.{hint}", "a gradient", got.words)
    dead = [name for name, one in net.named_parameters() if one.requires_grad and one.grad is None]
    if dead:
        findings.fail(
            "gradients",
            f"No gradient reaches {', '.join(dead[:4])}: forward does not use it, or something cuts the graph.",
            "a gradient for every parameter",
            f"none for {', '.join(dead[:4])}",
        )
    net.zero_grad(set_to_none=True)


def judge_modes(findings: Findings, net: Any, arguments: Tuple[Any, ...], modes: str) -> None:
    """Call twice in eval mode, then in train mode."""
    first, again = call(net, arguments, train=False), call(net, arguments, train=False, seed=1)
    if not _agree(first, again):
        findings.fail(
            "steady",
            "Two calls in eval mode with the same input differ: is a layer made anew in forward, or is dropout used "
            "without looking at self.training?",
            "the same output twice",
            "two outputs",
        )
        findings.skip("two calls in eval mode have to agree first", "modes")
        return
    state = copies(dict(net.state_dict()))
    training = call(net, arguments, train=True)
    attempt(lambda: net.load_state_dict(state))
    differs = not _agree(first, training)
    if modes == "different" and not differs:
        why = "train() and eval() should differ here, and give the same output. F.dropout needs training=self.training."
        findings.fail("modes", why, "different outputs", "the same output")
    elif modes == "same" and differs:
        findings.fail(
            "modes", "train() and eval() should agree here, and differ.", "the same output", "different outputs"
        )


def judge_saving(findings: Findings, net: Any, other: Any, arguments: Tuple[Any, ...]) -> None:
    """Load the state into a second instance and compare the outputs."""
    state = copies(dict(net.state_dict()))
    loaded = attempt(lambda: other.load_state_dict(state))
    if loaded.error is not None:
        findings.fail("saved", f"Its state_dict does not fit a second instance: {loaded.words}.", "a fit", loaded.words)
        return
    if not _agree(call(net, arguments, train=False), call(other, arguments, train=False)):
        why = "A second instance with the same state_dict gives another output: something it needs is not in the "
        why += "state_dict. A number that is kept but not trained belongs in register_buffer."
        findings.fail("saved", why, "the same output", "another output")


def judge_likeness(
    findings: Findings, net: Any, like: Callable[[], Any], arguments: Tuple[Any, ...], seed: int
) -> None:
    """Load the state of PyTorch's own module and compare the outputs."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed + 2)
        model = like()
    kind, state = f"nn.{type(model).__name__}", copies(dict(model.state_dict()))
    mine = dict(net.state_dict())
    for name, value in state.items():
        if name not in mine:
            got = ", ".join(mine) or "nothing"
            findings.fail("like", f"The state_dict of {kind} has {name}, yours has {got}.", name, got)
        elif mine[name].shape != value.shape:
            shapes = tuple(value.shape), tuple(mine[name].shape)
            hint = f" PyTorch stores (out, in), that is {shapes[0]}." if shapes[0] == shapes[1][::-1] else ""
            why = f"The state_dict of {kind} does not fit: {name} has shape {shapes[1]} instead of {shapes[0]}.{hint}"
            findings.fail("like", why, f"shape {shapes[0]}", str(shapes[1]))
    loaded = attempt(lambda: net.load_state_dict(state))
    if loaded.error is not None:
        findings.fail("like", f"The state_dict of {kind} does not fit: {loaded.words}.", "a fit", loaded.words)
        return
    want, got = call(model, arguments, train=False), call(net, arguments, train=False)
    found = [] if got.error else list(differences(want.value, got.value, _CLOSE))
    if found:
        why = f"With the same weights as {kind} expected {found[0].expected}, got {found[0].got}."
        findings.fail("like", why, found[0].expected, found[0].got)


def judge_moving(findings: Findings, net: Any, arguments: Tuple[Any, ...]) -> None:
    """Move the module to float64 and call it; look for what comes out and for what stayed behind."""
    plain = [(owner, name, value) for owner in net.modules() for name, value in attributes(owner)]
    moved = attempt(lambda: net.to(torch.float64))
    wide = tuple(one.double() if torch.is_tensor(one) and one.is_floating_point() else one for one in arguments)
    got = moved if moved.error else call(net, wide, train=False)
    results = [] if got.error else [one for one in _tensors_of(got.value) if one.is_floating_point()]
    narrow = next((one for one in results if one.dtype != torch.float64), None)
    left = next((name for owner, name, value in plain if _narrow(value) and vars(owner).get(name) is value), None)
    if got.error is not None or narrow is not None:
        came = got.words if got.error is not None else dtype_name(narrow)
        why = f"After .to(torch.float64) a float64 input gives {came}: a plain tensor attribute stays behind."
    elif left is not None:
        came = f"self.{left} as it was"
        why = f"After .to(torch.float64) self.{left} is as it was: a plain tensor stays behind."
    else:
        return
    findings.fail("moves", f"{why} nn.Parameter and register_buffer move along.", "float64", came)


def _narrow(value: Any) -> bool:
    return bool(torch.is_tensor(value) and value.is_floating_point() and value.dtype != torch.float64)


def call(net: Any, arguments: Sequence[Any], *, train: bool, seed: int = 0) -> Any:
    """An attempt at one call without gradients, in train or in eval mode, with copies of the arguments."""

    def forward() -> Any:
        net.train(train)
        with torch.no_grad():
            return net(*copies(tuple(arguments)))

    return attempt(forward, seed)


def _agree(one: Any, other: Any) -> bool:
    return one.error is None and other.error is None and alike(one.value, other.value, _CLOSE)


def _tensors_of(value: Any) -> List[Any]:
    if torch.is_tensor(value):
        return [value]
    if isinstance(value, dict):
        return [one for part in value.values() for one in _tensors_of(part)]
    return [one for part in value for one in _tensors_of(part)] if isinstance(value, (list, tuple)) else []
