"""progress, its export and import, review --json and certificate, as the command line has them; without a kernel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.course.catalog import load_course
from tutor.course.items import Quiz
from tutor.store.database import Store
from tutor.study import Study

COURSE = (
    'format_version = 1\nid = "c"\ntitle = "C \\u001b[31m"\n[[modules]]\nid = "m"\ntitle = "M"\nlessons = ["a.md"]\n'
)
LESSON = """---
title: Sums
id: sums
summary: S
minutes: 1
concepts: [sum.of-ones]
---

# Sums

## P

<!-- #region quiz="ones" concept="sum.of-ones" -->

What is 1 + 1?

1. one
2. two

<details class="answer"><summary>Answer</summary>

- [ ] Too little.
- [x] Yes.

</details>
<!-- #endregion -->
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATA", "SESSIONS", "CONFIG"):
        monkeypatch.setenv(f"PYTUTOR_{name}", str(tmp_path / name.lower()))
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "course.toml").write_text(COURSE)
    (folder / "a.md").write_text(LESSON)
    return folder


def solve(course: Path, data: Path) -> None:
    study = Study(load_course(course), Store.open(data))
    lesson = study.lesson("sums")
    quiz = next(item for _, item in lesson.items() if isinstance(item, Quiz))
    study.answer_quiz(lesson, quiz, frozenset({1}))
    study.close()


def test_progress_says_everything_in_words_and_as_data(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    solve(course, tmp_path / "data")
    assert main(["progress", "--course", str(course)]) == 0
    said = capsys.readouterr().out
    assert "  00 sums " in said and "1 of 1" in said and "100%" in said and "Review: Nothing due today" in said
    assert main(["progress", "--json", "--course", str(course)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["lessons"][0] | {"seconds": 0} == {
        **{"lesson": "sums", "number": 0, "known": True, "percent": 100, "done": 1, "total": 1, "started": True},
        **{"changed": 0, "skipped": 0, "due": 0, "seconds": 0},
    }
    assert sum(document["review"]["forecast"]) == 1 and document["review"]["streak"] == 1
    assert main(["review", "--json", "--course", str(course)]) == 0
    assert json.loads(capsys.readouterr().out)["due"] == []


def test_progress_is_taken_along(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    solve(course, tmp_path / "data")
    file = str(tmp_path / "mine.json")
    assert main(["progress", "--export", file, "--course", str(course)]) == 0
    monkeypatch.setenv("PYTUTOR_DATA", str(tmp_path / "other"))
    assert main(["progress", "--import", file, "--course", str(course)]) == 0
    assert "1 solved that were not" in capsys.readouterr().out
    assert main(["certificate", "--name", "Ada", "--course", str(course)]) == 0


@pytest.mark.parametrize(
    "arguments", [["--export", "x.json", "--json"], ["--import", "x.json", "sums"], ["--import", "none.json"]]
)
def test_what_cannot_be_done_is_one_sentence(
    course: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["progress", *arguments, "--course", str(course)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_certificate_before_and_after_the_end(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["certificate", "--name", "Ada", "--course", str(course)]) == 1
    assert capsys.readouterr().out == "Not yet: 0 of 1 answers solved. Next: sums (1 left).\n"
    solve(course, tmp_path / "data")
    assert main(["certificate", "--course", str(course)]) == 2
    assert "Say --name NAME" in capsys.readouterr().err
    assert main(["certificate", "--name", "A\x1b[2Jda ", "--course", str(course)]) == 0
    said = capsys.readouterr().out
    assert " Ada " in said and "\x1b" not in said
    picture = tmp_path / "c.svg"
    assert main(["certificate", "--name", "Ada", "--svg", str(picture), "--course", str(course)]) == 0
    assert picture.read_text().startswith("<svg ") and "\x1b" not in picture.read_text()
    assert main(["certificate", "--name", "Ada", "--svg", str(tmp_path / "no" / "c.svg"), "--course", str(course)]) == 2
