"""Rules about what code calls: randomness without a seed, CUDA without a guard."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.authoring.blocks import codes_of
from tutor.course.cells import syntax_error
from tutor.course.findings import Findings
from tutor.course.items import Code, Exercise, Predict, Snippet
from tutor.course.model import Lesson

_SEEDS = frozenset({"manual_seed", "seed", "default_rng", "Generator", "Random", "fork_rng", "set_rng_state"})
_RANDOM_ROOTS = frozenset({"torch", "random", "np", "numpy", "nn", "init", "F"})
_RANDOM = frozenset({
    "rand", "randn", "randint", "randperm", "rand_like", "randn_like", "randint_like", "bernoulli", "multinomial",
    "normal", "random", "gauss", "choice", "choices", "shuffle", "sample", "uniform", "dropout", "Linear", "Bilinear",
    "Conv1d", "Conv2d", "Conv3d", "Embedding", "RNN", "LSTM", "GRU", "MultiheadAttention", "Transformer", "Dropout",
    "TransformerEncoderLayer", "TransformerDecoderLayer", "uniform_", "normal_", "kaiming_normal_", "xavier_uniform_",
})  # fmt: skip


def check_code(lesson: Lesson, findings: Findings) -> None:
    """Tell of calls that make a lesson irreproducible, or fail on a machine without a GPU."""
    seeded = lesson.front.seed is not None
    random_line = 0
    for _, item in lesson.items():
        if not isinstance(item, Snippet | Predict | Exercise):
            continue
        for code in codes_of(item):
            _check_cuda(code, findings)
        code = item.solution.code if isinstance(item, Exercise) else item.code
        names = list(_calls(code))
        seeded = seeded or any(name.rpartition(".")[2] in _SEEDS for name, _ in names)
        if not seeded and not random_line:
            random_line = next((line for name, line in names if _is_random(name)), 0)
        compared = (isinstance(item, Snippet) and item.output is not None) or (
            isinstance(item, Predict) and item.expected is not None
        )
        if random_line and compared and not seeded:
            message = "random numbers without a seed, and an output below that is compared: set a seed"
            findings.add("W214", message, random_line)
            return


def _calls(code: Code) -> Iterator[tuple[str, int]]:
    """Dotted names that are called, with the line in the file."""
    if syntax_error(code.source) is not None:
        return
    for node in ast.walk(ast.parse(code.source)):
        if isinstance(node, ast.Call):
            yield _dotted(node.func), code.line + node.lineno - 1


def _dotted(node: ast.expr) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    names.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(names))


def _is_random(name: str) -> bool:
    return name.partition(".")[0] in _RANDOM_ROOTS and name.rpartition(".")[2] in _RANDOM


def _check_cuda(code: Code, findings: Findings) -> None:
    if "is_available" in code.source or syntax_error(code.source) is not None:
        return
    for node in ast.walk(ast.parse(code.source)):
        if isinstance(node, ast.Call) and _needs_cuda(node):
            message = "this needs a GPU: use the name `device`, or ask torch.cuda.is_available() first"
            findings.add("W244", message, code.line + node.lineno - 1, node.col_offset + 1)


def _needs_cuda(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "cuda":
        return True
    values = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "device")]
    named = isinstance(call.func, ast.Attribute) and call.func.attr in ("to", "device")
    given = values if named else values[len(call.args) :]
    return any(isinstance(one, ast.Constant) and str(one.value).startswith("cuda") for one in given)
