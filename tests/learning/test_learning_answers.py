"""Quizzes, predictions and the ladder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.learning.ladder import next_rung, solution_offered
from tutor.learning.prediction import judge_curve, judge_output, judge_shape, parse_curve, parse_shape
from tutor.learning.quiz import grade, pack, unpack

ONE, TWO = frozenset({1}), frozenset({0, 2})


def test_a_right_answer_explains_everything() -> None:
    result = grade(ONE, ONE, 3, 1)
    assert result.passed and result.explain == {0, 1, 2} and result.headline == "Right."
    assert grade(ONE, ONE, 3, 2).headline == "Right, on try 2."


def test_a_first_wrong_answer_does_not_give_the_right_one_away() -> None:
    result = grade(frozenset({0}), ONE, 3, 1)
    assert not result.passed and not result.revealed
    assert result.explain == {0} and "Try once more" in result.headline


def test_a_second_wrong_answer_explains_everything() -> None:
    result = grade(frozenset({0}), ONE, 3, 2)
    assert not result.passed and result.revealed and result.explain == {0, 1, 2}


@pytest.mark.parametrize("chosen", [frozenset({0}), frozenset({0, 1, 2}), frozenset({1})])
def test_of_several_right_options_all_and_only_these_are_wanted(chosen: frozenset[int]) -> None:
    assert not grade(chosen, TWO, 3, 1).passed
    assert grade(TWO, TWO, 3, 1).passed


def test_a_missing_option_is_counted() -> None:
    result = grade(frozenset({0}), TWO, 3, 1)
    assert result.missed == 1 and "1 right option is missing" in result.headline


@given(st.frozensets(st.integers(0, 20)))
def test_stored_choices_come_back(chosen: frozenset[int]) -> None:
    assert unpack(pack(chosen)) == chosen


def test_unreadable_choices_are_none() -> None:
    assert unpack("a,-1,²") == frozenset()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("3", "3\n"),
        ("[1,2,  3]", "[1, 2, 3]"),
        ("0.8", "0.81"),
        ("0.33", "0.3333333"),
        ("0.3333333333", "0.3333"),
        ("3e-2", "0.0312"),
        ("2", "2.0"),
        ("1.", "1.0"),
        ("true", "True"),
        ("6", "tensor(6)"),
        ("[1., 2.]", "tensor([1., 2.])"),
        ("loss 0.8", "loss   0.81\n"),
        ("0.81", "loss: 0.8100"),
        ("-2", "-2"),
        ("nan", "nan"),
        ("a\nb", "a b"),
        ("0.2, 0.2", "0.2 0.2\n"),
        ("0.2 and 0.2", "0.2 0.2"),
        ("1, 2", "[1, 2]"),
        ("true, false", "True False"),
        ("3; True", "3 True"),
        ("defined, error", "defined\nerror\n"),
        ("defined then error", "defined\nerror\n"),
        ("rock and roll", "rock and roll"),
        ("(), (3,)", "() (3,)"),
        ("(3)", "(3,)"),
        ("[1, 2], [3]", "[1, 2] [3]"),
        ("{'a': 1, 'b': 2}", "{'a': 1, 'b': 2}"),
        ("", "  \n"),
    ],
)
def test_a_prediction_is_right(typed: str, printed: str) -> None:
    assert judge_output(typed, printed).right


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("3", "3.5"),
        ("4", "3.5"),
        ("0.9", "0.81"),
        ("0.812", "0.81999"),
        ("12", "1 2"),
        ("1 2", "12"),
        ("[1, 2]", "(1, 2)"),
        ("1, 3", "1 2"),
        ("(), (4,)", "() (3,)"),
        ("[x, y]", "[x y]"),
        ("error, defined", "defined\nerror"),
        ("defined, ran, error", "defined\nerror"),
        ("1,2", "12"),
        ("True, True", "True False"),
        ("and", "1"),
        (",", "1"),
        ("3", "step 3: 0.5"),
        ("3.4", "3"),
        ("2", "-2"),
        ("", "3"),
        ("3", ""),
        ("hello", "world"),
        ("1e99999999999999999999", "1"),
        ("1.5", "1e99999999999999999999"),
    ],
)
def test_a_prediction_is_wrong(typed: str, printed: str) -> None:
    result = judge_output(typed, printed)
    assert not result.right and result.headline.startswith("Not quite.")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_judged(typed: str, printed: str) -> None:
    judge_output(typed, printed)
    judge_shape(typed, printed)
    assert judge_output(typed, typed).right


@pytest.mark.parametrize(
    "typed", ["(2, 3)", "[2,3]", "2x3", "2 x 3", "2×3", "2, 3", "torch.Size([2, 3])", "2 by 3", "Size([2,3])"]
)
def test_shapes_may_be_written_in_many_ways(typed: str) -> None:
    assert parse_shape(typed) == (2, 3)
    assert judge_shape(typed, "(2, 3)").right


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("(5,)", (5,)),
        ("5", (5,)),
        ("()", ()),
        ("torch.Size([])", ()),
        ("scalar", ()),
        ("", None),
        ("two", None),
        ("(2, -1)", None),
    ],
)
def test_shapes_of_other_kinds(typed: str, shape: tuple[int, ...] | None) -> None:
    assert parse_shape(typed) == shape


def test_a_wrong_shape_names_the_right_one() -> None:
    result = judge_shape("(3, 2)", "(2, 3)")
    assert not result.right and "(2, 3)" in result.headline
    assert not judge_shape("nonsense", "nonsense").right


def test_the_ladder_counts_and_ends_with_the_solution() -> None:
    assert next_rung(0, 3, False).label == "hint 1 of 3"
    assert next_rung(2, 3, False).label == "hint 3 of 3"
    assert next_rung(3, 3, False).kind == "solution"
    assert next_rung(3, 3, True).kind == "none"
    assert next_rung(0, 0, False).kind == "solution"


def test_the_solution_is_offered_after_an_attempt_or_the_last_hint() -> None:
    assert not solution_offered(0, 0, 2, False)
    assert not solution_offered(0, 1, 2, False)
    assert solution_offered(1, 0, 2, False)
    assert solution_offered(0, 2, 2, False)
    assert solution_offered(0, 0, 2, True)


def test_a_curve_is_named_by_a_word_or_its_number() -> None:
    assert [parse_curve(text) for text in ("1", "oscillates", " It DIVERGES ", "4")] == [
        *("falls", "oscillates", "diverges", "flat"),
    ]
    assert [parse_curve(text) for text in ("", "5", "0", "rises", "²")] == [None] * 5


def test_a_curve_is_compared_and_told_with_its_figures() -> None:
    right = judge_curve("falls", "falls\nloss went from 4 to 1.")
    assert right.right and right.headline == "Right. It falls smoothly: loss went from 4 to 1."
    wrong = judge_curve("flat", "diverges\nloss became NaN at step 3.")
    assert not wrong.right and wrong.headline == "Not quite. It diverges: loss became NaN at step 3."
    assert (wrong.predicted, wrong.actual) == ("It stays flat", "It diverges")
