"""The autograd graph as a tree in lines, and why a parameter gets no gradient."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.xray.fields import Fields, rows, shape, text, texts, whole
from tutor.xray.variables import shape_text

LOOK_FOR = "backward() walks from the loss down to the leaves. A parameter that is no leaf of this tree learns nothing."


@dataclass(frozen=True)
class Node:
    """A line of the tree. `kind` is "operation", "leaf", "again" (shown above) or "none" (needs no gradient)."""

    depth: int
    kind: str
    name: str
    shape: str
    last: tuple[bool, ...]
    """For each depth down to its own, whether it is the last branch there."""


def nodes(fields: Fields) -> tuple[Node, ...]:
    """The tree, from the loss down."""
    found = [row for row in rows(fields) if text(row, "kind")]
    depths = [min(whole(row, "depth"), 400) for row in found]
    open_: list[bool] = []
    lasts: list[tuple[bool, ...]] = [()] * len(found)
    # From the end: a branch is the last of its depth unless another one of that depth comes before a shallower line.
    for at in range(len(found) - 1, -1, -1):
        depth = depths[at]
        open_ = (open_ + [True] * (depth + 1 - len(open_)))[: depth + 1]
        lasts[at] = tuple(open_)
        open_[depth] = False
    return tuple(
        Node(depth, text(row, "kind"), text(row, "name"), shape_text(shape(row, "shape")), last)
        for row, depth, last in zip(found, depths, lasts, strict=True)
    )


def words(fields: Fields) -> list[str]:
    """Which parameters are not reached, and where the graph may be cut."""
    missing = texts(fields, "missing")
    if not missing:
        return ["Every parameter of the model is reached."] if rows(fields) else []
    more = whole(fields, "more") + max(0, len(missing) - 4)
    said = ", ".join(missing[:4]) + (f" and {more} more" if more else "")
    cuts = [f"{text(one, 'what')} at line {whole(one, 'line')}" for one in rows(fields, "cuts") if text(one, "what")]
    if not cuts:
        return [f"No gradient reaches {said}: it has no part in the loss."]
    return [f"No gradient reaches {said}: {' or '.join(cuts)}."]
