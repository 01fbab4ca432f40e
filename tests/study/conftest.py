"""A course of three small lessons, and a runner's record of whatever is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from study_runner import FakeRunner

from tutor.course.items import Item
from tutor.course.model import Course, FrontMatter, Lesson, LessonEntry, Module
from tutor.store.database import Store
from tutor.study import Study

NEURON = """---
title: One neuron
id: one-neuron
timeout: 10
seed: 7
---

## Data

```python tags=["hide-cell"]
import torch
```

```python timeout=3
x = torch.ones(2, 3)
```

```python tags=["raises-exception"]
x.reshape(7)
```

```python tags=["skip-execution"]
download()
```

## Loss

```python name="mse" tags=["exercise"]
def mse(a, b):
    pass  # TODO
```

```python tags=["test"]
assert mse(1, 3) == 4, "the square of the difference"
```

<details class="hint"><summary>Hint 1</summary>

Subtract.

</details>

<details class="hint"><summary>Hint 2</summary>

Square.

</details>

<details class="solution"><summary>Solution</summary>

```python .noeval
def mse(a, b):
    return (a - b) ** 2
```

Because.

</details>

<details class="alternative"><summary>Another</summary>

```python .noeval
def mse(a, b):
    return pow(a - b, 2)
```

</details>

<details class="mistake"><summary>No square</summary>

```python .noeval
def mse(a, b):
    return a - b
```

The sign stays.

</details>

## Questions

```python
y = mse(x, 0)
```

<!-- #region predict="sum" -->

What is printed?

```python
print(x.sum())
```

<details class="answer"><summary>Answer</summary>

```output
tensor(6.)
```

Six ones.

</details>
<!-- #endregion -->

<!-- #region predict="form" ask="shape" of="y" -->

Which shape?

```python
z = y + 1
```

<details class="answer"><summary>Answer</summary>

As `x`.

</details>
<!-- #endregion -->

<!-- #region quiz="why" -->

Why?

1. Because
2. No reason
3. Always

<details class="answer"><summary>Answer</summary>

- [x] yes
- [ ] no
- [ ] never

</details>
<!-- #endregion -->
"""

PROSE = """---
title: Why PyTorch
id: why-pytorch
---

## Reading

```python
print("hello")
```
"""


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def course(tmp_path: Path) -> Course:
    files = {"02-why-pytorch.md": PROSE, "03-one-neuron.md": NEURON}
    entries = []
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        lesson_id = name[3:-3]
        entries.append(LessonEntry(tmp_path / name, FrontMatter(lesson_id, lesson_id.title())))
    return Course(tmp_path, "course", "A course", (Module("a", "A", tuple(entries)),))


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


@pytest.fixture
def study(course: Course, store: Store) -> Study:
    return Study(course, store)


@pytest.fixture
def lesson(study: Study) -> Lesson:
    found = study.lesson("one-neuron")
    assert found.errors == ()
    return found


@pytest.fixture
def item(lesson: Lesson) -> Callable[[str], Any]:
    """Finds an item by its name, or a snippet by the beginning of its source."""

    def find(name: str) -> Item:
        for _, one in lesson.items():
            if getattr(one, "name", "") == name or getattr(getattr(one, "code", None), "source", "").startswith(name):
                return one
        raise LookupError(name)

    return find
