"""Which lesson files have changed, by git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from tutor.errors import TutorError


def changed_files(folder: Path, base: str = "HEAD") -> set[Path]:
    """Files below `folder` that differ from `base`, a commit or branch, or are new; resolved paths.

    Raises `TutorError` where git is missing, the folder is in no repository, or there is no such commit.
    """
    if base.startswith("-"):
        raise TutorError("Changed since what?", f"{base!r} is no commit.", "Name a commit or a branch.")
    differing = _git(folder, "diff", "--name-only", "-z", "--relative", base, "--", ".")
    new = _git(folder, "ls-files", "--others", "--exclude-standard", "-z")
    return {(folder / name).resolve() for name in (*differing.split("\0"), *new.split("\0")) if name}


def only_changed(paths: Iterable[Path], base: str) -> list[Path]:
    """The lesson files among `paths` (files, and folders of them) that have changed since `base`."""
    found: list[Path] = []
    for path in paths:
        folder = path if path.is_dir() else path.parent
        changed = changed_files(folder, base)
        candidates: Sequence[Path] = sorted(path.rglob("*.md")) if path.is_dir() else [path]
        found += [one for one in candidates if one.resolve() in changed and one.name.lower() != "readme.md"]
    return list(dict.fromkeys(found))


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, errors="surrogateescape", check=False
        )
    except OSError as error:
        raise TutorError(
            "Git", f"it could not be started: {error.strerror or error}.", "Leave out --changed."
        ) from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it failed"])[-1]
        raise TutorError("Git", f"{reason.removeprefix('fatal: ').rstrip('.')}.", "Leave out --changed.")
    return done.stdout
