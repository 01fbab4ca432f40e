"""Finding the session to come back to, or starting one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.settings import Settings
from tutor.ui.session import Connect

if TYPE_CHECKING:
    from tutor.runner.client import Runner
    from tutor.runner.sessions import SessionInfo


def connector(
    settings: Settings, *, new: bool = False, session: SessionInfo | None = None, private: bool = False
) -> Connect:
    """What the reader calls to get a session; `new` and `session` count for the first call only.

    A `private` one is always new, and ends when its reader leaves.
    """
    first = True

    async def connect() -> Runner:
        from tutor.runner import sessions  # the first page does not wait for what comes behind it
        from tutor.runner.client import Session

        nonlocal first
        wanted, fresh, first = (session, new, False) if first else (None, False, False)
        if wanted is None and not (fresh or private):
            wanted = await _alive(settings.python)
        if wanted is None:
            wanted = await sessions.start(**settings.session_options(), private=private)
        return await Session.attach(wanted)

    return connect


async def _alive(python: str) -> SessionInfo | None:
    """The newest session that is alive; where an interpreter is asked for, one that runs it."""
    from tutor.runner import interpreters, sessions

    found = [info for info in await sessions.find() if info.for_lessons]
    if python:
        interpreter = interpreters.resolve(python)
        found = [info for info in found if info.python == interpreter]
    return sessions.newest(found) if found else None
