"""What the learner's failing line speaks of: names, shapes and dtypes, read from the frames before they are cleared.

Nothing of the learner's is called for it: names are looked up in namespaces, attributes in the dictionaries of modules
and plain objects, never through properties. No reference to a tensor is kept.
"""

from __future__ import annotations

import ast
import itertools
import sys
from types import BuiltinFunctionType, FrameType, FunctionType, MethodType, ModuleType, TracebackType
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from tutor.kernel.naming import parse_around
from tutor.kernel.near import near_names
from tutor.kernel.texts import clean, text_of
from tutor.runner.protocol.parts import Value

MOST = 12
"""So many values of one line are told."""

_TEXT = 80
_COUNTED = 1 << 20
"""Elements of a tensor whose extremes are still looked for."""

_DEPTH = 6
_NOTHING = object()
_CODE = (ModuleType, type, FunctionType, BuiltinFunctionType, MethodType)
"""Of what runs, the line itself says enough."""


class _Stop(NamedTuple):
    """A frame of a traceback, where it stopped."""

    frame: FrameType
    line: int
    instruction: int


def values_of(error: BaseException, learners: Callable[[str], bool]) -> Tuple[Value, ...]:
    """The values of the innermost of the learner's frames; `learners` tells whether a file is theirs.

    Also those of the layer of `torch.nn` in which it failed, and the name that was meant by one that is not there.
    Never raises: without facts the words are only fewer.
    """
    try:
        return (*near_names(error, error.__traceback__), *_values(error.__traceback__, learners))[: MOST + 3]
    except Exception:  # noqa: BLE001  objects of the learner's may do anything when looked at
        return ()


def _values(trace: Optional[TracebackType], learners: Callable[[str], bool]) -> Iterator[Value]:
    torch = sys.modules.get("torch")
    stops: List[_Stop] = []
    own = -1
    while trace is not None:
        if learners(trace.tb_frame.f_code.co_filename):
            own = len(stops)
        stops.append(_Stop(trace.tb_frame, trace.tb_lineno, trace.tb_lasti))
        trace = trace.tb_next
    if own < 0:
        return
    named = _named(stops[own], torch)
    for name, value in named.items():
        yield _told(name, value, "named", torch)
    if torch is None:
        return
    layer = _layer(stops[own + 1 :], torch)
    if layer is not None:
        module, given = layer
        yield _told(_path(module, [named, *_around(stops[: own + 1], torch)], torch), module, "layer", torch)
        if isinstance(given, torch.Tensor):
            name = next((name for name, value in named.items() if value is given), "")
            yield _told(name, given, "input", torch)


def _around(stops: List[_Stop], torch: Any) -> Iterator[Dict[str, Any]]:
    """What the learner's outer frames name in the lines where they are, from the inside out."""
    for stop in list(reversed(stops))[1:_DEPTH]:
        yield _named(stop, torch)


def _layer(stops: List[_Stop], torch: Any) -> Optional[Tuple[Any, Any]]:
    """The innermost layer of `torch.nn` below the learner's line, and what it was given."""
    for stop in reversed(stops):
        code = stop.frame.f_code
        names = code.co_varnames[: code.co_argcount]
        if code.co_name in ("forward", "_conv_forward") and len(names) > 1 and names[0] == "self":
            module = stop.frame.f_locals.get("self")
            if isinstance(module, torch.nn.Module) and not isinstance(module, torch.nn.Sequential):
                return module, stop.frame.f_locals.get(names[1])
    return None


def _path(module: Any, places: List[Dict[str, Any]], torch: Any) -> str:
    """How the learner reaches a layer from what a line names: "self.layers[2]"; "" where no line does."""
    for names in places:
        for name, value in names.items():
            if isinstance(value, torch.nn.Module):
                for path, one in value.named_modules():
                    if one is module:
                        parts = path.split(".") if path else []
                        return name + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts)
    return ""


# What a line names.


def _named(stop: _Stop, torch: Any) -> Dict[str, Any]:
    """Names and attributes in the failing expression, as written, with their values."""
    import linecache

    frame = stop.frame
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    tree = parse_around(lines, stop.line)
    found: Dict[str, Any] = {}
    if tree is not None:
        for part in _expressions(tree, stop):
            _collect(part, frame, torch, found)
    return found


def _expressions(tree: ast.Module, stop: _Stop) -> List[ast.AST]:
    """The expression that failed; where that is not known, what the statement on the line evaluates."""
    span = _span(stop)
    if span is not None:
        for node in ast.walk(tree):
            if isinstance(node, (ast.expr, ast.AugAssign)) and span == (
                node.lineno,
                node.col_offset,
                node.end_lineno,
                node.end_col_offset,
            ):
                return [node]
    found: Optional[ast.stmt] = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= stop.line <= (node.end_lineno or node.lineno):
            found = node  # from the outside in: the last one is the innermost
    return [] if found is None else _evaluated(found)


