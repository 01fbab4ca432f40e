"""Gradients that cannot be computed, and tensors that autograd protects."""

from __future__ import annotations

import re

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Trouble, shape_text

RULES = Rules()


@RULES.on(r"does not require grad and does not have a grad_fn", teaches="autograd.backward autograd.detach")
def _no_graph(trouble: Trouble, found: re.Match[str]) -> Words:
    name = _first(trouble, "the loss")
    what = f"{name} does not depend on any tensor with `requires_grad`: there is nothing to go back through."
    return what, (
        "Were the weights made with `requires_grad=True`? Or was the graph cut on the way: `.detach()`, `.item()`, "
        "`.data`, `torch.tensor(…)` around a result, `argmax`, or `torch.no_grad()`."
    )


@RULES.on(r"grad can be implicitly created only for scalar outputs", teaches="autograd.backward")
def _not_scalar(trouble: Trouble, found: re.Match[str]) -> Words:
    computed = re.match(r"\s*(\S.{0,38}\))\.backward\(", trouble.source)
    if computed is not None:
        what = f"`backward()` starts from one number, and `{computed[1]}` has many numbers."
        return what, f"Make one number of it first: `{computed[1]}.mean().backward()`, or `.sum()`."
    tensor = trouble.tensors[0] if trouble.tensors else None
    shape = (
        f" has shape {shape_text(tensor.shape)}"
        if tensor is not None and tensor.shape is not None
        else " has many numbers"
    )
    what = f"`backward()` starts from one number, and {_first(trouble, 'this tensor')}{shape}."
    name = tensor.name if tensor is not None and tensor.name.isidentifier() else "loss"
    return what, f"Make one number of it first: `{name}.mean().backward()`, or `.sum()`."


@RULES.on(r"Trying to backward through the graph a second time", teaches="autograd.accumulate")
def _twice(trouble: Trouble, found: re.Match[str]) -> Words:
    what = "The graph behind it was used up by an earlier `backward()`, which frees what it needed."
    return what, (
        "Compute the loss anew in each step. If something is carried from step to step (a hidden state, a running "
        "loss), cut it off with `.detach()`. `retain_graph=True` is rarely the answer."
    )


@RULES.on(
    r"a (view of a )?leaf Variable that requires grad is being used in an in-place operation", teaches="autograd.update"
)
def _in_place_leaf(trouble: Trouble, found: re.Match[str]) -> Words:
    leaf = next((one for one in trouble.tensors if one.grad), None)
    name = f"`{leaf.name}`" if leaf else "This tensor"
    what = f"{name} is a weight (`requires_grad=True`), and the line changes it in place while autograd is watching."
    return what, "Change weights under `with torch.no_grad():`, or let an optimizer do it."


@RULES.on(
    r"modified by an inplace operation: \[\S+ \[([\d, ]*)\]\](?:, which is output \d+ of (\w+?)(?:Backward\d*)?)?,",
    teaches="tensor.inplace",
)
def _in_place_needed(trouble: Trouble, found: re.Match[str]) -> Words:
    by = f" by `{found[2]}`" if found[2] and found[2] != "AsStrided" else ""
    shape = f"a tensor of shape ({found[1]}{',' if found[1].isdigit() else ''})"
    what = f"For its gradient, autograd kept {shape} that was made{by}, and then it was changed in place."
    return what, "Look for `+=`, `x[…] = …` or a method that ends in `_` after it, and write `x = x + …` instead."


@RULES.on(r"Can't call numpy\(\) on Tensor that requires grad", teaches="autograd.detach")
def _numpy_of_grad(trouble: Trouble, found: re.Match[str]) -> Words:
    name = trouble.tensors[0].name if trouble.tensors else "x"
    return (
        f"`{name}` belongs to a graph, which NumPy cannot follow.",
        f"Take the numbers out: `{name}.detach().numpy()`.",
    )


@RULES.on(
    r"with (\d+) elements cannot be converted to Scalar|only one element tensors can be converted to Python scalars",
    teaches="tensor.reduce",
)
def _not_one_number(trouble: Trouble, found: re.Match[str]) -> Words:
    tensor = next((one for one in trouble.tensors if one.shape not in ((), (1,))), None)
    if tensor is None or tensor.shape is None:
        return "A Python number was wanted, and there is a tensor with several.", (
            "Reduce it first (`.mean()`, `.sum()`), take one element, or use `torch.stack` for a list of tensors."
        )
    what = f"`{tensor.name}` is {shape_text(tensor.shape)}; only a tensor with one number becomes a Python number."
    return what, f"Reduce it first (`{tensor.name}.mean().item()`), or take one element."


