"""Checkers for exercises: `from tutor.kit import check`, then `report = check.same(…)` in a test cell.

| what is checked | checker | findings |
| --- | --- | --- |
| SAME: a function, against a reference | `same` | ran, shape, dtype, values, unchanged, allowed, vectorised |
| LOOP: a training loop | `loop` | ran, data, steps, gradients, loss, train_mode, eval_mode, no_grad, means, graphs |
| MODULE: a module | `module` | built, ran, shape, unchanged, parameters, gradients, steady, modes, saved, moves, like |
| METRIC: a number over seeds | `metric` | ran, number, reached, honest |
| GRAD: gradients | `grad` | ran, value, gradient, numeric |
| BUGFIX: a repaired program | `bugfix` | ran, gone, kept, right |
| ORDER: lines put in order | `order` | complete, ran, result |
| NUMBER, CHOICE, SHAPE: one answer | `number`, `choice`, `shape` | give one finding |

Beside them, `uses` tells whether code calls autograd, and which ready-made parts it makes use of.

A checker never raises for what the learner's code does. It gives a `Report`, whose findings make one assert each:

    assert report.shape.ok, report.shape.why

`why` is a sentence with what was expected and what came. All checkers are deterministic, leave the global random state
as it was, and take milliseconds where nothing is trained. Import `check` and not its functions: a test cell runs among
the learner's own names, and `shape` or `number` may be one of them.
"""

from tutor.kit.check.answers import choice, number, shape
from tutor.kit.check.arrangements import order
from tutor.kit.check.blocks import module
from tutor.kit.check.functions import same
from tutor.kit.check.inputs import bools, floats, indices, one_of
from tutor.kit.check.loops import loop
from tutor.kit.check.metrics import metric
from tutor.kit.check.repairs import bugfix
from tutor.kit.check.report import Finding, Report
from tutor.kit.check.slopes import grad
from tutor.kit.check.uses import uses

__all__ = [
    "Finding",
    "Report",
    "bools",
    "bugfix",
    "choice",
    "floats",
    "grad",
    "indices",
    "loop",
    "metric",
    "module",
    "number",
    "one_of",
    "order",
    "same",
    "shape",
    "uses",
]
