"""Python's own exceptions, as beginners meet them beside tensors."""

from __future__ import annotations

import difflib
import re

from tutor.learning.explain.rules import Rules, Words
from tutor.learning.explain.trouble import Trouble

RULES = Rules()

_USUAL = {
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "math": "import math",
    "random": "import random",
    "DataLoader": "from torch.utils.data import DataLoader",
    "TensorDataset": "from torch.utils.data import TensorDataset",
}


@RULES.on(r"name '(\w+)' is not defined", "NameError")
def _name(trouble: Trouble, found: re.Match[str]) -> Words:
    name = found[1]
    what = f"Python knows no `{name}` at this point."
    if name in _USUAL:
        return what, f"`{_USUAL[name]}` is missing above, or failed there."
    if trouble.near:
        return what, f"Did you mean `{trouble.near}`?"
    return what, "Is it spelled as where it was made, and did that line run before this one?"


@RULES.on(r"(?:cannot access local|local) variable '(\w+)'", "UnboundLocalError")
def _unbound(trouble: Trouble, found: re.Match[str]) -> Words:
    return (
        f"The function gives `{found[1]}` a value further down, so here it is its own name, still without a value.",
        (f"Set it before this line, pass it in as a parameter, or say `global {found[1]}`."),
    )


@RULES.on(r"No module named '([\w.]+)'", "ModuleNotFoundError", "ImportError")
def _package(trouble: Trouble, found: re.Match[str]) -> Words:
    package = found[1].split(".")[0]
    near = difflib.get_close_matches(
        package, ("torch", "torchvision", "torchaudio", "numpy", "matplotlib", "tutor"), 1, 0.75
    )
    if near and near[0] != package:
        return f"There is no package `{package}`.", f"Did you mean `{near[0]}`?"
    pictures = package in ("matplotlib", "plotext", "plotly", "seaborn")
    without = "`from tutor.kit import show` draws without it." if pictures else "The lessons need only torch."
    return f"The package `{found[1]}` is not installed in the Python that runs this code.", (
        f"{without} Else install it in that environment; `pytutor doctor` says which one it is."
    )


@RULES.on(r"cannot import name '(\w+)' from '([\w.]+)'", "ImportError")
def _import_name(trouble: Trouble, found: re.Match[str]) -> Words:
    return f"`{found[2]}` has no `{found[1]}`.", (
        f"Did you mean `{trouble.near}`?" if trouble.near else "Look at the spelling; capitals count."
    )


@RULES.on(r"module '([\w.]+)' has no attribute '(\w+)'", "AttributeError")
def _module_attribute(trouble: Trouble, found: re.Match[str]) -> Words:
    hint = f"Did you mean `{found[1]}.{trouble.near}`?" if trouble.near else "Look at the spelling; capitals count."
    return f"`{found[1]}` has no `{found[2]}`.", hint


@RULES.on(
    r"'NoneType' object (?:has no attribute '(\w+)'|is not (callable|iterable|subscriptable))",
    "AttributeError",
    "TypeError",
)
def _none(trouble: Trouble, found: re.Match[str]) -> Words:
    none = next((one for one in trouble.named if one.kind == "NoneType"), None)
    name = f"`{none.name}` is None" if none else "What stands before it is None"
    return f"{name}: nothing is there to work with.", (
        "A function without `return` gives None; methods such as `list.sort()` and `list.append()` do too."
    )


@RULES.on(r"'(\w+)' object has no attribute '(\w+)'", "AttributeError")
def _attribute(trouble: Trouble, found: re.Match[str]) -> Words:
    thing = next((one for one in trouble.named if one.kind == found[1]), None)
    name = f"`{thing.name}` is a {found[1]} and" if thing else f"A {found[1]}"
    what = f"{name} has no `{found[2]}`."
    if found[1] == "tuple" and found[2] in ("shape", "size", "dim"):
        return what, "Some layers return several things: an LSTM gives `output, (h, c) = lstm(x)`."
    if trouble.near:
        return what, f"Did you mean `{trouble.near}`?"
    if (thing is not None and thing.name.startswith("self")) or found[1][:1].isupper():
        return what, "Was it set in `__init__` (`self.… = …`), with the same spelling?"
    return what, "Print `type(…)` of it: it may be something else than you think."


@RULES.on(r"(.*)", "KeyError")
def _key(trouble: Trouble, found: re.Match[str]) -> Words:
    thing = next((one for one in trouble.named if one.kind == "dict"), None)
    name = f"`{thing.name}`" if thing else "The dict"
    return f"{name} has no key {found[1][:80]}.", (
        f"Print its keys: `print(list({thing.name}))`." if thing else "Print the keys that it has."
    )


