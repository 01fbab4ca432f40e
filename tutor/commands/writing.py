"""Writing a file that a command makes, without ever writing over one by accident."""

from __future__ import annotations

from pathlib import Path

from tutor.errors import TutorError

OVER = "Give another name with -o, or --force to write over it."


def write_new(target: Path, text: str, force: bool = False, hint: str = OVER) -> None:
    """Write `text` in UTF-8. `hint` tells what to do where the file is there already.

    Raises `TutorError` where that is so and not `force`, or where it cannot be written.
    """
    try:
        with target.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise TutorError("Not written", f"{target} is there already.", hint) from None
    except OSError as error:
        raise TutorError("Not written", f"{target}: {error.strerror or error}.") from None
