"""An app that looks the same every time: its own lesson, a scripted session, a clock that stands still."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea
from ui_course import SECOND, Desktop, wait_for

from tutor.runner.protocol.requests import Check, Run
from tutor.runner.replay import ReplaySession
from tutor.runner.script import FOREVER, Step, check_failed, check_passed, failed, printed, training
from tutor.runner.transcript import Transcript
from tutor.settings import Settings
from tutor.ui.kernel_state import KernelState, kernel_state
from tutor.ui.screens import lesson
from tutor.ui.session import SessionReader

NOW = 1_000_000.0
"""Seconds since 1970 at which everything in a picture happens."""

LATER = 125.0
"""Seconds for which a run has been going on in a picture."""

MANIFEST = """\
format_version = 1
id = "still"
title = "A course in pictures"

[[modules]]
id = "begin"
title = "Beginnings"
lessons = ["01-still.md", "02-words.md"]

[[modules]]
id = "more"
title = "More of it"
lessons = ["03-broken.md"]
"""

LESSON = """\
---
title: A line through points
id: still
summary: A lesson for pictures.
minutes: 20
---

# A line through points

## What a line is

A **line** has a slope `W` and a height `b`. For a distance $x$ the answer is

$$y = W x + b$$

| word | means |
|---|---|
| slope | minutes a mile |
| height | minutes on top |

> [!NOTE]
> `[/bold]` and `list[int]` are words like others.

```python name="line" tags=["parameters"]
# @markdown minutes for each mile
W = 2.0  # @param {type:"slider", min:0.0, max:6.0, step:0.1}
```

```python
print("5 miles take", W * 5 + 10)
```

```output
5 miles take 20.0
```

## Your turn

Write a function that doubles a number.

```python name="double" tags=["exercise"]
def double(x):
    return x  # TODO
```

```python tags=["test"]
assert double(2) == 4, "double(2) should be 4"
assert double(-1) == -2, "negative numbers are doubled too"
```

<details class="hint"><summary>Hint 1</summary>

Multiply by two.

</details>

<details class="solution"><summary>Solution</summary>

```python .noeval
def double(x):
    return 2 * x
```

Twice a number is the number times two.

</details>

## Questions

<!-- #region quiz="slope" -->

What is the slope?

1. minutes a mile
2. minutes on top

<details class="answer"><summary>Answer</summary>

- [x] Yes: it is multiplied by the miles.
- [ ] Those are there before the first mile.

</details>

<!-- #endregion -->

<!-- #region predict="seven" -->

What does this print?

```python
print(2 * 7 + 10)
```

<details class="answer"><summary>Answer</summary>

```output
24
```

Seven miles at two minutes, and ten on top.

</details>

<!-- #endregion -->
"""


def prints(request: Run | Check) -> Iterable[Step]:
    """A short run; a check of which one condition holds."""
    if isinstance(request, Run):
        return [*printed("5 miles take 20.0\n"), *printed("a warning\n", "stderr")]
    good = "2 * x" in request.code.source
    both = ("double(2) should be 4", "negative numbers are doubled too")
    return check_passed(*both) if good else [*check_failed(both[0], "4", "2"), *check_passed(both[1])]


def trains(request: Run | Check) -> Iterable[Step]:
    """A training with a loss and a validation loss that ends."""
    falling = [8.0 * 0.93**step for step in range(60)]
    return training({"loss": falling, "val_loss": [1.2 * value + 0.5 for value in falling]})


def goes_on(request: Run | Check) -> Iterable[Step]:
    """The same, and it is not over."""
    return [*printed("epoch 60\n"), *trains(request), FOREVER]


def fails(request: Run | Check) -> Iterable[Step]:
    """A run that prints and stops with an exception whose words look like markup."""
    return [*printed("one\n"), *failed("ValueError", "[/bold]", line=36, source="raise ValueError('[/bold]')")]


@dataclass
class Still(Desktop):
    """The app of a picture. `theme` as in the settings."""

    theme: str = "dark"

    def __post_init__(self) -> None:
        course = self.folder / "course"
        course.mkdir(parents=True)
        words = SECOND.replace("Second steps", "Only words")
        for name, text in (
            ("course.toml", MANIFEST),
            ("01-still.md", LESSON),
            ("02-words.md", words),
            ("03-broken.md", "no front matter\n"),
        ):
            (course / name).write_text(text, encoding="utf-8")
        self.settings = Settings(theme=self.theme)
        super().__post_init__()
        self.app.animation_level = "none"

    async def connect(self) -> ReplaySession:
        session = ReplaySession(self.script, clock=lambda: NOW)
        self.sessions.append(session)
        return session

    @property
    def transcript(self) -> Transcript:
        """What the session has said."""
        return self.app.reader.transcript

    def after(self, *keys: str, until: Callable[[], object] = lambda: True) -> Callable[[Pilot[None]], Awaitable[None]]:
        """What happens before the picture: keys once the session is there, then waiting until something holds."""

        async def go(pilot: Pilot[None]) -> None:
            await wait_for(pilot, lambda: self.app.reader.attached)
            await pilot.pause()
            await pilot.press(*keys)
            await wait_for(pilot, until)
            await wait_for(pilot, lambda: self.app.lesson_screen is None or self._at_rest)
            for widget in self.app.screen.query("TextArea, Input"):
                if isinstance(widget, TextArea | Input):
                    widget.cursor_blink = False
            await pilot.pause()

        return go

    def ran(self) -> bool:
        """Whether something has been asked to run and is over."""
        return bool(self.transcript.runs) and not self.transcript.busy

    @property
    def _at_rest(self) -> bool:
        """Whether the screen has taken what the session said, and the panes show all there is."""
        screen = self.lesson
        return not self.app.reader.changes and screen.output.caught_up and not screen.plot.behind


def stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the header count from `NOW`, and every picture come from the same environment."""

    def at_a_time(reader: SessionReader, now: float) -> KernelState:
        return kernel_state(reader, NOW + LATER)

    monkeypatch.setattr(lesson, "kernel_state", at_a_time)
    for name in ("NO_COLOR", "SSH_CONNECTION", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
