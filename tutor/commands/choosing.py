"""Which session a command means: one that is alive, or what is left of a script."""

from __future__ import annotations

from itertools import islice

from tutor.errors import TutorError
from tutor.printable import printable
from tutor.runner import sessions
from tutor.runner.script_session import EndedScript, ended_scripts
from tutor.runner.sessions import SessionInfo


async def choose(wanted: str | None) -> SessionInfo:
    """The live session whose id begins with `wanted`, or the only one. Raises `TutorError` with the choice else."""
    alive = [info for info in await sessions.find() if not info.private]
    if not alive:
        raise TutorError("No session", "none is alive.", "`pytutor` starts one.")
    fitting = [info for info in alive if info.id.startswith(wanted or "")]
    if len(fitting) == 1:
        return fitting[0]
    ids = ", ".join(f"{info.id} ({printable(info.script, one_line=True) or 'lessons'})" for info in fitting or alive)
    if not fitting:
        raise TutorError("No such session", f"{wanted!r} is none of {ids}.")
    raise TutorError("Which session?", f"{len(fitting)} are alive: {ids}.", "Name one of them.")


async def choose_to_look(wanted: str | None) -> SessionInfo | EndedScript:
    """The same, or the script that has ended whose id begins with `wanted`; without one, the newest if none is alive.

    Raises `TutorError`.
    """
    alive = [info for info in await sessions.find() if not info.private]
    if (wanted and any(info.id.startswith(wanted) for info in alive)) or (alive and not wanted):
        return await choose(wanted)
    ended = list(islice((one for one in ended_scripts() if one.id.startswith(wanted or "")), 2))
    if ended and (len(ended) == 1 or not wanted):
        return ended[0]
    return await choose(wanted)
