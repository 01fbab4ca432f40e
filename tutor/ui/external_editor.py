"""Editing a piece of code in the editor of `$VISUAL` or `$EDITOR`."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from tutor.errors import TutorError


def editor_command() -> list[str]:
    """The editor's command line. Raises `TutorError` when none is named, or its quotes do not close."""
    try:
        words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    except ValueError as error:
        raise TutorError("No editor", f"VISUAL or EDITOR cannot be read: {error}.") from None
    if not words:
        raise TutorError("No editor", "neither VISUAL nor EDITOR is set.", "Try: export EDITOR=nano")
    return words


_LINE_AFTER_COLON = frozenset({"hx", "helix", "subl", "zed", "micro"})


def open_at(path: Path, line: int, command: list[str]) -> None:
    """Let the editor open a file on a line, counted from 1, and wait for it.

    Most editors take `+LINE FILE`, some `FILE:LINE`, and VS Code wants to be asked for it. Raises `TutorError` when the
    editor cannot be started.
    """
    name = Path(command[0]).name
    if name in _LINE_AFTER_COLON:
        words = [f"{path}:{line}"]
    elif name in ("code", "codium", "cursor"):
        words = ["--goto", f"{path}:{line}"]
    else:
        words = [f"+{line}", str(path)]
    try:
        subprocess.run([*command, *words], check=False)
    except OSError as error:
        raise TutorError("No editor", f"{command[0]} could not be started: {error.strerror}.") from None


def edit(text: str, command: list[str]) -> str:
    """Let the editor change `text` in a temporary file; wait for it and return what it saved.

    Raises `TutorError` when the editor cannot be started, fails, or leaves a file that is no text.
    """
    with tempfile.TemporaryDirectory(prefix="pytutor-") as folder:
        path = Path(folder) / "code.py"
        # A file of lines ends with a newline: editors expect it, and what they append then stands on its own line.
        path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
        try:
            code = subprocess.run([*command, str(path)], check=False).returncode
        except OSError as error:
            raise TutorError("No editor", f"{command[0]} could not be started: {error.strerror}.") from None
        if code != 0:
            raise TutorError("Nothing changed", f"{command[0]} ended with exit code {code}.")
        try:
            edited = path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise TutorError("Nothing changed", f"the file that {command[0]} left cannot be read: {error}.") from None
    return edited if text.endswith("\n") else edited.removesuffix("\n")
