"""`pytutor review`: what is due comes back."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys

from tutor.commands.headless import attached
from tutor.commands.opening import open_settings, open_study, open_study_to_run
from tutor.runner import sessions
from tutor.settings import Settings
from tutor.study import Study
from tutor.study.review import Review, due_questions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--plain", action="store_true", help="lines of text: for screen readers, pipes, dumb terminals")
    parser.add_argument("--json", action="store_true", help="print what is due, and ask nothing")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")


def run(options: argparse.Namespace) -> int:
    """Ask what is due; where nothing is, say when something will be."""
    if options.json:
        print(json.dumps(_document(open_study(options))))
        return 0
    settings = open_settings(options)
    study = open_study_to_run(options, settings)
    questions = due_questions(study)
    if not questions:
        outlook = study.memory.outlook()
        print(
            outlook.words if outlook.begun else "Nothing to review yet: it begins with what you answer in the lessons."
        )
        return 0
    if options.plain or not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        return asyncio.run(_talk(study, settings, Review(study, questions)))
    study.close()
    from tutor.commands import learn

    return learn.review(options)


async def _talk(study: Study, settings: Settings, review: Review) -> int:
    from tutor.plain.review import PlainReview

    alive = [info for info in await sessions.find() if not info.private]
    info = sessions.newest(alive) if alive else await sessions.start(**settings.session_options())
    async with attached(info) as headless:
        await headless.ready()
        await PlainReview(review, headless).talk()
    print(study.memory.outlook().words)
    return 0


def _document(study: Study) -> dict[str, object]:
    outlook = study.memory.outlook()
    return {
        "due": [
            {"concept": due.concept, "lesson": due.lesson_id, "item": due.item.key, "kind": due.kind}
            for due in due_questions(study, most=sys.maxsize)
        ],
        "forecast": list(outlook.forecast),
        "later": outlook.later,
        "streak": outlook.streak,
    }
