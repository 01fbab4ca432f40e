"""The best value of a series: the least of a loss, the greatest of a score."""

from __future__ import annotations

import re
from math import isfinite, nan

from tutor.metrics.series import Series

_SCORES = re.compile(r"(?:^|[_\W\d])(acc|accuracy|score|f1|auc|precision|recall|reward|return|r2|iou|psnr|bleu)", re.I)


def higher_is_better(name: str, role: str = "logged") -> bool:
    """Whether more is better: told by the name, and never for what was captured as a loss."""
    return role == "logged" and _SCORES.search(name) is not None


def best(series: Series) -> float:
    """The best finite value; NaN where there is none."""
    value = series.maximum if higher_is_better(series.name, series.role) else series.minimum
    return value if isfinite(value) else nan


def final(series: Series) -> float:
    """The last value, whatever it is; NaN for no points."""
    return series.last[1] if series.last is not None else nan
