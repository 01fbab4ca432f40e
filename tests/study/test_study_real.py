"""The study against a real session: what it asks for runs, and what ran is recognised."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.commands.headless import private_session
from tutor.course.model import Lesson
from tutor.learning.state import Status
from tutor.settings import Settings
from tutor.study import Study

Find = Callable[[str], Any]
SECONDS = 100


@pytest.fixture(autouse=True)
def sessions_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short path: the name of a socket has about 100 characters at most."""
    folder = Path(tempfile.mkdtemp(prefix="pts"))
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def test_cells_above_run_once_and_again_in_a_new_kernel(study: Study, lesson: Lesson, item: Find) -> None:
    async def walk() -> None:
        async with private_session(Settings(device="cpu")) as headless:
            await headless.ready()
            executed = headless.transcript.executed
            record = await headless.run(study.run_request(lesson, item("y = "), "y = mse(x, 0)\ny.sum().item()", {}))
            assert (record.outcome, record.text("result")) == ("ok", "6.0\n")
            study.take(lesson, record, headless.transcript.session)
            assert study.state(lesson, item("y = ")).status is Status.PASSED
            assert study.run_request(lesson, item("y = "), "y = mse(x, 0)", executed).quiet_cells == 0

            study.lock_prediction(lesson, item("form"), "torch.Size([2, 3])")
            record = await headless.run(study.run_request(lesson, item("form"), "z = y + 1", executed))
            result = study.judge_prediction(lesson, item("form"), record, headless.transcript.session)
            assert result is not None and result.right and result.actual == "(2, 3)"
            probe = study.run_selection_request(lesson, item("y = "), "'z' in globals()", executed)
            assert (await headless.run(probe)).text("result") == "False\n"

            await headless.restart()
            request = study.run_request(lesson, item("y = "), "y = mse(x, 0)", executed)
            assert request.quiet_cells == 3 and (await headless.run(request)).outcome == "ok"

            prose = study.lesson("why-pytorch")
            hello = next(one for _, one in prose.items())
            assert study.needs_fresh_kernel(prose, executed)
            record = await headless.run(study.run_request(prose, hello, "'mse' in globals()", executed))
            assert record.text("result") == "False\n" and set(executed) == {hello.key}

    await asyncio.wait_for(walk(), SECONDS)
