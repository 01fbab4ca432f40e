"""`pytutor progress`: what is done, lesson by lesson and item by item; taken along to another machine and back."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tutor.commands.opening import open_study
from tutor.course.items import Exercise, Item, Predict, Quiz
from tutor.errors import TutorError
from tutor.learning.state import ItemState, Status
from tutor.printable import printable
from tutor.study import LessonProgress, Study
from tutor.study.luggage import pack, unpack

_KINDS = {Exercise: "exercise", Quiz: "quiz", Predict: "predict"}
_WORDS = {Status.CHANGED: "changed since you solved it"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="id or number: its items one by one")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--export", type=Path, metavar="FILE", help="write everything that is kept, of all courses, as JSON"
    )
    either.add_argument(
        "--import", type=Path, metavar="FILE", dest="take", help="add such a file to what is kept; nothing here is lost"
    )


def run(options: argparse.Namespace) -> int:
    """Print progress of the course, or of one lesson's exercises, quizzes and predictions; or take it along."""
    if (options.export or options.take) and (options.lesson or options.json):
        raise TutorError("Progress", "--export and --import concern everything: leave out LESSON and --json.")
    study = open_study(options)
    if options.export:
        print(pack(study.store, options.export))
    elif options.take:
        print(unpack(study.store, options.take))
    elif options.lesson:
        _lesson(study, options.lesson, options.json)
    else:
        _course(study, options.json)
    return 0


def _lesson(study: Study, name: str, as_json: bool) -> None:
    lesson = study.lesson(name)
    states = study.states(lesson)
    items = [(item, states[item.key]) for _, item in lesson.items() if type(item) in _KINDS]
    if as_json:
        print(json.dumps({"lesson": lesson.id, "items": [_item(item, state) for item, state in items]}))
        return
    print(printable(lesson.title, one_line=True))
    for item, state in items:
        tries = f"{state.attempts} tries" if state.attempts != 1 else "1 try"
        hints = f", {state.hints} hints" if state.hints else ""
        said = f"  {_WORDS[state.status]}" if state.status in _WORDS else ""
        print(f"  {state.status.value:<8} {_KINDS[type(item)]:<9} {item.key}  ({tries}{hints}){said}")


def _item(item: Item, state: ItemState) -> dict[str, Any]:
    return {
        "item": item.key,
        "kind": _KINDS[type(item)],
        "status": state.status.value,
        "attempts": state.attempts,
        "hints": state.hints,
    }


def _course(study: Study, as_json: bool) -> None:
    progress, outlook = study.progress(), study.memory.outlook()
    done = sum(one.done for one in progress.values())
    total = sum(one.total for one in progress.values())
    seconds = sum(one.seconds for one in progress.values())
    numbers = {entry.front.id: number for number, entry in study.course.numbered()}
    if as_json:
        rows = [
            {"lesson": key, "number": numbers[key], "percent": one.percent, **asdict(one)}
            for key, one in progress.items()
        ]
        review = {"forecast": list(outlook.forecast), "later": outlook.later, "streak": outlook.streak}
        print(json.dumps({"done": done, "total": total, "seconds": seconds, "review": review, "lessons": rows}))
        return
    for key, one in progress.items():
        bar = f"{'#' * (one.percent // 5):<20} {one.percent:>3}%"
        share = f"{one.done:>3} of {one.total:<3} {bar}"
        print(f"  {numbers[key]:02d} {key:<18} {share} {_spent(one.seconds):>9}{_notes(one)}".rstrip())
    spent = f", {_spent(seconds)} spent" if _spent(seconds) else ""
    print(f"{done} of {total} exercises, quizzes and predictions done{spent}.")
    if outlook.begun:
        print(f"Review: {outlook.words}")


def _notes(one: LessonProgress) -> str:
    notes = [
        f"{one.changed} changed since you solved {'it' if one.changed == 1 else 'them'}" if one.changed else "",
        f"{one.skipped} skipped" if one.skipped else "",
        f"{one.due} due" if one.due else "",
    ]
    said = ", ".join(note for note in notes if note)
    return f"  {said}" if said else ""


def _spent(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min" if minutes else ""
