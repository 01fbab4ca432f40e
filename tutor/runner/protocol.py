"""What UI, session host and kernel say to each other.

One module, stdlib only, Python 3.9 and later, because the kernel imports it in a foreign interpreter.

A frame on the wire and in the journal is `>II` (length of the JSON, length of the blob), the JSON object
`{"type": …, …}`, then the blob. Only `Points` has a blob: float64 values, little-endian.

Two families of messages. *Requests* go from a client to the host (and most of them on to the kernel).
*Events* come back; those with `journaled = True` are written to the journal with a sequence number `seq`
(1, 2, 3, …) and a wall-clock `time` before any client sees them, so that a client is nothing but the last
`seq` it has read. The others (gauges, replies) are sent to whoever is attached and forgotten.

The kernel receives `Run`, `Check`, `Answer`, `Watch` and `Interrupt(force=True)` as they are and sends events with
`seq` 0; the host stamps them. A third, small family is spoken between host and zygote.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Dict, Iterator, List, Optional, Tuple, Type, Union

PROTOCOL = 1
"""Version of this protocol. A host and a client with different versions refuse each other in one sentence."""

MAX_FRAME = 64 << 20
"""Longest frame in bytes that is accepted: a longer one is a broken or hostile peer."""

_HEAD = struct.Struct(">II")


class ProtocolError(Exception):
    """A peer sent bytes that are not a message of this protocol; the text says what was wrong."""


# ---------------------------------------------------------------------------------------------- parts


@dataclass(frozen=True)
class Cell:
    """A piece of code to run. `line` is the 1-based line of `filename` on which `source` begins."""

    key: str
    source: str
    filename: str
    line: int = 1


@dataclass(frozen=True)
class Frame:
    """One frame of a traceback; `learner` is False for frames of libraries. Columns are 0-based, -1 unknown."""

    filename: str
    line: int
    function: str
    source: str = ""
    learner: bool = True
    column: int = -1
    end_column: int = -1


@dataclass(frozen=True)
class Value:
    """Something that a failing line speaks of, as it was then.

    `name` is how the learner writes it ("x", "self.fc", "model[2]"), "" where it has none; `kind` its type's name.
    `role` is "named" for what stands in the line, "layer" for the layer of `torch.nn` in which it failed, "input" for
    what that layer was given, "near" for the name that was meant by one that is not there. `shape`, `dtype` and
    `device` are those of a tensor, or of a layer's weight; `shape` is None where there is neither. `low` and `high`
    are the extremes of a tensor of integers. `text` is the short `repr` of a number or a string, `size` the length of
    a list, a tuple or a dict, -1 for all else.
    """

    name: str
    kind: str
    role: str = "named"
    shape: Optional[Tuple[int, ...]] = None
    dtype: str = ""
    device: str = ""
    grad: bool = False
    low: Optional[int] = None
    high: Optional[int] = None
    text: str = ""
    size: int = -1


@dataclass(frozen=True)
class Failure:
    """An exception as data. `kind` is its type's name, `text` the whole traceback without frames of ours.

    `values` are what the learner's failing line speaks of.
    """

    kind: str
    message: str
    frames: Tuple[Frame, ...] = ()
    text: str = ""
    values: Tuple[Value, ...] = ()


@dataclass(frozen=True)
class Series:
    """A captured series within a run.

    `role` is "train" (a loss at backward), "validation" (a loss computed with gradients off), "logged", "epoch" (the
    number of an epoch, at the step where it begins), or "epochs" (how many there will be, as far as the code tells).
    `site` is "file:line" of the call. `count` is the number of points of it in the message that holds it.
    """

    name: str
    role: str = "train"
    site: str = ""
    count: int = 0


@dataclass(frozen=True)
class Device:
    """A place where tensors can live: "cpu", "cuda:0", "mps"; memory in bytes, 0 where unknown."""

    name: str
    title: str = ""
    memory: int = 0


@dataclass(frozen=True)
class Fact:
    """Something that was seen of a training loop: `kind` as `tutor.learning.autopsy` has it, on `line` (0 unknown)."""

    kind: str
    line: int = 0
    names: Tuple[str, ...] = ()
    numbers: Tuple[float, ...] = ()


_PARTS: Dict[str, Any] = {}
"""Field name -> (part type, many) for fields that hold parts; one meaning per field name, everywhere."""
_PARTS.update(
    cells=(Cell, True),
    setup=(Cell, True),
    tests=(Cell, True),
    code=(Cell, False),
    solution=(Cell, False),
    failure=(Failure, False),
    frames=(Frame, True),
    values=(Value, True),
    facts=(Fact, True),
    series=(Series, True),
    devices=(Device, True),
)


@dataclass(frozen=True)
class Message:
    """Base of all requests and events."""

    journaled: ClassVar[bool] = False


# ------------------------------------------------------------------------------------------- requests


@dataclass(frozen=True)
class Attach(Message):
    """First message of every client: replay the journal after sequence number `since`, then follow it."""

    protocol: int = PROTOCOL
    since: int = 0


@dataclass(frozen=True)
class Run(Message):
    """Run `cells` one after another in the kernel's namespace; stop at the first that fails.

    `run` is an id chosen by the client, unique in the session. `tag` says what it belongs to ("lesson-id/item"),
    `label` is for people. With `isolated` the cells see the namespace but leave it as it was. `quiet_cells`
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
    """

    run: str
    cells: Tuple[Cell, ...]
    tag: str = ""
    label: str = ""
    isolated: bool = False
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
class CellNoted(Message):
    """To the kernel: the end of a cell is journaled, and all that was printed before it.

    The kernel waits for it between the quiet cells of a run and the learner's own, so that what each prints is known.
    """

    key: str


@dataclass(frozen=True)
class Watch(Message):
    """Which views of the X-ray a client looks at; the whole of it, each time, and () when it looks away.

    The kernel gets what all clients look at together and answers with `XRay` events: at once when nothing runs, else
    at the next step. `subject` says which of its subjects a view is to show, such as a tensor's name, "" for any.
    """

    views: Tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True)
class Stop(Message):
    """End the session: kernel, zygote and host."""


@dataclass(frozen=True)
class Ping(Message):
    """Ask for a `Pong` from the host; `sessions` uses it to tell a live session from a dead folder."""


# --------------------------------------------------------------------------------------------- events


@dataclass(frozen=True)
class Event(Message):
    """Base of everything that comes from the host. `seq` is 0 for events that are not journaled."""

    seq: int = field(default=0, compare=False)
    time: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Journaled(Event):
    """Base of the events that are kept."""

    journaled: ClassVar[bool] = True


@dataclass(frozen=True)
class Refused(Event):
    """The host turned a client or a request down; `why` is one sentence for people."""

    why: str = ""


@dataclass(frozen=True)
class Pong(Event):
    """Answer to `Ping`. `running` is the id of the run in progress or "", `label` its label.

    A `private` session belongs to one command and ends with it; nobody else comes back to it. `script` is the name of
    the one script that the session was made for, or "".
    """

    session: str = ""
    pid: int = 0
    protocol: int = PROTOCOL
    python: str = ""
    running: str = ""
    label: str = ""
    clients: int = 0
    started: float = 0.0
    private: bool = False
    script: str = ""


@dataclass(frozen=True)
class CaughtUp(Event):
    """The client that attached has now seen the whole journal up to `last`; what follows is live."""

    last: int = 0


@dataclass(frozen=True)
class Gauges(Event):
    """Resident memory of the kernel's process tree in bytes and its CPU use in percent of one core; ≤ 1 Hz.

    Of its GPU, if it has one: bytes in use by anybody and in all, the load in percent (-1 unknown), bytes held by the
    kernel's own tensors and caches.
    """

    memory: int = 0
    cpu: float = 0.0
    gpu_memory: int = 0
    gpu_total: int = 0
    gpu_load: float = -1.0
    gpu_held: int = 0


@dataclass(frozen=True)
class GpuUse(Event):
    """From a kernel to its host, which makes `Gauges` of it: the GPU's memory and load, as there."""

    memory: int = 0
    total: int = 0
    load: float = -1.0
    held: int = 0


