"""The variables of a program as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.xray.fields import Fields, flag, rows, shape, text, whole

LOOK_FOR = "Do the shapes and types fit together? A weight to be learned says grad: yes, and ✓ once backward() has run."


@dataclass(frozen=True)
class Variable:
    """One row. `mark` is "new", "changed" or ""; `grad` is "yes" (wants one), "✓" (has one), "graph" or "".

    `function` is the one whose variable it is, "" for the namespace.
    """

    name: str
    what: str
    dtype: str = ""
    device: str = ""
    grad: str = ""
    mark: str = ""
    function: str = ""


def variables(fields: Fields) -> tuple[Variable, ...]:
    """The rows of a report."""
    return tuple(_variable(row) for row in rows(fields) if text(row, "name"))


def shape_text(dimensions: tuple[int, ...] | None) -> str:
    """A shape as Python writes it: "(32, 10)", "(5,)", "()"."""
    if dimensions is None:
        return ""
    return f"({dimensions[0]},)" if len(dimensions) == 1 else f"({', '.join(map(str, dimensions))})"


def count_text(number: int) -> str:
    """ "1,234 parameters", "1 parameter"."""
    return f"{number:,} parameter{'' if number == 1 else 's'}"


def _variable(row: Fields) -> Variable:
    return replace(_described(row), function=text(row, "in"))


def _described(row: Fields) -> Variable:
    kind, name, mark = text(row, "kind"), text(row, "name"), text(row, "mark")
    if kind == "tensor":
        value = f" = {text(row, 'text')}" if text(row, "text") else ""
        own = f"{text(row, 'type')} " if text(row, "type") else ""
        needs, has = flag(row, "needs"), flag(row, "grad")
        grad = ("✓" if has else "yes") if needs and flag(row, "leaf") else "graph" if needs else "✓" if has else ""
        what = f"{own}{shape_text(shape(row, 'shape'))}{value}"
        return Variable(name, what, text(row, "dtype"), text(row, "device"), grad, mark)
    if kind == "module":
        parts = [text(row, "type"), count_text(whole(row, "parameters"))]
        if whole(row, "frozen"):
            parts.append(f"{whole(row, 'frozen'):,} frozen")
        parts.append("train mode" if flag(row, "training") else "eval mode")
        return Variable(name, f"{parts[0]}: {', '.join(parts[1:])}", "", text(row, "device"), "", mark)
    return Variable(name, _plain(row, kind), mark=mark)


def _plain(row: Fields, kind: str) -> str:
    said, length = text(row, "text"), whole(row, "length")
    if kind == "number":
        return said
    if kind == "text":
        cut = " …" if length > len(said) - 2 else ""
        return f"{said}{cut}"
    parts = [text(row, "type")]
    if "length" in row:
        held = f" {text(row, 'held')}" if text(row, "held") else ""
        parts.append(f"of {length:,}{held}")
    return " ".join(parts) + (f": {said}" if said else "")
