"""The data sets: shapes, ranges, the same every time, and no more than what they say."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tutor.kit import courier, digits, messages, moons, orders, scripts, shapes, topics


def line_error(x: torch.Tensor, y: torch.Tensor) -> float:
    """Root mean square error of the best straight line (or plane)."""
    columns = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    return float((columns @ torch.linalg.lstsq(columns, y).solution - y).pow(2).mean().sqrt())


def test_importing_the_kit_is_light() -> None:
    look = "print('torch' in sys.modules)"
    code = f"import sys, tutor.kit; {look}; from tutor.kit import moons; {look}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_an_unknown_name_is_an_error() -> None:
    import tutor.kit

    with pytest.raises(AttributeError, match="mnist"):
        _ = tutor.kit.mnist
    assert {"check", "digits", "log"} <= set(dir(tutor.kit))


def test_digits() -> None:
    pictures, labels = digits.load()
    assert pictures.shape == (1797, 8, 8) and pictures.dtype == torch.float32
    assert labels.shape == (1797,) and labels.dtype == torch.int64
    assert pictures.min() == 0 and pictures.max() == 16 and torch.equal(pictures, pictures.round())
    # The counts of the ten classes and the sum of all pixels, as the source has them.
    assert labels.bincount().tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert int(pictures.sum()) == 561718


def test_digits_split() -> None:
    parts = digits.split()
    assert [tuple(one.shape) for one in parts[::2]] == [(1200, 1, 8, 8), (300, 1, 8, 8), (297, 1, 8, 8)]
    assert parts.train_x.max() == 1 and [len(one) for one in parts[1::2]] == [1200, 300, 297]
    assert min(part.bincount(minlength=10).min() for part in parts[1::2]) >= 20
    parts.train_x.zero_()
    assert digits.split().train_x.any()


def test_digit_pairs() -> None:
    pictures, targets = digits.pairs(200, seed=1)
    assert pictures.shape == (200, 1, 8, 16) and targets.shape == (200, 10)
    assert set(targets.sum(1).tolist()) == {1.0, 2.0}
    again = digits.pairs(200, seed=1)
    assert torch.equal(again[0], pictures) and not torch.equal(digits.pairs(200, seed=2)[0], pictures)
    train = digits.split().train_x[:, 0]
    assert (train == pictures[0, 0, :, :8]).all(2).all(1).any() and (train == pictures[0, 0, :, 8:]).all(2).all(1).any()
    with pytest.raises(ValueError, match="part"):
        digits.pairs(part="all")


def test_the_digits_are_credited() -> None:
    notice = (Path(__file__).parents[2] / "NOTICE").read_text()
    for words in ("10.24432/C50P49", "CC BY 4.0", "Alpaydin", "values are unchanged", "scikit-learn developers"):
        assert words in notice
    assert "CC BY 4.0" in digits.ATTRIBUTION


def test_moons() -> None:
    points, labels = moons.sample(401, noise=0.0, seed=3)
    assert points.shape == (401, 2) and labels.bincount().tolist() == [201, 200]
    upper, lower = points[labels == 0], points[labels == 1] - torch.tensor([1.0, 0.5])
    for moon, sign in ((upper, 1), (lower, -1)):
        assert torch.allclose(moon.norm(dim=1), torch.ones(len(moon)), atol=1e-5)
        assert (sign * moon[:, 1] >= -1e-5).all()
    assert torch.equal(moons.sample(9, seed=3)[0], moons.sample(9, seed=3)[0])
    with pytest.raises(ValueError, match="negative"):
        moons.sample(-1)


def test_courier_deliveries() -> None:
    miles, minutes = courier.deliveries()
    rows = [tuple(round(value, 1) for value in row) for row in torch.cat([miles, minutes], 1).tolist()]
    assert (5.0, 22.2) in rows and (6.0, 25.6) in rows and len(rows) == 12
    far, long = courier.long_deliveries()
    assert far.shape == long.shape == (40, 1)
    assert 2.3 < line_error(far, long) < 2.9
    near = far[:, 0] <= courier.KINK
    assert line_error(far[near], long[near]) < 0.8 and line_error(far[~near], long[~near]) < 0.8


def test_courier_table() -> None:
    table, minutes = courier.table(3000)
    assert table.shape == (3000, len(courier.COLUMNS)) and minutes.shape == (3000, 1)
    assert 13 < minutes.std() < 15.5 and 5.5 < line_error(table, minutes) < 7
    hour, rain, items = table[:, 1], table[:, 2], table[:, 3]
    assert (hour.min(), hour.max()) == (8, 21) and set(rain.tolist()) == {0.0, 1.0} and items.max() == 8
    assert (minutes > 0).all()
    with pytest.raises(ValueError, match="negative"):
        courier.table(-1)


def careful(text: str) -> list[list[float]]:
    """Cleaning as the docstring of `orders.truth` tells it."""
    seen, rows = set(), []
    for row in csv.DictReader(text.splitlines()):
        key = tuple(row.values())
        if key in seen or "" in key:
            continue
        seen.add(key)
        distance = row["distance"].replace(",", ".")
        miles = float(distance[:-3]) / orders.MILE if distance.endswith(" km") else float(distance)
        if miles < 0 or not 0 <= int(row["hour"]) <= 23:
            continue
        rows.append([miles, *(float(row[name]) for name in orders.HEADER[1:])])
    return rows


@pytest.mark.parametrize("seed", [0, 1])
def test_orders_can_be_cleaned(seed: int) -> None:
    text = orders.text(seed=seed)
    kept, minutes = orders.truth(seed=seed)
    assert torch.allclose(torch.tensor(careful(text)), torch.cat([kept, minutes], 1), atol=0.01)
    assert len(text.splitlines()) == 1 + 400 + 12 and len(kept) == 400 - 3 * 12
    for sign in (" km", '"', ",25,", "-"):
        assert sign in text
    assert {19.5, 21.0} <= {round(value, 1) for value in kept[:, 0].tolist()}
    assert text == orders.text(seed=seed)


def test_a_short_list_of_orders_has_each_error() -> None:
    text = orders.text(20)
    assert " km" in text and '"' in text and len(text.splitlines()) == 22
    with pytest.raises(ValueError, match="20"):
        orders.text(5)


def test_shapes() -> None:
    pictures, labels = shapes.sample(60, seed=4)
    assert pictures.shape == (60, 3, 32, 32) and pictures.min() >= 0 and pictures.max() <= 1
    assert labels.max() < len(shapes.CLASSES) == 10
    assert torch.equal(pictures, shapes.sample(60, seed=4)[0]) and not torch.equal(
        pictures, shapes.sample(60, seed=5)[0]
    )
    assert shapes.sample(0)[0].shape == (0, 3, 32, 32)


def test_scripts() -> None:
    names, labels = scripts.load()
    assert len(names) == len(labels) == 1964 and labels.bincount().tolist() == [250] * 7 + [214]
    assert len(scripts.SCRIPTS) == 8 and {"water", "a"} <= set(names)
    assert set("".join(names)) <= set("abcdefghijklmnopqrstuvwxyz0123456789 -") and "" not in names
    parts = scripts.split()
    assert len(parts.train_names) == len(parts.train_y) == 1500 and len(parts.test_names) == len(parts.test_y) == 464
    assert names == scripts.load()[0]


def test_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(topics.text()) > 300_000 and "while" in topics.text()
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    fallback = topics.text()
    assert len(fallback) > 200_000 and fallback == topics.docstrings()


def test_messages_still_are_what_lessons_count_on() -> None:
    texts, labels = messages.sample(500, seed=1)
    assert len(texts) == 500 and 0.25 < labels.mean() < 0.45
    assert messages.counts(texts).shape == (500, 38)


def test_every_file_is_python_3_9() -> None:
    import ast

    room: Any = Path(digits.__file__).parent
    files = sorted(room.rglob("*.py"))
    assert len(files) > 20
    for file in files:
        ast.parse(file.read_text(), feature_version=(3, 9))
