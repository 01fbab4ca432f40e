"""The lesson's own curves: read when they are of its present code, and never a reason to fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tutor.course.items import Snippet
from tutor.course.model import Lesson
from tutor.course.parser import parse_lesson
from tutor.course.reference import ReferenceCurve, curves_path, curves_text, program_hash, read_curves, turned_by

TEXT = """\
---
title: A
id: a
---

## P

```python tags=["parameters"]
lr = 0.1
```

```python
train(lr)
```

```python tags=["skip-execution"]
download()
```

### Elsewhere

```python
other()
```
"""

LOSS = ReferenceCurve("loss", "train", (0.0, 1.0, 2.0), (4.0, 2.0, 1.0))


def lesson(folder: Path, text: str = TEXT) -> Lesson:
    path = folder / "01-a.md"
    path.write_text(text)
    return parse_lesson(path)


def knobs(one: Lesson) -> Snippet:
    item = next(item for _, item in one.items())
    assert isinstance(item, Snippet)
    return item


def test_curves_are_written_and_read(tmp_path: Path) -> None:
    one = lesson(tmp_path)
    assert read_curves(one) == {}
    assert [below.code.source.strip() for below in turned_by(one, knobs(one))] == ["train(lr)"]
    curves_path(one).write_text(curves_text(one, knobs(one), [LOSS]))
    assert read_curves(one) == {knobs(one).key: (LOSS,)}
    other = [item for _, item in one.items()][-1]
    curves_path(one).write_text(curves_text(one, other, [LOSS]))
    assert set(read_curves(one)) == {knobs(one).key, other.key}


def test_a_curve_of_other_code_is_not_shown(tmp_path: Path) -> None:
    one = lesson(tmp_path)
    curves_path(one).write_text(curves_text(one, knobs(one), [LOSS]))
    changed = lesson(tmp_path, TEXT.replace("train(lr)", "train(2 * lr)"))
    assert knobs(changed).key == knobs(one).key and program_hash(changed, knobs(changed)) != program_hash(
        one, knobs(one)
    )
    assert read_curves(changed) == {}


@pytest.mark.parametrize(
    "series",
    [
        None,
        "loss",
        [3],
        [{"name": "loss", "role": "train", "steps": [1], "values": []}],
        [{"name": "loss", "role": "train", "steps": [], "values": []}],
        [{"name": "loss", "role": "train", "steps": [1], "values": ["x"]}],
        [{"name": "loss", "role": "train", "steps": [True], "values": [1]}],
        [{"name": "loss", "role": "train", "steps": [1], "values": [float("nan")]}],
        [{"name": "loss", "role": "train", "steps": [1] * 999, "values": [1] * 999}],
        [{"name": 1, "role": "train", "steps": [1], "values": [1]}],
    ],
)
def test_what_is_no_curve_is_left_out(tmp_path: Path, series: object) -> None:
    one = lesson(tmp_path)
    entry = {"hash": program_hash(one, knobs(one)), "series": series}
    curves_path(one).write_text(json.dumps({"pytutor_curves": 1, "curves": {knobs(one).key: entry, "gone": 1}}))
    assert read_curves(one) == {}


def test_what_is_no_such_file_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    one = lesson(tmp_path)
    for text in ("", "[]", "{", '{"pytutor_curves": 2}', "[" * 100_000, '{"pytutor_curves": 1, "curves": []}'):
        curves_path(one).write_text(text)
        assert read_curves(one) == {}
    curves_path(one).unlink()
    (tmp_path / "elsewhere.json").write_text(curves_text(one, knobs(one), [LOSS]))
    curves_path(one).symlink_to(tmp_path / "elsewhere.json")
    assert read_curves(one) == {}
