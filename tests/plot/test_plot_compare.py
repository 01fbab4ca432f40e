"""Several runs in one picture."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tutor.metrics.series import Series
from tutor.plot.compare import CompareChart, Curve, calm
from tutor.plot.frame import EPOCH
from tutor.plot.svg import Labelled, svg


def curve(label: str, index: int, values: list[float]) -> Curve:
    series = Series("loss")
    series.extend(list(range(len(values))), values)
    return Curve(label, index, series)


def sweep() -> list[Curve]:
    return [curve(str(at + 1), at, [4.0 * (1 - 0.02 * at) ** step for step in range(40)]) for at in range(8)]


def test_each_run_has_its_number_at_its_end() -> None:
    frame = CompareChart().frame(sweep(), 76, 12)
    text = "\n".join(frame.rows)
    assert all(str(number) in text for number in range(1, 9))
    for number, index in (("1", 1), ("8", 8)):
        assert any(
            character == number and ink == index
            for row, inks in zip(frame.rows, frame.inks, strict=True)
            for character, ink in zip(row, inks, strict=True)
        )


def test_a_log_axis_is_as_tight_as_its_data() -> None:
    rows = CompareChart().frame(sweep(), 76, 20, log=True).rows
    assert sum("┤" in row for row in rows) >= 4
    narrow = [curve("1", 0, [0.8 - 0.01 * step for step in range(30)])]
    assert not any(row.strip().startswith("0.1┤") for row in CompareChart().frame(narrow, 76, 12, log=True).rows)


def test_a_run_that_diverged_leaves_at_the_top_and_does_not_press_the_others_flat() -> None:
    wild = curve("9", 7, [4.0 * 3.0**step for step in range(40)])
    frame = CompareChart().frame([*sweep()[:3], wild], 76, 12)
    assert "▲9" in frame.rows[1]
    calm = CompareChart().frame(sweep()[:3], 76, 12)
    assert [row[:4] for row in frame.rows] == [row[:4] for row in calm.rows]


def test_what_grows_out_of_the_measure_of_the_others_is_told_apart() -> None:
    wild = curve("9", 7, [4.0 * 3.0**step for step in range(40)])
    ordinary = [one.series for one in sweep()]
    assert calm([*ordinary, wild.series]) == [True] * 8 + [False]
    assert calm([wild.series]) == [True] and calm([]) == []
    scores = [curve("1", 0, [0.1 + at * step for step in range(10)]).series for at in (0.01, 0.05, 0.09)]
    assert calm(scores) == [True] * 3
    assert calm([Series("loss"), curve("1", 0, [float("nan")]).series]) == [True, True]


def test_epochs_are_marked_of_a_run_alone() -> None:
    epochs = [(0.0, 1), (20.0, 2)]
    alone = CompareChart().frame(sweep()[:1], 76, 12, epochs=epochs)
    assert "▴2" in alone.rows[10] and EPOCH in alone.inks[10]
    assert "^2" in CompareChart().frame(sweep()[:1], 76, 12, epochs=epochs, ascii=True).rows[10]
    assert "▴2" not in CompareChart().frame(sweep()[:2], 76, 12, epochs=epochs).rows[10]


def test_a_picture_for_a_report_marks_epochs_where_they_have_room() -> None:
    run = Labelled("1", "loss", curve("1", 0, [1.0 / (at + 1) for at in range(100)]).series)

    def numbers(epochs: list[tuple[float, int]]) -> list[str]:
        texts = [one.text or "" for one in ElementTree.fromstring(svg([run], "title", epochs)).iterfind("{*}text")]
        return texts[texts.index("step") + 1 : texts.index("▴ epoch")] if "▴ epoch" in texts else []

    assert numbers([]) == []
    assert numbers([(30.0, 2), (60.0, 3), (500.0, 4)]) == ["2", "3"]
    assert numbers([(float(at), at + 1) for at in range(1, 99)]) == [str(at) for at in range(10, 100, 10)]


def test_labels_of_a_picture_for_a_report_do_not_lie_over_each_other() -> None:
    same = [Labelled(str(at), "loss", curve("1", 0, [2.0, 1.0, 0.5 + at / 1000]).series) for at in range(8)]
    texts = list(ElementTree.fromstring(svg(same, "title")).iterfind("{*}text"))
    heights = [float(one.get("y", 0)) for one in texts if one.get("fill", "#555555") != "#555555"]
    assert len(heights) == 8
    assert all(abs(one - other) >= 11 for at, one in enumerate(heights) for other in heights[:at])


def test_log_scale_has_decades() -> None:
    frame = CompareChart().frame([curve("1", 0, [10.0**-step for step in range(6)])], 60, 14, log=True)
    text = "\n".join(frame.rows)
    assert "0.001" in text and "1e-5" in text


@given(
    st.lists(st.lists(st.floats(), min_size=0, max_size=30), max_size=9),
    st.integers(0, 90),
    st.integers(0, 30),
    st.booleans(),
    st.booleans(),
)
def test_any_numbers_at_any_size(values: list[list[float]], width: int, height: int, log: bool, ascii: bool) -> None:
    curves = [curve(str(at), at, one) for at, one in enumerate(values)]
    frame = CompareChart().frame(curves, width, height, log=log, ascii=ascii)
    assert len(frame.rows) == height and all(len(row) == width for row in frame.rows)
    assert all(len(inks) == width for inks in frame.inks)
    assert not ascii or all(row.isascii() for row in frame.rows)
