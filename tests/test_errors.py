"""How an error, and any title, is put into one sentence."""

from __future__ import annotations

import pytest

from tutor.errors import TutorError, headed


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Momentum", "Momentum: loss 0.4"),
        ("Rules or examples?", "Rules or examples? loss 0.4"),
        ("Stop!", "Stop! loss 0.4"),
        ("Wait …", "Wait … loss 0.4"),
    ],
)
def test_a_title_that_ends_a_sentence_needs_no_colon(title: str, line: str) -> None:
    assert headed(title, "loss 0.4") == line


def test_an_error_says_what_why_and_what_to_do() -> None:
    assert (
        str(TutorError("Which lesson?", "it may be a or b.", "Say more."))
        == "Which lesson? it may be a or b. Say more."
    )
    assert str(TutorError("Progress", "no.")) == "Progress: no."
