"""run, try and --plain as a shell sees them, with the real kernel."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(180)

LESSON = """\
---
title: One
id: one
summary: For a test.
minutes: 1
seed: 0
---

# One

## A page

```python
base = 20
print("above")
```

```python name="add" tags=["exercise"]
def add(a, b):
    return a  # TODO
```

```python tags=["test"]
assert add(base, 1) == 21, "the sum of both"
```

<details class="hint">
<summary>Hint 1</summary>

Plus.

</details>

<details class="solution">
<summary>Solution</summary>

```python .noeval
def add(a, b):
    return a + b
```

Plus adds.

</details>

<details class="mistake">
<summary>Minus</summary>

```python .noeval
def add(a, b):
    return a - b
```

That is the difference.

</details>

<!-- #region predict="sum" -->
What does it print?

```python
print(add(1, 2))
```

<details class="answer">
<summary>Answer</summary>

```output
3
```

One and two.

</details>
<!-- #endregion -->

<!-- #region quiz="which" -->
Which is more?

1. one
2. two

<details class="answer">
<summary>Answer</summary>

- [ ] One is less.
- [x] Two is more.

</details>
<!-- #endregion -->

## Another page

```python
print(add(base, 2))
```
"""

TRAINING = """\
import sys
import torch
torch.manual_seed(0)
w = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for step in range(20):
    loss = (w - 3).pow(2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print("w", round(w.item(), 1), sys.argv[1:])
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    (folder / "course").mkdir()
    (folder / "course" / "one.md").write_text(LESSON)
    (folder / "course" / "course.toml").write_text(
        'format_version = 1\nid = "c"\ntitle = "C"\n[[modules]]\nid = "m"\ntitle = "M"\nlessons = ["one.md"]\n'
    )
    return folder


@pytest.fixture(scope="module")
def environment(place: Path) -> Iterator[dict[str, str]]:
    variables = {f"PYTUTOR_{name}": str(place / name.lower()) for name in ("DATA", "CONFIG")}
    whole = {**os.environ, **variables, "PYTUTOR_SESSIONS": str(place / "s"), "PYTHONPATH": os.getcwd()}
    yield whole
    subprocess.run([sys.executable, "-m", "tutor", "stop", "--all"], env=whole, check=True, capture_output=True)


@pytest.fixture(scope="module")
def pytutor(place: Path, environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    def call(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tutor", *words]
        return subprocess.run(
            command, env=environment, input=typed, capture_output=True, text=True, timeout=120, cwd=place
        )

    return call


@pytest.fixture(scope="module")
def trusted(place: Path, environment: dict[str, str]) -> None:
    """The course has been trusted, as somebody at a terminal would."""
    code = (
        "from pathlib import Path\nfrom tutor import paths\nfrom tutor.course.fingerprint import fingerprint\n"
        "from tutor.store import trust\nfrom tutor.store.database import Store\n"
        f"trust.trust(Store.open(paths.data_dir()), fingerprint(Path({str(place / 'course')!r})))"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_run_tells_everything_in_one_document(place: Path, pytutor) -> None:
    (place / "train.py").write_text(TRAINING)
    done = pytutor("run", "train.py", "--json", "--", "-a", "b")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["outcome"] == "ok" and document["device"] == "cpu" and document["seconds"] > 0
    assert document["stdout"] == "w 3.0 ['-a', 'b']\n"
    (series,) = document["series"]
    assert (series["name"], series["role"], series["count"]) == ("loss", "train", 20)
    assert series["first"] == series["max"] == 9.0
    assert series["last"] == series["min"] < 0.01


def test_run_draws_the_curve_for_people(place: Path, pytutor) -> None:
    (place / "train.py").write_text(TRAINING)
    done = pytutor("run", "train.py")
    assert "w 3.0" in done.stdout and "loss" in done.stdout and "falling" in done.stdout
    assert any("\u2800" < character <= "\u28ff" for character in done.stdout)


def test_run_passes_the_exit_code_on_and_tells_errors(place: Path, pytutor) -> None:
    (place / "leave.py").write_text("import sys\nsys.exit(7)\n")
    assert pytutor("run", "leave.py").returncode == 7
    (place / "wrong.py").write_text("x = 1\nraise ValueError('[/bold] \\x1b[2J')\n")
    done = pytutor("run", "wrong.py")
    assert done.returncode == 1
    assert "ValueError: [/bold]" in done.stderr and "line 2" in done.stderr and "\x1b" not in done.stderr
    document = json.loads(pytutor("run", "wrong.py", "--json").stdout)
    assert (document["outcome"], document["error"]["type"], document["error"]["line"]) == ("error", "ValueError", 2)


def test_run_tells_of_nan_and_of_a_death(place: Path, pytutor) -> None:
    (place / "nan.py").write_text("from tutor.kit import log\nlog(loss=1.0)\nlog(loss=float('nan'))\n")
    (series,) = json.loads(pytutor("run", "nan.py", "--json").stdout)["series"]
    assert (series["last"], series["first_bad_step"]) == ("nan", 1)
    (place / "die.py").write_text("import os\nprint('last words', flush=True)\nos._exit(3)\n")
    done = pytutor("run", "die.py", "--json")
    document = json.loads(done.stdout)
    assert document["outcome"] == "died" and document["stdout"] == "last words\n" and done.returncode == 3


def test_run_passes_on_the_signal_that_ended_a_script(place: Path, pytutor) -> None:
    (place / "crash.py").write_text("import os\nprint('last words')\nos.kill(os.getpid(), 11)\n")
    done = pytutor("run", "crash.py")
    assert done.returncode == 128 + 11 and done.stdout == "last words\n"
    words = "The script crashed in native code (segmentation fault). Everything it printed and logged is kept."
    assert f"pytutor: {words}" in done.stderr.splitlines()
    (place / "killed.py").write_text("import os\nos.kill(os.getpid(), 9)\n")
    done = pytutor("run", "killed.py", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["outcome"], document["exit_code"], document["signal"]) == (137, "died", None, 9)


def test_run_stops_at_a_time_limit(place: Path, pytutor) -> None:
    (place / "loop.py").write_text("print('begun', flush=True)\nwhile True: pass\n")
    document = json.loads(pytutor("run", "loop.py", "--json", "--timeout", "1").stdout)
    assert (document["outcome"], document["stdout"]) == ("timeout", "begun\n")


def test_run_is_interrupted_by_ctrl_c(place: Path, environment: dict[str, str]) -> None:
    (place / "loop.py").write_text("print('begun', flush=True)\nwhile True: pass\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "run", "loop.py"],
        env=environment,
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and "KeyboardInterrupt" in said


def test_run_says_what_device_it_does_without(place: Path, pytutor) -> None:
    (place / "where.py").write_text("print(device)\n")
    done = pytutor("run", "where.py", "--device", "cuda:99")
    assert (done.returncode, done.stdout) == (0, "cpu\n")
    assert "cuda:99" in done.stderr and len(done.stderr.splitlines()) == 1


def test_run_reads_what_input_asks_for(place: Path, pytutor) -> None:
    (place / "ask.py").write_text("print('hello', input('name? '))\n")
    assert "hello Ada" in pytutor("run", "ask.py", typed="Ada\n").stdout


def test_run_takes_all_cells_of_a_lesson(place: Path, pytutor) -> None:
    document = json.loads(pytutor("run", "course/one.md", "--json").stdout)
    assert (document["outcome"], document["stdout"]) == ("ok", "above\n22\n")
    assert [cell["outcome"] for cell in document["cells"]] == ["ok", "ok", "ok"]


def test_try_says_what_is_wrong_and_then_that_it_is_right(place: Path, pytutor, trusted: None) -> None:
    (place / "answer.py").write_text("def add(a, b):\n    return a - b\n")
    done = pytutor("try", "one/add", "answer.py", "--course", "course")
    assert done.returncode == 1
    assert "That is the difference." in done.stdout and "expected  21" in done.stdout and "got       19" in done.stdout
    assert "above" not in done.stdout
    (place / "answer.py").write_text("def add(a, b):\n    return sum((a, b))\n")
    done = pytutor("try", "one/add", "answer.py", "--course", "course", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["passed"]
    assert "1 tries" not in pytutor("progress", "one", "--course", "course").stdout


@pytest.mark.parametrize(
    "code", ["import sys; sys.exit(0)", "import os; os._exit(0)", "def add(a, b:", "raise SystemExit"]
)
def test_try_never_passes_what_did_not_run(place: Path, pytutor, trusted: None, code: str) -> None:
    (place / "answer.py").write_text(code + "\n")
    assert pytutor("try", "one/add", "answer.py", "--course", "course").returncode == 1


def test_a_walk_in_plain_lines(place: Path, pytutor, trusted: None) -> None:
    typed = """\
run 1
write 2
def add(a, b):
    return a - b
.
check 2
hint
write 2
def add(a, b):
    return a + b
.
check 2
run 3
answer 3 3
answer 4 1
answer 4 2
next
run
nonsense
page 9
runs
quit
"""
    done = pytutor("--plain", "--course", "course", typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout
    for words in (
        "page 1 of 2",
        "That is the difference.",
        "Hint 1 of 1",
        "The check passed.",
        "Predict first",
        "Right: 3",
        "One and two.",
        "Two is more.",
        "page 2 of 2",
        "22\n",
        "No command is called 'nonsense'",
        "pages 1 to 2",
        "No runs are kept here yet",
    ):
        assert words in told, (words, told)
    again = pytutor("--plain", "--course", "course", typed="quit\n")
    assert "page 2 of 2" in again.stdout


def test_a_killed_command_leaves_no_session(place: Path, environment: dict[str, str], pytutor) -> None:
    (place / "loop.py").write_text("print('begun', flush=True)\nwhile True: pass\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "run", "loop.py"], env=environment, cwd=place, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    process.kill()
    process.wait()
    latest = time.monotonic() + 60
    while "loop.py" in pytutor("sessions").stdout:
        assert time.monotonic() < latest
