"""From launch to the first page and to the first torch result, and what the UI process weighs."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

import psutil

from benchmarks.measure import Row, interleaved
from benchmarks.terminal import Terminal
from benchmarks.workplace import PYTUTOR, workplace
from tutor import paths
from tutor.course.catalog import load_course
from tutor.course.parser import parse_lesson

_SNIPPET = "import torch\nprint('sum', torch.ones(3).sum().item())\n"


def rows(rounds: int) -> list[Row]:
    """First page, memory of the UI process, first torch result."""
    entry = next(load_course(paths.bundled_course_dir()).lessons())
    first_page = parse_lesson(entry.path).pages[0]
    source = entry.path.read_text(encoding="utf-8")
    page_text = source[source.index(f"## {first_page.title}") :].split("\n## ")[0]
    memory: dict[str, list[float]] = {"ours": [], "bare": []}
    with workplace() as place:
        bare_text = place.folder / "page.md"
        bare_text.write_text(page_text, encoding="utf-8")
        script = place.folder / "snippet.py"
        script.write_text(_SNIPPET, encoding="utf-8")

        def page(who: str, *command: str) -> float:
            with Terminal(command, place.variables) as terminal:
                seconds = terminal.wait(lambda text: first_page.title in text)
                while terminal.read(0.5):
                    pass
                memory[who].append(psutil.Process(terminal.process.pid).memory_info().rss / 1e6)
            place.stop_sessions()
            return seconds

        def process(*command: str) -> float:
            begin = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=place.environment)
            return time.perf_counter() - begin

        pages = interleaved(
            {
                "ours": lambda: page("ours", *PYTUTOR, entry.front.id),
                "bare": lambda: page("bare", sys.executable, "-m", "benchmarks.bare_page", str(bare_text)),
            },
            rounds,
        )
        torch = interleaved(
            {
                "ours": lambda: process(*PYTUTOR, "run", str(script)),
                "python": lambda: process(sys.executable, str(script)),
            },
            rounds,
        )
    return [
        Row("first lesson page on the screen", pages["ours"], pages["bare"], "s", "a bare Textual page", 1.3),
        Row(
            "memory of the UI process",
            median(memory["ours"]),
            median(memory["bare"]),
            "MB",
            "a bare Textual page",
            80,
            True,
        ),
        Row("launch to first torch result", torch["ours"], torch["python"], "s", "python snippet.py", 1.15),
    ]
