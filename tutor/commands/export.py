"""`pytutor export LESSON`: a lesson as a Jupyter notebook."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from tutor.commands.headless import private_session
from tutor.commands.opening import course_root, open_settings
from tutor.commands.writing import write_new
from tutor.course.catalog import load_course
from tutor.course.characters import unified_lines
from tutor.course.items import Exercise, Snippet
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.errors import TutorError
from tutor.exchange.notebook import Output, notebook_of, notebook_text, outputs_of, without_answers
from tutor.printable import printable
from tutor.runner.client import new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Run
from tutor.runner.transcript import RunRecord
from tutor.settings import Settings
from tutor.study.shelf import Shelf


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("lesson", metavar="LESSON", help="id or number of a lesson, or a lesson file")
    parser.add_argument("--to", choices=("ipynb",), default="ipynb", help="the format (default: ipynb)")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--student", action="store_true", help="leave out solutions and answers")
    kind.add_argument("--solved", action="store_true", help="solutions in place of starters: every cell runs")
    parser.add_argument("--outputs", action="store_true", help="run the lesson and keep what it prints")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to (default: LESSON's name, here)")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(options: argparse.Namespace) -> int:
    """Export and say where to."""
    lesson = _lesson(options)
    if lesson.errors:
        first = lesson.errors[0]
        raise TutorError("Cannot export", f"{lesson.path}:{first.line}: {first.message}", "Correct that first.")
    text = unified_lines(lesson.path.read_text(encoding="utf-8"))
    if options.student:
        text = without_answers(lesson, text)
    outputs: dict[str, list[Output]] = {}
    if options.outputs:
        outputs = asyncio.run(_run(lesson, open_settings(options), solved=options.solved))
    target: Path = options.output or Path(f"{lesson.path.stem}.{options.to}")
    write_new(target, notebook_text(notebook_of(lesson, text, solved=options.solved, outputs=outputs)), options.force)
    print(f"{printable(str(target), one_line=True)} is written.")
    return 0


def _lesson(options: argparse.Namespace) -> Lesson:
    path = Path(options.lesson)
    if path.suffix == ".md" and path.is_file():
        return parse_lesson(path)
    return Shelf(load_course(course_root(options)), parse_lesson, lambda lesson, stamp: None).lesson(options.lesson)


async def _run(lesson: Lesson, settings: Settings, *, solved: bool) -> dict[str, list[Output]]:
    """The outputs of a lesson's snippets by key, and with `solved` those of its solutions."""
    outputs: dict[str, list[Output]] = {}
    async with private_session(settings) as headless:
        await headless.ready()
        for _, item in lesson.items():
            if isinstance(item, Snippet):
                code = item.code
            elif isinstance(item, Exercise):
                code = item.solution.code
            else:
                continue
            if "skip-execution" in code.tags:
                continue
            request = Run(
                run=new_run_id(),
                cells=(Cell(key=item.key, source=code.source, filename=str(lesson.path), line=code.line),),
                timeout=code.timeout or lesson.front.timeout,
                seed=lesson.front.seed,
                launch=code.launch,
            )
            record = await headless.run(request)
            if isinstance(item, Snippet) or solved:
                outputs[item.code.key] = _outputs(record)
    return outputs


def _outputs(record: RunRecord) -> list[Output]:
    """What a run printed and showed, without terminal codes: a notebook is read by other programs."""
    printed = [(chunk.kind, printable(chunk.text)) for chunk in record.chunks if chunk.kind in ("stdout", "stderr")]
    result = "\n".join(printable(chunk.text) for chunk in record.chunks if chunk.kind == "result")
    failure = record.failure
    error = (failure.kind, printable(failure.message), printable(failure.text)) if failure is not None else None
    return outputs_of(printed, result, error)
