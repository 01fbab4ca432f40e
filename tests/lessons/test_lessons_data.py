"""The offline data of part A: shapes, seeds, and the values the lessons rely on."""

import subprocess
import sys

import pytest
import torch

from tutor.kit import courier, messages


def test_deliveries_are_twelve_columns_of_one_feature() -> None:
    miles, minutes = courier.deliveries()
    assert miles.shape == minutes.shape == (12, 1)
    assert miles.dtype == minutes.dtype == torch.float32


def test_deliveries_hold_the_two_planted_points() -> None:
    table = dict(zip(courier.MILES, courier.MINUTES, strict=True))
    assert table[5.0] == 22.2
    assert table[6.0] == 25.6
    assert max(table) == 6.5, "7 miles must lie outside the data: the lesson says so"


def test_deliveries_have_the_documented_line() -> None:
    miles, minutes = (column.double() for column in courier.deliveries())
    line = torch.linalg.lstsq(torch.cat([miles, torch.ones_like(miles)], dim=1), minutes).solution.flatten()
    residual = minutes - miles * line[0] - line[1]
    assert line.tolist() == pytest.approx([3.3909, 5.2258], abs=1e-3)
    assert residual.square().mean().item() == pytest.approx(0.1805, abs=1e-3)


def test_deliveries_are_new_tensors_each_time() -> None:
    courier.deliveries()[0].zero_()
    assert courier.deliveries()[0].sum() > 0


def test_sample_has_texts_and_labels_of_the_asked_size() -> None:
    texts, labels = messages.sample(200)
    assert len(texts) == 200
    assert labels.shape == (200,)
    assert labels.dtype == torch.float32
    assert set(labels.tolist()) == {0.0, 1.0}
    assert all(6 <= len(text.split()) <= 10 for text in texts)
    assert {word for text in texts for word in text.split()} <= set(messages.WORDS)


def test_sample_depends_on_the_seed_and_on_nothing_else() -> None:
    first = messages.sample(50, seed=3)
    torch.rand(1)
    again, other = messages.sample(50, seed=3), messages.sample(50, seed=4)
    assert first[0] == again[0]
    assert torch.equal(first[1], again[1])
    assert first[0] != other[0]


def test_a_larger_sample_begins_with_the_smaller_one() -> None:
    assert messages.sample(200, seed=5)[0][:10] == messages.sample(10, seed=5)[0]


def test_about_a_third_is_spam() -> None:
    _, labels = messages.sample(5000, seed=1)
    assert 0.33 < labels.mean().item() < 0.40


def test_without_noise_and_mistakes_the_words_tell_the_label() -> None:
    texts, labels = messages.sample(300, seed=2, noise=0.0, mistakes=0.0)
    for text, label in zip(texts, labels.tolist(), strict=True):
        words = set(text.split())
        assert not (label and words & set(messages.SHOP))
        assert not (not label and words & set(messages.SPAM))


def test_an_empty_sample_is_allowed() -> None:
    texts, labels = messages.sample(0)
    assert texts == []
    assert labels.shape == (0,)
    assert messages.counts(texts).shape == (0, 38)


@pytest.mark.parametrize("arguments", [{"n": -1}, {"n": 1, "noise": 1.5}, {"n": 1, "mistakes": -0.1}])
def test_impossible_arguments_are_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        messages.sample(**arguments)  # type: ignore[arg-type]


def test_counts_count_words_and_leave_out_unknown_ones() -> None:
    table = messages.counts(["free free prize", "bicycle", ""])
    assert table.shape == (3, 38)
    assert table.dtype == torch.float32
    assert table[0, messages.WORDS.index("free")] == 2
    assert table[0, messages.WORDS.index("prize")] == 1
    assert table.sum(dim=1).tolist() == [3, 0, 0]


def test_there_are_38_different_words() -> None:
    assert len(messages.WORDS) == len(set(messages.WORDS)) == 38


def test_the_kit_is_cheap_to_import() -> None:
    code = "import sys, tutor.kit; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
