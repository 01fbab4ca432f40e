"""Figures of matplotlib, which a terminal cannot show."""

from __future__ import annotations

from kernel_harness import Kernel

from tutor.runner.protocol.run_events import Notice

PYPLOT = """import sys, types
plt = types.ModuleType("matplotlib.pyplot")
numbers = []
plt.get_fignums = lambda: list(numbers)
plt.get_backend = lambda: "agg"
plt.plot = plt.figure = lambda *a: numbers.append(len(numbers) + 1)
plt.show = lambda: None
sys.modules["matplotlib.pyplot"] = plt"""


def said(kernel: Kernel, source: str) -> list[str]:
    done = kernel.run(source)
    assert done.outcome in ("ok", "error")
    return [one.text for one in kernel.events(done.run, Notice)]


def test_a_figure_that_cannot_be_shown_is_told(kernel: Kernel) -> None:
    assert said(kernel, PYPLOT) == []
    (words,) = said(kernel, "plt.plot([1])")
    assert words.startswith("matplotlib drew a figure") and "savefig" in words
    assert said(kernel, "x = 1") == []
    assert len(said(kernel, "plt.show()")) == 1
    assert "2 figures" in said(kernel, "plt.figure(); plt.figure()")[0]
    assert said(kernel, "plt.get_backend = lambda: 'QtAgg'\nplt.figure()") == []
    assert said(kernel, "plt.get_fignums = None\nplt.show()") == []
