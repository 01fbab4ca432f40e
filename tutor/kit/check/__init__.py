"""Checkers for exercises: `from tutor.kit import check`, then `report = check.same(…)` in a test cell.

| what is checked | checker | findings |
| --- | --- | --- |
| a function, against a reference | `same` | ran, shape, dtype, values, unchanged, allowed, vectorised |
| a training loop | `loop` | ran, data, steps, gradients, train_mode, eval_mode, no_grad, means, graphs |
| an `nn.Module` class | `module` | built, ran, shape, parameters, gradients, steady, modes, saved, moves, like |

A checker never raises for what the learner's code does. It gives a `Report`, whose findings make one assert each:

    assert report.shape.ok, report.shape.why

All are deterministic, leave the global random state as it was, and take milliseconds where nothing is trained.
"""

from tutor.kit.check.blocks import module
from tutor.kit.check.functions import same
from tutor.kit.check.inputs import bools, floats, indices, one_of
from tutor.kit.check.loops import loop
from tutor.kit.check.report import Finding, Report

__all__ = [
    "Finding",
    "Report",
    "bools",
    "floats",
    "indices",
    "loop",
    "module",
    "one_of",
    "same",
]
