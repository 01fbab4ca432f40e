"""`show`: exact small pictures, numbers that are none, nothing, one value, very large ones, and what is refused."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from tutor.kit import show
from tutor.kit.show.canvas import screen

Pictures = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def pane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("PYTUTOR_INK", "plain")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Pictures:
    return lambda: capsys.readouterr().out.splitlines()


def test_bars(printed: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    show.bars([2, -1.0, math.nan, 0, 1], ["a", "bb", "c", "d", "e"], title="t")
    assert printed() == [
        "t",
        " a        │██████████████ 2",
        "bb ███████│ -1",
        " c        │ nan",
        " d        │ 0",
        " e        │███████ 1",
    ]
    monkeypatch.setenv("PYTUTOR_INK", "ascii")
    show.bars(torch.tensor([4.0, 1.0]))
    assert printed() == ["0 |######################### 4", "1 |###### 1"]


def test_bars_of_nothing_one_and_very_large_values(printed: Pictures) -> None:
    show.bars([])
    assert printed() == ["no values: nothing to draw"]
    show.bars([0.0])
    assert printed() == ["0 │ 0"]
    show.bars([1e308, -1e308, math.inf])
    large = printed()
    assert large[0].endswith("█ 1e308") and "█" in large[1] and large[2].endswith("│ inf")
    show.bars(range(60))
    many = printed()
    assert len(many) == 51 and many[-1] == "and 10 more"


def test_histogram(printed: Pictures) -> None:
    show.histogram([0.0, 0.1, 1.0, 2.0, math.nan], bins=2, title="t")
    assert printed() == [
        "t",
        "2 │████████████████████████",
        "  │████████████████████████",
        "  │████████████████████████",
        "  │████████████████████████",
        "  │████████████████████████",
        "  │████████████████████████",
        "0 └────────────────────────",
        "   0                      2",
        "4 values, mean 0.775, standard deviation 0.807",
        "1 of 5 values are not finite (nan or inf): left out.",
    ]


def test_a_small_column_is_seen_beside_a_large_one(printed: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "8")
    values = torch.cat([torch.zeros(1000), torch.ones(1)])
    show.histogram(values, bins=2)
    assert printed()[3] == "     │███████████▁▁▁▁▁▁▁▁▁▁▁"
    monkeypatch.setenv("PYTUTOR_INK", "ascii")
    show.histogram(values, bins=2)
    assert printed()[3:5] == ["     |###########...........", "   0 +----------------------"]


def test_histogram_of_nothing_one_and_very_large_values(printed: Pictures) -> None:
    show.histogram([math.inf])
    assert printed() == ["no values: nothing to draw", "1 of 1 values are not finite (nan or inf): left out."]
    show.histogram(torch.tensor(3.0))
    assert printed()[-1] == "1 value, mean 3, standard deviation 0"
    show.histogram([1.7e308, -1.7e308])
    assert printed()[-1] == "2 values, mean 0, standard deviation 1.7e308"
    show.histogram(torch.arange(1_000_000), bins=4)
    assert printed()[-1].startswith("1,000,000 values, mean 5e5,")


def test_scatter_with_classes_and_a_decision(printed: Pictures) -> None:
    show.scatter([0, 1, 2], [0, 1, 2], [0, 0, 1], lambda points: points[:, 0] > 1, names=["low", "high"])
    assert printed() == [
        "2 │              ............x",
        "  │              .............",
        "1 │             o.............",
        "  │              .............",
        "0 │o             .............",
        "  └───────────────────────────",
        "   0                         2",
        "o low   x high",
        "decided: [  ] low   [..] high",
    ]


def test_scatter_of_nothing_one_and_very_large_values(printed: Pictures) -> None:
    show.scatter([math.nan], [1.0])
    assert printed() == ["no points: nothing to draw", "1 of 1 points are not finite (nan or inf): left out."]
    show.scatter(torch.tensor([[2.0]]), np.array([3]))
    assert sum(line.count("o") for line in printed()) == 1
    show.scatter([1.7e308, -1.7e308], [-1.7e308, 1.7e308])
    corners = printed()
    assert corners[0].split("│")[1].startswith("o") and corners[4].endswith("o")
    show.scatter(torch.rand(200_000), torch.rand(200_000), torch.arange(200_000) % 3)
    assert max(map(len, printed())) <= 30


@pytest.mark.parametrize(
    "answer",
    [
        lambda p: (p[:, 0] > 0).long(),
        lambda p: p[:, :1] > 0,
        lambda p: p[:, 0],
        lambda p: torch.stack([-p[:, 0], p[:, 0]], dim=1),
    ],
)
def test_every_form_of_decision_says_the_same(answer: Any, printed: Pictures) -> None:
    show.scatter([-1.0, 1.0], [0.0, 0.0], decide=answer)
    row = printed()[0].split("│")[1]
    assert row.strip(".").strip() == "" and 12 <= row.count(".") <= 14 and row.endswith(".")


def test_a_model_is_left_as_it_was() -> None:
    model = torch.nn.Sequential(
        torch.nn.Linear(2, 4), torch.nn.BatchNorm1d(4), torch.nn.Dropout(), torch.nn.Linear(4, 2)
    )
    model[1].eval()
    before, modes, seed = [one.clone() for one in model.state_dict().values()], _modes(model), torch.get_rng_state()
    points = torch.randn(5, 2, generator=torch.Generator().manual_seed(0)).requires_grad_()
    show.scatter(points[:, 0], points[:, 1], decide=model)
    assert all(torch.equal(one, other) for one, other in zip(before, model.state_dict().values(), strict=True))
    assert _modes(model) == modes and torch.equal(seed, torch.get_rng_state())
    show.scatter([0.0], [0.0], decide=lambda p: torch.rand(len(p)) + model(p)[:, 0])
    assert torch.equal(seed, torch.get_rng_state())


def _modes(model: torch.nn.Module) -> list[bool]:
    return [part.training for part in model.modules()]


def test_confusion_from_pairs_and_from_counts(printed: Pictures) -> None:
    expected = [
        "true |predicted",
        "     | cat dog  right",
        "cat  |   2   1    67%",
        "dog  |   0   0      -",
        "right: 2 of 3 (66.7%)",
    ]
    show.confusion(([0, 0, 0], torch.tensor([0, 1, 0])), ["cat", "dog"])
    assert printed() == expected
    show.confusion(torch.tensor([[2, 1], [0, 0]]), ["cat", "dog"])
    assert printed() == expected


def test_confusion_of_nothing_one_and_many_classes(printed: Pictures) -> None:
    show.confusion(([], []))
    assert printed() == ["no predictions: nothing to draw"]
    show.confusion([[7]])
    assert printed()[-1] == "right: 7 of 7 (100.0%)"
    counts = torch.eye(50, dtype=torch.long)
    counts[3, 4] = 9
    show.confusion(counts)
    assert printed() == [
        "50 classes are too many for this width. The commonest mistakes:",
        "      9  3 taken for 4",
        "right: 50 of 59 (84.7%)",
    ]


def test_images_in_characters(printed: Pictures) -> None:
    batch = torch.tensor([[[0.0, 1.0], [0.0, 1.0]], [[0.5, math.nan], [0.5, math.nan]]])
    show.images(batch, names=[3, "seven"])
    assert printed() == [" @ =!", "3  s~"]
    show.images(batch[0])
    assert printed() == [" @"]
    show.images(batch[0].nan_to_num(), zoom=2)
    assert printed() == ["  @@", "  @@"]
    show.images(torch.zeros(0, 1, 8, 8))
    assert printed() == ["no pictures: nothing to draw"]
    show.images(torch.full((100, 1, 4, 4), 255, dtype=torch.uint8), columns=4)
    assert printed()[0] == "@@@@ @@@@ @@@@ @@@@"


def test_images_in_colour(printed: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTUTOR_INK", "color")
    grey = torch.tensor([[0.0, 1.0], [1.0, 1.0], [math.nan, 0.0]])
    show.images(grey)
    assert printed() == [
        "\x1b[0;38;5;16;48;5;231m▀\x1b[0;48;5;231m \x1b[0m",
        "\x1b[0;38;5;201m▀\x1b[0;38;5;16m▀\x1b[0m",
    ]
    red = torch.zeros(1, 3, 2, 1)
    red[:, 0] = 1.0
    show.images(red)
    assert printed() == ["\x1b[0;48;5;196m \x1b[0m"]
    monkeypatch.setenv("NO_COLOR", "1")
    show.images(red)
    assert "\x1b" not in "".join(printed())


def test_large_images_are_made_smaller(printed: Pictures) -> None:
    show.images(torch.rand(2, 3, 300, 300), columns=2)
    drawn = printed()
    assert len(drawn) == 7 and {len(line) for line in drawn} == {29}
    show.images(torch.rand(1000, 28, 28) * 1e300, columns=50)
    many = printed()
    assert many[-1] == "and 936 more" and max(map(len, many)) <= 30


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: show.scatter([1, 2], [1]), ValueError, "2 x and 1 y"),
        (lambda: show.scatter(torch.rand(2, 2), [1, 2]), ValueError, r"shape \(N,\), not \(2, 2\)"),
        (lambda: show.scatter([1], [1], [0.5]), ValueError, "numbers of classes"),
        (lambda: show.scatter([1], [1], [0, 1]), ValueError, "2 labels, 1 points"),
        (lambda: show.scatter([1], [1], decide=lambda p: p.sum()), ValueError, r"gave \(\) for points of shape"),
        (lambda: show.scatter("ab", [1]), TypeError, "takes numbers: a tensor, an array or a list, not str"),
        (lambda: show.histogram([1], bins=0), ValueError, "from 1 on, not 0"),
        (lambda: show.histogram([[1], [1, 2]]), TypeError, "not list"),
        (lambda: show.bars([1, 2], ["a"]), ValueError, "1 names for 2"),
        (lambda: show.confusion([[1, 2]]), ValueError, r"\(K, K\) or a tuple \(true, predicted\), not \(1, 2\)"),
        (lambda: show.confusion([[-1]]), ValueError, "whole numbers from 0 on"),
        (lambda: show.confusion(([0], [0, 1])), ValueError, "1 true, 2 predicted"),
        (lambda: show.images(torch.zeros(2, 2), zoom=0), ValueError, "from 1 to 8, not 0"),
        (lambda: show.images([1.0, 2.0]), ValueError, r"not \(2,\)"),
        (lambda: show.images(torch.rand(1, 4, 2, 2)), ValueError, r"not \(1, 4, 2, 2\)"),
        (lambda: show.images(torch.rand(2, 2), columns=0), ValueError, "from 1 on, not 0"),
    ],
)
def test_what_is_refused(call: Callable[[], None], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words) as refused:
        call()
    assert "\n" not in str(refused.value) and str(refused.value).startswith("show.")


def test_names_are_data(printed: Pictures) -> None:
    show.bars([1], ["\x1b[31m\n[/b]"], title="\x1b]0;x\x07")
    assert "\x1b" not in "".join(printed())


def test_without_a_word_from_pytutor_a_pipe_is_76_columns_wide() -> None:
    code = "import os; [os.environ.pop(name, 0) for name in ('COLUMNS', 'LINES', 'PYTUTOR_INK')]\n"
    code += "from tutor.kit import show; show.bars([1])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert len(found.stdout.rstrip("\n")) == 76 and "\x1b" not in found.stdout


def test_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "5")
    assert screen().columns == 24
    monkeypatch.setenv("COLUMNS", "9000")
    assert screen().columns == 160
