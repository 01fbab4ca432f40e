"""Courses of other packages are found by their entry point and not imported."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

import pytest

from tutor.commands.installed import course_folder, installed_courses
from tutor.commands.opening import open_course
from tutor.errors import TutorError


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lessons = tmp_path / "site" / "otherpackage" / "lessons"
    lessons.mkdir(parents=True)
    (lessons.parent / "__init__.py").write_text("raise RuntimeError('nobody may import this')\n")
    (lessons / "one.md").write_text("---\ntitle: One\nid: one\n---\n\n## P\n\nText.\n")
    (lessons / "course.toml").write_text(
        'format_version = 1\nid = "c"\ntitle = "Other"\n[[modules]]\nid = "m"\ntitle = "M"\nlessons = ["one.md"]\n'
    )
    info = tmp_path / "site" / "otherpackage-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: otherpackage\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[pytutor.courses]\nother = otherpackage:lessons\nempty = otherpackage:nothing\ngone = nopackage\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return lessons


def test_a_course_of_a_package(package: Path) -> None:
    assert installed_courses() == {"other": package}
    assert open_course(Namespace(course="other")).title == "Other"
    assert "otherpackage" not in sys.modules


def test_a_folder_comes_first_and_nonsense_is_told(package: Path, tmp_path: Path) -> None:
    assert course_folder(str(tmp_path)) == tmp_path
    with pytest.raises(TutorError, match="neither a folder nor an installed course"):
        course_folder("othre")
