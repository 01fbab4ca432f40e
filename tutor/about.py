"""What pytutor says of itself: its version, its licence, and whose data it brings along."""

from __future__ import annotations

from importlib import metadata

from tutor import __version__, paths

NAME = "pytutor"
LICENCE = "Apache License, Version 2.0"


def headline() -> str:
    """Name and version in one line."""
    return f"{NAME} {__version__}"


def notice() -> str:
    """The text of NOTICE: copyright, licence and attributions.

    In a checkout it lies beside the package; a wheel carries it among its metadata, where PEP 639 puts licence files.
    """
    beside = paths.package_dir().parent
    if (beside / "pyproject.toml").is_file() and (beside / "NOTICE").is_file():
        return (beside / "NOTICE").read_text(encoding="utf-8")
    try:
        distribution = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        return ""
    return distribution.read_text("licenses/NOTICE") or ""


def paragraphs(text: str) -> list[tuple[int, str]]:
    """Paragraphs of a plain text, each as its indentation in cells and its words on one line."""
    found: list[tuple[int, str]] = []
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines:
            first = lines[0]
            found.append((len(first) - len(first.lstrip()), " ".join(line.strip() for line in lines)))
    return found
