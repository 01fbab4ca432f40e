"""The command line says one sentence when something is wrong, and never a traceback."""

import json
from pathlib import Path

import pytest

from tutor import __version__
from tutor.cli import COMMANDS, main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATA", "SESSIONS", "CONFIG"):
        monkeypatch.setenv(f"PYTUTOR_{name}", str(tmp_path / name.lower()))
    return tmp_path


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stderr."""
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"pytutor {__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert f"pytutor {name}" in shown
    assert COMMANDS[name][1:] in " ".join(shown.split())


def test_list_shows_the_course(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("  03 one-neuron ") for line in lines)
    assert len({line.index("%") for line in lines if line.startswith("  ")}) == 1
    assert main(["list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows][:4] == ["start", "examples", "why-pytorch", "one-neuron"]
    assert [row["number"] for row in rows] == list(range(len(rows)))
    assert all(row["total"] > 0 and row["error"] is None for row in rows)


def test_options_may_stand_before_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--device", "cpu", "list"]) == 0
    assert "start" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["progress", "one-neuronn"], "one-neuron"),
        (["run", "nothing.py"], "nothing.py"),
        (["run", "pyproject.toml"], "none of"),
        (["try", "start", "x.py"], "LESSON/EXERCISE"),
        (["try", "start/below-a-tent", "x.py"], "below-a-tenth"),
        (["list", "--course", "/nowhere"], "course.toml"),
        (["reset"], "--all"),
        (["opne", "x.ipynb"], "`pytutor open`"),
        (["03", "04"], "--help"),
        (["stop"], "none is alive"),
        (["attach", "abc"], "none is alive"),
        (["stop", "abc", "--all"], "--all"),
    ],
)
def test_bad_input_gets_one_sentence(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert words in sentence(capsys)


def test_a_file_that_is_not_utf8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "latin.py"
    path.write_bytes(b"print('caf\xe9')\n")
    assert main(["run", str(path)]) == 2
    assert "UTF-8" in sentence(capsys)


def test_reset_asks_and_no_is_no(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: "n")
    assert main(["reset", "start"]) == 1
    assert "Nothing was changed" in capsys.readouterr().out


def test_reset_without_anybody_to_ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert main(["reset", "--all"]) == 2
    assert "--yes" in sentence(capsys)


def test_no_sessions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sessions"]) == 0
    assert "No session" in capsys.readouterr().out
    assert main(["sessions", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
