"""Code goes to the editor of the environment and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.errors import TutorError
from tutor.ui.external_editor import edit, editor_command


def script(folder: Path, body: str) -> list[str]:
    path = folder / "editor.sh"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return [str(path), "--wait"]


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    assert edit("x = 1\n", script(tmp_path, 'echo "y = 2  # é" >> "$2"')) == "x = 1\ny = 2  # é\n"


@pytest.mark.parametrize("body", ["exit 3", 'printf "\\377" > "$2"', 'rm "$2"'])
def test_an_editor_that_fails_changes_nothing(tmp_path: Path, body: str) -> None:
    with pytest.raises(TutorError, match="Nothing changed"):
        edit("x = 1\n", script(tmp_path, body))


def test_an_editor_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TutorError, match="could not be started"):
        edit("x", [str(tmp_path / "no-such-editor")])


def test_the_environment_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "nano")
    monkeypatch.setenv("VISUAL", "code --wait")
    assert editor_command() == ["code", "--wait"]
    monkeypatch.delenv("VISUAL")
    assert editor_command() == ["nano"]
    monkeypatch.setenv("EDITOR", "'nano")
    with pytest.raises(TutorError):
        editor_command()
    monkeypatch.delenv("EDITOR")
    with pytest.raises(TutorError, match="export EDITOR"):
        editor_command()


def test_code_without_a_last_newline_keeps_its_form(tmp_path: Path) -> None:
    assert edit("x = 1", script(tmp_path, 'echo "y = 2" >> "$2"')) == "x = 1\ny = 2"
    assert edit("x = 1", script(tmp_path, "true")) == "x = 1"