@RULES.on(r"Boolean value of Tensor with (?:more than one value|no values) is ambiguous", teaches="tensor.reduce")
def _truth(trouble: Trouble, found: re.Match[str]) -> Words:
    tensor = next((one for one in trouble.tensors if one.shape not in ((), (1,))), None)
    what = "`if`, `and`, `or` and `not` want one truth, and a comparison of tensors gives one per element"
    what += f" (`{tensor.name}` is {shape_text(tensor.shape)})." if tensor is not None and tensor.shape else "."
    return what, "Say which is meant: `.all()` or `.any()`. Between tensors write `&`, `|`, `~` or `torch.where`."


@RULES.on(r"you can only change requires_grad flags of leaf variables", teaches="autograd.leaf")
def _not_leaf(trouble: Trouble, found: re.Match[str]) -> Words:
    return f"{_first(trouble, 'This tensor')} is the result of a calculation, so its flag follows from what went in.", (
        "Cut it off with `.detach()`, or set the flag on the tensors that it was made from."
    )


@RULES.on(r"can't optimize a non-leaf Tensor", teaches="autograd.leaf optimizer.parameters")
def _optimize_result(trouble: Trouble, found: re.Match[str]) -> Words:
    return "An optimizer changes weights, and one of these tensors is the result of a calculation.", (
        "Set the flag last: `(torch.randn(3) * 0.1).requires_grad_()`."
    )


@RULES.on(r"Only Tensors created explicitly by the user .* support the deepcopy protocol", teaches="autograd.leaf")
def _copied_result(trouble: Trouble, found: re.Match[str]) -> Words:
    return "Only weights can be deep-copied; this is, or holds, a tensor with a graph behind it.", (
        "Keep `x.detach().clone()` of what is to be remembered; of a model, copy `model.state_dict()`."
    )


@RULES.on(r"appears to not have been used in the graph", teaches="autograd.backward")
def _unused(trouble: Trouble, found: re.Match[str]) -> Words:
    return "One of the tensors had no part in the result, so there is no gradient for it.", (
        "Is it used in the calculation at all, or was the graph cut before it (`detach`, `item`)?"
    )


@RULES.on(r"Inference tensors cannot be", teaches="autograd.off")
def _inference(trouble: Trouble, found: re.Match[str]) -> Words:
    return "A tensor that was made under `torch.inference_mode()` can take no part in training.", (
        "Make it outside, clone it, or use `torch.no_grad()` instead."
    )


@RULES.on(
    r"'(float|int)' object has no attribute '(backward|item|detach)'", "AttributeError", teaches="autograd.detach"
)
def _plain_number(trouble: Trouble, found: re.Match[str]) -> Words:
    number = next((one for one in trouble.named if one.kind == found[1]), None)
    name = f"`{number.name}`" if number else "it"
    what = f"{name[0].upper()}{name[1:]} is a Python {found[1]}: whatever made it left the graph behind."
    if found[2] == "backward":
        return what, "Call `backward()` on the tensor itself, and `.item()` only on what you print."
    return what, f"A plain number needs no `.{found[2]}()`."


@RULES.on(
    r"unsupported operand type\(s\) for .+: '\w+' and 'NoneType'|'NoneType' object has no attribute '(\w+)'",
    teaches="autograd.backward",
)
def _no_gradient_yet(trouble: Trouble, found: re.Match[str]) -> Words | None:
    grad = next((one for one in trouble.named if one.name.endswith(".grad") and one.kind == "NoneType"), None)
    if grad is None:
        return None
    what = f"`{grad.name}` is None: no gradient has arrived there yet."
    return what, (
        "It comes with `loss.backward()`, and only where the loss depends on that tensor, it has `requires_grad=True` "
        "and was made directly (a leaf)."
    )


def _first(trouble: Trouble, otherwise: str) -> str:
    name = f"`{trouble.tensors[0].name}`" if trouble.tensors else otherwise
    return name if name.startswith("`") else f"{name[0].upper()}{name[1:]}"
