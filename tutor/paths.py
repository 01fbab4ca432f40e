"""Where things lie on disk: lessons, progress, settings, and the folders of running sessions."""

from __future__ import annotations

import os
from pathlib import Path


def package_dir() -> Path:
    """Folder of the installed `tutor` package."""
    return Path(__file__).resolve().parent


def bundled_course_dir() -> Path:
    """Folder of the course that ships with pytutor: inside the wheel, or beside the package in a checkout."""
    packaged = package_dir() / "_lessons"
    return packaged if packaged.is_dir() else package_dir().parent / "lessons"


def data_dir() -> Path:
    """Where progress is kept; `PYTUTOR_DATA` overrides the platform's folder. Not created here."""
    override = os.environ.get("PYTUTOR_DATA")
    if override:
        return Path(override)
    import platformdirs

    return Path(platformdirs.user_data_dir("pytutor", appauthor=False))


def config_file() -> Path:
    """The settings file; `PYTUTOR_CONFIG` overrides the platform's place. It need not exist."""
    override = os.environ.get("PYTUTOR_CONFIG")
    if override:
        return Path(override)
    import platformdirs

    return Path(platformdirs.user_config_dir("pytutor", appauthor=False)) / "settings.toml"


def sessions_dir() -> Path:
    """Parent of all session folders of this user.

    It lies in /tmp and not in XDG_RUNTIME_DIR, which is removed at the last logout, nor in the home folder,
    which may be NFS: a stalled write there would stall a training. `PYTUTOR_SESSIONS` overrides it.
    """
    override = os.environ.get("PYTUTOR_SESSIONS")
    return Path(override) if override else Path(f"/tmp/pytutor-{os.getuid()}")
