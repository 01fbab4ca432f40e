"""What the plain tutor asks of the session beside the runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tutor.commands.headless import Headless
from tutor.course.parser import parse_lesson
from tutor.plain.place import Place
from tutor.plain.teller import Teller
from tutor.runner.protocol.requests import Prepare
from tutor.runner.replay import ReplaySession

PAGE = "---\ntitle: T\nid: t\n---\n\n## Steps\n\n```python\n{}\n```\n"


async def test_what_trainings_need_is_asked_for_once_and_where_a_lesson_trains() -> None:
    plain, trains = (parse_lesson(Path("t.md"), PAGE.format(code)) for code in ("x = 1", "torch.optim.SGD"))
    session, study = ReplaySession(), None
    place = Place(study, plain, 1)  # type: ignore[arg-type]
    teller: Any = Teller(place, Headless(session))
    teller.prepare()
    assert session.sent == []
    place.lesson = trains
    teller.prepare()
    teller.prepare()
    assert session.sent == [Prepare()]
