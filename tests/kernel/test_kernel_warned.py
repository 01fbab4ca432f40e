"""Warnings name the learner's line."""

from __future__ import annotations

from kernel_harness import Kernel

CODE = """
import torch
import torch.nn.functional as F
import sys, warnings
sys.stderr = sys.stdout
out, y = torch.zeros(4, 1, requires_grad=True), torch.zeros(4)
loss = F.mse_loss(out, y)
warnings.warn("my own")
"""


def test_a_warning_of_torch_names_the_line_that_caused_it(kernel: Kernel) -> None:
    kernel.run(CODE)
    text = kernel.printed("my own")
    first, second = (line for line in text.split("\n") if "UserWarning" in line)
    assert ".md:7: UserWarning: Using a target size" in first
    assert ".md:8: UserWarning: my own" in second and "hooks.py" not in text


def test_threads_of_the_kernel_s_own_are_no_matter_of_a_fork(kernel: Kernel) -> None:
    kernel.run(
        "import os, sys, warnings\nsys.stderr = sys.stdout\n"
        "if os.fork() == 0: os._exit(0)\nos.wait()\n"
        "for name in ('fork', 'forkpty'):\n"  # as Python 3.12 and later say it themselves
        "    words = f'This process (pid=7) is multi-threaded, use of {name}() may lead to deadlocks in the child.'\n"
        "    warnings.warn(words, DeprecationWarning)\n"
        "warnings.warn('something else', DeprecationWarning)"
    )
    text = kernel.printed("something else")
    assert "multi-threaded" not in text and "DeprecationWarning: something else" in text
