"""Requests: what a client asks of the host, and most of it the host of the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from tutor.runner.protocol.message import PROTOCOL, Message
from tutor.runner.protocol.parts import Cell


@dataclass(frozen=True)
class Attach(Message):
    """First message of every client: replay the journal after sequence number `since`, then follow it."""

    protocol: int = PROTOCOL
    since: int = 0


@dataclass(frozen=True)
class Run(Message):
    """Run `cells` one after another in the kernel's namespace; stop at the first that fails.

    `run` is an id chosen by the client, unique in the session. `tag` says what it belongs to ("lesson-id/item"),
    `label` is for people. With `isolated` the cells see the namespace but leave it as it was, all but the first
    `kept_cells` of them, which stay in it. `quiet_cells`
    is how many of the first cells are there only because the last ones need them (setup above): their output is
    journaled all the same. `timeout` is wall time in seconds for the whole run, None for no limit. `memory_limit`
    (bytes held) and `output_limit` (bytes kept from the beginning of each stream) hold where the session has none of
    its own. `seed` is given
    to `torch.manual_seed` and `random.seed` when the namespace is new. `threads` is torch's thread count.
    `argv` and `cwd` are set for whole scripts; None leaves them alone. `fresh` asks for a new namespace first.
    With `launch`, such as "torchrun --nproc-per-node 2", the cells are a program of their own that PyTorch's launcher
    runs in several processes: the namespace has no part in it, lines of output begin with "[rank 0] ", and series are
    named "loss [rank 0]". `columns` and `lines` are the size in cells of the place where the output is shown, 0
    unknown; `ink` is what can be seen there: "color", "plain" (no colours), or "ascii".
    With `lenient`, for files that nobody has checked, a quiet cell that raises does not stop the run, and a cell goes
    on behind an import that fails; `Notice` events tell of both.
    """

    run: str
    cells: Tuple[Cell, ...]
    tag: str = ""
    label: str = ""
    isolated: bool = False
    kept_cells: int = 0
    quiet_cells: int = 0
    timeout: Optional[float] = None
    seed: Optional[int] = None
    threads: int = 1
    argv: Optional[Tuple[str, ...]] = None
    cwd: Optional[str] = None
    fresh: bool = False
    launch: str = ""
    memory_limit: Optional[int] = None
    output_limit: Optional[int] = None
    columns: int = 0
    lines: int = 0
    ink: str = "plain"
    lenient: bool = False


@dataclass(frozen=True)
class Check(Message):
    """Check `code` against `tests` in a fork of the kernel.

    In the child: the `setup` cells run first (those above that this namespace has not seen), then `code`, then the
    top-level statements of each test cell one by one; each `assert` gives one `CheckVerdict`. The names `_solution`
    (namespace after `solution` ran on a copy, made when a test mentions it), `_source`, `_stdout` and `_ast` are there.
    The kernel's namespace stays as it was. `timeout` is wall seconds for everything, `own_timeout` those from `code` on
    (None for no limit of its own), `memory_limit`, `columns`, `lines` and `ink` as in `Run`.
    """

    run: str
    code: Cell
    tests: Tuple[Cell, ...]
    setup: Tuple[Cell, ...] = ()
    solution: Optional[Cell] = None
    tag: str = ""
    label: str = ""
    timeout: float = 30.0
    seed: Optional[int] = None
    memory_limit: Optional[int] = None
    own_timeout: Optional[float] = None
    columns: int = 0
    lines: int = 0
    ink: str = "plain"


@dataclass(frozen=True)
class Interrupt(Message):
    """Send SIGINT to what runs. `force` also raises KeyboardInterrupt from within, for code that ignores SIGINT."""

    force: bool = False


@dataclass(frozen=True)
class Restart(Message):
    """Kill the kernel's process group if need be and fork a new kernel with an empty namespace ("stop hard")."""


@dataclass(frozen=True)
class Answer(Message):
    """A line for `input()`, without its newline; `eof` for ctrl+d."""

    text: str
    eof: bool = False


@dataclass(frozen=True)
class Watch(Message):
    """Which views of the X-ray a client looks at; the whole of it, each time, and () when it looks away.

    The kernel gets what all clients look at together and answers with `XRay` events: at once when nothing runs, else
    at the next step. `subject` says which of its subjects a view is to show, such as a tensor's name, "" for any.
    """

    views: Tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True)
class Prepare(Message):
    """The code at hand trains: have what an optimizer imports at its first step imported beforehand, in idle time.

    Host, zygote and kernel pass it on. It costs about 80 MB, which a session without trainings shall not pay.
    """


@dataclass(frozen=True)
class Stop(Message):
    """End the session: kernel, zygote and host."""


@dataclass(frozen=True)
class Ping(Message):
    """Ask for a `Pong` from the host; `sessions` uses it to tell a live session from a dead folder."""
