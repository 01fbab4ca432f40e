"""Turning a knob runs what hangs on it."""

from pathlib import Path

from tutor.course.parser import parse_lesson
from tutor.store.database import Store
from tutor.store.drafts import Drafts
from tutor.store.progress import Progress
from tutor.study.requests import Requests
from tutor.study.work import Work

LESSON = """\
---
title: Knobs
id: knobs
---

# Knobs

## A page

```python
import torch
```

```python tags=["parameters"]
lr = 0.1  # @param {type:"number"}
```

```python
print(lr)
```

```python tags=["skip-execution"]
download()
```

### Elsewhere

```python
print("not this one")
```
"""


def test_knobs_take_the_snippets_below_along(tmp_path: Path) -> None:
    path = tmp_path / "knobs.md"
    path.write_text(LESSON)
    lesson = parse_lesson(path)
    assert not lesson.errors
    store = Store.in_memory()
    requests = Requests(Work(Progress(store, "c"), Drafts(store, "c")), threads=1)
    knobs = next(item for _, item in lesson.items() if "parameters" in item.code.tags)
    request = requests.run(lesson, knobs, "lr = 0.5", executed={})
    assert [cell.source.strip() for cell in request.cells] == ["import torch", "lr = 0.5", "print(lr)"]
    assert request.quiet_cells == 1
    assert request.tag == knobs.key
