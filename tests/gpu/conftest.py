"""Everything here needs a CUDA device: `pytest -m gpu` runs it, and without a device it is skipped."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "runner"))

from runner_harness import Viewer, belonging_to, wait_until  # type: ignore[import-not-found]

from tutor.runner import sessions


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.gpu)
            if not torch.cuda.is_available():
                item.add_marker(pytest.mark.skip(reason="no CUDA device"))


@pytest.fixture
def sessions_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pt"))
    monkeypatch.setenv("PYTUTOR_SESSIONS", str(folder))
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def viewer(sessions_folder: Path) -> AsyncIterator[Viewer]:
    """A viewer of a session whose device is chosen by itself, which is the GPU."""
    info = await sessions.start()
    viewer = await Viewer.attach(info, since=0)
    await viewer.run("import torch")
    yield viewer
    await viewer.session.close()
    await sessions.stop(info)
    wait_until(lambda: not belonging_to(sessions_folder), "processes stay behind")
