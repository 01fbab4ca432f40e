"""Knobs in the code: what stands there, what a turn writes, and where a knob stops."""

from __future__ import annotations

import ast
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.course.items import Knob
from tutor.course.turning import ends, fraction, literal, moved, place_of, read, turned, values

LR = Knob("lr", 0.1, "slider", minimum=0.001, maximum=1.0, scale="log")
STEPS = Knob("steps", 100, "slider", minimum=10, maximum=200, step=10)
PLACE = Knob("at", 2.0, "slider", minimum=-2.5, maximum=6.0, step=0.1)
KIND = Knob("kind", "rand", "choice", choices=("rand", "randn", 3))
KEEP = Knob("keep", True, "boolean")
NAME = Knob("name", "a", "string")
FREE = Knob("free", 0.5, "number")


def test_values_are_read_from_the_top_level_only() -> None:
    source = "lr = 0.1  # @param\nif True:\n    hidden = 1\nx = f(2)\nlr = 0.2\nname = 'ä'\nt = (1, 2)\nn = -3\n"
    assert values(source) == {"lr": 0.2, "name": "ä", "n": -3}
    assert values("lr = 0.1\nlr = f()\n") == {}
    assert values("lr = = 1") == {}


def test_a_turn_changes_nothing_but_the_literal() -> None:
    source = 'ä = 1; lr = 0.1  # @param {type:"slider"}\n\nsteps = (\n    10\n)  # end\n'
    assert turned(source, "lr", 0.3) == source.replace("0.1", "0.3")
    assert turned(source, "steps", 20) == source.replace("    10\n", "    20\n")
    assert turned(source, "gone", 1) is None
    assert turned("lr = f(0.1)\n", "lr", 0.2) is None
    place = place_of(source, "lr")
    assert place is not None and source.split("\n")[0][place.column : place.end_column] == "0.1"


@given(st.text(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_hostile_texts_are_quoted(value: str, end: str) -> None:
    source = f"# ä{end}name = 'a'  # @param{end}lr = 1{end}"
    changed = turned(source, "name", value)
    assert changed is not None
    assert values(changed) == {"name": value, "lr": 1}
    assert ast.literal_eval(literal(value)) == value
    assert literal(value).isprintable()


def test_a_log_knob_stops_where_one_can_say_the_number() -> None:
    seen = [0.001]
    while (after := moved(LR, seen[-1], 1)) != seen[-1]:
        seen.append(float(after))
    assert seen[:8] == [0.001, 0.0015, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015]
    assert seen[-1] == 1.0
    assert all(later / before < 1.7 for before, later in pairwise(seen))
    back = [1.0]
    while (before := moved(LR, back[-1], -1)) != back[-1]:
        back.append(float(before))
    assert back == seen[::-1]
    assert moved(LR, 0.1, 1, coarse=True) == 1.0
    assert moved(LR, 0.03, -1, coarse=True) == 0.01
    stepped = Knob("lr", 0.1, "slider", minimum=0.001, maximum=1.0, step=0.001, scale="log")
    assert moved(stepped, 0.001, 1) == 0.002


def test_a_linear_knob_keeps_to_its_steps_and_its_type() -> None:
    assert moved(STEPS, 100, 1) == 110 and isinstance(moved(STEPS, 100, 1), int)
    assert moved(STEPS, 104, 1) == 110 and moved(STEPS, 104, -1) == 100
    assert moved(STEPS, 200, 1) == 200 and moved(STEPS, 10, -1) == 10
    assert moved(STEPS, 20, 1, coarse=True) == 100
    assert moved(PLACE, 0.2, 1) == 0.3
    assert moved(PLACE, 6.0, 1) == 6.0
    assert moved(FREE, 0.5, 1) == pytest.approx(0.55)


def test_choices_and_booleans_go_round() -> None:
    assert moved(KIND, 3, 1) == "rand" and moved(KIND, "rand", -1) == 3
    assert moved(KIND, "elsewhere", 1) == "rand"
    assert moved(KEEP, True, 1) is False
    assert moved(NAME, "a", 1) == "a"


def test_what_is_typed_is_read_or_refused_with_a_sentence() -> None:
    assert read(LR, " 3e-2 ") == 0.03
    assert read(STEPS, "50") == 50 and isinstance(read(STEPS, "50"), int)
    assert read(KIND, "3") == 3 and read(KEEP, "false") is False and read(NAME, " x ") == " x "
    for knob, text, words in (
        (LR, "2", "0.001 to 1"),
        (LR, "fast", "a number"),
        (LR, "nan", "finite"),
        (STEPS, "50.5", "whole"),
        (KIND, "no", "one of"),
        (KEEP, "perhaps", "True or False"),
        (NAME, "x" * 999, "at most"),
    ):
        with pytest.raises(ValueError, match=words):
            read(knob, text)


def test_the_scale_of_a_slider() -> None:
    assert fraction(LR, 0.001) == 0 and fraction(LR, 1.0) == 1 and fraction(LR, 50) == 1
    assert fraction(LR, 10**-1.5) == pytest.approx(0.5)
    assert fraction(STEPS, 105) == pytest.approx(0.5)
    assert fraction(KEEP, True) is None and fraction(FREE, 1.0) is None
    assert ends(STEPS) == (10, 200) and ends(KIND) == ("rand", 3) and ends(FREE) is None
