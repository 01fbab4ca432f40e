"""What a captured number is called: the name that the learner's code gives it at the place of the call.

`loss.backward()` is "loss", `scaler.scale(g_loss).backward()` is "g_loss", `val_loss = criterion(model(x), y)` is
"val_loss". All of this happens once per call site, so it may take a millisecond.
"""

from __future__ import annotations

import ast
import itertools
import linecache
import re
from types import FrameType
from typing import List, NamedTuple, Optional, Sequence, Tuple, Union

from tutor.kernel.frames import variable

MAX_NAME = 32
"""Longest name in characters; a legend has no room for more."""

_WINDOW = 12
"""Lines that a statement may span in a file that is not Python as a whole, such as a lesson."""

_MEASURE = re.compile(r"loss|entropy|err|mse|mae|nll|bce|kl|cost|perplex|val|test|eval|dev|holdout", re.IGNORECASE)
_HELD_OUT = re.compile(r"val|test|eval|dev|holdout", re.IGNORECASE)
_PLAIN_LOSS = re.compile(r"(train_?|running_?|total_?|epoch_?|batch_?|sum_?|avg_?|mean_?)*loss(es)?", re.IGNORECASE)
_LOSS_MAKER = re.compile(r"(crit|criterion|loss|loss_?(fn|func|function))", re.IGNORECASE)
_REDUCTIONS = ("mean", "sum", "float", "double", "squeeze", "to", "cpu")


class Name(NamedTuple):
    """What to call the number. `variable` holds the number to read where the tensor itself is a scaled copy of it."""

    text: str
    variable: Optional[str] = None


class Place(NamedTuple):
    """The call that a frame is in the middle of, and the statement that it belongs to."""

    call: Optional[ast.Call]
    statement: Optional[ast.stmt]


def name_of_backward(frame: FrameType) -> List[Name]:
    """Names of the tensors that the call in `frame` differentiates, in the order of its arguments; [] if unknown."""
    call = locate(frame, "backward").call
    if call is None:
        return []
    tensors: Optional[ast.expr] = None
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) not in ("torch.autograd", "autograd"):
        tensors = call.func.value
        if _is_called_on_an_object(call, frame):
            tensors = call.args[0]
    elif call.args:
        tensors = call.args[0]
    if tensors is None:
        return []
    if isinstance(tensors, (ast.List, ast.Tuple)):
        return [_name_of(one) for one in tensors.elts]
    return [_name_of(tensors)]


def name_of_evaluation(frame: FrameType, taken: Sequence[str]) -> str:
    """Name of a loss that the call in `frame` computes with gradients off.

    It is the variable that receives it, where that names a measure; "val_" goes before a name that the training
    loss has already (`taken`) or might have. A call inside `return` is named by the caller.
    """
    place = locate(frame)
    caller = frame.f_back
    for _ in range(3):
        if not isinstance(place.statement, ast.Return) or caller is None:
            break
        place, caller = locate(caller), caller.f_back
    name = _target(place.statement)
    if name is None or not _MEASURE.search(name):
        return "val_loss"
    if _HELD_OUT.search(name):
        return name
    if _PLAIN_LOSS.fullmatch(name):
        return "val_loss"
    return _short(f"val_{name}") if name in taken else name


def locate(frame: FrameType, method: str = "") -> Place:
    """The call that `frame` is executing; `method` is a hint for interpreters that do not record columns.

    Either part is None where the source is missing or cannot be understood.
    """
    line = frame.f_lineno
    end = _end_of_call(frame)
    tree = parse_around(linecache.getlines(frame.f_code.co_filename, frame.f_globals), line)
    if tree is None:
        return Place(None, None)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    if end is not None:
        found = [node for node in calls if _end(node) == end]
    else:
        found = [node for node in calls if node.lineno <= line <= _end(node)[0]]
        if method:
            found = [node for node in found if getattr(node.func, "attr", None) == method][:1]
    call = found[0] if len(found) == 1 else None
    statement: Optional[ast.stmt] = None
    for node in ast.walk(tree):  # from the outside in: the last one that fits is the innermost
        if isinstance(node, ast.stmt) and (
            _spans(node, call) if call is not None else node.lineno <= line <= _end(node)[0]
        ):
            statement = node
    return Place(call, statement)


