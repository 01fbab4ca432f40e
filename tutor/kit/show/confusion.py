"""`confusion`: which class was taken for which."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

import torch

from tutor.kit.show.canvas import Cell, Screen, line_of, plain, put, screen, words
from tutor.kit.show.values import classes_of, names_of, shape_of, tensor_of

_RIGHT = (235, 22, 28, 34)
_WRONG = (235, 52, 88, 124)


def confusion(matrix: Any, names: Optional[Sequence[Any]] = None, *, title: str = "") -> None:
    """Print a confusion matrix: a row for each true class, a column for each predicted one, the share right per row.

    `matrix` is a tensor, array or list of counts of shape (K, K), or a tuple `(true, predicted)` of two rows of N class
    numbers, from which the counts are made. `names` are K names.

    Raises `TypeError` for what is not made of numbers, `ValueError` for shapes that do not fit and negative counts.
    """
    if isinstance(matrix, tuple) and len(matrix) == 2:
        counts = count_pairs(*matrix, at_least=0 if names is None else len(names))
    else:
        found = tensor_of(matrix, "show.confusion(matrix)")
        if found.dim() != 2 or found.shape[0] != found.shape[1]:
            raise ValueError(
                f"show.confusion() takes counts of shape (K, K) or a tuple (true, predicted), not {shape_of(found)}"
            )
        if not bool(torch.isfinite(found).all()) or bool((found < 0).any()) or bool((found != found.round()).any()):
            raise ValueError("show.confusion() takes counts: whole numbers from 0 on")
        counts = found.clamp(max=2.0**62).long()
    put(confusion_lines(counts, names_of(names, len(counts), "show.confusion(names=…)"), screen(), title))


def count_pairs(true: Any, predicted: Any, at_least: int = 0) -> torch.Tensor:
    """Counts (K, K) of pairs of class numbers; K is the largest class plus one, and `at_least` so many."""
    rows = classes_of(true, "show.confusion((true, …))")
    columns = classes_of(predicted, "show.confusion((…, predicted))")
    if len(rows) != len(columns):
        raise ValueError(
            f"show.confusion() takes a prediction for each true class: {len(rows)} true, {len(columns)} predicted"
        )
    kinds = max([at_least, *(int(one.max()) + 1 for one in (rows, columns) if len(one))])
    if kinds > 1000:
        raise ValueError(f"show.confusion() takes up to 1,000 classes, not {kinds:,}")
    return torch.bincount(rows * kinds + columns, minlength=kinds * kinds).reshape(kinds, kinds)


def confusion_lines(counts: torch.Tensor, names: Sequence[str], on: Screen, title: str = "") -> List[str]:
    """The lines of a matrix of counts (K, K); of the commonest mistakes where it is too wide."""
    lines = [words(title, on.columns)] if title else []
    rows: List[List[int]] = counts.tolist()
    total = sum(map(sum, rows))
    if not total:
        return [*lines, "no predictions: nothing to draw"]
    right = sum(row[kind] for kind, row in enumerate(rows))
    summary = f"right: {right:,} of {total:,} ({right / total:.1%})"
    names = [words(name, 12) for name in names[: len(rows)]]
    margin = max(4, *(len(name) for name in names))
    wide = 1 + max(len(str(max(map(max, rows)))), min(6, max(len(name) for name in names)))
    if margin + 1 + wide * len(rows) + 7 > on.columns:
        return [*lines, *_mistakes(rows, names), summary]
    lines.append(f"{'true':<{margin}} |{'predicted':^{max(9, wide * len(rows))}}".rstrip())
    lines.append(f"{'':<{margin}} |" + "".join(f"{words(name, wide - 1):>{wide}}" for name in names) + "  right")
    for kind, row in enumerate(rows):
        cells: List[Cell] = plain(f"{names[kind]:<{margin}} |")
        for column, count in enumerate(row):
            cells += [(one, *_ink(count, sum(row), column == kind)) for one in f"{count:>{wide}}"]
        cells += plain(f"{row[kind] / sum(row):>7.0%}" if sum(row) else "      -")
        lines.append(line_of(cells, on.color))
    return [*lines, summary]


def _ink(count: int, total: int, right: bool) -> Tuple[Optional[int], Optional[int]]:
    """Green grounds for what is right, red ones for what is not, the brighter the larger its share of the row."""
    if not count:
        return 245, None
    share = count / total
    return 255, (_RIGHT if right else _WRONG)[0 if share < 0.02 else 1 if share < 0.2 else 2 if share < 0.6 else 3]


def _mistakes(rows: Sequence[Sequence[int]], names: Sequence[str]) -> List[str]:
    pairs = [(count, true, said) for true, row in enumerate(rows) for said, count in enumerate(row) if true != said]
    found = sorted((pair for pair in pairs if pair[0]), key=lambda pair: (-pair[0], pair[1:]))[:10]
    head = f"{len(rows)} classes are too many for this width. The commonest mistakes:"
    return [head, *(f"{count:>7,}  {names[true]} taken for {names[said]}" for count, true, said in found)]
