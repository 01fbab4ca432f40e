"""A home for each test in a terminal, of which nothing may stay behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal_trial import Trial, wait_until


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """An empty home; when the test is over, its sessions are stopped and none of its processes is left."""
    trial = Trial(tmp_path)
    yield trial
    trial.stop_sessions()
    wait_until(lambda: not trial.processes(), "processes stay behind")
