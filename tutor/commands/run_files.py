"""Kept runs as files: a table of points (CSV), everything (JSON), a picture (SVG). No file is ever overwritten."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from math import isfinite, isnan
from pathlib import Path

from tutor.errors import TutorError
from tutor.metrics.keeping import samples
from tutor.metrics.series import Series
from tutor.metrics.words import number
from tutor.plot.svg import Labelled, svg
from tutor.store.runs import RunRow, SeriesRow

Curves = Callable[[str], Sequence[Series]]
"""The series of a run by its id, the one that it is told by first."""

MOST_NAMES = 99
"""So many names are tried for a file that must not overwrite another."""


def csv_text(runs: Sequence[RunRow], curves: Curves) -> str:
    """One line for each point, with the values of its run; long runs have a line for each of a few hundred buckets."""
    knobs = list(dict.fromkeys(name for run in runs for name, _ in run.knobs))
    to = io.StringIO()
    write = csv.writer(to, lineterminator="\n").writerow
    write(["lesson", "item", "run", "name", "outcome", *knobs, "series", "step", "value", "least", "greatest"])
    for run in runs:
        values = dict(run.knobs)
        head = [run.lesson, run.key, run.number, run.name, run.outcome, *(values.get(name, "") for name in knobs)]
        for series in curves(run.run):
            for sample in samples(series):
                write([*head, series.name, *map(_number, sample)])
    return to.getvalue()


def json_text(runs: Sequence[RunRow], curves: Curves) -> str:
    """All that is kept of the runs; NaN and infinities are the strings "NaN", "Infinity" and "-Infinity"."""
    return json.dumps({"pytutor_runs": 1, "runs": [_document(run, curves) for run in runs]}, indent=1) + "\n"


def svg_text(runs: Sequence[RunRow], curves: Curves, title: str) -> str:
    """The series by which each run is told, over each other."""
    drawn, epochs = [], list[tuple[float, int]]()
    for run in runs:
        found = curves(run.run)
        if found:
            knobs = " ".join(f"{name}={value}" for name, value in run.knobs)
            last = f"{found[0].name} {number(found[0].last[1])}" if found[0].last is not None else ""
            words = ", ".join(part for part in (run.name, knobs, last) if part)
            drawn.append(Labelled(str(run.number), words, found[0]))
            epochs += run.epochs
    return svg(drawn, title, epochs if len(drawn) == 1 else ())


def text_of(kind: str, runs: Sequence[RunRow], curves: Curves, title: str) -> str:
    """The runs as "csv", "json" or "svg"."""
    if kind == "csv":
        return csv_text(runs, curves)
    return json_text(runs, curves) if kind == "json" else svg_text(runs, curves, title)


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises `TutorError` where it is, or cannot be written."""
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise TutorError("Not written", f"{path} is there already.", "Give another name.") from None
    except OSError as error:
        raise TutorError("Not written", f"{path}: {error.strerror or error}.") from None


def write_beside(folder: Path, stem: str, kind: str, text: str) -> Path:
    """Write into the folder under the first free name; that name. Raises `TutorError` where that cannot be done."""
    for extra in ("", *(f"-{more}" for more in range(2, MOST_NAMES))):
        path = folder / f"{stem}{extra}.{kind}"
        if not path.exists():
            write_new(path, text)
            return path
    raise TutorError("Not written", f"{folder} has {MOST_NAMES} files called {stem} already.", "Move some away.")


def _document(run: RunRow, curves: Curves) -> Mapping[str, object]:
    fields = {name: value for name, value in asdict(run).items() if name not in ("knobs", "series", "key", "program")}
    fields["epochs"] = [[_number(step), number] for step, number in run.epochs]
    fields["started"] = datetime.fromtimestamp(run.started, timezone.utc).isoformat(timespec="seconds")
    return {
        **fields,
        "item": run.key,
        "program": run.program or run.code,
        "knobs": dict(run.knobs),
        "series": [_series(kept.points, kept.final, kept.best, one) for kept, one in _paired(run, curves(run.run))],
    }


def _paired(run: RunRow, found: Sequence[Series]) -> list[tuple[SeriesRow, Series]]:
    return [(kept, one) for one in found for kept in run.series if kept.name == one.name]


def _series(points: int, final: float, best: float, one: Series) -> Mapping[str, object]:
    rows = samples(one)
    return {
        "name": one.name,
        "role": one.role,
        "points": points,
        "final": _number(final),
        "best": _number(best),
        "steps": [_number(row.step) for row in rows],
        "values": [_number(row.mean) for row in rows],
        "least": [_number(row.least) for row in rows],
        "greatest": [_number(row.greatest) for row in rows],
    }


def _number(value: float) -> float | int | str:
    """A number for a file: whole ones without a fraction, others with all their digits."""
    if isnan(value):
        return "NaN"
    if not isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"
    return int(value) if value == int(value) and abs(value) < 1e15 else value
