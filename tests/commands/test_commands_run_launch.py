"""`pytutor run LESSON.md` launches the cells of several processes, and no others."""

from pathlib import Path

from tutor.commands.run_plan import lesson_steps

LESSON = """\
---
title: Two
id: two
summary: For a test.
minutes: 1
---

# Two

## Both

```python
x = 1
```

```python launch="torchrun --nproc-per-node 2"
print(2)
```
"""


def test_each_cell_is_launched_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "two.md").write_text(LESSON)
    steps = lesson_steps(tmp_path / "two.md", None)
    assert [step.request.launch for step in steps] == ["", "torchrun --nproc-per-node 2"]
