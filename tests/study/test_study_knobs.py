"""Turning a knob runs what hangs on it."""

from pathlib import Path

from study_runner import FakeRunner

from tutor.course.model import Course
from tutor.course.parser import parse_lesson
from tutor.learning.state import Status
from tutor.store.database import Store
from tutor.store.drafts import Drafts
from tutor.store.progress import Progress
from tutor.study import Study
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


def test_what_knobs_took_along_has_run(tmp_path: Path, runner: FakeRunner) -> None:
    path = tmp_path / "knobs.md"
    path.write_text(LESSON)
    lesson = parse_lesson(path)
    study = Study(Course(tmp_path, "c", "Course", ()), Store.in_memory())
    knobs = next(item for _, item in lesson.items() if "parameters" in item.code.tags)

    def ran() -> list[str]:
        passed = [item for _, item in lesson.items() if study.state(lesson, item).status is Status.PASSED]
        return [item.code.source.strip() for item in passed]

    study.take(lesson, runner.do(study.run_request(lesson, knobs, "lr = 0", {}), outcome="error"), "s")
    assert ran() == []
    study.take(lesson, runner.do(study.run_request(lesson, knobs, "lr = 0.5", {})), "s")
    assert ran() == [knobs.code.source.strip(), "print(lr)"]
