"""Which live session a command means."""

from __future__ import annotations

from tutor.errors import TutorError
from tutor.runner import sessions
from tutor.runner.sessions import SessionInfo


async def choose(wanted: str | None) -> SessionInfo:
    """The live session whose id begins with `wanted`, or the only one. Raises `TutorError` with the choice else."""
    alive = [info for info in await sessions.find() if not info.private]
    if not alive:
        raise TutorError("No session", "none is alive.", "`pytutor` starts one.")
    fitting = [info for info in alive if info.id.startswith(wanted or "")]
    if len(fitting) == 1:
        return fitting[0]
    ids = ", ".join(info.id for info in fitting or alive)
    if not fitting:
        raise TutorError("No such session", f"{wanted!r} is none of {ids}.")
    raise TutorError("Which session?", f"{len(fitting)} are alive: {ids}.", "Name one of them.")
