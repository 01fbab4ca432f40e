"""new, and check with its other forms: formats for programs, only what has changed, outputs put right."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tutor.authoring.lint import lint
from tutor.authoring.machine_report import github_lines, sarif_text
from tutor.authoring.scaffold import list_lesson
from tutor.cli import main
from tutor.course.catalog import load_course
from tutor.course.parser import parse_lesson

WRONG = "---\ntitle: T\nid: t\nsummary: S\nminutes: 5\n---\n\n## P\n\n```python\nx = = 1\n```\n"


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


@pytest.mark.parametrize("title", ["A lesson", 'Yes $x: "no" #1', "数", "`*_<b>", "a\nb"])
def test_a_new_lesson_is_clean(tmp_path: Path, title: str) -> None:
    path = tmp_path / "new.md"
    assert main(["new", "lesson", str(path), "--title", title]) == 0
    assert not lint([path]).problems
    assert parse_lesson(path).title == " ".join(title.split())


def test_a_new_course_is_clean_and_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "deep" / "mine"
    assert main(["new", "course", str(folder), "--title", "Mine"]) == 0
    assert load_course(folder).title == "Mine" and not lint([folder]).problems
    before = (folder / "course.toml").read_text()
    assert main(["new", "course", str(folder)]) == 2
    assert main(["new", "lesson", str(folder / "01-first.md")]) == 2
    assert main(["new", "lesson", str(folder / "lesson.txt")]) == 2
    assert capsys.readouterr().err.count("pytutor: No") == 3
    assert (folder / "course.toml").read_text() == before
    assert main(["new", "lesson", str(folder / "02-next.md")]) == 0
    said = capsys.readouterr().out
    assert '"02-next.md" is listed last' in said and "pytutor preview" in said
    assert load_course(folder).title == "Mine" and not lint([folder], None).problems


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('lessons = ["a.md"]\n# end\n', 'lessons = ["a.md", "b.md"]\n# end\n'),
        ("lessons = []\n", 'lessons = ["b.md"]\n'),
        ("lessons = [\n  'a', # 1\n  \"c.md\"\n]\n", 'lessons = [\n  \'a\', # 1\n  "c.md",\n  "b.md",\n]\n'),
        ('lessons = [\n\t"a.md",\n]\n', 'lessons = [\n\t"a.md",\n\t"b.md",\n]\n'),
        ('lessons = ["a.md" # ]\n]\n', None),
        ('lessons = "a.md"\n', None),
    ],
)
def test_a_lesson_is_listed_without_touching_the_rest(tmp_path: Path, before: str, after: str | None) -> None:
    manifest = tmp_path / "course.toml"
    head = '[[modules]]\nid = "m"\n'
    manifest.write_text(head + before)
    assert list_lesson(manifest, "b.md") is (after is not None)
    assert manifest.read_text() == head + (after or before)


def test_what_cannot_be_listed_is_left_to_the_author(tmp_path: Path) -> None:
    assert not list_lesson(tmp_path / "missing.toml", "b.md")
    (tmp_path / "course.toml").write_text("[[modules]]")
    assert not list_lesson(tmp_path / "course.toml", "b.md")


def test_annotations_for_github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a,b%c.md"
    path.write_text(WRONG)
    (line,) = github_lines(lint([path]))
    assert line.startswith("::error file=a%2Cb%25c.md,line=11,col=5,title=E120::") and "\n" not in line


def test_sarif(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text(WRONG)
    document = json.loads(sarif_text(lint([tmp_path])))
    (run,) = document["runs"]
    (result,) = run["results"]
    assert document["version"] == "2.1.0" and result["ruleId"] == "E120" and result["level"] == "error"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["E120"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a.md"}, "region": {"startLine": 11, "startColumn": 5}}


def test_only_what_has_changed_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_text(WRONG.replace("id: t", f"id: {name[:3]}"))
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "both")
    words = ["check", "--no-run", "--changed", "--format", "json", str(tmp_path)]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["lessons"] == 0
    with (tmp_path / "two.md").open("a") as file:
        file.write("\nmore\n")
    (tmp_path / "three.md").write_text(WRONG)
    assert main(words) == 1
    found = {Path(problem["path"]).name for problem in json.loads(capsys.readouterr().out)["problems"]}
    assert found == {"two.md", "three.md"}
    assert main([*words, "--base", "nonesuch"]) == 2
    assert main([*words, "--base=--output=x"]) == 2
    assert "Git" in capsys.readouterr().err


def test_outside_of_a_repository_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--no-run", "--changed", str(tmp_path)]) == 2
    assert "Leave out --changed" in capsys.readouterr().err


@pytest.mark.timeout(180)
def test_outputs_are_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(tmp_path / "s"))
    path = tmp_path / "a.md"
    good = WRONG.replace("x = = 1\n```", "print(6 * 7)\n```\n\n```output\n42\n```\n\nAfter.")
    path.write_text(good.replace("42", "41\nand more"))
    assert main(["check", "--strict", str(path)]) == 1
    assert "W240" in capsys.readouterr().out
    assert main(["check", "--fix", "--no-run", str(path)]) == 2
    assert main(["check", "--strict", "--fix", str(path)]) == 0
    assert "1 output written" in capsys.readouterr().err
    assert path.read_text() == good
