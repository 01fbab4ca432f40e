"""Pictures of matrices, and the tree of a graph."""

from __future__ import annotations

import pytest

from tutor.xray import graph
from tutor.xray.picture import BROKEN, neighbour, picture

WEIGHTS = {"subjects": ["a", "b", "c"], "subject": "b", "shape": [2, 2], "cells": ["ai.", "q!"], "least": -1, "most": 2}


def test_letters_are_levels() -> None:
    found = picture(WEIGHTS)
    assert found is not None and found.levels == ((-8, 0, None), (8, BROKEN, None))
    assert (found.subject, found.shape, found.least, found.most) == ("b", "(2, 2)", -1.0, 2.0)


@pytest.mark.parametrize("fields", [{}, {"cells": [1], "subjects": ["a"]}, {"cells": ["a"], "subjects": "a"}])
def test_there_may_be_no_picture(fields: dict[str, object]) -> None:
    assert picture(fields) is None


def test_neighbours_go_round() -> None:
    assert [neighbour(WEIGHTS, by) for by in (1, -1, 2)] == ["c", "a", "a"]
    assert neighbour(None, 1) == neighbour({}, 1) == ""
    assert neighbour({"subjects": ["x", "y"], "subject": "gone"}, 1) == "y"


def row(depth: int, kind: str = "operation") -> dict[str, object]:
    return {"depth": depth, "kind": kind, "name": "n"}


def test_branches_know_which_is_the_last() -> None:
    found = graph.nodes({"rows": [row(0), row(1), row(2), row(2), row(1, "leaf")]})
    assert [one.last for one in found] == [
        (True,),
        (True, False),
        (True, False, False),
        (True, False, True),
        (True, True),
    ]


def test_words_about_what_is_not_reached() -> None:
    cut = {"line": 7, "what": "detach()"}
    assert graph.words({"missing": ["fc1.weight"], "cuts": [cut]}) == [
        "No gradient reaches fc1.weight: detach() at line 7."
    ]
    assert graph.words({"missing": list("abcdef"), "more": 2}) == [
        "No gradient reaches a, b, c, d and 4 more: it has no part in the loss."
    ]
    assert graph.words({"rows": [row(0)]}) == ["Every parameter of the model is reached."]
    assert graph.words({}) == []
