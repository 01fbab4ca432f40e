"""Which of the learner's objects were changed in place: for checks that cannot run in a fork, beside a GPU in use.

Tensors count the writes to them; comparing the counts costs no copy and does not wait for a device.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from tutor.kernel.texts import clean

MOST_NAMES = 5

_Marks = Tuple[Any, ...]


class Touched:
    """Takes marks of the tensors and modules in a namespace now, to be compared later."""

    def __init__(self, torch: Any, names: Dict[str, Any]) -> None:
        self._torch = torch
        self._kept = {
            name: (value, _marks(torch, value))
            for name, value in names.items()
            if isinstance(value, (torch.Tensor, torch.nn.Module)) and not name.startswith("_")
        }
        self._modes = {
            id(part): (part, part.training)
            for value, _ in self._kept.values()
            if isinstance(value, torch.nn.Module)
            for part in value.modules()
        }

    def names(self) -> List[str]:
        """The names of those that were written to since."""
        return [name for name, (value, marks) in self._kept.items() if _marks(self._torch, value) != marks]

    def restore_modes(self) -> None:
        """Put modules back into training or evaluation, as they were."""
        for part, training in self._modes.values():
            part.training = training


def words_for(names: List[str]) -> str:
    """One sentence on what a check has changed; "" for nothing."""
    if not names:
        return ""
    shown = ", ".join(clean(name, 40) for name in names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return (
        f"The check has changed {shown}{more} in place: beside a GPU in use it works on your own objects. "
        "Run the cells that make them again to have them as they were."
    )


def _marks(torch: Any, value: Any) -> _Marks:
    if isinstance(value, torch.Tensor):
        return (_version(value),)
    tensors = [*value.parameters(), *value.buffers()]
    return tuple((id(one), _version(one)) for one in tensors)


def _version(tensor: Any) -> int:
    try:
        return int(tensor._version)
    except RuntimeError:  # tensors of `torch.inference_mode` do not count
        return -1
