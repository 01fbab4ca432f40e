"""Pictures of the screens. `pytest --snapshot-update` takes them anew: look at each before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ui_still import Still, fails, goes_on, prints, stop_the_clock, trains

Compare = Callable[..., bool]

WIDE, NARROW = (120, 36), (80, 24)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Still]:
    def make(script: Any = prints, page: int = 1, theme: str = "dark") -> Still:
        return Still(tmp_path, script=script, theme=theme, options={"lesson_id": "still", "page": page})

    return make


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_home(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    still = Still(tmp_path, script=prints)
    assert snap_compare(still.app, terminal_size=size, run_before=still.after())


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_page(snap_compare: Compare, picture: Callable[..., Still], size: tuple[int, int]) -> None:
    still = picture()
    assert snap_compare(still.app, terminal_size=size, run_before=still.after())


def test_editor_narrow(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture()
    assert snap_compare(still.app, terminal_size=NARROW, run_before=still.after("2"))


def test_output_narrow(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture()
    assert snap_compare(still.app, terminal_size=NARROW, run_before=still.after("ctrl+r", until=still.ran))


def test_failure_wide(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture(fails)
    assert snap_compare(still.app, terminal_size=WIDE, run_before=still.after("ctrl+r", until=still.ran))


def test_plot_narrow(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture(trains)
    assert snap_compare(still.app, terminal_size=NARROW, run_before=still.after("ctrl+r", until=still.ran))


def test_training_wide(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture(goes_on)
    running = still.after("ctrl+r", until=lambda: still.app.reader.boards)
    assert snap_compare(still.app, terminal_size=WIDE, run_before=running)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_checks_failed(snap_compare: Compare, picture: Callable[..., Still], size: tuple[int, int]) -> None:
    still = picture(page=2)
    assert snap_compare(still.app, terminal_size=size, run_before=still.after("ctrl+g", "ctrl+t", until=still.ran))


def test_checks_passed_wide(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture(page=2)

    def passed() -> bool:
        return still.ran() and len(still.transcript.runs) == 2  # the check, then the namespace goes on with it

    right = ("2", "down", "end", *["backspace"] * 9, *" 2 * x", "escape", "ctrl+t")
    assert snap_compare(still.app, terminal_size=WIDE, run_before=still.after(*right, until=passed))


def test_questions_narrow(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture(page=3)
    assert snap_compare(still.app, terminal_size=NARROW, run_before=still.after("f3", "2", "enter"))


def test_help_narrow(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture()
    assert snap_compare(still.app, terminal_size=NARROW, run_before=still.after("f1"))


def test_palette_narrow(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture()
    assert snap_compare(still.app, terminal_size=NARROW, run_before=still.after("ctrl+p"))


@pytest.mark.parametrize("theme", ["light", "ansi"])
def test_themes(snap_compare: Compare, picture: Callable[..., Still], theme: str) -> None:
    still = picture(page=2, theme=theme)
    assert snap_compare(still.app, terminal_size=WIDE, run_before=still.after("ctrl+g", "ctrl+t", until=still.ran))


def test_a_terminal_that_is_too_small(snap_compare: Compare, picture: Callable[..., Still]) -> None:
    still = picture()
    assert snap_compare(still.app, terminal_size=(50, 10), run_before=still.after())
