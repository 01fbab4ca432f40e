"""The command line: which command was meant, and what is imported for it.

`--help`, `--version` and the commands never import Textual; only the tutor itself does.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from tutor import __version__
from tutor.errors import TutorError

COMMANDS = {
    "run": "run a script, or all cells of a lesson, and report its losses",
    "try": "check a file as the answer to an exercise",
    "open": "walk through a notebook, a script or a Markdown file as a lesson",
    "list": "list the lessons and how far you are",
    "progress": "say what is done, lesson by lesson",
    "review": "answer again what you are about to forget",
    "runs": "list the runs that are kept, or write their curves to a file",
    "certificate": "prove a finished course, as text or SVG; before that, say how far it is",
    "reset": "forget the progress of a lesson, or of all",
    "sessions": "list the sessions that are alive",
    "attach": "come back to a session",
    "stop": "end a session and what runs in it",
    "doctor": "say what Python, torch and devices are used, and what is missing",
    "check": "check lessons: structure, and that every cell and exercise does what it says",
    "new": "make a lesson or a course to begin with",
    "preview": "show a lesson while you write it: reloaded at each save, changed cells run again",
    "export": "write a lesson as a Jupyter notebook",
    "import": "turn a notebook, a script or a Markdown file into a lesson file",
}
"""Command -> its line in `--help`. Each has a module of its name in `tutor.commands`."""

_MODULES = {"try": "try_", "list": "list_", "open": "open_", "import": "import_"}
_TAKES_VALUE = {"--course", "--python", "--device", "--theme"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return the exit code. Errors for people go to stderr as one sentence."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _dispatch(given)
    except TutorError as error:
        print(f"pytutor: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("pytutor: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away (`pytutor list | head`): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _dispatch(given: list[str]) -> int:
    place = _command_place(given)
    if place is None:
        parser = _learner_parser()
        options, more = parser.parse_known_args(given)
        if more and options.lesson and not any(word.startswith("-") for word in more):
            raise _no_command(options.lesson)
        return _learn(parser.parse_args(given))
    name = given.pop(place)
    module = importlib.import_module(f"tutor.commands.{_MODULES.get(name, name)}")
    parser = argparse.ArgumentParser(
        prog=f"pytutor {name}",
        description=f"{COMMANDS[name][:1].upper()}{COMMANDS[name][1:]}.",
        parents=[_shared_options()],
    )
    module.add_arguments(parser)
    given, behind = _split(given)
    options = parser.parse_args(given)
    if behind and not hasattr(options, "arguments"):
        parser.error(f"unrecognized arguments: {' '.join(behind)}")
    if behind:
        options.arguments = [*options.arguments, *behind]
    code: int = module.run(options)
    return code


def _no_command(word: str) -> TutorError:
    """Two words and more are a command with what it takes: one lesson is opened at a time."""
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, 1)
    advice = f"Did you mean `pytutor {near[0]}`?" if near else "`pytutor --help` lists them."
    return TutorError("No such command", f"there is none called {word!r}.", advice)


def _split(given: list[str]) -> tuple[list[str], list[str]]:
    """Our own words, and those behind `--`, which are a script's. argparse would take some of the latter for ours."""
    if "--" not in given:
        return given, []
    place = given.index("--")
    return given[:place], given[place + 1 :]


def _command_place(given: list[str]) -> int | None:
    """Where the command's name stands: the first word that is neither an option nor an option's value."""
    skip = False
    for place, word in enumerate(given):
        if skip:
            skip = False
        elif word in _TAKES_VALUE:
            skip = True
        elif not word.startswith("-"):
            return place if word in COMMANDS else None
    return None


def _shared_options() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group("everywhere")
    group.add_argument(
        "--course", metavar="COURSE", help="a folder with a course.toml, or the name of an installed course"
    )
    group.add_argument("--python", metavar="PATH", help="the interpreter that runs your code (default: this one)")
    group.add_argument("--device", metavar="NAME", help="auto, cpu, cuda:N or mps")
    return shared


def _learner_parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    parser = argparse.ArgumentParser(
        prog="pytutor",
        description="Learn PyTorch in the terminal. Without arguments: go on where you were.",
        epilog="commands:\n" + "\n".join(f"  {name:<{width}}  {line}" for name, line in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_shared_options()],
    )
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="id or number of a lesson to open")
    parser.add_argument("--new", action="store_true", help="start another session beside those that are alive")
    parser.add_argument(
        "--plain", action="store_true", help="lines of text: for screen readers, pipes and dumb terminals"
    )
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument("--theme", choices=("auto", "dark", "light", "ansi"), help="colours (default: auto)")
    parser.add_argument("--version", action="version", version=f"pytutor {__version__}")
    return parser


def _learn(options: argparse.Namespace) -> int:
    """Open the tutor: in a terminal the Textual app, else (or with `--plain`) lines of text."""
    if options.plain or not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        from tutor.commands import plain

        return plain.run(options)
    gc.disable()  # until the first paint: a start makes many objects and drops few, and collecting costs a tenth of it
    from tutor.commands import learn

    return learn.run(options)
