"""`scatter`: points in the plane, their classes, and where a model changes its mind."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional, Sequence, Tuple

import torch

from tutor.kit.show.canvas import GROUNDS, INKS, Cell, Screen, line_of, plain, put, screen, words
from tutor.kit.show.values import classes_of, left_out, names_of, row_of, shape_of, shares, short, span_of

Decide = Callable[[torch.Tensor], Any]

_MARKS = "ox+*#@%&"
_FILLS = " .:,'`;\""


def scatter(
    x: Any,
    y: Any,
    labels: Optional[Any] = None,
    decide: Optional[Decide] = None,
    *,
    names: Optional[Sequence[Any]] = None,
    title: str = "",
) -> None:
    """Print N points; each class has a mark of its own. With `decide` the ground shows which class a model sees where.

    `x`, `y` and `labels` have shape (N,); labels are 0, 1, 2, …, and `names` may name them. `decide` is a model or a
    function that takes points of shape (M, 2), in the type and on the device of `x`, and gives one of

    - classes: whole numbers or bools of shape (M,) or (M, 1);
    - scores of K classes: shape (M, K), the largest decides;
    - one logit: floats of shape (M,) or (M, 1), above 0 means class 1. Probabilities: `lambda p: model(p) > 0.5`.

    A module is asked in evaluation mode and without gradients, and is left as it was, random numbers too.

    Raises `TypeError` for what is not made of numbers, `ValueError` for shapes and labels that do not fit.
    """
    across, up = row_of(x, "show.scatter(x, …)"), row_of(y, "show.scatter(…, y)")
    if len(across) != len(up):
        raise ValueError(f"show.scatter() takes an x for each y, and there are {len(across)} x and {len(up)} y")
    kinds = torch.zeros(len(across), dtype=torch.long)
    if labels is not None:
        kinds = classes_of(labels, "show.scatter(labels=…)")
        if len(kinds) != len(across):
            raise ValueError(f"show.scatter() takes a label for each point: {len(kinds)} labels, {len(across)} points")
    like = x if torch.is_tensor(x) else None
    ask = None if decide is None else lambda points: decisions(decide, points, like)
    count = int(kinds.max()) + 1 if labels is not None and len(kinds) else 0
    called = names_of(names, count, "show.scatter(names=…)") if count or names is not None else []
    put(scatter_lines(across, up, kinds, called, ask, screen(), title))


def scatter_lines(
    x: torch.Tensor,
    y: torch.Tensor,
    labels: torch.Tensor,
    names: Sequence[str],
    ask: Optional[Callable[[torch.Tensor], torch.Tensor]],
    on: Screen,
    title: str = "",
) -> List[str]:
    """The lines of a scatter chart of x, y, labels of shape (N,); `ask` gives classes (M,) for points (M, 2)."""
    lines = [words(title, on.columns)] if title else []
    kept = torch.isfinite(x) & torch.isfinite(y)
    missing = left_out(len(x) - int(kept.sum()), len(x), "points")
    x, y, labels = x[kept], y[kept], labels[kept]
    if not len(x):
        return [*lines, "no points: nothing to draw", *missing]
    (left, right), (low, high) = span_of(x), span_of(y)
    marks = [short(high), short(high / 2 + low / 2), short(low)]
    margin = max(len(mark) for mark in marks)
    wide, tall = on.columns - margin - 2, min(17, max(5, on.lines - 5))
    ground: List[int] = []
    if ask is not None:
        ground = ask(_centres((left, right), (low, high), wide, tall)).tolist()
    cells = _ground(ground, wide, tall, on)
    at = (shares(y, high, low) * (tall - 1)).round().long() * wide + (
        shares(x, left, right) * (wide - 1)
    ).round().long()
    for kind in labels.unique().tolist():
        mark, ink = _MARKS[kind % len(_MARKS)], INKS[kind % len(INKS)]
        for place in at[labels == kind].unique().tolist():
            behind = cells[place][2]
            cells[place] = (mark, ink if behind is None else 255, behind)
    edge, floor, corner = "|-+" if on.ascii else "│─└"
    rows = {0: marks[0], tall // 2: marks[1], tall - 1: marks[2]}
    for row in range(tall):
        lead = plain(f"{rows.get(row, ''):>{margin}} {edge}")
        lines.append(line_of([*lead, *cells[row * wide : (row + 1) * wide]], on.color))
    lines.append(f"{'':>{margin}} {corner}{floor * wide}")
    lines.append(" " * (margin + 2) + short(left) + short(right).rjust(wide - len(short(left))))
    return [*lines, *_legend(labels.unique().tolist(), sorted(set(ground)), names, on), *missing]


def _centres(across: Tuple[float, float], up: Tuple[float, float], wide: int, tall: int) -> torch.Tensor:
    """The points (tall * wide, 2) in the middle of the cells, row by row from the top."""
    x = torch.linspace(across[0], across[1], wide, dtype=torch.float64)
    y = torch.linspace(up[1], up[0], tall, dtype=torch.float64)
    return torch.stack([x.repeat(tall), y.repeat_interleave(wide)], dim=1)


def _ground(classes: Sequence[int], wide: int, tall: int, on: Screen) -> List[Cell]:
    if not classes:
        return [(" ", None, None)] * (wide * tall)
    if on.color:
        return [(" ", None, GROUNDS[kind % len(GROUNDS)]) for kind in classes]
    return [(_FILLS[kind % len(_FILLS)], None, None) for kind in classes]


def _legend(drawn: Sequence[int], decided: Sequence[int], names: Sequence[str], on: Screen) -> List[str]:
    """A line that says what the marks and the ground mean; nothing where there are no classes."""

    def name(kind: int) -> str:
        return words(names[kind] if kind < len(names) else kind, 20)

    lines: List[str] = []
    if names:
        cells: List[Cell] = []
        for kind in drawn:
            cells += [(_MARKS[kind % len(_MARKS)], INKS[kind % len(INKS)], None), *plain(f" {name(kind)}   ")]
        lines.append(line_of(cells[: on.columns], on.color))
    if decided:
        cells = plain("decided: ")
        for kind in decided:
            fill = _FILLS[kind % len(_FILLS)]
            sample = [("  ", None, GROUNDS[kind % len(GROUNDS)])] if on.color else plain(f"[{fill * 2}]")
            cells += [*sample, *plain(f" {name(kind)}   ")]
        lines.append(line_of(cells[: on.columns], on.color))
    return lines


def decisions(decide: Decide, points: torch.Tensor, like: Optional[torch.Tensor]) -> torch.Tensor:
    """The classes (M,) that `decide` sees at points (M, 2), which it gets in the type and on the device of `like`.

    Raises `ValueError` for an answer of another shape.
    """
    device, dtype = torch.device("cpu"), torch.get_default_dtype()
    if like is not None:
        device, dtype = like.device, like.dtype if like.dtype.is_floating_point else dtype
    elif isinstance(decide, torch.nn.Module):
        first = next(decide.parameters(), None)
        device, dtype = (first.device, first.dtype) if first is not None else (device, dtype)
    with torch.no_grad(), torch.random.fork_rng(devices=[]), _evaluating(decide):
        answer = torch.as_tensor(decide(points.to(device=device, dtype=dtype))).detach().cpu()
    count = len(points)
    if answer.dim() == 2 and answer.shape[0] == count and answer.shape[1] > 1:
        return answer.argmax(dim=1)
    if tuple(answer.shape) not in ((count,), (count, 1)):
        raise ValueError(
            f"show.scatter(decide=…) gave {shape_of(answer)} for points of shape ({count}, 2): "
            f"give classes ({count},), scores ({count}, K) or logits ({count}, 1)"
        )
    answer = answer.reshape(count)
    return (answer > 0).long() if answer.dtype.is_floating_point else answer.long()


@contextmanager
def _evaluating(decide: Any) -> Iterator[None]:
    """A module in evaluation mode, each part back in its own mode afterwards."""
    parts = list(decide.modules()) if isinstance(decide, torch.nn.Module) else []
    modes = [part.training for part in parts]
    try:
        for part in parts:
            part.training = False
        yield
    finally:
        for part, mode in zip(parts, modes):
            part.training = mode
