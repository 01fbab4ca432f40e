"""Which PyTorch functions a piece of code calls, and how often."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Dict, Optional, Tuple
from typing import Counter as Count

from torch.overrides import TorchFunctionMode

_EMPTIERS = ("tolist", "unbind", "__iter__")
"""Take a tensor to pieces: as many operations as there are pieces."""

_SKIPPED = ("__get__", "dim", "size", "numel", "__len__", "is_floating_point", "is_contiguous", "stride")
"""Only look at a tensor."""


class Operations(TorchFunctionMode):  # type: ignore[misc]
    """Counts the PyTorch functions and methods called inside of it: `with Operations() as seen: …`."""

    def __init__(self) -> None:
        super().__init__()
        self.names: Count[str] = Counter()

    def __torch_function__(
        self, function: Any, kinds: Any, args: Tuple[Any, ...] = (), kwargs: Optional[Dict[str, Any]] = None
    ) -> Any:
        """Note the call and go on with it."""
        name = getattr(function, "__name__", "")
        if name not in _SKIPPED:
            self.names[name] += _pieces(name, args)
        return function(*args, **(kwargs or {}))

    @property
    def total(self) -> int:
        """Number of calls."""
        return sum(self.names.values())


def _pieces(name: str, args: Tuple[Any, ...]) -> int:
    if name not in _EMPTIERS or not args or not hasattr(args[0], "numel"):
        return 1
    shape = tuple(args[0].shape)
    return max(1, int(math.prod(shape if name == "tolist" else shape[:1])))
