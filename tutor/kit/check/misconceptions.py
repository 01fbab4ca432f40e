"""What a wrong result suggests about the code that made it: one sentence each, "" where nothing fits."""

from __future__ import annotations

from typing import Any

import torch

from tutor.kit.check.values import Difference, Tolerance, agree, plain

_CLOSE = Tolerance(1e-3, 1e-6)


def guess(difference: Difference) -> str:
    """The likeliest reason for a difference."""
    want, got = difference.want, difference.have
    if difference.kind == "type":
        return _about_type(want, got)
    if difference.kind == "shape":
        return _about_shape(want, got)
    if difference.kind == "dtype":
        return _about_dtype(want, got)
    if difference.kind == "values" and torch.is_tensor(want) and torch.is_tensor(got):
        return _about_values(want, got)
    if difference.kind == "values" and isinstance(want, (int, float)) and isinstance(got, (int, float)):
        return _about_values(torch.tensor(float(want)), torch.tensor(float(got)))
    return ""


def _about_type(want: Any, got: Any) -> str:
    if got is None:
        return "Is there a return on every way through your function?"
    if torch.is_tensor(got) and got.numel() == 1:
        return "A tensor with one element is not a Python number yet: .item() takes the number out."
    if torch.is_tensor(want) and isinstance(got, (int, float)):
        return "Return the tensor itself, not a number taken out of it."
    return ""


def _about_shape(want: Any, got: Any) -> str:
    wanted, shape = tuple(want.shape), tuple(got.shape)
    if len(shape) >= 2 and shape == wanted[::-1]:
        return "Rows and columns are swapped."
    ones_aside = tuple(size for size in shape if size != 1) == tuple(size for size in wanted if size != 1)
    if ones_aside and len(shape) > len(wanted):
        return "A dimension of size 1 was kept: squeeze it by its number, or leave out keepdim."
    if ones_aside and len(shape) < len(wanted):
        return "A dimension of size 1 is missing: keepdim=True keeps it, and squeeze() without a number removes all."
    if shape == () and wanted:
        return "Everything was reduced to one number: which dim should be reduced?"
    if len(wanted) == 1 and shape == wanted * 2:
        return "Two shapes were stretched against each other: each element met every other one."
    if len(shape) == len(wanted) and got.numel() == want.numel():
        return "The number of elements is right, their arrangement is not."
    if len(shape) == len(wanted) - 1:
        return "A dimension too many was reduced."
    return ""


def _about_dtype(want: Any, got: Any) -> str:
    if want.is_floating_point() and not got.is_floating_point():
        return "Whole numbers cannot hold fractions."
    if got.dtype == torch.float64:
        return "Python's own numbers or NumPy arrays are float64: keep the dtype of the input."
    if want.dtype == torch.bool:
        return "A comparison gives truth values as they are."
    return ""


def _about_values(want: Any, got: Any) -> str:
    if want.is_complex() or got.is_complex():
        return ""
    want, got = want.detach().double(), got.detach().double()
    if bool(got.isnan().any()) and not bool(want.isnan().any()):
        return "nan comes from 0/0, from inf - inf, or from the log or root of a negative number."
    if bool(got.isinf().any()) and not bool(want.isinf().any()):
        return "inf comes from a division by zero or from exp of a large number."
    if want.ndim >= 2 and want.shape[-1] == want.shape[-2] and want.shape[-1] > 1 and agree(want.mT, got, _CLOSE):
        return "Rows and columns are swapped."
    if not bool(want.any()) or not bool(got.any()):
        return "Everything is zero." if bool(want.any()) else ""
    if agree(want, -got, _CLOSE):
        return "The sign is the wrong way round."
    if want.numel() < 2:
        return ""
    at = want.abs().argmax()
    factor = (got.flatten()[at] / want.flatten()[at]).item()
    if factor and agree(want * factor, got, _CLOSE):
        return f"Every number is {plain(factor)} times what it should be."
    offset = (got - want).flatten()
    if agree(offset[0].expand_as(offset), offset, _CLOSE):
        return f"Every number is off by {plain(offset[0].item())}."
    if agree(want.flatten().sort().values, got.flatten().sort().values, _CLOSE):
        return "The numbers are right, their places are not."
    return ""
