"""`pytutor import FILE`: turn a notebook, a script or a Markdown file into a lesson file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tutor.commands.writing import write_new
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
    write_new(target, converted.text, options.force)
    for note in converted.notes:
        print(printable(note, one_line=True))
    print(f"{printable(str(target), one_line=True)} is written.")
    report = lint([target])
    if report.problems:
        print("The linter's word on it:", file=sys.stderr)
        for line in text_lines(report, 0.0):
            print(line, file=sys.stderr)
    return 0
