"""`pytutor list`: the lessons of the course."""

from __future__ import annotations

import argparse
import json

from tutor.commands.opening import open_study
from tutor.printable import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--json", action="store_true", help="print one JSON list")


def run(options: argparse.Namespace) -> int:
    """List modules and lessons with their state; a broken lesson is listed with its error."""
    study = open_study(options)
    progress = study.progress()
    numbers = {entry.path: number for number, entry in study.course.numbered()}
    if options.json:
        rows = [
            {
                "number": numbers[entry.path],
                "id": entry.front.id,
                "title": entry.front.title,
                "module": module.id,
                "minutes": entry.front.minutes,
                "done": progress[entry.front.id].done,
                "total": progress[entry.front.id].total,
                "error": entry.error.message if entry.error else None,
            }
            for module in study.course.modules
            for entry in module.lessons
        ]
        print(json.dumps(rows))
        return 0
    column = max([16, *(len(entry.front.id) for entry in study.course.lessons() if entry.error is None)])
    for module in study.course.modules:
        print(printable(module.title, one_line=True))
        for entry in module.lessons:
            number = f"{numbers[entry.path]:02d}"
            if entry.error is not None:
                message = printable(entry.error.message, one_line=True)
                print(f"  {number} ! {entry.path.name}:{entry.error.line}: {message}")
                continue
            state = progress[entry.front.id]
            minutes = f"{entry.front.minutes} min" if entry.front.minutes else ""
            title = printable(entry.front.title, one_line=True)
            print(f"  {number} {entry.front.id:<{column}} {state.percent:>3}%  {minutes:>7}  {title}")
    return 0
