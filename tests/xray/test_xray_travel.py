"""One step of a run, and the way from one to the next."""

from __future__ import annotations

import math

import pytest

from tutor.xray.travel import Line, Map, another_run, moment, moved

RUN = {"runs": 3, "back": 1, "at": 2, "passes": [0, 5, 9, 10], "losses": [4, "inf", 1.5, "nan"], "rows": []}


def test_a_moment() -> None:
    found = moment({**RUN, "rows": [{"name": "W", "shape": [2], "values": [1, "nan", "x"], "norm": "zero"}]})
    assert found is not None and found.losses[:2] == (4.0, math.inf) and found.passes[found.at] == 9
    (one,) = found.parameters
    assert one.values[0] == 1.0 and math.isnan(one.values[1]) and len(one.values) == 2 and one.norm == -math.inf


def test_fits() -> None:
    line = moment({**RUN, "fit": {"kind": "line", "x": [1, "x"], "y": [2, 3], "curve_x": [0], "curve_y": [1]}})
    assert line is not None and line.fit == Line(((1.0, 2.0),), ((0.0, 1.0),))
    area = moment({**RUN, "fit": {"kind": "map", "cells": ["aq"], "points": [[0, 0, 1], ["x"], 3], "classes": ["0"]}})
    assert area is not None and area.fit == Map(((-8, 8),), ((0, 0, 1),), ("0",))


def test_steps_are_gone_through_and_end_at_the_ends() -> None:
    assert [moved(RUN, "", by) for by in (1, -1, 10, -10)] == ["1:3", "1:1", "1:3", "1:0"]
    assert moved(RUN, "1:0", 1) == "1:1", "from what was asked for, which is not here yet"
    assert moved(RUN, "0:0", 1) == "1:3", "what was asked for was another run"
    assert moved(None, "", 1) == "" and another_run({}) == ""
    assert another_run(RUN) == "2:" and another_run({**RUN, "back": 2}) == "0:"


@pytest.mark.parametrize("fields", [{}, {"passes": 3, "losses": []}, {"passes": [1], "losses": []}, {"passes": []}])
def test_there_may_be_no_steps(fields: dict[str, object]) -> None:
    assert moment(fields) is None


@pytest.mark.parametrize("fit", [3, {}, {"kind": "map", "cells": 3}, {"kind": "line", "x": 1}, {"kind": "x"}])
def test_hostile_fits(fit: object) -> None:
    found = moment({**RUN, "at": 99, "fit": fit})
    assert found is not None and found.at == 3 and not (isinstance(found.fit, Map) or getattr(found.fit, "points", ()))
