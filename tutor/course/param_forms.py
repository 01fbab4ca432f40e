"""Colab's `@param` comments as settings of knobs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.course.findings import did_you_mean
from tutor.course.items import Knob

KINDS = ("slider", "number", "integer", "boolean", "string")
_SETTINGS = ("type", "min", "max", "step", "scale", "placeholder", "allow-input")
Literal = bool | int | float | str


class KnobError(ValueError):
    """A knob that cannot be read; `code` is the rule."""

    def __init__(self, message: str, code: str = "E127") -> None:
        super().__init__(message)
        self.code = code


def knob_of(name: str, default: Literal, spec: str) -> Knob:
    """The knob `name = default` with what stands behind `@param`; raises `KnobError` for what cannot be read."""
    choices, settings = _parts(spec)
    for key in settings:
        if key not in _SETTINGS:
            raise KnobError(f"unknown @param setting {key!r}: {did_you_mean(key, _SETTINGS)}")
    if choices is not None:
        if default not in choices:
            raise KnobError(f"the default {default!r} is not among the choices of {name}", "E128")
        return Knob(name, default, "choice", choices=choices)
    kind = settings.get("type", _natural_kind(default))
    if kind not in KINDS:
        raise KnobError(f"unknown @param type {kind!r}: {did_you_mean(str(kind), KINDS)}")
    knob = Knob(
        name,
        default,
        str(kind),
        minimum=_number(settings, "min"),
        maximum=_number(settings, "max"),
        step=_number(settings, "step"),
        scale=str(settings.get("scale", "linear")),
    )
    _check(knob)
    return knob


def _natural_kind(default: Literal) -> str:
    if isinstance(default, bool):
        return "boolean"
    return "integer" if isinstance(default, int) else "number" if isinstance(default, float) else "string"


def _number(settings: dict[str, Literal], key: str) -> float | None:
    value = settings.get(key)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        try:
            return None if value is None else float(value)
        except OverflowError:
            raise KnobError(f"{key} is too large") from None
    raise KnobError(f"{key} must be a number")


def _check(knob: Knob) -> None:
    """Raise `KnobError` for a knob whose settings do not fit each other or its default."""
    default, low, high = knob.default, knob.minimum, knob.maximum
    fits = {
        "boolean": isinstance(default, bool),
        "integer": isinstance(default, int) and not isinstance(default, bool),
        "string": isinstance(default, str),
    }.get(knob.kind, isinstance(default, int | float) and not isinstance(default, bool))
    if not fits:
        raise KnobError(f"the default {default!r} of {knob.name} does not fit its type {knob.kind}")
    if knob.kind == "slider" and (low is None or high is None):
        raise KnobError(f"the slider {knob.name} needs min and max")
    if low is not None and high is not None and low >= high:
        raise KnobError(f"min {low:g} of {knob.name} is not below max {high:g}")
    if knob.step is not None and knob.step <= 0:
        raise KnobError(f"step of {knob.name} must be above 0")
    if knob.scale not in ("linear", "log"):
        raise KnobError(f"scale of {knob.name} must be linear or log")
    if knob.scale == "log" and (low is None or low <= 0):
        raise KnobError(f"a log scale needs a min above 0: give {knob.name} one")
    if isinstance(default, int | float) and (
        (low is not None and default < low) or (high is not None and default > high)
    ):
        raise KnobError(f"the default {default!r} of {knob.name} lies outside {low} to {high}", "E128")


def _parts(spec: str) -> tuple[tuple[Literal, ...] | None, dict[str, Literal]]:
    """Choices (None for none) and settings of `["a", "b"] {type:"raw"}`, each part optional."""
    choices: tuple[Literal, ...] | None = None
    settings: dict[str, Literal] = {}
    for part in _split(spec):
        node = _expression(part)
        if isinstance(node, ast.List) and choices is None and node.elts:
            choices = tuple(_javascript(element, "a choice") for element in node.elts)
        elif isinstance(node, ast.Dict) and not settings:
            for key, value in zip(node.keys, node.values, strict=True):
                settings[_key(key)] = _javascript(value, _key(key))
        else:
            raise KnobError(_UNREADABLE)
    if choices is not None:
        settings = {key: value for key, value in settings.items() if key != "type"}
    return choices, settings


_UNREADABLE = 'the @param cannot be read: write {type:"slider", min:0, max:1, step:0.1} or ["a", "b"]'


def _split(spec: str) -> Iterator[str]:
    """The bracketed parts of a spec: cut wherever the brackets are balanced."""
    start, depth, quote = 0, 0, ""
    for at, character in enumerate(spec):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[{":
            start = at if depth == 0 else start
            depth += 1
        elif character in "]}":
            depth -= 1
            if depth == 0:
                yield spec[start : at + 1]
        elif depth == 0 and not character.isspace():
            raise KnobError(_UNREADABLE)
    if depth or quote:
        raise KnobError("the @param is not closed: a bracket or a quote is missing")


def _expression(part: str) -> ast.expr:
    """Colab's JavaScript notation reads as Python: its bare keys are names there."""
    try:
        return ast.parse(part, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise KnobError(_UNREADABLE) from None


def _key(node: ast.expr | None) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return f"{_key(node.left)}-{_key(node.right)}"
    raise KnobError(_UNREADABLE)


def _javascript(node: ast.expr, what: str) -> Literal:
    if isinstance(node, ast.Name) and node.id in ("true", "false"):
        return node.id == "true"
    return literal_of(node, what)


def literal_of(node: ast.expr, what: str) -> Literal:
    """The value that is written out there; raises `KnobError` for anything else."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError, MemoryError):
        value = None
    if isinstance(value, bool | int | float | str):
        return value
    raise KnobError(f"{what} must be a number, a text, True or False written out")
