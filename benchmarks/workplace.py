"""A throw-away home for a benchmark: data, settings and sessions of nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PYTUTOR = (sys.executable, "-m", "tutor")


@dataclass(frozen=True)
class Workplace:
    """A folder, and the environment variables that make pytutor live in it."""

    folder: Path

    @property
    def variables(self) -> dict[str, str]:
        """What differs from our own environment."""
        return {
            "PYTUTOR_DATA": str(self.folder / "data"),
            "PYTUTOR_SESSIONS": str(self.folder / "sessions"),
            "PYTUTOR_CONFIG": str(self.folder / "settings.toml"),
        }

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment."""
        return {**os.environ, **self.variables}

    def stop_sessions(self) -> None:
        """End what a measurement left running."""
        subprocess.run([*PYTUTOR, "stop", "--all"], env=self.environment, check=True, capture_output=True)


@contextmanager
def workplace() -> Iterator[Workplace]:
    """A fresh workplace; its sessions end with the block."""
    with tempfile.TemporaryDirectory(prefix="pytutor-bench-") as name:
        place = Workplace(Path(name))
        try:
            yield place
        finally:
            place.stop_sessions()
