"""A small course in files and a scripted session, for the tests of the app."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App
from textual.command import Command, CommandList, CommandPalette
from textual.pilot import Pilot

from tutor.course.catalog import load_course
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.replay import ReplaySession
from tutor.runner.script import Step, check_failed, check_passed, printed
from tutor.settings import Settings
from tutor.store.database import Store
from tutor.study import Study
from tutor.ui.app import PytutorApp
from tutor.ui.screens.lesson import LessonScreen

MANIFEST = """\
format_version = 1
id = "small"
title = "A small course"

[[modules]]
id = "begin"
title = "Beginnings"
lessons = ["01-first.md", "02-second.md", "03-broken.md"]
"""

FIRST = """\
---
title: First steps
id: first
summary: A first lesson.
minutes: 10
---

# First steps

## Running code

Words with list[int] and [/bold] in them. Press **ctrl+r** to run this.

```python name="sum"
total = sum(range(10))
print("total", total)
```

```output
total 45
```

## Your turn

Write a function that doubles a number.

```python name="double" tags=["exercise"]
def double(x):
    ...
```

```python tags=["test"]
assert double(2) == 4, "double(2) should be 4"
```

<details class="hint"><summary>Hint 1</summary>

Multiply by two.

</details>

<details class="hint"><summary>Hint 2</summary>

`return` the product.

</details>

<details class="solution"><summary>Solution</summary>

```python .noeval
def double(x):
    return 2 * x
```

Twice a number is the number times two.

</details>

<details class="mistake"><summary>Squares</summary>

```python .noeval
def double(x):
    return x ** 2
```

This squares the number.

</details>

## Questions

<!-- #region quiz="sums" -->

What is `1 + 1`?

1. one
2. two

<details class="answer"><summary>Answer</summary>

- [ ] That is too little.
- [x] Yes.

</details>

<!-- #endregion -->

<!-- #region predict="prints" -->

What does this print?

```python
print(3 * 4)
```

<details class="answer"><summary>Answer</summary>

```output
12
```

Three times four.

</details>

<!-- #endregion -->
"""

SECOND = """\
---
title: Second steps
id: second
summary: Only words.
minutes: 5
---

# Second steps

## Words

There is nothing to run here.
"""


def answers(request: Run | Check) -> Iterable[Step]:
    """What the scripted kernel says: checks pass when the code returns twice the number."""
    if isinstance(request, Check):
        good = "2 * x" in request.code.source or "x + x" in request.code.source
        return check_passed("double(2) should be 4") if good else check_failed("double(2) should be 4", "4", "None")
    source = request.cells[-1].source
    return printed("total 45\n") if "total" in source else printed("12\n") if "3 * 4" in source else ()


@dataclass
class Desktop:
    """An app over a small course; `sessions` are what `connect` hands out, in order."""

    folder: Path
    script: Callable[[Run | Check], Iterable[Step]] = answers
    settings: Settings = field(default_factory=Settings)
    sessions: list[ReplaySession] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        course = self.folder / "course"
        if not course.is_dir():
            course.mkdir(parents=True)
            for name, text in (
                ("course.toml", MANIFEST),
                ("01-first.md", FIRST),
                ("02-second.md", SECOND),
                ("03-broken.md", "no front matter\n"),
            ):
                (course / name).write_text(text, encoding="utf-8")
        self.study = Study(load_course(course), Store.open(self.folder / "data"))
        self.app = PytutorApp(self.study, self.settings, connect=self.connect, **self.options)

    async def connect(self) -> ReplaySession:
        session = ReplaySession(self.script)
        self.sessions.append(session)
        return session

    @property
    def session(self) -> ReplaySession:
        return self.sessions[-1]

    @property
    def lesson(self) -> LessonScreen:
        screen = self.app.lesson_screen
        assert screen is not None
        return screen

    @asynccontextmanager
    async def running(self, size: tuple[int, int] = (120, 36)) -> Iterator[Pilot[None]]:
        async with self.app.run_test(size=size, notifications=True) as pilot:
            await wait_for(pilot, lambda: self.app.reader.attached or self.app.reader.trouble is not None)
            await wait_for(pilot, lambda: len(self.app.screen_stack) > 1 and self.app.screen.is_current)
            yield pilot


async def wait_for(pilot: Pilot[None], predicate: Callable[[], object], tries: int = 600) -> None:
    """Let the app go on until the predicate holds."""
    for _ in range(tries):
        if predicate():
            return
        await pilot.pause(0.05)
    raise AssertionError("it never came to that:\n" + seen(pilot.app))


def found_first(app: PytutorApp, title: str) -> bool:
    """Whether the palette has searched, and enter takes the command with this title."""
    if not isinstance(app.screen, CommandPalette):
        return False
    found = app.screen.query_one(CommandList)
    if not app.screen._list_visible or found.highlighted is None:
        return False
    option = found.get_option_at_index(found.highlighted)
    return isinstance(option, Command) and (option.hit.text or "").startswith(title)


sentences: WeakKeyDictionary[App[Any], list[str]] = WeakKeyDictionary()
"""What each app has said in toasts, filled by conftest.py: a toast itself goes away in a few seconds."""


def said(app: PytutorApp) -> list[str]:
    """The sentences that were said, whether their toasts still stand or not."""
    return sentences.get(app, [])


def seen(app: PytutorApp) -> str:
    """The text on the screen."""
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())
