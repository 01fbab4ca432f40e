"""The norms of the gradients over the steps, as a report."""

from __future__ import annotations

from typing import Any, Dict, List

from tutor.kernel.texts import clean
from tutor.kernel.xray.reports import Row, magnitude
from tutor.kernel.xray.steps import Steps, norms

MAX_COLUMNS = 40
MAX_ROWS = 40


def gradient_rows(steps: Steps) -> Dict[str, Any]:
    """A row for each parameter, with the decimal logarithm of its gradient's norm at some of the steps.

    Where there are too many parameters, those of the first and of the last layers are told of.
    """
    frames = [one for one in steps.frames if any(norm is not None for norm in one.norms)]
    if len(frames) > MAX_COLUMNS:
        last = len(frames) - 1
        frames = [frames[round(at * last / (MAX_COLUMNS - 1))] for at in range(MAX_COLUMNS)]
    numbers = list(range(len(steps.parameters)))
    if len(numbers) > MAX_ROWS:
        numbers = numbers[: MAX_ROWS // 2] + numbers[-MAX_ROWS // 2 :]
    tensors: List[Any] = steps.tensors()
    sizes = norms([None if one is None else one.detach() for one in tensors])
    rows: List[Row] = []
    for number in numbers:
        parameter = steps.parameters[number]
        history = [one.norms[number] if number < len(one.norms) else None for one in frames]
        rows.append(
            {
                "name": clean(parameter.name, 60),
                "shape": list(parameter.shape)[:12],
                "norms": [magnitude(norm) for norm in history],
                "weight": magnitude(sizes[number]),
            }
        )
    left = len(steps.parameters) - len(rows)
    more: Dict[str, Any] = {"between": left} if left else {}
    # What stands there at the end of a run is what its last pass has left.
    return {"rows": rows, "steps": [int(min(one.step, steps.passes - 1)) for one in frames], **more}
