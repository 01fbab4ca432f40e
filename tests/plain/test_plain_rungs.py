"""The rungs between hints and solution as lines of text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.course.items import Exercise
from tutor.course.model import Course, FrontMatter, LessonEntry, Module
from tutor.errors import TutorError
from tutor.learning.blanks import Blanks
from tutor.learning.ladder import Scaffold
from tutor.learning.parsons import Puzzle
from tutor.plain.place import Place
from tutor.plain.rungs import Rungs
from tutor.store.database import Store
from tutor.store.progress import Attempt
from tutor.study import Study

LESSON = """---
title: Loops
id: loops
---

## Turn

```python name="total" tags=["exercise"]
def total(numbers):
    ...  # TODO
```

```python tags=["test"]
assert total([1, 2]) == 3, "the sum"
```

<details class="hint"><summary>Hint</summary>

Begin with nothing.

</details>

<details class="solution"><summary>Solution</summary>

```python .noeval
def total(numbers):
    found = 0
    for number in numbers:
        found = found + 1 * number
    return found
```

Why.

</details>
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    path = tmp_path / "01-loops.md"
    path.write_text(LESSON, encoding="utf-8")
    entry = LessonEntry(path, FrontMatter("loops", "Loops"))
    study = Study(Course(tmp_path, "course", "A course", (Module("a", "A", (entry,)),)), Store.in_memory())
    return Place(study, study.lesson("loops"), 1)


def exercise_of(place: Place) -> Exercise:
    (exercise,) = (item for item in place.page.items if isinstance(item, Exercise))
    return exercise


async def say(rungs: Rungs, line: str) -> None:
    name, *words = line.split()
    await rungs.commands()[name](words)


async def test_lines_are_shown_ordered_and_kept(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    rungs, exercise = Rungs(place), exercise_of(place)
    with pytest.raises(TutorError, match="hint 1 of 1"):
        await say(rungs, "more 1")
    place.study.next_hint(place.lesson, exercise)
    await say(rungs, "more 1")
    assert "for number in numbers:" in capsys.readouterr().out
    task = place.study.ladder.use(place.lesson, exercise, Scaffold.LINES)
    assert isinstance(task, Puzzle)
    texts = [row.piece.text for row in task.shuffled(exercise.key).rows]
    numbers = [f"{texts.index(row.piece.text) + 1}:{row.depth}" for row in task.solution]
    await say(rungs, f"order 1 {' '.join(numbers[:3])}")
    assert "The first 3 lines are right. But 2 are missing." in capsys.readouterr().out
    await say(rungs, f"order 1 {' '.join(numbers)}")
    assert "check tries it" in capsys.readouterr().out
    assert place.study.code_for(place.lesson, exercise) == exercise.solution.code.source + "\n"


async def test_gaps_are_filled_one_by_one(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    rungs, exercise = Rungs(place), exercise_of(place)
    place.study.next_hint(place.lesson, exercise)
    await say(rungs, "more 1")
    await say(rungs, "more 1")
    task = place.study.ladder.use(place.lesson, exercise, Scaffold.NAMES)
    assert isinstance(task, Blanks)
    capsys.readouterr()
    for number, gap in enumerate(task.gaps, 1):
        await say(rungs, f"fill 1 {number} something")
        assert f"Gap {number} differs" in capsys.readouterr().out
        await say(rungs, f"fill 1 {number} {gap.text}")
    assert "That is it." in capsys.readouterr().out
    with pytest.raises(TutorError, match="solution"):
        await say(rungs, "more 1")


async def test_what_was_filled_in_is_there_the_next_day(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    exercise = exercise_of(place)
    task = place.study.ladder.use(place.lesson, exercise, Scaffold.EXPRESSIONS)
    assert isinstance(task, Blanks) and len(task.gaps) > 1
    await say(Rungs(place), "fill 1 1 mine")
    later = Place(Study(place.study.course, place.study.store), place.lesson, 1)
    capsys.readouterr()
    await say(Rungs(later), "fill 1 2 other")
    assert "[1: mine]" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["order 1 1", "fill 1 1 x"])
async def test_nothing_is_open_yet(place: Place, line: str) -> None:
    with pytest.raises(TutorError, match="more N"):
        await say(Rungs(place), line)


@pytest.mark.parametrize("words", ["9", "0", "x", "1:x", "1 1"])
async def test_lines_that_are_none(place: Place, words: str) -> None:
    rungs, exercise = Rungs(place), exercise_of(place)
    place.study.ladder.use(place.lesson, exercise, Scaffold.LINES)
    with pytest.raises(TutorError):
        await say(rungs, f"order 1 {words}")


async def test_what_passed_is_laid_beside_the_solution(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    rungs, exercise = Rungs(place), exercise_of(place)
    with pytest.raises(TutorError, match="solve it first"):
        await say(rungs, "compare 1")
    mine = exercise.solution.code.source.replace("found = 0", "found = 0.0")
    attempt = Attempt("s", "run", "check", True, mine, mine)
    place.study._progress.attempt("loops", exercise.key, exercise.hash, attempt)
    await say(rungs, "compare 1")
    out = capsys.readouterr().out
    assert "One line differs." in out and "  -     found = 0.0\n  +     found = 0\n" in out and "Why." in out