def _span(stop: _Stop) -> Optional[Tuple[Any, ...]]:
    positions = getattr(stop.frame.f_code, "co_positions", None)
    if positions is None or stop.instruction < 0:
        return None
    here = next(itertools.islice(positions(), stop.instruction // 2, None), None)
    return None if here is None or None in here else (here[0], here[2], here[1], here[3])


def _evaluated(statement: ast.stmt) -> List[ast.AST]:
    """The parts of a statement that its own line evaluates: of a loop its iterable, and not its body."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    return [node for node in ast.iter_child_nodes(statement) if not isinstance(node, (ast.stmt, ast.ExceptHandler))]


def _collect(node: ast.AST, frame: FrameType, torch: Any, found: Dict[str, Any]) -> None:
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        value = _resolved(node, frame, torch)
        if value is not _NOTHING:
            if not isinstance(value, _CODE) and len(found) < MOST:
                found.setdefault(clean(ast.unparse(node), _TEXT), value)
            return
    for child in ast.iter_child_nodes(node):
        _collect(child, frame, torch, found)


def _resolved(node: ast.AST, frame: FrameType, torch: Any) -> Any:
    """The value of a name, of an attribute that is only looked up, or of an element with a constant index."""
    if isinstance(node, ast.Name):
        names = frame.f_locals
        return names[node.id] if node.id in names else frame.f_globals.get(node.id, _NOTHING)
    if isinstance(node, ast.Attribute):
        base = _resolved(node.value, frame, torch)
        return _NOTHING if base is _NOTHING else _attribute(base, node.attr, torch)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        base, index = _resolved(node.value, frame, torch), node.slice.value
        if type(base) in (list, tuple) and isinstance(index, int) and -len(base) <= index < len(base):
            return base[index]
        if type(base) is dict and isinstance(index, (str, int)):
            return base.get(index, _NOTHING)
        if torch is not None and isinstance(base, torch.nn.Module):
            return vars(base).get("_modules", {}).get(str(index), _NOTHING)
    return _NOTHING


def _attribute(base: Any, name: str, torch: Any) -> Any:
    if torch is not None and isinstance(base, torch.Tensor):
        if type(base) in (torch.Tensor, torch.nn.Parameter):
            if name in ("T", "mT") and base.dim() == 2:
                return base.detach().t()
            if name == "grad" and base.is_leaf:
                return base.grad
        return _NOTHING
    known = getattr(base, "__dict__", None)
    if not isinstance(known, dict):
        return _NOTHING
    if torch is not None and isinstance(base, torch.nn.Module):
        for group in ("_parameters", "_buffers", "_modules"):
            if name in known.get(group, {}):
                return known[group][name]
    return known.get(name, _NOTHING)


# A value in words.


def _told(name: str, value: Any, role: str, torch: Any) -> Value:
    kind = type(value).__name__
    if torch is not None and isinstance(value, torch.Tensor):
        low, high = _extremes(value, torch)
        return Value(
            name, kind, role, tuple(value.shape), _dtype(value), str(value.device), value.requires_grad, low, high
        )
    if torch is not None and isinstance(value, torch.nn.Module):
        known = getattr(value, "__dict__", {}).get("_parameters", {})
        weight = known.get("weight", known.get("weight_ih_l0"))
        if isinstance(weight, torch.Tensor) and not isinstance(weight, torch.nn.UninitializedParameter):
            return Value(name, kind, role, tuple(weight.shape), _dtype(weight), str(weight.device))
        return Value(name, kind, role)
    if type(value).__module__ == "numpy" and kind == "ndarray":
        return Value(name, kind, role, tuple(value.shape), str(value.dtype))
    if value is None or type(value) in (bool, int, float, str):
        return Value(name, kind, role, text=text_of(value, _TEXT))
    return Value(name, kind, role, size=len(value) if type(value) in (list, tuple, dict) else -1)


def _dtype(tensor: Any) -> str:
    return str(tensor.dtype).replace("torch.", "")


def _extremes(tensor: Any, torch: Any) -> Tuple[Optional[int], Optional[int]]:
    """Smallest and largest number of a tensor of integers; a GPU that has failed is not asked."""
    plain = type(tensor) is torch.Tensor and tensor.device.type == "cpu" and tensor.layout is torch.strided
    if not plain or tensor.dtype not in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
        return None, None
    if not 0 < tensor.numel() <= _COUNTED:
        return None, None
    from tutor.kernel.unseen import unseen

    with unseen():
        low, high = torch.aminmax(tensor)
        return int(low), int(high)
