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


OTHER_CONDITIONS = """---
title: T
id: t
summary: S
minutes: 5
seed: 0
---

## P

```python
import random
```

```python tags=["parameters"]
lr = 0.5  # @param {type:"slider", min:0.0, max:1.0, step:0.1}
kind = "a"  # @param ["a", "b"]
```

```python
y = {"a": 1, "b": 2}[kind] / lr
```

```python
print(random.SystemRandom().random())
```

```output
0.5
```

## Q

```python name="e" tags=["exercise"]
z = 0  # TODO
```

```python tags=["test"]
assert 0 < z < 0.2, "z is small"
```

<details class="hint">
<summary>Hint 1</summary>

H.

</details>

<details class="solution">
<summary>S</summary>

```python .noeval
z = random.Random(1).random() + 0.1 * (random.random() > 0.9)
```

So.

</details>

<details class="mistake">
<summary>M</summary>

```python .noeval
z = 2
```

No.

</details>
"""


def test_knobs_at_their_ends_other_seeds_and_a_second_run(tmp_path: Path) -> None:
    path = tmp_path / "t.md"
    # The solution's z depends on luck in one of ten cases: 20 seeds find it, the lesson's own does not.
    path.write_text(OTHER_CONDITIONS)
    report = lint([path], Execution())
    found = {problem.code: problem for problem in report.problems}
    assert set(found) == {"E146", "E149", "W240"}
    assert [one.line for one in report.problems if one.code == "E146"] == [16]
    assert "with lr = 0.0 a cell fails: ZeroDivisionError" in found["E146"].message
    told = [one.message for one in report.problems if one.code == "E149"]
    assert any("the solution fails with seed" in one for one in told)
    assert any("a second run prints something else" in one for one in told)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('open("/var/outside.txt", "w")', "writes to '/var/outside.txt'"),
        ('import socket\nsocket.create_connection(("example.org", 80))', "looks for 'example.org' in the network"),
        ('import socket\nsocket.socket().connect(("192.0.2.1", 80))', "connects to '192.0.2.1'"),
    ],
)
def test_a_lesson_stays_inside(tmp_path: Path, code: str, words: str) -> None:
    path = tmp_path / "t.md"
    inside = 'open("inside.txt", "w").close()\nprint(sorted(n for n in globals() if not n.startswith("_")))'
    first = f"```python\n{inside}\n```\n\n```output\n['device']\n```\n\n"
    text = f"{GOOD.partition('```python')[0]}{first}```python\n{code}\n```\n"
    path.write_text(text.replace("{id}", "t"))
    (problem,) = lint([path], Execution()).problems
    assert problem.code == "E148" and words in problem.message
