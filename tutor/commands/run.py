"""`pytutor run FILE`: run a script, or all cells of a lesson or a notebook, and report outcome and losses."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
from pathlib import Path

from tutor.commands.headless import private_session
from tutor.commands.opening import open_settings
from tutor.commands.run_plan import Step, as_expected, lesson_steps, script_step
from tutor.commands.run_report import document, echo, report
from tutor.commands.script_screen import on_screen, show_script
from tutor.errors import TutorError
from tutor.runner.transcript import RunRecord
from tutor.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .py script, a lesson or other .md, or an .ipynb")
    parser.add_argument(
        "arguments", nargs="*", metavar="ARG", help="arguments of the script (after -- if they begin with -)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    parser.add_argument("--plain", action="store_true", help="lines of text, also on a terminal")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="stop the code after this many seconds")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of seconds")
    return value


def run(options: argparse.Namespace) -> int:
    """Run the file; return the script's own exit code, or 0 when every cell of a lesson did what it says.

    A script on a terminal has a screen, which it outlives; `--plain`, `--json`, lessons and pipes get lines.
    """
    path: Path = options.file
    settings = open_settings(options)
    if path.suffix in (".md", ".ipynb"):
        if options.arguments:
            raise TutorError("Cannot run", f"{path} takes no arguments: only a script does.")
        steps = lesson_steps(path, options.timeout or settings.time_limit or None)
    elif path.suffix == ".py":
        steps = [script_step(path, options.arguments, options.timeout)]
        if on_screen(options):
            return show_script(path.name, steps[0].request, settings, mouse=not options.no_mouse)
    else:
        raise TutorError("Cannot run", f"{path} is none of .py, .md and .ipynb.")
    return asyncio.run(_run(steps, options, settings))


async def _run(steps: list[Step], options: argparse.Namespace, settings: Settings) -> int:
    async with private_session(settings) as headless:
        kernel = await headless.ready()
        to_run = [step for step in steps if not step.skip]
        records = []
        for step in to_run:
            records.append(await headless.run(step.request, None if options.json else echo))
            if not (step.go_on or as_expected(step, records[-1])):
                break
        if options.json:
            said = document(str(options.file), steps, records, headless, kernel.device)
            print(json.dumps(said, allow_nan=False))
        else:
            report(to_run, records, headless)
    return _exit_code(to_run, records)


def _exit_code(steps: list[Step], records: list[RunRecord]) -> int:
    """0 when all went as expected, else what the last one came to."""
    if len(records) == len(steps) and all(map(as_expected, steps, records)):
        return 0
    return records[-1].status or 1
