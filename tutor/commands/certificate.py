"""`pytutor certificate`: proof of a finished course; before that, how far it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tutor.commands.opening import open_study
from tutor.errors import TutorError
from tutor.learning.certificate import svg, text
from tutor.printable import printable

LONGEST_NAME = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--name", metavar="NAME", help="the name on it (asked for in a terminal)")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a picture instead of text")


def run(options: argparse.Namespace) -> int:
    """Print the certificate, or write it as a picture; 1 and what is missing while the course is not complete."""
    study = open_study(options)
    missing = study.missing()
    if missing:
        print(missing)
        return 1
    certificate = study.certificate(_name(options.name))
    if options.svg is None:
        print(printable(text(certificate)))
        return 0
    try:
        options.svg.write_text(printable(svg(certificate)), encoding="utf-8")
    except OSError as error:
        raise TutorError("Not written", f"{options.svg}: {error.strerror}.") from None
    print(f"Wrote {options.svg}.")
    return 0


def _name(given: str | None) -> str:
    if given is None and sys.stdin.isatty():
        given = input("The name on the certificate: ")
    name = " ".join(printable(given or "", one_line=True).split())
    if not name:
        raise TutorError("Whose certificate?", "it needs a name.", "Say --name NAME.")
    if len(name) > LONGEST_NAME:
        raise TutorError("Whose certificate?", f"a name has at most {LONGEST_NAME} characters here.")
    return name
