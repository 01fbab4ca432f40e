"""Real sessions for tests: started in a folder of their own, and nothing of them may stay behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from runner_harness import Viewer, belonging_to, wait_until

from tutor.runner import sessions
from tutor.runner.sessions import SessionInfo


@pytest.fixture(scope="module")
def sessions_folder() -> Iterator[Path]:
    """An empty place for sessions; when the module is done, all are stopped and no process is left."""
    folder = Path(tempfile.mkdtemp(prefix="pt"))
    before = os.environ.get("PYTUTOR_SESSIONS")
    os.environ["PYTUTOR_SESSIONS"] = str(folder)
    try:
        yield folder

        async def stop_all() -> None:
            for info in await sessions.find():
                await sessions.stop(info)

        asyncio.run(stop_all())
        wait_until(lambda: not belonging_to(folder), f"processes stay behind: {belonging_to(folder)}")
    finally:
        if before is None:
            del os.environ["PYTUTOR_SESSIONS"]
        else:
            os.environ["PYTUTOR_SESSIONS"] = before
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def shared_session(sessions_folder: Path) -> SessionInfo:
    """A session that the tests of a module share."""
    return asyncio.run(sessions.start())


@pytest.fixture
async def viewer(shared_session: SessionInfo):
    """A viewer of the shared session that has seen nothing of what came before."""
    viewer = await Viewer.attach(shared_session)
    yield viewer
    await viewer.session.close()


@pytest.fixture
def attach() -> Callable[..., Awaitable[Viewer]]:
    """Attach to any session."""
    return Viewer.attach
