"""The linter with a real session: what its rules rest on holds for the real kernel too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.authoring.execution import Execution
from tutor.authoring.lint import lint

GOOD = """---
title: T
id: {id}
summary: S
minutes: 5
seed: 0
timeout: 60
---

# T

## P

```python
import torch

x = torch.ones(2, 3)
print(x.sum().item())
x.shape
```

```output
6.0
torch.Size([2, 3])
```

<!-- #region predict="p" -->
Q?

```python
x = x * 2
print(x[0])
```

<details class="answer">
<summary>A</summary>

```output
tensor([2., 2., 2.])
```

So.

</details>
<!-- #endregion -->

<!-- #region predict="s" ask="shape" of="y" -->
Q?

```python
y = x.T
```

<details class="answer">
<summary>A</summary>

So.

</details>
<!-- #endregion -->

```python name="total" tags=["exercise"]
def total(t):  # TODO
    return t
```

```python tags=["test"]
want = x.sum()
assert torch.equal(torch.as_tensor(total(x)), want), "add all of it up"
```

<details class="hint">
<summary>H</summary>

Think.

</details>

<details class="solution">
<summary>S</summary>

```python .noeval
def total(t):
    return t.sum()
```

So.

</details>

<details class="mistake">
<summary>M</summary>

```python .noeval
def total(t):
    return t.mean()
```

So.

</details>

```python
print(total(x))
```

```output
tensor(6.)
```

```python tags=["raises-exception"]
x @ x
```
"""


def test_a_good_lesson_passes_and_each_fault_is_told_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(tmp_path / "sessions"))
    good, bad = tmp_path / "a-good.md", tmp_path / "b-bad.md"
    good.write_text(GOOD.replace("{id}", "good"))
    text = GOOD.replace("{id}", "bad")
    for old, new in (
        ("6.0\n", "7.0\n"),
        ("[2., 2., 2.]", "[1., 1., 1.]"),
        ('of="y"', 'of="z"'),
        ("return t  \n", "return t\n"),
        ("t.mean()", "t.view(-1).sum()"),
        ("x @ x", "x @ x.T"),
    ):
        text = text.replace(old, new)
    bad.write_text(text)
    found = [(p.path, p.code, p.line) for p in lint([good, bad], Execution(device="cpu")).problems]
    lines = text.split("\n")

    def line(start: str, after: int = 0) -> int:
        return next(number for number, one in enumerate(lines, 1) if one.startswith(start) and number > after)

    assert found == [
        (bad, "W240", line("7.0")),
        (bad, "E141", line("tensor([1.")),
        (bad, "E141", line('<!-- #region predict="s"')),
        (bad, "E150", line('<details class="mistake"')),
        (bad, "E144", line('```python tags=["raises')),
    ]
    assert not list((tmp_path / "sessions").iterdir())