@RULES.on(r"(list|tuple|string) index out of range", "IndexError")
def _sequence_index(trouble: Trouble, found: re.Match[str]) -> Words:
    thing = next((one for one in trouble.named if one.kind in ("list", "tuple")), None)
    what = f"`{thing.name}` has {thing.size} items" if thing else f"The {found[1]} is shorter than that"
    return f"{what}.", "The last index is the length minus one; `[-1]` is the last item."


@RULES.on(
    r"unsupported operand type\(s\) for (\S+): '([\w.]+)' and '([\w.]+)'"
    r"|can only concatenate (\w+) \(not \"(\w+)\"\) to",
    "TypeError",
)
def _operands(trouble: Trouble, found: re.Match[str]) -> Words:
    if found[4]:
        return f"`+` joins a {found[4]} only with another, and the other side is a {found[5]}.", (
            'Put it into the text: `f"loss {loss:.4f}"`.'
        )
    left = next((f"`{one.name}` ({found[2]})" for one in trouble.named if one.kind == found[2]), f"a {found[2]}")
    right = next((f"`{one.name}` ({found[3]})" for one in trouble.named if one.kind == found[3]), f"a {found[3]}")
    return f"`{found[1]}` does not work between {left} and {right}.", (
        "None means that something was never set or not returned. A list becomes a tensor with `torch.tensor(…)`."
    )


@RULES.on(r"division by zero", "ZeroDivisionError")
def _zero(trouble: Trouble, found: re.Match[str]) -> Words:
    zero = next((one for one in trouble.named if one.text in ("0", "0.0") or one.size == 0), None)
    name = f"`{zero.name}` is 0" if zero and zero.text else "What stands below is 0"
    return f"{name}.", "A mean over nothing? Count first: an empty loader or list gives 0."


@RULES.on(r"maximum recursion depth exceeded", "RecursionError")
def _recursion(trouble: Trouble, found: re.Match[str]) -> Words:
    if "forward" in trouble.source or "self(" in trouble.source:
        return (
            "`forward` calls the model itself, which calls `forward`, without end.",
            "Call the layers in it: `self.fc(x)`.",
        )
    return (
        "A function calls itself without ever coming to an end.",
        "It needs a case in which it returns without the call.",
    )


@RULES.on(
    r"(expected an indented block|unindent does not match|unexpected indent|inconsistent use of tabs)",
    "IndentationError",
    "TabError",
)
def _indent(trouble: Trouble, found: re.Match[str]) -> Words:
    if found[1] == "expected an indented block":
        return (
            "After the colon comes a block, and it must stand further to the right.",
            "Indent the next lines by four spaces.",
        )
    return "This line stands further left or right than the lines of its block.", (
        "Lines of one block begin in one column; use spaces only, four a level."
    )


@RULES.on(r"'([(\[{])' was never closed|unterminated (?:f-)?string|expected ':'|invalid syntax(.*)", "SyntaxError")
def _syntax(trouble: Trouble, found: re.Match[str]) -> Words:
    if found[1]:
        return (
            f"A `{found[1]}` is opened and never closed.",
            "Python reads on to the next lines; the fault is where it opens.",
        )
    if "string" in found[0]:
        return "A text has no closing quote on its line.", "Close it with the quote that it began with."
    if "':'" in found[0]:
        return "The line that begins a block ends with a colon.", "Put `:` at its end."
    return (
        "Python cannot read this line.",
        "Look at the marked place and at the end of the line before: a bracket, comma or colon?",
    )


@RULES.on(r"(\w+)\(\) received an invalid combination of arguments - got \(([^)]*)\)", "TypeError")
def _arguments(trouble: Trouble, found: re.Match[str]) -> Words:
    return f"`{found[1]}` cannot be called with ({found[2]}).", (
        "One argument has a type that it does not take: sizes and dimensions are whole numbers, data are tensors."
    )


@RULES.on(r"argument 'size' failed to unpack|type must be tuple of ints, ?but got float", "TypeError")
def _size(trouble: Trouble, found: re.Match[str]) -> Words:
    number = next((one for one in trouble.named if one.kind == "float"), None)
    name = f"`{number.name}` is {number.text}" if number else "here is a float"
    return f"A size must be a whole number, and {name}.", "Divide with `//` instead of `/`, or convert with `int(…)`."
