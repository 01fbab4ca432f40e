"""Bars and histories of a few cells."""

from __future__ import annotations

import pytest

from tutor.plot.gauges import bar, history


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("share", [-1.0, 0.0, 1e-9, 0.5, 0.99, 1.0, 7.0])
def test_a_bar_has_its_width_and_shows_the_least(share: float, ascii: bool) -> None:
    drawn = bar(share, 8, ascii=ascii)
    assert len(drawn) == 8 and (drawn.strip() == "") == (share <= 0)
    assert drawn.isascii() or not ascii


def test_bars_grow() -> None:
    assert [bar(share, 4) for share in (0.25, 0.5, 1)] == ["█   ", "██  ", "████"]
    assert bar(0.5, 4, ascii=True) == "##  "


def test_a_history_keeps_peaks_and_gaps() -> None:
    assert history([0.0, 0.5, 1.0], 3) == "▁▅█"
    assert history([None, 0.0, 2.0], 9) == " ▁!"
    assert history([0.0] * 50 + [1.0] + [0.0] * 49, 10).count("█") == 1
    assert history([], 5) == "" and history([0.5], 0) == ""
    assert history([0.0, 1.0], 2, ascii=True).isascii()
