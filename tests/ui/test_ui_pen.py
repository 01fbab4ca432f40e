"""What goes to the terminal with styles that are set already left out: the same picture, in fewer bytes."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

from tutor.ui.pen import Pen, thinning
from tutor.ui.session_app import SessionApp

WIDTH, HEIGHT = 12, 5
BLUE, RED, GREY = "38;2;9;9;200", "38;2;200;9;9", "48;2;40;40;40"

STYLES = st.sampled_from(
    (BLUE, RED, f"{BLUE};{GREY}", f"1;{RED};{GREY}", f"1;4;{BLUE}", "7", "31;44", "91;49", "2;38;5;9;48;5;7")
)
TEXTS = st.text("ab ⣿─", max_size=4)
MOVES = st.one_of(
    st.tuples(st.integers(1, HEIGHT), st.integers(1, WIDTH)).map(lambda at: f"\x1b[{at[0]};{at[1]}H"),
    st.just("\r\n"),
)
STYLED = st.tuples(STYLES, TEXTS).map(lambda one: f"\x1b[{one[0]}m{one[1]}\x1b[0m")
OTHERS = st.sampled_from(["\x1b[K", "\x1b[2J", "\x1b[?25l", "\x1b[1m", "\x1b[0;3m", "\x1b[m", "\x1b[22;39m"])
OF_TEXTUAL = st.lists(st.lists(STYLED | TEXTS | MOVES, max_size=8).map("".join), max_size=4)
OF_ANYBODY = st.lists(st.lists(STYLED | TEXTS | MOVES | OTHERS, max_size=8).map("".join), max_size=4)


def painted(writes: list[str]) -> tuple[object, ...]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    for one in writes:
        stream.feed(one)
    cells = [screen.buffer[y][x] for y in range(HEIGHT) for x in range(WIDTH)]
    return (*cells, screen.cursor.x, screen.cursor.y, screen.cursor.attrs)


@given(OF_ANYBODY)
def test_the_screen_shows_the_same_and_is_left_in_the_same_style(writes: list[str]) -> None:
    pen = Pen()
    assert painted([pen.thinned(one) for one in writes]) == painted(writes)


@given(OF_TEXTUAL)
def test_nothing_becomes_longer(writes: list[str]) -> None:
    pen = Pen()
    assert all(len(pen.thinned(one)) <= len(one) for one in writes)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (f"\x1b[{BLUE};{GREY}ma\x1b[0m\x1b[{RED};{GREY}mb\x1b[0m", f"\x1b[{BLUE};{GREY}ma\x1b[{RED}mb\x1b[0m"),
        (f"\x1b[{BLUE}ma\x1b[0m\r\n\x1b[2;1H\x1b[{BLUE}mb\x1b[0m", f"\x1b[{BLUE}ma\r\n\x1b[2;1Hb\x1b[0m"),
        (f"\x1b[{BLUE};{GREY}ma\x1b[0m\x1b[{RED}mb\x1b[0m", f"\x1b[{BLUE};{GREY}ma\x1b[0;{RED}mb\x1b[0m"),
        (f"\x1b[1;{BLUE}ma\x1b[0m\x1b[{BLUE}mb\x1b[0m", f"\x1b[1;{BLUE}ma\x1b[0;{BLUE}mb\x1b[0m"),
        (f"\x1b[{BLUE}ma\x1b[0m b", f"\x1b[{BLUE}ma\x1b[0m b"),
        (f"\x1b[{GREY}m \x1b[0m\x1b[K", f"\x1b[{GREY}m \x1b[0m\x1b[K"),
        ("plain", "plain"),
    ],
    ids=["another colour", "the same a row below", "no background", "bold no more", "plain text", "erasing", "nothing"],
)
def test_only_what_differs_from_the_style_before_is_sent(text: str, sent: str) -> None:
    pen = Pen()
    assert pen.thinned("\x1b[0m") == "\x1b[0m"
    assert pen.thinned(text) == sent
    assert pen.thinned(text) == sent


def test_how_the_terminal_was_left_is_not_known_before_the_first_reset() -> None:
    pen = Pen()
    assert pen.thinned("\x1b[31ma\x1b[0m") == "\x1b[31ma\x1b[0m"
    assert pen.thinned("\x1b[0mb") == "b"


async def test_a_driver_sends_it_so() -> None:
    class Terminal(HeadlessDriver):
        def write(self, data: str) -> None:
            written.append(data)

    written: list[str] = []
    driver = thinning(Terminal)(App())
    driver.write("\x1b[0m")
    driver.write("\x1b[31ma\x1b[0m\x1b[31mb\x1b[0m")
    assert written == ["\x1b[0m", "\x1b[31mab\x1b[0m"]


def test_the_app_has_such_a_driver() -> None:
    assert object.__new__(SessionApp).get_driver_class().__name__ == "Thinning"
