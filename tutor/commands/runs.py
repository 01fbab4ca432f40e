"""`pytutor runs`: the runs that are kept, as a table, or as a file to go on with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import groupby
from math import isnan
from pathlib import Path

from tutor.commands.opening import open_study
from tutor.commands.run_files import json_text, text_of, write_new
from tutor.errors import TutorError
from tutor.metrics.words import count, number
from tutor.printable import printable
from tutor.store.runs import RunRow
from tutor.study import Study


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="id or number (default: all lessons)")
    parser.add_argument("--item", metavar="NAME", help="only the runs of the snippet or prediction of this name")
    parser.add_argument("--run", type=int, action="append", metavar="NUMBER", help="only this run; may be repeated")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--reference", action="store_true", help="for authors: make the one run chosen the lesson's own curve"
    )
    kinds.add_argument("--json", action="store_true", help="print one JSON document with code and points")
    kinds.add_argument("--csv", metavar="FILE", help="write the points as a table; - prints it")
    kinds.add_argument("--svg", metavar="FILE", help="write a picture; - prints it")


def run(options: argparse.Namespace) -> int:
    """List or export the runs. A file that is there already is not overwritten."""
    study = open_study(options)
    runs = _chosen(study, options)
    if options.json:
        sys.stdout.write(json_text(runs, study.runs.series))
        return 0
    if options.reference:
        return _record(study, runs, options.lesson)
    for kind in ("csv", "svg"):
        if getattr(options, kind):
            _export(study, runs, kind, getattr(options, kind))
            return 0
    print("\n".join(run_tables(runs)))
    return 0


def run_tables(runs: Sequence[RunRow]) -> list[str]:
    """The lines of a table for each item, or a sentence where there is no run."""
    if not runs:
        return ["No runs are kept here yet: each run of code that trains in the tutor is."]
    groups = groupby(runs, key=lambda one: (one.lesson, one.key))
    return [line for _, group in groups for line in _table(list(group))]


def _chosen(study: Study, options: argparse.Namespace) -> list[RunRow]:
    lesson = study.lesson(options.lesson) if options.lesson else None
    runs = study.runs.of(lesson.id if lesson is not None else None)
    if options.item:
        if lesson is None:
            raise TutorError("Which lesson?", "--item names something of a lesson.", "Name the lesson too.")
        keys = {
            item.key
            for _, item in lesson.items()
            if options.item in (item.key, getattr(item, "name", ""), getattr(getattr(item, "code", None), "name", ""))
        }
        if not keys:
            raise TutorError("No such item", f"{lesson.id} has nothing called {options.item!r}.")
        runs = [one for one in runs if one.key in keys]
    return [one for one in runs if not options.run or one.number in options.run]


def _record(study: Study, runs: list[RunRow], lesson: str | None) -> int:
    from tutor.authoring.reference import record_reference

    if lesson is None or len(runs) != 1:
        found = "none is" if not runs else f"{len(runs)} are"
        raise TutorError("Which run?", f"one run is recorded, and {found} chosen.", "Say LESSON, --item and --run.")
    path = record_reference(study, study.lesson(lesson), runs[0])
    print(f"Run {runs[0].number} is the lesson's own curve now, in {path}")
    return 0


def _export(study: Study, runs: list[RunRow], kind: str, file: str) -> None:
    if not runs:
        raise TutorError("Nothing to write", "no run is kept here.")
    text = text_of(kind, runs, study.runs.series, f"pytutor: runs of {runs[0].lesson}")
    if file == "-":
        sys.stdout.write(text)
        return
    write_new(Path(file), text)
    print(f"{len(runs)} {'run' if len(runs) == 1 else 'runs'} written to {file}")


def _table(runs: list[RunRow]) -> list[str]:
    """A heading with lesson and item, and a line for each run."""
    names = list(dict.fromkeys(name for one in runs for name, _ in one.knobs))
    told = [one.series[0] if one.series else None for one in runs]
    series = next((one.name for one in told if one is not None), "last")
    rows = [["run", *names, "steps", series, "best", "seconds", "ended", "name"]]
    for one, main in zip(runs, told, strict=True):
        values = dict(one.knobs)
        figures = [count(main.last_step), _figure(main.final), _figure(main.best)] if main is not None else ["", "", ""]
        name = f"{one.name} (pinned)".strip() if one.pinned else one.name
        known = [values.get(knob, "-") for knob in names]
        rows.append([str(one.number), *known, *figures, f"{one.seconds:.2f}", one.outcome, name])
    rows = [[printable(cell, one_line=True)[:24] for cell in row] for row in rows]
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  " + "  ".join(cell.rjust(size) for cell, size in zip(row[:-1], sizes, strict=False)) for row in rows]
    lines = [f"{line}  {row[-1]}".rstrip() for line, row in zip(lines, rows, strict=True)]
    return [printable(f"{runs[0].lesson}: {runs[0].label}", one_line=True), *lines]


def _figure(value: float) -> str:
    return "NaN" if isnan(value) else number(value)
