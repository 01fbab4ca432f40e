"""Series as bytes: short ones exactly, long ones within a few hundred buckets, damaged ones refused."""

from __future__ import annotations

import zlib
from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.metrics.best import best, final, higher_is_better
from tutor.metrics.keeping import MOST, Sample, pack, samples, unpack
from tutor.metrics.series import Series


def series(values: list[float], name: str = "loss") -> Series:
    made = Series(name, "train", "a.py:1")
    made.extend(list(range(1, len(values) + 1)), values)
    return made


def again(one: Series) -> Series:
    return unpack(one.name, one.role, one.site, pack(one))


@given(st.lists(st.floats(width=32), max_size=MOST))
def test_a_short_run_is_kept_exactly(values: list[float]) -> None:
    before = series(values)
    after = again(before)
    assert (after.name, after.role, after.site, after.count, after.bad) == (
        "loss",
        "train",
        "a.py:1",
        len(values),
        before.bad,
    )
    for (step, value), (kept_step, kept) in zip(before.points(), after.points(), strict=True):
        assert step == kept_step and (value == kept or (isnan(value) and isnan(kept)))
    if values:
        assert before.columns(1, len(values), 60) == pytest.approx(after.columns(1, len(values), 60))
    assert (after.minimum, after.maximum, after.least_positive) == (
        before.minimum,
        before.maximum,
        before.least_positive,
    )


def test_a_long_run_keeps_its_extremes_in_a_few_kilobytes() -> None:
    values = [1 / (1 + step) for step in range(50_000)]
    values[12_345], values[23_456], values[34_567] = 99.0, nan, inf
    before = series(values)
    packed = pack(before)
    assert len(packed) < 12_000
    after = unpack("loss", "train", "", packed)
    assert after.buckets <= MOST and after.count == 50_000 and after.bad == 2 and after.maximum == 99.0
    assert after.first == (1.0, 1.0) and after.last == (50_000.0, values[-1]) and after.first_bad is not None
    assert max(column.hi for column in after.columns(1, 50_000, 100)) == 99.0
    assert len(after.columns(1, 50_000, 100)) == 100
    assert unpack("loss", "train", "", pack(after)).maximum == 99.0


def test_an_empty_series_stays_empty() -> None:
    assert again(Series("loss")).count == 0


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"nothing",
        zlib.compress(b""),
        zlib.compress(b"\x01" + bytes(200)),
        zlib.compress(bytes(100_000_000)),
        pack(series([1.0, 2.0]))[:-9],
        zlib.compress(zlib.decompress(pack(series([1.0]))) + b"more"),
    ],
)
def test_damaged_bytes_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="series"):
        unpack("loss", "train", "", packed)


def test_scores_are_best_at_the_top_and_losses_at_the_bottom() -> None:
    assert higher_is_better("accuracy") and higher_is_better("val_acc") and higher_is_better("F1")
    assert not higher_is_better("loss") and not higher_is_better("place") and not higher_is_better("accuracy", "train")
    assert best(series([3.0, 1.0, nan, 2.0])) == 1.0 and final(series([3.0, 2.0])) == 2.0
    score = Series("acc", "logged")
    score.extend([1, 2, 3], [0.1, 0.9, 0.5])
    assert best(score) == 0.9
    assert isnan(best(series([nan]))) and isnan(final(Series("loss")))


def test_samples_are_points_or_means_with_their_extremes() -> None:
    assert samples(series([3.0, 1.0])) == [Sample(1.0, 3.0, 3.0, 3.0), Sample(2.0, 1.0, 1.0, 1.0)]
    assert isnan(samples(series([nan]))[0].mean) and samples(series([inf]))[0].greatest == inf
    long = samples(again(series([float(step % 2) for step in range(10_000)])))
    assert len(long) <= MOST and long[0].least == 0.0 and long[0].greatest == 1.0 and long[0].mean == 0.5
