"""`pytutor progress`: what is done, lesson by lesson and item by item."""

from __future__ import annotations

import argparse
import json

from tutor.commands.opening import open_study
from tutor.course.model import Exercise, Predict, Quiz
from tutor.printable import printable

_KINDS = {Exercise: "exercise", Quiz: "quiz", Predict: "predict"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="id or number: its items one by one")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace) -> int:
    """Print progress of the course, or of one lesson's exercises, quizzes and predictions."""
    study = open_study(options)
    if options.lesson:
        lesson = study.lesson(options.lesson)
        states = study.states(lesson)
        items = [(item, states[item.key]) for _, item in lesson.items() if type(item) in _KINDS]
        if options.json:
            rows = [
                {
                    "item": item.key,
                    "kind": _KINDS[type(item)],
                    "status": state.status.value,
                    "attempts": state.attempts,
                    "hints": state.hints,
                }
                for item, state in items
            ]
            print(json.dumps({"lesson": lesson.id, "items": rows}))
            return 0
        print(printable(lesson.title, one_line=True))
        for item, state in items:
            tries = f"{state.attempts} tries" if state.attempts != 1 else "1 try"
            hints = f", {state.hints} hints" if state.hints else ""
            print(f"  {state.status.value:<8} {_KINDS[type(item)]:<9} {item.key}  ({tries}{hints})")
        return 0
    progress = study.progress()
    done = sum(one.done for one in progress.values())
    total = sum(one.total for one in progress.values())
    if options.json:
        rows = [{"lesson": key, "done": one.done, "total": one.total} for key, one in progress.items()]
        print(json.dumps({"done": done, "total": total, "lessons": rows}))
        return 0
    for key, one in progress.items():
        print(f"  {key:<16} {one.done:>3} of {one.total:<3} {'#' * (one.percent // 5):<20} {one.percent:>3}%")
    print(f"{done} of {total} exercises, quizzes and predictions done.")
    return 0
