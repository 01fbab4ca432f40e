"""What `pytutor run FILE` runs: a script as one step, the cells of a lesson or a notebook as one step each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tutor.commands.sources import read_source
from tutor.errors import TutorError
from tutor.runner.client import new_run_id
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Run
from tutor.runner.transcript import RunRecord


@dataclass(frozen=True)
class Step:
    """One run of the plan.

    `may_raise` when the file says that an exception is what it shows, `skip` when it is not run by itself. `go_on` when
    the next one runs whatever comes of it: so it is in a file from elsewhere, which nobody has checked.
    """

    request: Run
    may_raise: bool = False
    skip: bool = False
    go_on: bool = False


def script_step(path: Path, arguments: list[str], timeout: float | None) -> Step:
    """A whole script with its arguments, in the folder that we are in. Raises `TutorError` when it cannot be read."""
    source = read_source(path)
    place = str(path.resolve())
    return Step(
        Run(
            run=new_run_id(),
            cells=(Cell(key=place, source=source, filename=place),),
            tag=place,
            label=path.name,
            timeout=timeout,
            argv=(str(path), *arguments),
            cwd=str(Path.cwd()),
        )
    )


def lesson_steps(path: Path, timeout: float | None) -> list[Step]:
    """The snippets and the solutions of a lesson, or the cells of a file that can be turned into one.

    Raises `TutorError` for a file that cannot be read, or a lesson with errors.
    """
    from tutor.course.items import Exercise, Snippet
    from tutor.exchange.conversion import is_lesson
    from tutor.exchange.single import lesson_from

    lesson = lesson_from(path)
    if lesson.errors:
        first = lesson.errors[0]
        raise TutorError(
            "Cannot run", f"{path}:{first.line}: {first.message}", f"See them all with `pytutor check {path}`."
        )
    foreign = not is_lesson(path)
    steps = []
    for page, item in lesson.items():
        if isinstance(item, Snippet):
            code = item.code
        elif isinstance(item, Exercise):
            code = item.solution.code
        else:
            continue
        request = Run(
            run=new_run_id(),
            cells=(Cell(key=item.key, source=code.source, filename=str(path), line=code.line),),
            tag=item.key,
            label=code.name or page.title,
            timeout=timeout or code.timeout or lesson.front.timeout,
            seed=lesson.front.seed,
            launch=code.launch,
            memory_limit=lesson.front.memory,
            output_limit=lesson.front.output,
            cwd=str(path.resolve().parent) if foreign else None,
            lenient=foreign,
        )
        steps.append(Step(request, "raises-exception" in code.tags, "skip-execution" in code.tags, foreign))
    return steps


def as_expected(step: Step, record: RunRecord) -> bool:
    """Whether a step ended as the file says."""
    return record.outcome == "error" if step.may_raise else record.status == 0
