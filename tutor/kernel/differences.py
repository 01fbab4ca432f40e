"""Two values that should agree, as two short texts that show where they do not."""

from __future__ import annotations

import sys
from typing import Any, List, Optional, Tuple

from tutor.kernel.texts import clean, text_of

LIMIT = 300
"""Longest text in characters."""

SMALL = 16
"""Tensors with at most so many elements are shown whole."""

_SHORT = 100


def sides(expected: Any, got: Any, close: bool = False) -> Tuple[str, str]:
    """Texts of what was expected and what came.

    Values that are too large to be shown are described, with their first difference; with `close`, which is for
    comparisons with a tolerance, with their largest.
    """
    try:
        if _is_tensor(expected) and _is_tensor(got):
            return _tensors(expected, got, close)
        if isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
            return _sequences(expected, got)
        if isinstance(expected, str) and isinstance(got, str):
            return _strings(expected, got)
    except Exception:  # noqa: BLE001  tensors without storage, containers of the learner's own making
        pass
    one, other = short(expected), short(got)
    if one == other and type(expected) is not type(got):
        return f"{one} ({type(expected).__name__})", f"{other} ({type(got).__name__})"
    return one, other


def short(value: Any) -> str:
    """A value in one short text."""
    try:
        if _is_tensor(value):
            return _whole(value) if value.numel() <= SMALL else f"{_kind(value)}"
        if type(value).__name__ == "Size":
            return repr(tuple(value))
    except Exception:  # noqa: BLE001  tensors without storage
        pass
    return text_of(value, LIMIT)


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _kind(tensor: Any) -> str:
    where = "" if tensor.device.type == "cpu" else f" on {tensor.device}"
    kind = f"{str(tensor.dtype).replace('torch.', '')} tensor of shape {tuple(tensor.shape)}{where}"
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _whole(tensor: Any) -> str:
    return clean(" ".join(repr(tensor.detach()).split()), LIMIT)


def _tensors(expected: Any, got: Any, close: bool) -> Tuple[str, str]:
    alike = (expected.shape, expected.dtype, expected.device) == (got.shape, got.dtype, got.device)
    if expected.numel() <= SMALL and got.numel() <= SMALL:
        one, other = _whole(expected), _whole(got)
        if alike and one != other:
            return one, other
        if not alike:
            return f"{one}, {_kind(expected)}", f"{other}, {_kind(got)}"
    one, other = f"{_kind(expected)}", f"{_kind(got)}"
    if expected.shape != got.shape or not expected.numel():
        return one, other
    index = _largest(expected, got) if close else _first(expected, got)
    if index is None:
        return one, other
    left, right = expected[index].item(), got[index].item()
    rounded = f"{left:.6g}", f"{right:.6g}"
    if rounded[0] == rounded[1]:
        rounded = repr(left), repr(right)
    place = f"at {list(index)}" if index else "in it"
    many = "" if close else f"; {_count(expected, got)}"
    return f"{one} with {rounded[0]} {place}", f"{other} with {rounded[1]} {place}{many}"


def _count(expected: Any, got: Any) -> str:
    """How many of the values are others, in words."""
    count = int((expected.detach().cpu() != got.detach().cpu()).sum())
    return f"{count:,} of {expected.numel():,} values {'differs' if count == 1 else 'differ'}"


def _first(expected: Any, got: Any) -> Optional[Tuple[int, ...]]:
    found = (expected.detach().cpu() != got.detach().cpu()).nonzero()
    return tuple(found[0].tolist()) if len(found) else None


def _largest(expected: Any, got: Any) -> Optional[Tuple[int, ...]]:
    torch = sys.modules["torch"]
    distance = (expected.detach().cpu().double() - got.detach().cpu().double()).abs()
    distance = torch.where(distance.isnan(), torch.inf, distance)
    at = int(distance.argmax())
    index: List[int] = []
    for size in reversed(distance.shape):
        index.insert(0, at % size)
        at //= size
    return tuple(index)


def _sequences(expected: Any, got: Any) -> Tuple[str, str]:
    one, other = short(expected), short(got)
    if max(len(one), len(other)) <= _SHORT:
        return (
            (one, other) if one != other else (f"{one} ({type(expected).__name__})", f"{other} ({type(got).__name__})")
        )
    if len(expected) != len(got):
        return f"{len(expected)} items: {clean(one, _SHORT)}", f"{len(got)} items: {clean(other, _SHORT)}"
    for index, (left, right) in enumerate(zip(expected, got)):
        different = left is not right and left != right
        if different if isinstance(different, bool) else bool(different.any()):
            inner, outer = sides(left, right)
            return f"item {index} is {inner}", f"item {index} is {outer}"
    return one, other


def _strings(expected: str, got: str) -> Tuple[str, str]:
    if max(len(expected), len(got)) <= _SHORT:
        return repr(expected), repr(got)
    at = next((i for i, (one, other) in enumerate(zip(expected, got)) if one != other), min(len(expected), len(got)))
    start = max(0, at - 20)
    window = slice(start, start + _SHORT)
    return f"{expected[window]!r} from character {start} on", f"{got[window]!r} from character {start} on"
