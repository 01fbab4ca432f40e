"""Amounts of memory as people write them: "4 GB", "512 MB"."""

from __future__ import annotations

import math

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def amount(text: str) -> int:
    """The bytes of such an amount. Raises `ValueError` for what is none, and for less than a byte."""
    words = text.strip().upper()
    unit = next((one for one in _UNITS if words.endswith(one)), "")
    if not unit:
        raise ValueError(f"{text!r} has no unit")
    bytes_ = float(words.removesuffix(unit)) * _UNITS[unit]
    if not 1 <= bytes_ < math.inf:
        raise ValueError(f"{text!r} is no amount")
    return int(bytes_)