VIEWS = ("variables", "shapes", "gradients", "activations", "weights", "graph", "steps")
"""What the X-ray can show."""

MAX_REPORT = 16 << 10
"""Longest `XRay.text` in bytes."""


@dataclass(frozen=True)
class XRay(Event):
    """What one view of the X-ray shows now, in place of what it showed before; at most 4 a second of each view.

    `text` is a JSON object of at most `MAX_REPORT` bytes whose form `tutor.xray` knows. `run` is the last run. Not
    journaled: whoever looks asks the kernel again.
    """

    run: str = ""
    view: str = ""
    text: str = "{}"


@dataclass(frozen=True)
class SessionStarted(Journaled):
    """The first event of every journal. `script` as in `Pong`."""

    session: str = ""
    protocol: int = PROTOCOL
    python: str = ""
    pid: int = 0
    script: str = ""


@dataclass(frozen=True)
class KernelStarting(Journaled):
    """A kernel is being made; `generation` counts kernels of this session from 1."""

    generation: int = 0
    why: str = ""


@dataclass(frozen=True)
class KernelReady(Journaled):
    """The kernel can run code. `torch` is its version or "" where it is missing; `device` is what `device` holds."""

    generation: int = 0
    pid: int = 0
    python: str = ""
    executable: str = ""
    torch: str = ""
    device: str = "cpu"
    devices: Tuple[Device, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class KernelDied(Journaled):
    """The kernel is gone. `cause` is one sentence for people: what, and what was kept.

    `run` is the run that it took with it ("" for none); a `RunFinished(outcome="died"…)` for it precedes this event.
    """

    generation: int = 0
    run: str = ""
    exit_code: Optional[int] = None
    signal: Optional[int] = None
    cause: str = ""


@dataclass(frozen=True)
class RunQueued(Journaled):
    """A run or a check was accepted. `kind` is "run" or "check"; `cells` are what was asked for, `code` last."""

    run: str = ""
    kind: str = "run"
    tag: str = ""
    label: str = ""
    cells: Tuple[Cell, ...] = ()
    quiet_cells: int = 0
    isolated: bool = False


@dataclass(frozen=True)
class RunStarted(Journaled):
    """The kernel took it up."""

    run: str = ""
    generation: int = 0


@dataclass(frozen=True)
class CellFinished(Journaled):
    """One cell of a run ended; `ok` tells whether the namespace now holds what it makes."""

    run: str = ""
    key: str = ""
    ok: bool = True
    seconds: float = 0.0


@dataclass(frozen=True)
class Output(Journaled):
    """Text that the run wrote; `stream` is "stdout" or "stderr". May hold `\\r` and escape sequences: data only."""

    run: str = ""
    stream: str = "stdout"
    text: str = ""


@dataclass(frozen=True)
class OutputSkipped(Journaled):
    """`count` bytes of `stream` were counted and not kept, between the head and the tail that are."""

    run: str = ""
    stream: str = "stdout"
    count: int = 0


@dataclass(frozen=True)
class OutputTail(Event):
    """What a run writes right now, once the middle of its output is only counted: shown until the next one comes.

    `text` is the end of `stream`, a few lines; `skipped` is how many bytes were not kept so far. Not journaled: the
    real tail follows as `OutputSkipped` and `Output` when the run ends.
    """

    run: str = ""
    stream: str = "stdout"
    text: str = ""
    skipped: int = 0


@dataclass(frozen=True)
class Result(Journaled):
    """`repr` of the last expression of the last cell."""

    run: str = ""
    text: str = ""


@dataclass(frozen=True)
class Points(Journaled):
    """New points of one or more series. The blob holds, series after series, `count` steps and then `count` values."""

    run: str = ""
    series: Tuple[Series, ...] = ()
    blob: bytes = b""

    def unpack(self) -> Iterator[Tuple[Series, array[float], array[float]]]:
        """Yield `(series, steps, values)`; both arrays are float64 and `series.count` long."""
        numbers: array[float] = array("d")
        numbers.frombytes(self.blob)
        if sys.byteorder == "big":
            numbers.byteswap()
        if len(numbers) != 2 * sum(one.count for one in self.series):
            raise ProtocolError("a Points message whose blob does not fit its series")
        at = 0
        for one in self.series:
            middle, end = at + one.count, at + 2 * one.count
            yield one, numbers[at:middle], numbers[middle:end]
            at = end


def pack_points(run: str, parts: List[Tuple[Series, List[float], List[float]]]) -> Points:
    """Build a `Points` event from `(series, steps, values)`; `series.count` is filled in here."""
    numbers: array[float] = array("d")
    series = []
    for one, steps, values in parts:
        if len(steps) != len(values):
            raise ValueError(f"series {one.name!r}: {len(steps)} steps but {len(values)} values")
        numbers.extend(steps)
        numbers.extend(values)
        series.append(replace(one, count=len(values)))
    if sys.byteorder == "big":
        numbers.byteswap()
    return Points(run=run, series=tuple(series), blob=numbers.tobytes())


@dataclass(frozen=True)
class CheckVerdict(Journaled):
    """One `assert` of a check. `ok` is its outcome, `message` its feedback sentence, `source` its condition as written.

    `expected` and `got` are short texts of the two sides where the condition has sides, "" else. `failure` is set when
    evaluating it raised. `line` is the line in the lesson file.
    """

    run: str = ""
    index: int = 0
    ok: bool = False
    message: str = ""
    source: str = ""
    expected: str = ""
    got: str = ""
    line: int = 0
    failure: Optional[Failure] = None


@dataclass(frozen=True)
class InputRequested(Journaled):
    """The code waits in `input()`. The prompt itself has been printed before."""

    run: str = ""
    prompt: str = ""
    password: bool = False


@dataclass(frozen=True)
class InputAnswered(Journaled):
    """Somebody answered; `text` is "" for a password."""

    run: str = ""
    text: str = ""


@dataclass(frozen=True)
class Notice(Journaled):
    """One sentence from the runner about the run: "finishing an import, then stopping", "loss became NaN at step 7"."""

    run: str = ""
    text: str = ""


@dataclass(frozen=True)
class Observed(Journaled):
    """What was seen of the training loop of a run or of a checked answer; comes before its end, at most once."""

    run: str = ""
    facts: Tuple[Fact, ...] = ()


OUTCOMES = ("ok", "error", "interrupted", "exit", "died", "timeout", "memory", "stopped")
"""How a run can end.

"error": an exception, see `failure`. "exit": `sys.exit`, the namespace is kept. "died": the process ended by itself or
was killed from outside. "timeout", "memory": a limit. "stopped": killed on request (restart, stop). A check is "ok"
when all its statements ran, whatever they said; it is passed when it is "ok", gave a verdict and all verdicts are ok.
"""


@dataclass(frozen=True)
class RunFinished(Journaled):
    """The end of a run; every byte it printed and every point it logged stands before this event.

    `words` is one sentence for outcomes other than "ok" and "error". `stage` says for a check where it ended:
    "setup", "code", "tests", "solution". `exit_code` is that of `sys.exit` or of the process.
    """

    run: str = ""
    outcome: str = "ok"
    seconds: float = 0.0
    failure: Optional[Failure] = None
    words: str = ""
    stage: str = ""
    exit_code: Optional[int] = None


@dataclass(frozen=True)
class SessionEnded(Journaled):
    """The last event of a journal that was ended on purpose."""

    why: str = ""


# ------------------------------------------------------------------------- between host and zygote


@dataclass(frozen=True)
class ZygoteReady(Message):
    """The zygote has imported torch (or failed to: `problem` is then one sentence) and can fork kernels."""

    pid: int = 0
    python: str = ""
    executable: str = ""
    torch: str = ""
    problem: str = ""


@dataclass(frozen=True)
class ForkKernel(Message):
    """Fork a kernel. Three descriptors travel beside it by SCM_RIGHTS: control socket, stdout, stderr."""

    generation: int = 0


@dataclass(frozen=True)
class KernelForked(Message):
    """The kernel's process id, which is also its process group and its session."""

    generation: int = 0
    pid: int = 0


@dataclass(frozen=True)
class KernelExited(Message):
    """The zygote has reaped a kernel; `status` is what `os.waitpid` gave."""

    generation: int = 0
    pid: int = 0
    status: int = 0


# ------------------------------------------------------------------- between the processes of a launch and a kernel


@dataclass(frozen=True)
class RankStarted(Message):
    """The first message of each process. The ends of its stdout and stderr for reading travel beside it.

    `rank` counts from 0 among all machines, `world` is how many there are. Points, notices and `RunFinished` follow.
    """

    rank: int = 0
    world: int = 1


# ---------------------------------------------------------------------------------------------- wire


def _registry(base: Type[Message]) -> Dict[str, Type[Message]]:
    found: Dict[str, Type[Message]] = {}
    for one in base.__subclasses__():
        found[one.__name__] = one
        found.update(_registry(one))
    return found


TYPES: Dict[str, Type[Message]] = _registry(Message)
_FIELDS: Dict[Any, Tuple[str, ...]] = {
    one: tuple(item.name for item in fields(one))
    for one in (*TYPES.values(), Cell, Frame, Value, Fact, Failure, Series, Device)
}


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return {name: _plain(getattr(value, name)) for name in _FIELDS[type(value)]}


def _part(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    names = _FIELDS[kind]
    return kind(**{name: _revive(name, value) for name, value in data.items() if name in names})


def _revive(name: str, value: Any) -> Any:
    known = _PARTS.get(name)
    if known is not None:
        kind, many = known
        return tuple(_part(kind, one) for one in value) if many else _part(kind, value)
    return tuple(value) if isinstance(value, list) else value


def encode(message: Message) -> bytes:
    """The frame of a message."""
    kind = type(message)
    data: Dict[str, Any] = {"type": kind.__name__}
    blob = b""
    for name in _FIELDS[kind]:
        value = getattr(message, name)
        if name == "blob":
            blob = value
        else:
            data[name] = _plain(value)
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    return _HEAD.pack(len(text), len(blob)) + text + blob


def decode(text: Union[bytes, memoryview], blob: bytes = b"") -> Message:
    """The message of one frame's JSON and blob; unknown fields are ignored.

    Raises `ProtocolError` for anything that is not a message.
    """
    try:
        data = json.loads(bytes(text))
        kind = TYPES[data.pop("type")]
        names = _FIELDS[kind]
        values = {name: _revive(name, value) for name, value in data.items() if name in names}
        if "blob" in names:
            values["blob"] = bytes(blob)
        return kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProtocolError(f"not a message of protocol {PROTOCOL}: {error}") from None


class Splitter:
    """Cuts a byte stream into messages. `feed` it what arrives, iterate over what `feed` returns."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> List[Message]:
        """Messages completed by `data`. Raises `ProtocolError` for a frame that is too long or no message."""
        self._buffer += data
        found: List[Message] = []
        at = 0
        while len(self._buffer) - at >= _HEAD.size:
            json_length, blob_length = _HEAD.unpack_from(self._buffer, at)
            if json_length + blob_length > MAX_FRAME:
                raise ProtocolError(f"a frame of {json_length + blob_length} bytes, more than {MAX_FRAME}")
            end = at + _HEAD.size + json_length + blob_length
            if len(self._buffer) < end:
                break
            start = at + _HEAD.size
            text = bytes(self._buffer[start : start + json_length])
            found.append(decode(text, bytes(self._buffer[start + json_length : end])))
            at = end
        del self._buffer[:at]
        return found
