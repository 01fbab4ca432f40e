"""Modules, their parameters, their checkpoints, and the optimizer that changes them."""

from __future__ import annotations

import re

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Trouble, numbers, shape_text

RULES = Rules()


@RULES.on(
    r"cannot assign (?:module|parameters?|buffer) before Module\.__init__\(\) call"
    r"|object has no attribute '_(?:backward_hooks|forward_hooks|backward_pre_hooks|parameters|modules|buffers)'",
    "AttributeError",
    teaches="module.class",
)
def _no_super(trouble: Trouble, found: re.Match[str]) -> Words:
    return "`nn.Module` was not set up before something was kept in it.", (
        "Begin the class's `__init__` with `super().__init__()`, before any layer."
    )


@RULES.on(
    r"Module \[(\w+)\] is missing the required \"forward\" function", "NotImplementedError", teaches="module.class"
)
def _no_forward(trouble: Trouble, found: re.Match[str]) -> Words:
    return f"`{found[1]}` has no `forward`, which calling a model runs.", (
        "Define `def forward(self, x):`. If you have, look at its spelling and that it is indented inside the class."
    )


@RULES.on(r"(\w+)\.forward\(\) (takes|missing) (.*)", "TypeError", teaches="module.call")
def _forward_arguments(trouble: Trouble, found: re.Match[str]) -> Words:
    return f"Calling the model runs `{found[1]}.forward`, and the arguments do not fit: it {found[2]} {found[3]}.", (
        "The first parameter is `self`, which Python counts too; what you pass comes after it."
    )


@RULES.on(r"optimizer got an empty parameter list", "ValueError", teaches="module.parameters optimizer.parameters")
def _empty(trouble: Trouble, found: re.Match[str]) -> Words:
    return "The optimizer was given no parameters, so it would have nothing to change.", (
        "Layers in a plain list or dict are not seen: keep them as attributes, in `nn.ModuleList` or `nn.Sequential`. "
        "An iterator such as `model.parameters()` is empty the second time."
    )


@RULES.on(
    r"params argument given to the optimizer should be an iterable of Tensors",
    "TypeError",
    teaches="optimizer.parameters",
)
def _not_iterable(trouble: Trouble, found: re.Match[str]) -> Words:
    name = trouble.tensors[0].name if trouble.tensors else "w"
    return "The optimizer wants a list of tensors, also when there is only one.", f"Put it into a list: `[{name}]`."


@RULES.on(
    r"Invalid (learning rate|momentum value|weight_decay value|beta parameter[^:]*|epsilon value): (\S+)",
    "ValueError",
    teaches="optimizer.rate",
)
def _setting(trouble: Trouble, found: re.Match[str]) -> Words:
    return f"The optimizer cannot work with {found[1]} {found[2]}.", "Rates and decays are zero or more, betas below 1."


@RULES.on(
    r"Missing key\(s\) in state_dict:(.*)|Unexpected key\(s\) in state_dict:(.*)",
    "RuntimeError",
    teaches="module.state-dict",
)
def _keys(trouble: Trouble, found: re.Match[str]) -> Words:
    missing = _keys_after(trouble.message, "Missing")
    extra = _keys_after(trouble.message, "Unexpected")
    parts = []
    if missing:
        parts.append(f"the model has {_some(missing)}, which the file lacks")
    if extra:
        parts.append(f"the file has {_some(extra)}, which the model lacks")
    what = "The saved weights are not those of this model: " + "; ".join(parts) + "."
    if extra and all(key.startswith(("module.", "_orig_mod.")) for key in extra):
        prefix = extra[0].split(".")[0] + "."
        return what, (
            f"Each name begins with `{prefix}`: it was saved from a wrapped model. "
            f"Save `model.{prefix[:-1]}.state_dict()`, or cut the prefix off."
        )
    return what, "Build the model exactly as it was when it was saved, with the same names for its layers."


@RULES.on(
    r"size mismatch for ([\w.]+): copying a param with shape torch\.Size\(\[([\d, ]*)\]\) from checkpoint, "
    r"the shape in current model is torch\.Size\(\[([\d, ]*)\]\)",
    "RuntimeError",
    teaches="module.state-dict",
)
def _sizes(trouble: Trouble, found: re.Match[str]) -> Words:
    what = (
        f"`{found[1]}` is {shape_text(numbers(found[2]))} in the file and {shape_text(numbers(found[3]))} in the model."
    )
    return what, "Build the model with the sizes that it had when it was saved."


@RULES.on(r"'(list|dict|tuple)' object is not callable", "TypeError", teaches="module.parameters")
def _list_called(trouble: Trouble, found: re.Match[str]) -> Words:
    thing = next((one for one in trouble.named if one.kind == found[1]), None)
    name = f"`{thing.name}`" if thing else "This"
    return f"{name} is a {found[1]}, which cannot be called like a function.", (
        "To run layers one after another put them into `nn.Sequential(…)`. To take an element use square brackets."
    )


@RULES.on(r"'(Tensor|Parameter)' object is not callable", "TypeError", teaches="tensor.index")
def _tensor_called(trouble: Trouble, found: re.Match[str]) -> Words:
    name = trouble.tensors[0].name if trouble.tensors else "x"
    return f"`{name}` is a tensor, and round brackets call functions.", (
        f"An element is `{name}[…]`. Or does a tensor have the name of a function that you meant?"
    )


@RULES.on(
    r"__init__\(\) (missing \d+ required positional arguments?: .*"
    r"|got an unexpected keyword argument .*|takes .* given)",
    "TypeError",
    teaches="module.class",
)
def _constructor(trouble: Trouble, found: re.Match[str]) -> Words:
    made = re.search(r"(\w+)\.__init__", trouble.message)
    name = f"`{made[1]}`" if made else "The class"
    return f"{name} cannot be made like this: {found[1].strip()}.", (
        f"`help({made[1] if made else '…'})` lists what it takes; `nn.Linear(in_features, out_features)` is typical."
    )


@RULES.on(
    r"(\w+)\(\): argument '(\w+)' (?:\(position (\d+)\) )?must be ([\w.]+), not ([\w.]+)"
    r"|'(list)' object has no attribute '(?:size|dim|shape|dtype|to|float)'",
    teaches="tensor.dtype",
)
def _not_a_tensor(trouble: Trouble, found: re.Match[str]) -> Words:
    if found[6] or (found[4] == "Tensor" and found[5] in ("list", "tuple", "int", "float", "ndarray", "NoneType")):
        kind = found[6] or found[5]
        thing = next((one for one in trouble.named if one.kind == kind), None)
        name = f"`{thing.name}`" if thing else "what it was given"
        if kind == "NoneType":
            return (
                f"A tensor is wanted, and {name} is None.",
                "A function without `return` gives None: does `forward` return?",
            )
        return f"A tensor is wanted, and {name} is a Python {kind}.", (
            f"Make one: `torch.tensor({thing.name if thing else '…'})`."
        )
    return f"`{found[1]}` wants a {found[4]} for `{found[2]}` and was given a {found[5]}.", (
        "Compare the order of the arguments with the function's help."
    )


def _keys_after(message: str, word: str) -> list[str]:
    """The quoted keys of a line such as `Missing key(s) in state_dict: "a", "b".`."""
    found = re.search(rf"{word} key\(s\) in state_dict:([^\n]*)", message)
    return re.findall(r'"([^"]+)"', found[1]) if found else []


def _some(keys: list[str]) -> str:
    shown = ", ".join(f"`{key}`" for key in keys[:3])
    return f"{shown} and {len(keys) - 3} more" if len(keys) > 3 else shown
