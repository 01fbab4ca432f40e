"""What learners hand over, as numbers on the CPU; what cannot be drawn is refused in one sentence."""

from __future__ import annotations

import sys
from typing import Any, List, Optional, Tuple

import torch


def tensor_of(values: Any, what: str) -> torch.Tensor:
    """A float64 copy on the CPU, of any shape. Raises `TypeError` for what is not made of numbers."""
    try:
        if not torch.is_tensor(values):
            if isinstance(values, (list, tuple)) and any(torch.is_tensor(one) for one in values):
                values = torch.stack([torch.as_tensor(one).detach().cpu() for one in values])
            exact = None if torch.is_tensor(values) or hasattr(values, "dtype") else torch.float64
            values = torch.as_tensor(values, dtype=exact)
        if values.is_complex():
            raise TypeError
        return values.detach().cpu().to(torch.float64)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"{what} takes numbers: a tensor, an array or a list, not {kind_of(values)}") from None


def row_of(values: Any, what: str) -> torch.Tensor:
    """As `tensor_of`, in shape (N,); (N, 1) is taken as well. Raises `ValueError` for other shapes."""
    found = tensor_of(values, what)
    if found.dim() == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.dim() != 1:
        raise ValueError(f"{what} takes N numbers in a row, shape (N,), not {shape_of(found)}")
    return found


def classes_of(values: Any, what: str) -> torch.Tensor:
    """Numbers of classes, int64 in shape (N,). Raises `ValueError` for negative numbers and fractions."""
    found = row_of(values, what)
    if not bool(torch.isfinite(found).all()) or bool((found < 0).any()) or bool((found != found.round()).any()):
        raise ValueError(f"{what} takes numbers of classes: 0, 1, 2, …")
    if found.numel() and float(found.max()) >= 10_000:
        raise ValueError(f"{what} takes numbers of classes below 10,000, and the largest is {found.max().item():.0f}")
    return found.long()


def names_of(names: Optional[Any], count: int, what: str) -> List[str]:
    """`count` names: those given, else 0, 1, 2, …. Raises `ValueError` where there are too few."""
    if names is None:
        return [str(number) for number in range(count)]
    found = [str(one.item() if torch.is_tensor(one) and one.numel() == 1 else one) for one in names]
    if len(found) < count:
        raise ValueError(f"{what} has {len(found)} names for {count}: give a name for each, or none")
    return found


def span_of(values: torch.Tensor) -> Tuple[float, float]:
    """Least and greatest of finite values, a little apart where they are one."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        apart = abs(low) / 2 or 0.5
        most = sys.float_info.max
        low, high = max(low - apart, -most), min(high + apart, most)
    return low, high


def shares(values: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """Where values lie from `low` to `high`, 0 to 1; halved first, because the span may be no float any more."""
    return ((values / 2 - low / 2) / (high / 2 - low / 2)).clamp(0.0, 1.0)


def short(value: float) -> str:
    """A number in few characters."""
    text = f"{value:.3g}"
    return "0" if text in ("-0", "0") else text.replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")


def kind_of(value: Any) -> str:
    """The name of a value's type."""
    return type(value).__name__


def shape_of(values: torch.Tensor) -> str:
    """A shape as Python writes it."""
    return str(tuple(values.shape))


def left_out(missing: int, count: int, what: str) -> List[str]:
    """A line that says how many were not finite, or none."""
    return [f"{missing:,} of {count:,} {what} are not finite (nan or inf): left out."] if missing else []
