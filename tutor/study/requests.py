"""What to ask of the runner: the cells that an item needs above it, then the item.

The runner's namespace lives longer than a request, so only what it lacks is run again. `executed` says what it holds:
cell key -> hash of the source, as `tutor.runner.transcript.Transcript.executed` has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tutor.course.items import Code, Exercise, Item, Predict, Quiz, Snippet
from tutor.course.model import Lesson
from tutor.course.needs import needed, sources_of
from tutor.course.order import cells_above
from tutor.course.reference import turned_by
from tutor.errors import TutorError
from tutor.learning.program import parsed
from tutor.runner.protocol.parts import Cell
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.transcript import source_hash
from tutor.study.tags import SELECTION, SHAPE, foreign, new_run
from tutor.study.work import Work


class Requests:
    """Builds requests. `threads` is torch's thread count for lesson cells, `folder` where they run.

    `time_limit` in seconds a cell goes before what the lesson says. With `isolated` no run leaves anything in the
    namespace. With `lenient` cells above that fail stop nothing, as in a file that nobody has checked.
    """

    def __init__(
        self,
        work: Work,
        threads: int,
        folder: str | None = None,
        isolated: bool = False,
        time_limit: float | None = None,
        lenient: bool = False,
    ) -> None:
        self._work = work
        self._threads = threads
        self._folder = folder
        self._isolated = isolated
        self._time_limit = time_limit
        self._lenient = lenient

    def run(self, lesson: Lesson, item: Item, text: str, executed: Mapping[str, str]) -> Run:
        """Run an item's code as `text`. Predicts leave the namespace as it was; what they print or make is judged.

        Knobs alone show nothing: the snippets below them on the page run with them. Raises `TutorError` for an item
        that cannot be run here.
        """
        code = _code(item)
        cells = [Cell(item.key, text, str(lesson.path), code.line)]
        if "parameters" in code.tags:
            cells += self._turned_by(lesson, item)
        if isinstance(item, Predict) and item.ask == "shape":
            # A cell of its own, so that the value of its only expression is the run's result.
            cells.append(Cell(item.key + SHAPE, f"tuple({item.of}.shape)", str(lesson.path), code.line))
        return self._run(lesson, item, tuple(cells), executed, _label(lesson, item), isinstance(item, Predict))

    def run_selection(self, lesson: Lesson, item: Item, text: str, executed: Mapping[str, str], line: int = 1) -> Run:
        """Run a piece of an item's code that begins on line `line` of the editor, counted from 1."""
        cell = Cell(item.key + SELECTION, text, str(lesson.path), _code(item).line + line - 1)
        label = f"selection of {_label(lesson, item)}"
        return self._run(lesson, item, (cell,), executed, label, isinstance(item, Predict))

    def go_on(self, lesson: Lesson, exercise: Exercise, text: str, executed: Mapping[str, str]) -> Run:
        """After a pass: let the namespace go on with the learner's code."""
        cell = Cell(exercise.key, text, str(lesson.path), exercise.starter.line)
        return self._run(lesson, exercise, (cell,), executed, "taking your solution on", False)

    def check(self, lesson: Lesson, exercise: Exercise, text: str, executed: Mapping[str, str]) -> Check:
        """Check `text` as the answer to an exercise."""
        name = str(lesson.path)
        setup, seconds = self._lacking(lesson, exercise, executed, [text])
        return Check(
            run=new_run(),
            code=Cell(exercise.key, text, name, exercise.starter.line),
            tests=tuple(_cell(test, name) for test in exercise.tests),
            setup=setup,
            solution=_cell(exercise.solution.code, name),
            tag=exercise.key,
            label=f"check of {exercise.name}",
            timeout=seconds + self._seconds(lesson, exercise.starter),
            own_timeout=self._seconds(lesson, exercise.starter),
            seed=lesson.front.seed,
            memory_limit=lesson.front.memory,
        )

    def _run(
        self,
        lesson: Lesson,
        item: Item,
        cells: tuple[Cell, ...],
        executed: Mapping[str, str],
        label: str,
        isolated: bool,
    ) -> Run:
        code, isolated = _code(item), isolated or self._isolated
        if code.launch:
            return self._launch(lesson, item, cells, label)
        setup, seconds = self._lacking(lesson, item, executed, [cell.source for cell in cells])
        # A prediction leaves nothing of its own, but the cells above it need not run again for what comes next.
        kept = len(setup) if isolated and not self._isolated else 0
        return Run(
            run=new_run(),
            cells=(*setup, *cells),
            tag=item.key,
            label=label,
            isolated=isolated,
            kept_cells=kept,
            quiet_cells=len(setup),
            timeout=seconds + len(cells) * self._seconds(lesson, code),
            seed=lesson.front.seed,
            threads=self._threads,
            memory_limit=lesson.front.memory,
            output_limit=lesson.front.output,
            cwd=self._folder,
            fresh=foreign(lesson, executed) and (not isolated or kept > 0),
            lenient=self._lenient,
        )

    def _launch(self, lesson: Lesson, item: Item, cells: tuple[Cell, ...], label: str) -> Run:
        """A program of its own in several processes: nothing above belongs to it, and it leaves nothing behind."""
        code = _code(item)
        return Run(
            run=new_run(),
            cells=cells,
            tag=item.key,
            label=label,
            timeout=self._seconds(lesson, code),
            seed=lesson.front.seed,
            threads=self._threads,
            memory_limit=lesson.front.memory,
            output_limit=lesson.front.output,
            cwd=self._folder,
            launch=code.launch,
        )

    def _turned_by(self, lesson: Lesson, knobs: Item) -> list[Cell]:
        """What a turn of knobs runs again: the snippets below them, up to the next heading or exercise."""
        contributions = self._work.contributions(lesson)
        return [_cell(contributions[below.key], str(lesson.path)) for below in turned_by(lesson, knobs)]

    def _lacking(
        self, lesson: Lesson, item: Item, executed: Mapping[str, str], sources: Sequence[str]
    ) -> tuple[tuple[Cell, ...], float]:
        """The cells above `item` that the namespace lacks, and the seconds they may take together.

        A snippet that the learner has changed is there once any text of it has run; everything else must be there as it
        stands now. Where nothing stays, they run for each request: then only those on which `sources` may stand.
        """
        held = {} if foreign(lesson, executed) else executed
        contributions, edited = self._work.contributions(lesson), self._work.edited(lesson)
        cells, seconds = [], 0.0
        for above in self._useful(lesson, item, contributions, sources):
            if isinstance(above, Snippet) and not _leaves_something(above.code):
                continue
            code = contributions[above.key]
            as_is = isinstance(above, Exercise) or above.key not in edited
            if above.key not in held or (as_is and held[above.key] != source_hash(code.source)):
                cells.append(Cell(above.key, code.source, str(lesson.path), code.line))
                seconds += self._seconds(lesson, code)
        return tuple(cells), seconds

    def _useful(
        self, lesson: Lesson, item: Item, contributions: Mapping[str, Code], sources: Sequence[str]
    ) -> list[Snippet | Exercise]:
        above = list(cells_above(lesson, item.key))
        if not self._isolated:
            return above
        readable = [source for source in sources if parsed(source) is not None]  # what is no Python uses no names
        # An exercise is solved with any seed, which rule E149 sees to; what is predicted may be a random number.
        luck = not isinstance(item, Exercise)
        wanted = needed(
            [contributions[one.key].source for one in above], [*readable, *sources_of(item)], luck=luck, complete=True
        )
        return [one for one, want in zip(above, wanted, strict=True) if want]

    def _seconds(self, lesson: Lesson, code: Code) -> float:
        return self._time_limit or code.timeout or lesson.front.timeout


def _leaves_something(code: Code) -> bool:
    """Whether running a cell is of use to those below: not one that the lesson says fails, or does not run by itself.

    A cell of several processes leaves nothing in this namespace either.
    """
    return not code.launch and not code.tags & {"raises-exception", "skip-execution"}


def _code(item: Item) -> Code:
    if isinstance(item, Quiz):
        raise TutorError("Nothing to run", "a quiz is answered, not run.")
    return item.code


def _cell(code: Code, filename: str) -> Cell:
    return Cell(code.key, code.source, filename, code.line)


def _label(lesson: Lesson, item: Item) -> str:
    if not isinstance(item, Snippet):
        return item.name
    page = next(page for page, other in lesson.items() if other.key == item.key)
    return item.code.name or page.title
