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
