"""`pytutor import FILE`: turn a notebook, a script or a Markdown file into a lesson file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tutor.errors import TutorError
from tutor.exchange.conversion import convert
from tutor.printable import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="an .ipynb, .py or .md file")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where the lesson goes (default: FILE's name with .md, here)"
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(options: argparse.Namespace) -> int:
    """Convert, write, and say what was changed and what the linter thinks of the structure."""
    from tutor.authoring.lint import lint
    from tutor.authoring.report import text_lines

    converted = convert(options.file)
    target: Path = options.output or Path(f"{options.file.stem}.md")
    _write(target, converted.text, options.force)
    for note in converted.notes:
        print(printable(note, one_line=True))
    print(f"{printable(str(target), one_line=True)} is written.")
    report = lint([target])
    if report.problems:
        print("The linter's word on it:", file=sys.stderr)
        for line in text_lines(report, 0.0)[:-1]:
            print(line, file=sys.stderr)
    return 0


def _write(target: Path, text: str, force: bool) -> None:
    """Raises `TutorError` rather than writing over a file."""
    try:
        with target.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise TutorError("Not written", f"{target} is there already.", "Give another name with -o, or --force.") from None
    except OSError as error:
        raise TutorError("Not written", f"{target}: {error.strerror or error}.") from None
