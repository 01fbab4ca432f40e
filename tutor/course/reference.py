"""The lesson's own curves, recorded by its author: a small file `STEM.curves.json` beside `STEM.md`.

    {"pytutor_curves": 1, "curves": {"item key": {"hash": "…", "series": [{"name": "loss", "role": "train",
     "steps": [0, 1], "values": [4.0, 2.5]}]}}}

A curve is of the code that it was recorded with: `hash` is that of the item and of what runs with it, and a curve whose
code has changed since is not shown. What cannot be read is as if it were not there: a ghost is a help and no lesson.
"""

from __future__ import annotations

import itertools
import json
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from tutor.course.blocks import Heading
from tutor.course.items import Exercise, Item, Quiz, Snippet
from tutor.course.keys import content_hash
from tutor.course.model import Lesson

LARGEST = 1_000_000
"""Bytes of a file that are read: a curve of 300 points takes about 5 KB."""

MOST_POINTS = 300
"""Points of a recorded curve, which is more than a terminal can show."""

MOST_SERIES = 4

_VERSION = "pytutor_curves"


@dataclass(frozen=True)
class ReferenceCurve:
    """A recorded series: as many steps as values, all of them finite."""

    name: str
    role: str
    steps: tuple[float, ...]
    values: tuple[float, ...]


def curves_path(lesson: Lesson) -> Path:
    """Where the curves of a lesson lie."""
    return lesson.path.with_suffix(".curves.json")


def turned_by(lesson: Lesson, knobs: Item) -> tuple[Snippet, ...]:
    """What a turn of knobs runs again: the snippets below them on the page, up to the next heading or exercise.

    Nothing where the knobs stand among the code that they are for. Not those that are meant to fail, are not run by
    themselves, or are launched in processes of their own.
    """
    if not isinstance(knobs, Snippet) or "parameters" not in knobs.code.tags:
        return ()
    blocks = next(page for page, item in lesson.items() if item.key == knobs.key).blocks
    below = itertools.takewhile(
        lambda block: not isinstance(block, Heading | Exercise), blocks[blocks.index(knobs) + 1 :]
    )
    return tuple(
        block
        for block in below
        if isinstance(block, Snippet)
        and not block.code.launch
        and not block.code.tags & {"raises-exception", "skip-execution"}
    )


def program_hash(lesson: Lesson, item: Item) -> str:
    """Hash of the lesson's own code of an item, with what its knobs run; "" for an item without code."""
    if isinstance(item, Quiz):
        return ""
    parts = [item.code.source, *(one.code.source for one in turned_by(lesson, item))]
    return content_hash(*(part.strip("\n") for part in parts))


def read_curves(lesson: Lesson) -> dict[str, tuple[ReferenceCurve, ...]]:
    """Item key -> its curves, of the items whose code is as it was when they were recorded."""
    found: dict[str, tuple[ReferenceCurve, ...]] = {}
    for key, entry in _entries(curves_path(lesson)).items():
        item = lesson.item(key)
        if item is None or not isinstance(entry, Mapping) or entry.get("hash") != program_hash(lesson, item):
            continue
        series = entry.get("series")
        curves = [_curve(one) for one in series[:MOST_SERIES]] if isinstance(series, list) else []
        if usable := tuple(one for one in curves if one is not None):
            found[key] = usable
    return found


def curves_text(lesson: Lesson, item: Item, curves: Sequence[ReferenceCurve]) -> str:
    """The file's text with these curves for an item; those of other items stay, of items that are gone they go."""
    kept = {key: entry for key, entry in _entries(curves_path(lesson)).items() if lesson.item(key) is not None}
    kept[item.key] = {
        "hash": program_hash(lesson, item),
        "series": [
            {
                "name": one.name,
                "role": one.role,
                "steps": [_short(step) for step in one.steps],
                "values": [_short(value) for value in one.values],
            }
            for one in curves[:MOST_SERIES]
        ],
    }
    lines = [f" {json.dumps(key)}: {json.dumps(entry)}" for key, entry in sorted(kept.items())]
    return f'{{"{_VERSION}": 1, "curves": {{\n' + ",\n".join(lines) + "\n}}\n"


def _entries(path: Path) -> dict[str, Any]:
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            return {}
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict) or data.get(_VERSION) != 1 or not isinstance(data.get("curves"), dict):
        return {}
    curves: dict[str, Any] = data["curves"]
    return curves


def _curve(data: object) -> ReferenceCurve | None:
    if not isinstance(data, Mapping):
        return None
    name, role, steps, values = (data.get(key) for key in ("name", "role", "steps", "values"))
    if not (isinstance(name, str) and isinstance(role, str) and isinstance(steps, list) and isinstance(values, list)):
        return None
    if not steps or len(steps) != len(values) or len(steps) > MOST_POINTS:
        return None
    numbers = [*steps, *values]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < 1e300 for one in numbers):
        return None
    return ReferenceCurve(name, role, tuple(map(float, steps)), tuple(map(float, values)))


def _short(value: float) -> float:
    """Six digits are more than a plot can show."""
    return float(f"{value:.6g}") if isfinite(value) else 0.0
