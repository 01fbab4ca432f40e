"""`pytutor runs`: listing and exporting what is kept, without a kernel."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tutor import cli, paths
from tutor.commands.runs import run_tables
from tutor.course.parser import parse_lesson
from tutor.course.reference import read_curves
from tutor.metrics.board import Board
from tutor.store.database import Store
from tutor.store.runs import RunRow, Runs
from tutor.study.curves import series_rows

HOSTILE = "<b>&\"'\x1b[31m"


def keep(runs: Runs, name: str, rate: str, values: list[float], key: str = "k") -> None:
    board = Board()
    board.add("loss", "train", "", list(range(len(values))), values)
    row = RunRow(
        name, "first", key, f"page {HOSTILE}", "h", "lr = 1", "", (("lr", rate),), 0.0, 1.5, "ok", series_rows(board)
    )
    runs.keep(row)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.toml").write_text(
        'format_version = 1\nid = "c"\ntitle = "C"\n[[modules]]\nid = "m"\ntitle = "M"\nlessons = ["01-first.md"]\n'
    )
    (course / "01-first.md").write_text(
        '---\ntitle: First\nid: first\n---\n\n## P\n\n```python name="walk"\nx = 1\n```\n'
    )
    monkeypatch.setenv("PYTUTOR_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    runs = Runs(Store.open(paths.data_dir()), "c")
    keep(runs, "a", "0.1", [4.0, 2.0, 1.0])
    keep(runs, "b", "0.9", [4.0, float("nan"), float("inf")])
    runs.rename("a", HOSTILE)
    return tmp_path


def pytutor(*words: str) -> int:
    return cli.main(["--course", "course", "runs", *words])


def test_the_table(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pytutor("first") == 0
    text = capsys.readouterr().out
    assert "\x1b" not in text and "first: page" in text
    head, newest, oldest = text.splitlines()[1:4]
    assert head.split() == ["run", "lr", "steps", "loss", "best", "seconds", "ended", "name"]
    assert newest.split()[:6] == ["2", "0.9", "2", "∞", "4", "1.50"] and oldest.split()[:5] == [
        "1",
        "0.1",
        "2",
        "1",
        "1",
    ]


def test_json_has_everything(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pytutor("--json") == 0
    newest, oldest = json.loads(capsys.readouterr().out)["runs"]
    assert (oldest["number"], oldest["knobs"], oldest["program"], oldest["item"]) == (1, {"lr": "0.1"}, "lr = 1", "k")
    assert oldest["series"][0]["steps"] == [0, 1, 2] and oldest["series"][0]["values"] == [4, 2, 1]
    assert newest["series"][0]["values"] == [4, "NaN", "Infinity"] and oldest["name"].startswith("<b>")


def test_csv_is_a_table_of_points(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pytutor("--run", "1", "--csv", "-") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["run"], row["lr"], row["step"], row["value"]) for row in rows] == [
        ("1", "0.1", "0", "4"),
        ("1", "0.1", "1", "2"),
        ("1", "0.1", "2", "1"),
    ]


def test_a_file_is_never_overwritten(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pytutor("--svg", "a.svg") == 0 and "2 runs written to a.svg" in capsys.readouterr().out
    root = ET.parse("a.svg").getroot()
    assert root.tag.endswith("svg") and len(root.findall(".//{*}path[@clip-path]")) == 2
    assert pytutor("--svg", "a.svg") == 2 and "there already" in capsys.readouterr().err
    assert pytutor("--csv", "none/a.csv") == 2


def test_a_run_of_the_lessons_code_becomes_its_curve(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs, lesson = Runs(Store.open(paths.data_dir()), "c"), parse_lesson(place / "course" / "01-first.md")
    (item,) = (item for _, item in lesson.items())
    for number, code in ((1, "x = 2"), (2, "x = 1\n")):
        board = Board()
        board.add("loss", "train", "", [0, 1, 2], [4.0, float("nan"), 1.0])
        runs.keep(RunRow(f"r{number}", "first", item.key, "P", "h", code, "", (), 0.0, 1.0, "ok", series_rows(board)))
    assert pytutor("first", "--item", "walk", "--reference") == 2 and "2 are" in capsys.readouterr().err
    assert pytutor("first", "--item", "walk", "--run", "1", "--reference") == 2
    assert "other code" in capsys.readouterr().err
    assert pytutor("first", "--item", "walk", "--run", "2", "--reference") == 0
    (curve,) = read_curves(lesson)[item.key]
    assert (curve.name, curve.steps, curve.values) == ("loss", (0.0, 2.0), (4.0, 1.0))


def test_what_is_not_there_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pytutor("first", "--item", "walk") == 0 and "No runs are kept" in capsys.readouterr().out
    assert pytutor("first", "--item", "gone") == 2 and "nothing called 'gone'" in capsys.readouterr().err
    assert pytutor("first", "--item", "walk", "--csv", "-") == 2


def test_the_plain_tutor_has_the_same_table(place: Path) -> None:
    runs = Runs(Store.open(paths.data_dir()), "c").of("first")
    lines = run_tables(runs)
    assert lines[1].split()[:2] == ["run", "lr"] and len(lines) == 4
