"""A course from outside runs nothing before somebody has said yes to its content."""

from argparse import Namespace
from pathlib import Path

import pytest

from tutor.commands.opening import open_study, open_study_to_run
from tutor.course.fingerprint import fingerprint
from tutor.errors import TutorError
from tutor.settings import Settings

LESSON = "---\ntitle: One\nid: one\n---\n\n# One\n\n## A page\n\nText.\n"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTUTOR_DATA", str(tmp_path / "data"))
    root = tmp_path / "course"
    root.mkdir()
    (root / "one.md").write_text(LESSON)
    (root / "course.toml").write_text(
        'format_version = 1\nid = "c"\ntitle = "C\\u001b[2J"\n'
        '[[modules]]\nid = "m"\ntitle = "M"\nlessons = ["one.md"]\n'
    )
    return root


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or text)
    return asked


def test_no_means_no(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "n")
    with pytest.raises(TutorError, match="Not trusted"):
        open_study_to_run(Namespace(course=course), Settings())


def test_yes_is_remembered_for_this_content_only(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answer(monkeypatch, "y")
    open_study_to_run(Namespace(course=course), Settings())
    open_study_to_run(Namespace(course=course), Settings())
    assert len(asked) == 1
    assert "\x1b" not in capsys.readouterr().out
    (course / "one.md").write_text(LESSON + "\n```python\nprint(1)\n```\n")
    open_study_to_run(Namespace(course=course), Settings())
    assert len(asked) == 2


def test_nobody_to_ask_means_no(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(TutorError, match="Not trusted"):
        open_study_to_run(Namespace(course=course), Settings())


def test_looking_needs_no_trust(course: Path) -> None:
    assert [entry.front.id for entry in open_study(Namespace(course=course)).course.lessons()] == ["one"]


def test_a_renamed_file_is_another_course(course: Path) -> None:
    before = fingerprint(course)
    (course / "one.md").rename(course / "two.md")
    assert fingerprint(course) != before
