"""Two results that should agree: where they differ, and how to say it."""

from __future__ import annotations

from typing import Any, Iterator, List, NamedTuple

import torch

SMALL = 8
"""Tensors with at most so many elements are shown whole."""


class Tolerance(NamedTuple):
    """Two numbers agree when |got - want| <= absolute + relative * |want|."""

    relative: float = 1e-4
    absolute: float = 1e-5


class Difference(NamedTuple):
    """One way in which two results differ.

    `kind` is "type", "length", "shape", "dtype" or "values"; `where` tells which part of the result, "" for the whole;
    `want` and `have` are the two parts, `expected` and `got` say what matters of them.
    """

    kind: str
    expected: str
    got: str
    where: str
    want: Any
    have: Any


def differences(want: Any, got: Any, tolerance: Tolerance, where: str = "") -> Iterator[Difference]:
    """All ways in which `got` differs from `want`, the coarse ones first.

    Compares tensors, numbers, texts, None, and tuples, lists and dicts of these. A tuple may stand for a list.
    """
    if torch.is_tensor(want):
        yield from _tensors(want, got, tolerance, where)
    elif isinstance(want, dict):
        if not isinstance(got, dict):
            yield Difference("type", "a dict", kind_of(got), where, want, got)
        elif list(map(str, sorted(want, key=str))) != list(map(str, sorted(got, key=str))):
            yield Difference("length", f"the keys {sorted(want, key=str)}", f"{sorted(got, key=str)}", where, want, got)
        else:
            for key, part in want.items():
                yield from differences(part, got[key], tolerance, f"{where}[{key!r}]")
    elif isinstance(want, (list, tuple)) and not isinstance(want, torch.Size):
        if not isinstance(got, (list, tuple)):
            yield Difference("type", kind_of(want), kind_of(got), where, want, got)
        elif len(want) != len(got):
            yield Difference("length", f"{len(want)} items", f"{len(got)} items", where, want, got)
        else:
            for index, (left, right) in enumerate(zip(want, got)):
                yield from differences(left, right, tolerance, f"{where}[{index}]")
    elif isinstance(want, (int, float)) and not isinstance(want, bool):
        yield from _numbers(want, got, tolerance, where)
    elif isinstance(want, torch.Size):
        if not isinstance(got, (tuple, list)) or tuple(got) != tuple(want):
            yield Difference("values", show(want), show(got), where, want, got)
    elif type(want) is not type(got):
        yield Difference("type", kind_of(want), kind_of(got), where, want, got)
    elif want != got:
        yield Difference("values", show(want), show(got), where, want, got)


def _tensors(want: Any, got: Any, tolerance: Tolerance, where: str) -> Iterator[Difference]:
    if not torch.is_tensor(got):
        yield Difference("type", kind_of(want), kind_of(got), where, want, got)
        return
    if want.shape != got.shape:
        yield Difference("shape", f"shape {tuple(want.shape)}", f"{tuple(got.shape)}", where, want, got)
        return
    if want.dtype != got.dtype:
        yield Difference("dtype", dtype_name(want), dtype_name(got), where, want, got)
    if not agree(want, got, tolerance):
        expected, have = first_difference(want, got, tolerance)
        yield Difference("values", expected, have, where, want, got)


def _numbers(want: Any, got: Any, tolerance: Tolerance, where: str) -> Iterator[Difference]:
    if torch.is_tensor(got) or isinstance(got, bool) or not isinstance(got, (int, float)):
        yield Difference("type", f"the Python number {show(want)}", kind_of(got), where, want, got)
    elif not agree(torch.tensor(float(want)), torch.tensor(float(got)), tolerance):
        yield Difference("values", show(want), show(got), where, want, got)


def agree(want: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether two tensors of one shape hold the same numbers; NaN agrees with NaN."""
    if want.is_complex() or got.is_complex():
        return bool(torch.allclose(want, got.to(want.dtype), tolerance.relative, tolerance.absolute, equal_nan=True))
    left, right = want.detach().cpu().double(), got.detach().cpu().double()
    return bool(torch.allclose(right, left, tolerance.relative, tolerance.absolute, equal_nan=True))


def first_difference(want: Any, got: Any, tolerance: Tolerance) -> tuple[str, str]:
    """Both sides as texts: whole if small, else at the first place where they disagree."""
    if want.numel() <= SMALL:
        return show(want), show(got)
    near = torch.isclose(got.detach().double(), want.detach().double(), tolerance.relative, tolerance.absolute, True)
    place = (~near).nonzero()[0].tolist()
    return f"{plain(want[tuple(place)].item())} at {place}", f"{plain(got[tuple(place)].item())} there"


def alike(want: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether two results agree in everything but dtype."""
    return all(one.kind == "dtype" for one in differences(want, got, tolerance))


def show(value: Any) -> str:
    """A value in one short text: numbers with five digits, large tensors by their kind."""
    if torch.is_tensor(value):
        return _listed(value.detach().tolist()) if value.numel() <= SMALL else kind_of(value)
    if isinstance(value, torch.Size):
        return str(tuple(value))
    if isinstance(value, (bool, int, float)):
        return plain(value)
    text = " ".join(repr(value).split())
    return text if len(text) <= 120 else text[:119] + "…"


def plain(number: Any) -> str:
    """A number as a person would write it: at most five digits, no trailing zeros."""
    if isinstance(number, float):
        return f"{number:.5g}"
    return str(number)


def kind_of(value: Any) -> str:
    """What sort of thing a value is: "a float32 tensor of shape (2, 3)", "None", "a list"."""
    if value is None:
        return "None"
    if torch.is_tensor(value):
        dtype = dtype_name(value)
        return f"{'an' if dtype[0] in 'aeiou' else 'a'} {dtype} tensor of shape {tuple(value.shape)}"
    if isinstance(value, (bool, int, float)):
        return f"the Python {'truth value' if isinstance(value, bool) else 'number'} {plain(value)}"
    if isinstance(value, str):
        return f"the text {show(value)}"
    name = type(value).__name__
    many = f" of {len(value)}" if isinstance(value, (list, tuple, dict, set)) else ""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}{many}"


def dtype_name(tensor: Any) -> str:
    """The dtype of a tensor without its module: "float32"."""
    return str(tensor.dtype).replace("torch.", "")


def copies(value: Any) -> Any:
    """A copy that shares no memory with the value; for tensors in tuples, lists and dicts."""
    if torch.is_tensor(value):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        parts: List[Any] = [copies(part) for part in value]
        return parts if isinstance(value, list) else tuple(parts)
    if isinstance(value, dict):
        return {key: copies(part) for key, part in value.items()}
    return value


def _listed(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_listed(part) for part in value) + "]"
    return plain(value)