def _end_of_call(frame: FrameType) -> Optional[Tuple[int, int]]:
    """Line and column (0-based, UTF-8 bytes) at which the call ends; None where nobody knows."""
    positions = getattr(frame.f_code, "co_positions", None)
    if positions is not None:
        here = next(itertools.islice(positions(), frame.f_lasti // 2, None), None)
        return None if here is None or here[1] is None or here[3] is None else (here[1], here[3])
    try:
        import executing
    except ImportError:
        return None
    node = executing.Source.executing(frame).node
    return _end(node) if isinstance(node, ast.expr) else None


def _end(node: Union[ast.expr, ast.stmt]) -> Tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _spans(outer: ast.stmt, inner: ast.expr) -> bool:
    return (outer.lineno, outer.col_offset) <= (inner.lineno, inner.col_offset) and _end(inner) <= _end(outer)


def parse_around(lines: Sequence[str], line: int) -> Optional[ast.Module]:
    """The file's tree; where it is not Python as a whole, as a lesson is not, that of the lines around `line`."""
    if not lines:
        return None
    try:
        return ast.parse("".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        pass
    for start in range(line, max(0, line - _WINDOW), -1):
        for stop in range(line, min(len(lines), line + _WINDOW) + 1):
            tree = _parse_window(lines[start - 1 : stop], start)
            if tree is not None:
                return tree
    return None


def _parse_window(lines: Sequence[str], start: int) -> Optional[ast.Module]:
    """Parse some lines out of the middle of a file: indented ones, and the head of a block without its body."""
    text = "".join(lines)
    indented = text[:1] in (" ", "\t")
    for tail in ("", " pass"):
        source = ("if 1:\n" if indented else "") + text.rstrip() + tail
        try:
            module = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        ast.increment_lineno(module, start - (2 if indented else 1))
        return module
    return None


def _is_called_on_an_object(call: ast.Call, frame: FrameType) -> bool:
    """Whether this is `accelerator.backward(loss)` or `torch.Tensor.backward(loss)`: the loss is the argument."""
    if not call.args or not isinstance(call.func, ast.Attribute):
        return False
    if ast.unparse(call.func.value) in ("torch.Tensor", "Tensor"):
        return True
    base = call.func.value
    if not isinstance(base, ast.Name):
        return False
    value = variable(frame, base.id)
    return value is not None and not hasattr(value, "requires_grad")


def _name_of(node: ast.expr) -> Name:
    """The name of the tensor that an expression makes."""
    if isinstance(node, ast.Call):
        return _name_of_call(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Div, ast.Mult)):
        sides = [(node.left, node.right)]
        if isinstance(node.op, ast.Mult):
            sides.append((node.right, node.left))
        for loss, factor in sides:
            if isinstance(loss, ast.Name) and not any(isinstance(part, ast.Call) for part in ast.walk(factor)):
                return Name(_short(loss.id), loss.id)
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.UnaryOp, ast.BinOp)):
        text = ast.unparse(node)
        return Name(_short(text if len(text) <= MAX_NAME else "loss"))
    return Name("loss")


def _name_of_call(node: ast.Call) -> Name:
    function = node.func
    if isinstance(function, ast.Attribute):
        if function.attr == "scale" and node.args:  # GradScaler.scale(loss)
            inner = _name_of(node.args[0])
            return Name(inner.text, inner.variable or _identifier(node.args[0]))
        if function.attr in _REDUCTIONS and not _is_module(function.value):
            inner = _name_of(function.value)
            return Name(inner.text if isinstance(function.value, (ast.Name, ast.Attribute, ast.Subscript)) else "loss")
        made_by = function.attr
    elif isinstance(function, ast.Name):
        made_by = function.id
    else:
        return Name("loss")
    telling = _MEASURE.search(made_by) and not _LOSS_MAKER.fullmatch(made_by)
    return Name(_short(made_by) if telling else "loss")


def _identifier(node: ast.expr) -> Optional[str]:
    return node.id if isinstance(node, ast.Name) else None


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("torch", "F", "nn")


def _target(statement: Optional[ast.stmt]) -> Optional[str]:
    """The variable that a statement puts its value into."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        target = statement.target
    elif (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Attribute)
        and statement.value.func.attr == "append"
    ):
        target = statement.value.func.value  # val_losses.append(criterion(…).item())
    else:
        return None
    return _short(ast.unparse(target)) if isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)) else None


def _short(text: str) -> str:
    return " ".join(text.split())[:MAX_NAME]
