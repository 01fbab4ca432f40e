"""Reading the JSON of a report: it comes from the process that runs the learner's code, and may hold anything."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

Fields = Mapping[str, Any]

_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def parsed(text: str) -> Fields:
    """The object that a report is; {} for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def rows(fields: Fields, name: str = "rows") -> list[Fields]:
    """The objects in a list."""
    found = fields.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text(fields: Fields, name: str) -> str:
    """A text, "" where there is none."""
    found = fields.get(name)
    return found if isinstance(found, str) else ""


def whole(fields: Fields, name: str) -> int:
    """A whole number from 0 on, 0 where there is none."""
    found = fields.get(name)
    return max(0, found) if isinstance(found, int) else 0


def flag(fields: Fields, name: str) -> bool:
    """True or False."""
    return fields.get(name) is True


def shape(fields: Fields, name: str) -> tuple[int, ...] | None:
    """The shape of a tensor, None where there is none."""
    found = fields.get(name)
    if not isinstance(found, list):
        return None
    return tuple(one for one in found if isinstance(one, int))


def real(found: Any) -> float | None:
    """A number, which may be NaN or infinite; None where there is none."""
    if isinstance(found, str):
        return _WORDS.get(found)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of texts."""
    found = fields.get(name)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
