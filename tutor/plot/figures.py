"""Numbers as short as a legend needs them."""

from __future__ import annotations

from math import isfinite, isnan


def short(value: float, ascii: bool = False) -> str:
    """A value in at most 9 narrow characters: "0.4123", "12.35", "1.23e-7", "NaN", "∞" or "inf"."""
    if isnan(value):
        return "NaN"
    if not isfinite(value):
        return ("" if value > 0 else "-") + ("inf" if ascii else "∞")
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e6:
        decimals = 4 if abs(value) < 10 else 3 if abs(value) < 100 else 1 if abs(value) < 1e4 else 0
        text = f"{value:.{decimals}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
