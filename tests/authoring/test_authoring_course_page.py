"""docs/course.md is what the lessons say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.authoring.course_page import PAGE, course_page, recorded_times
from tutor.course.catalog import load_course
from tutor.errors import TutorError
from tutor.paths import bundled_course_dir


def test_the_page_of_the_course_is_up_to_date() -> None:
    made = course_page(load_course(bundled_course_dir()), recorded_times())
    assert PAGE.read_text(encoding="utf-8") == made, "run python -m tutor.authoring.course_page"


def test_every_lesson_was_measured() -> None:
    lessons = {entry.front.id for entry in load_course(bundled_course_dir()).lessons()}
    assert set(recorded_times()) == lessons


def test_a_lesson_with_all_that_the_page_tells(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(
        'format_version = 1\nid = "c"\ntitle = "C"\n[[modules]]\nid = "m"\ntitle = "Part"\nlessons = ["a.md", "b.md"]\n'
    )
    for name, more in (("a", ""), ("b", "objectives: [see, do]\nconcepts: [x.y]\nrequires: [a]\nminutes: 30\n")):
        (tmp_path / f"{name}.md").write_text(
            f"---\ntitle: T{name}\nid: {name}\nsummary: S{name}.\n{more}---\n\n# T\n\n## P\n\nx\n"
        )
    page = course_page(load_course(tmp_path), {"a": 0.2, "b": 7.4})
    assert "2 lessons in 1 part, about 0 hours" in page
    assert "| 00 Ta |  | under 1 s |\n| 01 Tb | 30 | 7 s |" in page
    assert "### 01 Tb\n\nSb.\n\nYou will be able to\n\n- see\n- do\n\nBuilds on: 00. Concepts: `x.y`." in page


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TutorError, match="cannot be read"):
        recorded_times(tmp_path / "none.json")
