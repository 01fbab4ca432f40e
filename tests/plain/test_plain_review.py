"""A review in lines of text, with a keyboard of a few lines and a session that runs nothing."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any, cast

import pytest

from tutor.commands.headless import Headless
from tutor.course.items import Quiz
from tutor.course.model import Course, FrontMatter, LessonEntry, Module
from tutor.plain.review import PlainReview
from tutor.runner.transcript import Transcript
from tutor.store.database import Store
from tutor.study import Study
from tutor.study.review import Review, due_questions

QUIZ = """<!-- #region quiz="{name}" concept="sum.{name}" -->

What is 1 + 1?

1. one
2. two
3. three

<details class="answer"><summary>Answer</summary>

- [ ] Too little.
- [x] Yes.
- [ ] Too much.

</details>
<!-- #endregion -->

"""
LESSON = "---\ntitle: Sums\nid: sums\nconcepts: [sum.a, sum.b]\n---\n\n## P\n\n"


class Quiet:
    """A session in which nothing runs."""

    transcript = Transcript()


@pytest.fixture
def study(tmp_path: Path) -> Study:
    path = tmp_path / "sums.md"
    path.write_text(LESSON + QUIZ.format(name="a") + QUIZ.format(name="b"))
    entry = LessonEntry(path, FrontMatter("sums", "Sums", concepts=("sum.a", "sum.b")))
    study = Study(Course(tmp_path, "c", "C", (Module("m", "M", (entry,)),)), Store.in_memory())
    study.memory.clock = lambda: time.time() - 10 * 86_400
    lesson = study.lesson("sums")
    for _, item in lesson.items():
        if isinstance(item, Quiz):
            for wrong in (0, 2):
                study.answer_quiz(lesson, item, frozenset({wrong}))
    study.memory.clock = time.time
    return study


async def talk(study: Study, typed: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    await PlainReview(Review(study, due_questions(study)), cast(Headless, Quiet())).talk()
    found: str = capsys.readouterr().out
    return found


async def test_questions_come_one_after_the_other_and_are_rated(
    study: Study, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    said = await talk(study, "answer 1 2\nnext\nanswer 1 1\nanswer 1 3\nnext\n", monkeypatch, capsys)
    assert "Question 1 of 2" in said and "Question 2 of 2" in said
    assert "Right at once. sum.a comes back in" in said and "Not right this time. sum.b comes back tomorrow." in said
    assert said.rstrip().endswith("Reviewed 2, remembered 1. Nothing of it is left for today.")
    assert study.memory.due() == []


async def test_quitting_keeps_the_rest_due_and_nonsense_costs_nothing(
    study: Study, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    said = await talk(study, "answer 1 9\nopen sums\nhelp\nansw 1 2\nquit\n", monkeypatch, capsys)
    assert "say numbers from 1 to 3" in said and "No command is called 'open'" in said and "the next question" in said
    assert "Reviewed 1, remembered 1. 1 stays due." in said
    assert study.memory.due() == ["sum.b"]
