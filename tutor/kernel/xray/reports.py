"""What is told of a view: an object of JSON that is never longer than a message may be."""

from __future__ import annotations

import json
import math
from typing import Any, Dict, Optional, Sequence

from tutor.runner.protocol.session_events import MAX_REPORT, XRay

Row = Dict[str, Any]


def report(run: str, view: str, rows: Sequence[Row] = (), **more: Any) -> XRay:
    """The event for `rows`, and beside them `more`. Rows at the end that find no room are counted in "left"."""
    rows = list(rows)
    text = _json({**more, "rows": rows})
    kept = len(rows)
    while len(text) > MAX_REPORT and kept:
        kept = min(kept - 1, kept * MAX_REPORT // len(text))
        text = _json({**more, "rows": rows[:kept], "left": len(rows) - kept})
    return XRay(run=run, view=view, text=text if len(text) <= MAX_REPORT else "{}")


def number(value: float, digits: int = 4) -> Any:
    """A number as JSON knows it: "nan", "inf" and "-inf" are words."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(f"{value:.{digits}g}")


def magnitude(value: Optional[float]) -> Any:
    """The decimal logarithm of a norm, in tenths; "zero" for 0, None where there is none."""
    if value is None or math.isnan(value) or math.isinf(value):
        return None if value is None else number(value)
    return round(math.log10(value), 1) if value > 0 else "zero"


def _json(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), ensure_ascii=True)
