"""`log(acc=0.93)`: one line that puts a number of one's own into the live plot."""

from __future__ import annotations

from math import isfinite
from typing import Any, Callable, Dict, Mapping, Optional

Sink = Callable[[Dict[str, Any], Optional[float]], None]
"""Takes the values by name and the step, or None for "the current one"."""

_sink: Optional[Sink] = None


def log(values: Optional[Mapping[str, Any]] = None, /, *, step: Optional[float] = None, **named: Any) -> None:
    """Draw numbers as series of the run: `log(acc=0.93)`, or `log({"val/acc": 0.93}, step=epoch)`.

    A value is a Python number or a tensor (or array) with one element. Without `step` a value stands at the training
    step that the run has reached. Outside pytutor this does nothing, so that a script may keep its calls.

    Raises `TypeError` for a value that is not one number and for a step that is none.
    """
    found: Dict[str, Any] = {}
    for name, value in {**(values or {}), **named}.items():
        if not isinstance(name, str):
            raise TypeError(f"log() takes names as text, and {name!r} is of type {type(name).__name__}")
        found[name] = _number(f"{name}=", value)
    if step is not None:
        step = float(_number("step=", step))
        if not isfinite(step):
            raise TypeError(f"log(step=…) takes a finite number, not {step}")
    if found and _sink is not None:
        _sink(found, step)


def connect(sink: Optional[Sink]) -> None:
    """Say where logged numbers go; None for nowhere. The kernel calls this."""
    global _sink
    _sink = sink


def _number(name: str, value: Any) -> Any:
    """A float; or the value itself where reading it might have to wait for a GPU."""
    if isinstance(value, (int, float)):
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    count = getattr(value, "numel", None)  # a tensor
    if count is None:
        count = getattr(value, "size", None)  # an array
    elements = count() if callable(count) else count
    if elements is not None and elements != 1:
        raise TypeError(f"log({name}…) takes one number, not {elements}: call .mean() or log each by its own name")
    if getattr(value, "is_cpu", True) is False:
        return value
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return float(value.item() if hasattr(value, "item") else value)
    except (TypeError, ValueError):
        raise TypeError(f"log({name}…) takes a number, not {type(value).__name__}") from None
