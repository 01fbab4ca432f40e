"""docs/course.md: every lesson of the course, made from the lessons' own heads and a table of measured times.

python -m tutor.authoring.course_page            write the page
python -m tutor.authoring.course_page --measure  run all lessons first, one by one, and note how long they take
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tutor.authoring.bench import private_bench
from tutor.authoring.lesson_run import LessonRun
from tutor.course.catalog import load_course
from tutor.course.model import Course, LessonEntry
from tutor.course.parser import parse_lesson
from tutor.errors import TutorError
from tutor.paths import bundled_course_dir

DOCS = Path(__file__).parents[2] / "docs"
PAGE, TIMES = DOCS / "course.md", DOCS / "course-times.json"


def course_page(course: Course, seconds: Mapping[str, float]) -> str:
    """The page as Markdown; `seconds` holds the own time of each lesson's cells by its id."""
    return "\n".join(_lines(course, seconds)) + "\n"


def recorded_times(path: Path = TIMES) -> dict[str, float]:
    """Seconds by lesson id, as they were measured. Raises `TutorError` where there is no such table."""
    try:
        return {str(name): float(value) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError) as error:
        hint = "`python -m tutor.authoring.course_page --measure` makes it."
        raise TutorError("Measured times", f"{path} cannot be read: {error}", hint) from None


def _lines(course: Course, seconds: Mapping[str, float]) -> Iterator[str]:
    numbers = {entry.front.id: number for number, entry in course.numbered()}
    minutes = sum(entry.front.minutes or 0 for entry in course.lessons())
    parts = "1 part" if len(course.modules) == 1 else f"{len(course.modules)} parts"
    total = sum(seconds.get(entry.front.id, 0.0) for entry in course.lessons())
    yield "# The course"
    yield ""
    yield f"{len(numbers)} lessons in {parts}, about {minutes / 60:.0f} hours for a learner."
    yield "Made from the lessons by `python -m tutor.authoring.course_page`; do not edit it by hand."
    yield ""
    yield "*Code* is how long all cells of a lesson and the solutions of its exercises take: with the default knobs,"
    yield "one thread, on a recent processor core. Most of it is the pace at which a curve can be watched. All lessons"
    yield f"together take {total:.0f} s."
    for module in course.modules:
        yield from ("", f"## {module.title}", "", "| lesson | minutes | code |", "|---|---|---|")
        for entry in module.lessons:
            number, front = numbers[entry.front.id], entry.front
            yield f"| {number:02d} {front.title} | {front.minutes or ''} | {_time(seconds.get(front.id))} |"
        for entry in module.lessons:
            yield from _lesson(entry, numbers)


def _lesson(entry: LessonEntry, numbers: Mapping[str, int]) -> Iterator[str]:
    front = entry.front
    yield from ("", f"### {numbers[front.id]:02d} {front.title}", "", front.summary, "")
    if front.objectives:
        yield from ("You will be able to", "")
    yield from (f"- {objective}" for objective in front.objectives)
    needs = ", ".join(f"{numbers[one]:02d}" for one in front.requires if one in numbers) or "nothing"
    concepts = ", ".join(f"`{concept}`" for concept in front.concepts)
    yield from ("", f"Builds on: {needs}. Concepts: {concepts or 'none'}.")


def _time(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.0f} s" if seconds >= 1 else "under 1 s"


async def _measured(entries: Sequence[LessonEntry]) -> dict[str, float]:
    found: dict[str, float] = {}
    async with private_bench(None, "cpu") as bench:
        for entry in entries:
            run = LessonRun(bench, parse_lesson(entry.path))
            await run.run()
            found[entry.front.id] = round(run.cell_seconds, 1)
            print(f"{entry.front.id:<24} {run.cell_seconds:5.1f} s")
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """The command: write the page, with `--measure` after running all lessons."""
    parser = argparse.ArgumentParser(description="Write docs/course.md from the lessons.")
    parser.add_argument("--measure", action="store_true", help="run all lessons and note their times first")
    course = load_course(bundled_course_dir())
    if parser.parse_args(arguments).measure:
        times = asyncio.run(_measured(list(course.lessons())))
        TIMES.write_text(json.dumps(times, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(course_page(course, recorded_times()), encoding="utf-8")


if __name__ == "__main__":
    main()
