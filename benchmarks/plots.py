"""What a live plot costs: processor time of a frame and its bytes, and how soon a step is seen, against peers.

And what a real training sends, with all that stands around its plot.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from statistics import median

from benchmarks.live_plot import DONE, FRAMES, PEERS, READY
from benchmarks.measure import Row
from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, Workplace, workplace

_SIZES = {(80, 24): (4.0, 1.0), (160, 45): (8.0, 3.0)}
"""Columns and rows -> milliseconds and kilobytes that a frame may take."""

_SEEN = 20
"""Steps whose way to the eye is timed."""

_OURS = f"""
import time
from tutor.kit import log
for step in range({_SEEN + 5}):
    time.sleep(0.31)
    log(loss=1 + step / 1000)
    print(step, time.monotonic(), file=open("logged", "a"), flush=True)
time.sleep(5)
"""

_TRAINING = """
import time
import torch

torch.manual_seed(0)
torch.set_num_threads(1)
x = torch.randn(512, 10)
y = 2 * x[:, :1] + torch.sin(3 * x[:, 1:2]) + 0.3 * torch.randn(512, 1)
model = torch.nn.Sequential(torch.nn.Linear(10, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for step in range(100_000):
    batch = torch.randint(0, 512, (32,))
    loss = torch.nn.functional.mse_loss(model(x[batch]), y[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 20 == 19:
        with torch.no_grad():
            val_loss = torch.nn.functional.mse_loss(model(x), y)
    time.sleep(0.002)
"""

_SETTLED, _WATCHED = 3.0, 15.0
"""Seconds of a training that are not counted, and that are."""

_TENSORBOARD = f"""
import pathlib, time
from statistics import median
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from torch.utils.tensorboard import SummaryWriter

writer = SummaryWriter("seen", flush_secs=1)
loader = EventFileLoader(str(next(pathlib.Path("seen").iterdir())))
taken = []
for step in range({_SEEN}):
    time.sleep(0.31)
    begin = time.monotonic()
    writer.add_scalar("loss", 1 + step / 1000, step)
    while not any(event.step == step and event.HasField("summary") for event in loader.Load()):
        time.sleep(0.005)
    taken.append(time.monotonic() - begin)
print("seconds:", median(taken))
"""

_TRACKIO = f"""
import time
from statistics import median
import trackio
from trackio.sqlite_storage import SQLiteStorage

run = trackio.init(project="seen")
taken = []
for step in range({_SEEN}):
    time.sleep(0.31)
    begin = time.monotonic()
    trackio.log({{"loss": 1 + step / 1000}}, step=step)
    while not any(row.get("step") == step for row in SQLiteStorage.get_logs("seen", run.name)):
        time.sleep(0.005)
    taken.append(time.monotonic() - begin)
trackio.finish()
print("seconds:", median(taken))
"""

_READERS = {
    "TensorBoard's file": ("tensorboard", _TENSORBOARD),
    "trackio's database": ("trackio", _TRACKIO),
}
"""Name -> package, and a program that tells when the step can be read from there.

That is not yet a picture: it waits for the browser to ask again, which is not counted.
"""


def rows(rounds: int) -> list[Row]:
    """Frames at two sizes against each plotting widget, and the time from a step to its picture."""
    engines = ["ours", *(name for name, package in PEERS.items() if importlib.util.find_spec(package))]
    readers = {name: program for name, (package, program) in _READERS.items() if importlib.util.find_spec(package)}
    frames: dict[tuple[str, tuple[int, int]], list[tuple[float, float]]] = {}
    seen: dict[str, list[float]] = {}
    sent: dict[tuple[int, int], list[float]] = {}
    with workplace() as place:
        for _ in range(rounds):
            for size in _SIZES:
                sent.setdefault(size, []).append(_sent(size, place))
                for engine in engines:
                    frames.setdefault((engine, size), []).append(_frame(engine, size, place))
            seen.setdefault("ours", []).append(_seen(place))
            for name, program in readers.items():
                seen.setdefault(name, []).append(_readable(program, place))

    def middle(engine: str, size: tuple[int, int], which: int) -> float | None:
        return median(one[which] for one in frames[engine, size]) if (engine, size) in frames else None

    found = []
    for size, targets in _SIZES.items():
        for which, (what, unit) in enumerate((("CPU of a frame", "ms"), ("bytes of a frame", "KB"))):
            title = f"{what}, {size[0]}x{size[1]}, 1e6 points"
            mine = middle("ours", size, which) or 0.0
            found += [Row(title, mine, middle(name, size, which), unit, name, targets[which], True) for name in PEERS]
    for size in _SIZES:
        title = f"a training at {size[0]}x{size[1]}, a second"
        found.append(Row(title, median(sent[size]), None, "KB", "", 10.0, True))
    mine = median(seen["ours"])
    for name in _READERS:
        theirs = median(seen[name]) if name in seen else None
        found.append(Row("from a step to its picture", mine, theirs, "ms", name, 200, True))
    return found


def _frame(engine: str, size: tuple[int, int], place: Workplace) -> tuple[float, float]:
    """Milliseconds of processor time and kilobytes that a frame takes."""
    report = place.folder / "frames.json"
    command = (sys.executable, "-m", "benchmarks.live_plot", engine, str(report))
    with Terminal(command, place.variables, *size) as terminal:
        terminal.wait(lambda text: READY in text and any("⠀" < character <= "⣿" for character in text))
        while terminal.read(1.0):
            pass
        before = terminal.bytes_read
        terminal.send(b"x")
        terminal.wait(lambda text: DONE in text, 120)
        sent = terminal.bytes_read - before
    return 1e3 * median(json.loads(report.read_text(encoding="utf-8"))), sent / FRAMES / 1e3


def _sent(size: tuple[int, int], place: Workplace) -> float:
    """Kilobytes a second that a real training sends whose plot has the whole terminal."""
    script = place.folder / "training.py"
    script.write_text(_TRAINING, encoding="utf-8")
    with Terminal((*PYTUTOR, "run", str(script)), place.variables, *size) as terminal:
        terminal.wait(lambda text: "step " in text and ", loss" in text)
        if size[0] > 100:
            terminal.send(b"4\x1b[21~")  # to the plot, and f10: it alone
        _watch(terminal, _SETTLED)
        before = terminal.bytes_read
        seconds = _watch(terminal, _WATCHED)
        sent = terminal.bytes_read - before
    place.stop_sessions()
    return sent / seconds / 1e3


def _watch(terminal: Terminal, seconds: float) -> float:
    """Read for so long; the seconds that it was."""
    begin = time.monotonic()
    while time.monotonic() < begin + seconds:
        terminal.read(0.05)
    return time.monotonic() - begin


def _seen(place: Workplace) -> float:
    """Milliseconds from a logged step until the terminal shows it."""
    script, logged = place.folder / "steps.py", place.folder / "logged"
    logged.unlink(missing_ok=True)
    script.write_text(_OURS.replace('"logged"', repr(str(logged))), encoding="utf-8")
    shown: dict[int, float] = {}
    with Terminal((*PYTUTOR, "run", str(script)), place.variables) as terminal:
        for step in range(1, _SEEN + 5):
            words = f"loss {1 + step / 1000:g}"
            terminal.wait(lambda text, words=words: words in text)  # type: ignore[misc]
            shown[step] = time.monotonic()
    place.stop_sessions()
    lines = [line.split() for line in logged.read_text(encoding="utf-8").splitlines()]
    return 1e3 * median(shown[int(step)] - float(at) for step, at in lines if int(step) >= 5 and int(step) in shown)


def _readable(program: str, place: Workplace) -> float:
    """Milliseconds until a peer's own reader has the step."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=place.folder,
        env={**place.environment, "HF_HUB_OFFLINE": "1", "TRACKIO_DIR": str(place.folder / "trackio")},
    )
    return 1e3 * float(done.stdout.rpartition("seconds:")[2].split()[0])
