"""A script in a real pseudo-terminal: seen, shot, come back to, and its exit code handed to the shell."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace

CTRL_Q, ENTER = b"\x11", b"\r"
PATIENCE = 60.0

pytestmark = pytest.mark.timeout(240)

SCRIPT = """\
import sys
import time
import torch

weight = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.02)
print("for", sys.argv[1:])
for step in range(120):
    loss = ((weight - 3) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 40 == 0:
        print("at step", step)
    time.sleep(0.02)
print("hello", input("your name? "))
sys.exit(7)
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    (tmp_path / "train.py").write_text(SCRIPT)
    place = Workplace(tmp_path)
    yield place
    place.stop_sessions()


def open_terminal(place: Workplace, *arguments: str) -> Terminal:
    return Terminal((*PYTUTOR, *arguments), {**place.variables, "PYTHONPATH": os.getcwd()}, 120, 30)


def braille(text: str) -> str:
    return "".join(character for character in text if "\u2800" < character <= "\u28ff")


def test_a_script_outlives_its_screen_and_its_exit_code_is_the_commands(place: Workplace) -> None:
    with open_terminal(place, "run", str(place.folder / "train.py"), "--", "--lr", "3") as terminal:
        words = ("for ['--lr', '3']", "at step 40")
        terminal.wait(lambda text: all(one in text for one in words) and len(braille(text)) > 5, PATIENCE)
        os.kill(terminal.process.pid, signal.SIGKILL)

    with open_terminal(place, "attach") as terminal:
        all_of_it = ("at step 0", "at step 40", "at step 80", "your name?", "step 119, loss")
        terminal.wait(lambda text: all(one in text for one in all_of_it) and len(braille(text)) > 5, PATIENCE)
        terminal.send(CTRL_Q)
        assert terminal.wait_for_end(PATIENCE) == 0
        assert "train.py goes on. `pytutor attach" in terminal.text()

    with open_terminal(place, "attach") as terminal:
        terminal.wait(lambda text: "waiting for input" in text, PATIENCE)
        terminal.send(b"Ada" + ENTER)
        terminal.wait(lambda text: "hello Ada" in text and "ended itself, exit code 7" in text, PATIENCE)
        terminal.send(CTRL_Q)
        assert terminal.wait_for_end(PATIENCE) == 7
        assert "train.py ended itself, exit code 7" in terminal.text()

    later = subprocess.run(
        [*PYTUTOR, "attach"], env=place.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert later.returncode == 7, later.stderr
    assert "hello Ada" in later.stdout and "step 119, loss" in later.stdout
    assert "sys.exit(7)" in later.stderr
