"""A course from its course.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.course.catalog import load_course
from tutor.errors import TutorError

MANIFEST = 'format_version = 1\nid = "c"\ntitle = "C"\n\n[[modules]]\nid = "m"\ntitle = "M"\nlessons = [{0}]\n'


def course(root: Path, lessons: dict[str, str], listed: list[str] | None = None) -> Path:
    names = list(lessons) if listed is None else listed
    (root / "course.toml").write_text(MANIFEST.replace("{0}", ", ".join(f'"{name}"' for name in names)))
    for name, head in lessons.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"---\ntitle: {name}\n{head}\n---\n\n## P\n\nx\n")
    return root


def codes(root: Path) -> list[tuple[str, str]]:
    return [(problem.code, problem.path.name) for problem in load_course(root).problems]


def test_lessons_in_order_with_their_heads(tmp_path: Path) -> None:
    loaded = load_course(course(tmp_path, {"m/b.md": "id: b", "m/a.md": "id: a\nrequires: [b]"}))
    assert [entry.front.id for entry in loaded.lessons()] == ["b", "a"]
    assert (loaded.id, loaded.title, loaded.modules[0].title, loaded.problems) == ("c", "C", "M", ())


def test_each_thing_that_is_wrong_with_the_list(tmp_path: Path) -> None:
    root = course(
        tmp_path,
        {"a.md": "id: same", "b.md": "id: same", "c.md": "id: c\nrequires: [nowhere]", "d.md": "id: d\nrequires: [e]",
         "e.md": "id: e\nrequires: [d]", "extra.md": "id: x"},
        ["a.md", "b.md", "c.md", "d.md", "e.md", "gone.md", "../outside.md"],
    )  # fmt: skip
    found = codes(root)
    assert ("E111", "b.md") in found and ("E123", "c.md") in found and ("E125", "extra.md") in found
    assert found.count(("E124", "d.md")) == 1 and ("E126", "course.toml") in found and ("E129", "course.toml") in found


def test_a_broken_lesson_keeps_its_place(tmp_path: Path) -> None:
    loaded = load_course(course(tmp_path, {"a.md": "id: [", "b.md": "id: b"}))
    broken, good = loaded.lessons()
    assert broken.error is not None and broken.error.code == "E101"
    assert good.error is None


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("---\ntitle: x\nid: x\n---\n")
    root = course(tmp_path / "c", {"a.md": "id: a"}, ["a.md", "link.md"]) if (tmp_path / "c").mkdir() is None else None
    assert root is not None
    (root / "link.md").symlink_to(outside)
    loaded = load_course(root)
    assert [entry.front.id for entry in loaded.lessons()] == ["a"]
    assert "E129" in [problem.code for problem in loaded.problems]


@pytest.mark.parametrize(
    "text", ["", "format_version = 2", 'format_version = 1\nid = "Not Good"', "format_version = [", "x = " + "[" * 5000]
)
def test_no_usable_manifest_is_an_error_for_people(tmp_path: Path, text: str) -> None:
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(TutorError) as raised:
        load_course(tmp_path)
    assert "course.toml" in str(raised.value)


def test_no_manifest_at_all(tmp_path: Path) -> None:
    with pytest.raises(TutorError):
        load_course(tmp_path)


def test_escape_codes_in_titles_do_not_get_through(tmp_path: Path) -> None:
    course(tmp_path, {"a.md": 'id: a\nsummary: "x\\x1b[31m"'})
    text = (tmp_path / "course.toml").read_text().replace('"C"', '"C\\u001b[31m"')
    (tmp_path / "course.toml").write_text(text)
    loaded = load_course(tmp_path)
    assert "\x1b" not in loaded.title + next(loaded.lessons()).front.summary
