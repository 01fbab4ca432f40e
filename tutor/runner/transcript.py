"""What a session looks like after its events: a fold of the journal that every view shares.

Starting, re-attaching and a second viewer are the same code: `Transcript.apply` for each event, in order.
Series are not kept here (see `tutor.metrics`); `Points` events only pass through.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from signal import SIGINT
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.runner.protocol.message import Event
    from tutor.runner.protocol.parts import Fact, Failure
    from tutor.runner.protocol.run_events import CheckVerdict, InputRequested
    from tutor.runner.protocol.session_events import KernelDied, KernelReady, SessionEnded

MORE_OUTPUT = ": the setting output_limit keeps more"
"""Stands behind the count of what was printed and not kept."""


@dataclass(frozen=True)
class Chunk:
    """A piece of what a run showed. `kind` is stdout, stderr, skipped, result, notice, input or above.

    "above" is what the quiet cells wrote: they ran only because the learner's own cell needs them.
    """

    kind: str
    text: str


@dataclass
class RunRecord:
    """One run or check so far. `outcome` is "" until it has ended; `started` and `seconds` are in seconds.

    `tail` is what a run that printed more than is kept writes at the moment; "" again when it has ended.
    `source` is the text of the learner's own cell: what was run or checked, there again after a crash. `program` is
    that of all cells which are not quiet: knobs take the cells below them along. `quiet_left`: quiet ones to come.
    `facts` is what was seen of its training loop. `ready_seconds` as in `RunFinished`.
    """

    run: str
    kind: str
    tag: str
    label: str
    cells: tuple[tuple[str, str], ...] = ()
    generation: int = 0
    started: float = 0.0
    chunks: list[Chunk] = field(default_factory=list)
    verdicts: list[CheckVerdict] = field(default_factory=list)
    has_points: bool = False
    tail: str = ""
    outcome: str = ""
    seconds: float = 0.0
    failure: Failure | None = None
    words: str = ""
    stage: str = ""
    exit_code: int | None = None
    signal: int | None = None
    source: str = ""
    program: str = ""
    quiet_left: int = 0
    facts: tuple[Fact, ...] = ()
    ready_seconds: float = 0.0

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self.outcome

    @property
    def passed(self) -> bool:
        """Whether this is a check in which everything ran and every verdict is good."""
        return (
            self.kind == "check"
            and self.outcome == "ok"
            and bool(self.verdicts)
            and all(verdict.ok for verdict in self.verdicts)
        )

    @property
    def status(self) -> int:
        """What a shell is told of a script that ended so: its own exit code, 128 and the signal that ended it, else 1.

        An interrupt is SIGINT.
        """
        if self.outcome == "ok" or (self.outcome == "exit" and not self.exit_code):
            return 0
        if self.outcome == "interrupted":
            return 128 + SIGINT
        if self.signal and 0 < self.signal < 128:
            return 128 + self.signal
        return self.exit_code if self.exit_code and 0 < self.exit_code < 256 else 1

    def text(self, kind: str) -> str:
        """All chunks of one kind, joined."""
        return "".join(chunk.text for chunk in self.chunks if chunk.kind == kind)


def source_hash(source: str) -> str:
    """Short hash by which a cell's source is recognised."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Transcript:
    """The state of a session, built from its events.

    `script` is the name of the one script that it was made for, or "".
    `executed` maps the key of each cell that has run in the living kernel's namespace to the hash of the source that
    ran last; a new kernel empties it. `waiting_for_input` is the request that nobody has answered.
    """

    def __init__(self) -> None:
        self.runs: dict[str, RunRecord] = {}
        self.session = ""
        self.script = ""
        self.python = ""
        self.last_seq = 0
        self.generation = 0
        self.kernel: KernelReady | None = None
        self.kernel_death: KernelDied | None = None
        self.executed: dict[str, str] = {}
        self.waiting_for_input: InputRequested | None = None
        self.ended: SessionEnded | None = None
        self.staying: dict[str, int] = {}
        """Of isolated runs, how many of the next cells stay in the namespace."""

    @property
    def current(self) -> RunRecord | None:
        """The run in progress, if any."""
        return next((record for record in reversed(self.runs.values()) if record.running and record.started), None)

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits to run."""
        return any(record.running for record in self.runs.values())

    def latest(self, tag: str, kind: str = "") -> RunRecord | None:
        """The newest run that belongs to `tag`, of one kind or of any."""
        return next(
            (one for one in reversed(self.runs.values()) if one.tag == tag and (not kind or one.kind == kind)), None
        )

    def apply(self, event: Event) -> RunRecord | None:
        """Take one event in; return the record that it changed, if it belongs to a run that is known."""
        from tutor.runner.folding import fold  # with all events: a page is on the screen before the first one comes

        return fold(self, event)
