"""What tests in a real pseudo-terminal share: a home and a course of their own, windows, and a look at processes."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace

PATIENCE = 60.0
"""Seconds that a test waits for something that must happen; a loaded machine is slow."""

CTRL_C, CTRL_G, CTRL_Q, CTRL_R, CTRL_T = b"\x03", b"\x07", b"\x11", b"\x12", b"\x14"
CTRL_HOME, LINE_START, DELETE_TO_END = b"\x1b[1;5H", b"\x1b[H", b"\x0b"
RIGHT, DOWN, ESCAPE, ENTER = b"\x1b[C", b"\x1b[B", b"\x1b", b"\r"
F2, F8 = b"\x1bOQ", b"\x1b[19~"
OUTPUT, PLOT = b"3", b"4"
"""The keys of panes."""

NOON = f"NOON{datetime.now(timezone.utc).hour - 12:+d}"
"""A time zone, as POSIX writes it, in which it is noon now."""

COURSE = """\
format_version = 1
id = "trial"
title = "A trial"
[[modules]]
id = "one"
title = "One"
lessons = {files}
"""

DOUBLE = """\
## The exercise

Write double.

```python name="double" concept="double.exercise" tags=["exercise"]
def double(x):
    return x  # TODO
```

```python tags=["test"]
assert double(3) == 6, "double(3) should be 6"
assert double(-1) == -2, "negative numbers are doubled too"
```

<details class="hint">
<summary>Hint 1</summary>

Multiply.

</details>

<details class="solution">
<summary>Solution</summary>

```python .noeval
def double(x):
    return 2 * x
```

Twice.

</details>

<details class="mistake">
<summary>Squared</summary>

```python .noeval
def double(x):
    return x * x
```

That squares the number. Doubling adds it to itself.

</details>
"""
"""A page with an exercise; its lesson has the concept `double.exercise`."""


def lesson(title: str, id: str, *pages: str, **front: object) -> str:
    """The text of a lesson; `front` is what else stands in its front matter."""
    lines = [f"title: {title}", f"id: {id}", *(f"{name}: {value}" for name, value in front.items())]
    return "\n".join(["---", *lines, "---", "", f"# {title}", "", *pages])


def braille(text: str) -> str:
    """The dots of curves on a screen."""
    return "".join(character for character in text if "\u2800" < character <= "\u28ff")


class Window(Terminal):
    """pytutor in a terminal, as somebody sees it who waits patiently."""

    def until(self, shown: Callable[[str], object], seconds: float = PATIENCE) -> None:
        """Wait until the screen satisfies `shown`."""
        self.wait(lambda text: bool(shown(text)), seconds)

    def shows(self, *words: str) -> None:
        """Wait until all of these are on the screen at once."""
        self.until(lambda text: all(one in text for one in words))

    def hides(self, words: str) -> None:
        """Wait until this is not on the screen any more."""
        self.until(lambda text: words not in text)

    def is_at(self, state: str) -> None:
        """Wait until the first line says how the kernel is."""
        self.until(lambda text: state in text.splitlines()[0])

    def trust(self) -> None:
        """Answer the first question about a course."""
        self.shows("Trust it")
        self.send(b"y" + ENTER)

    def begin(self, title: str) -> None:
        """Trust the course, and start with its first lesson."""
        self.trust()
        self.shows(f"Start: {title}")
        self.send(ENTER)

    def look_at(self, pane: bytes, shown: Callable[[str], object]) -> None:
        """Wait until a pane shows something. Its key is pressed again, for what a run begins with may bring another."""
        latest = time.monotonic() + PATIENCE
        while True:
            self.send(pane)
            try:
                self.until(shown, 1.0)
                return
            except RuntimeError:
                assert time.monotonic() < latest, self.text()

    def rewrite(self, line: str) -> None:
        """Go to the editor, type `line` over its second line, and leave it."""
        self.send(b"2")
        self.until(lambda text: "esc" in text.splitlines()[-1])
        self.send(CTRL_HOME + DOWN + LINE_START + DELETE_TO_END + line.encode())
        self.shows(line)
        self.send(ESCAPE)
        self.until(lambda text: "esc" not in text.splitlines()[-1])

    def quit(self) -> int:
        """Leave; the exit code."""
        self.send(CTRL_Q)
        return self.wait_for_end(PATIENCE)


class Trial(Workplace):
    """A home of its own for pytutor, where it is noon: no test is torn apart by midnight."""

    @property
    def variables(self) -> dict[str, str]:
        """What differs from our own environment."""
        return {**super().variables, "PYTHONPATH": os.getcwd(), "TZ": NOON}

    def write_course(self, **lessons: str) -> None:
        """A course of these lessons, by the names of their files."""
        course = self.folder / "course"
        course.mkdir()
        (course / "course.toml").write_text(COURSE.format(files=[f"{name}.md" for name in lessons]))
        for name, text in lessons.items():
            (course / f"{name}.md").write_text(text)

    def command(self, *words: str) -> tuple[str, ...]:
        """pytutor with these words, in this home's course if it has one."""
        course = self.folder / "course"
        return (*PYTUTOR, *words, *(("--course", str(course)) if course.exists() else ()))

    def window(self, *words: str, size: tuple[int, int] = (100, 30), through: tuple[str, ...] = ()) -> Window:
        """pytutor in a terminal of so many columns and rows, started by the command `through` if there is one."""
        return Window((*through, *self.command(*words)), self.variables, *size)

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """pytutor without a terminal, to its end."""
        return subprocess.run(
            self.command(*words),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def processes(self) -> list[int]:
        """Living processes of this home: windows, hosts, zygotes, kernels, and what they started."""
        needle = f"PYTUTOR_SESSIONS={self.folder / 'sessions'}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if needle in (entry / "environ").read_bytes().split(b"\0") and state(int(entry.name)) != "Z":
                        found.append(int(entry.name))
                except OSError:
                    continue
        return found


def state(pid: int) -> str:
    """R, S, T (stopped), Z (zombie) …; "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""


def command_line(pid: int) -> bytes:
    """The command line of a process; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that other processes do."""
    latest = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < latest, what
        time.sleep(0.02)
