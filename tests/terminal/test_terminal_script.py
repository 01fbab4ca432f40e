"""A script in a real pseudo-terminal: seen, shot, come back to, and its exit code handed to the shell."""

from __future__ import annotations

import os
import signal

import pytest
from terminal_trial import ENTER, Trial, braille

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


def test_a_script_outlives_its_screen_and_its_exit_code_is_the_commands(trial: Trial) -> None:
    script = trial.folder / "train.py"
    script.write_text(SCRIPT)
    with trial.window("run", str(script), "--", "--lr", "3", size=(120, 30)) as window:
        words = ("for ['--lr', '3']", "at step 40")
        window.until(lambda text: all(one in text for one in words) and len(braille(text)) > 5)
        os.kill(window.process.pid, signal.SIGKILL)

    with trial.window("attach", size=(120, 30)) as window:
        all_of_it = ("at step 0", "at step 40", "at step 80", "your name?", "step 119, loss")
        window.until(lambda text: all(one in text for one in all_of_it) and len(braille(text)) > 5)
        assert window.quit() == 0
        assert "train.py goes on. `pytutor attach" in window.text()

    with trial.window("attach", size=(120, 30)) as window:
        window.shows("waiting for input")
        window.send(b"Ada" + ENTER)
        window.shows("hello Ada", "ended itself, exit code 7")
        assert window.quit() == 7
        assert "train.py ended itself, exit code 7" in window.text()

    later = trial.call("attach")
    assert later.returncode == 7, later.stderr
    assert "hello Ada" in later.stdout and "step 119, loss" in later.stdout
    assert "sys.exit(7)" in later.stderr
