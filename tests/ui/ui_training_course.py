"""A course with one training lesson, and a scripted kernel whose loss depends on the knobs it is run with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ui_course import Desktop

from tutor.course.turning import values
from tutor.runner.protocol.requests import Check, Run
from tutor.runner.script import Step, training

MANIFEST = """\
format_version = 1
id = "training"
title = "A course that trains"

[[modules]]
id = "begin"
title = "Beginnings"
lessons = ["01-train.md"]
"""

LESSON = """\
---
title: Training
id: train
summary: Knobs and runs.
minutes: 10
---

# Training

## Turn it

Words before.

```python name="settings" tags=["parameters"]
# @markdown how far a step goes
lr = 0.1  # @param {type:"slider", min:0.001, max:1.0, scale:"log"}
steps = 20  # @param {type:"slider", min:5, max:50, step:5}
kind = "sgd"  # @param ["sgd", "adam"]
nesterov = False  # @param {type:"boolean"}
note = "a"  # @param {type:"string"}
```

```python name="loop"
train(lr, steps)
```

## Guess first

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

```python name="later" tags=["parameters"]
rate = 0.5  # @param {type:"slider", min:0.0, max:1.0, step:0.1}
```

```python
train(rate, 10)
```

## Guess the curve

<!-- #region predict="curve" ask="curve" -->

What will the loss do?

```python
lr = 0.9
train(lr, 10)
```

<details class="answer"><summary>Answer</summary>

Too far each time.

</details>

<!-- #endregion -->
"""


def trains(request: Run | Check) -> Iterable[Step]:
    """A loss that falls faster with a greater `lr`, and diverges beyond 0.6."""
    assert isinstance(request, Run)
    found = {}
    for cell in request.cells:
        found.update(values(cell.source))
    rate, steps = float(found.get("lr", found.get("rate", 0.1))), int(found.get("steps", 10))
    factor = 1 - rate if rate <= 0.6 else 1 + 4 * rate
    return training({"loss": [4.0 * factor**step for step in range(steps)]})


@dataclass
class Trainer(Desktop):
    """The app over the training course."""

    def __post_init__(self) -> None:
        course = self.folder / "course"
        if not course.is_dir():
            course.mkdir(parents=True)
            (course / "course.toml").write_text(MANIFEST, encoding="utf-8")
            (course / "01-train.md").write_text(LESSON, encoding="utf-8")
        self.script = trains
        super().__post_init__()
