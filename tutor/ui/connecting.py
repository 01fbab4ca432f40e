"""Finding the session to come back to, or starting one."""

from __future__ import annotations

from tutor.runner import sessions
from tutor.runner.client import Runner, Session
from tutor.runner.sessions import SessionInfo
from tutor.settings import Settings
from tutor.ui.session import Connect


def connector(settings: Settings, *, new: bool = False, session: SessionInfo | None = None) -> Connect:
    """What the reader calls to get a session; `new` and `session` count for the first call, later ones follow a loss."""
    first = True

    async def connect() -> Runner:
        nonlocal first
        wanted, fresh, first = (session, new, False) if first else (None, False, False)
        if wanted is None and not fresh:
            alive = await sessions.find()
            wanted = sessions.newest(alive) if alive else None
        if wanted is None:
            wanted = await sessions.start(python=settings.python, device=settings.device)
        return await Session.attach(wanted)

    return connect
