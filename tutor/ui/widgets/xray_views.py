"""The views of the X-ray: what each is called, what to look for in it, and who draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from tutor.ui.visible import visible_line
from tutor.ui.widgets.layout import EMPTY, hang, styled
from tutor.ui.widgets.xray_bars import gradient_lines
from tutor.ui.widgets.xray_graph import graph_lines
from tutor.ui.widgets.xray_heat import weight_lines
from tutor.ui.widgets.xray_tables import activation_lines, shape_lines, variable_lines
from tutor.ui.widgets.xray_travel import travel_lines
from tutor.xray import gradients, graph, layers, travel, variables
from tutor.xray import picture as pictures
from tutor.xray.fields import Fields, text, whole


@dataclass(frozen=True)
class View:
    """A view: its names, long and short, what to look for, what to say where nothing is seen, and what draws it.

    `draw(report, width, ascii)` gives lines of at most `width` cells.
    """

    id: str
    title: str
    short: str
    look_for: str
    empty: str
    draw: Callable[[Fields, int, bool], list[Content]]


AGAIN = "Run it again with ctrl+r: this is read while the code runs, and only when the X-ray is open."

VIEWS: tuple[View, ...] = (
    View(
        "variables",
        "variables",
        "vars",
        variables.LOOK_FOR,
        "No variables yet: run some code with ctrl+r.",
        variable_lines,
    ),
    View("shapes", "shapes", "shapes", layers.SHAPES_LOOK_FOR, f"No shapes yet. {AGAIN}", shape_lines),
    View(
        "gradients",
        "gradients",
        "grads",
        gradients.LOOK_FOR,
        "No gradients yet: run code that calls backward() with ctrl+r.",
        gradient_lines,
    ),
    View(
        "activations",
        "activations",
        "acts",
        layers.ACTIVATIONS_LOOK_FOR,
        f"No activations yet: they are what leaves the layers of a model. {AGAIN}",
        activation_lines,
    ),
    View(
        "weights",
        "weights",
        "weights",
        pictures.LOOK_FOR,
        "No matrices yet: run code that makes a model, or a tensor with rows and columns.",
        weight_lines,
    ),
    View(
        "graph",
        "graph",
        "graph",
        graph.LOOK_FOR,
        "No graph yet: it begins at a loss, a number made from tensors that want gradients.",
        graph_lines,
    ),
    View(
        "steps",
        "steps",
        "steps",
        travel.LOOK_FOR,
        "No steps yet: run code that calls backward() with ctrl+r, then go back through its steps.",
        travel_lines,
    ),
)


def view_lines(
    view: View, report: Fields | None, width: int, *, ascii: bool = False, unseen: str = ""
) -> list[Content]:
    """All lines of a view: what to look for, then what is to be seen.

    `unseen` is said where nothing is, in place of the view's own advice, which speaks of a lesson's keys.
    """
    unseen = unseen or view.empty
    lines = [*hang(styled(view.look_for, ".flow--note"), width), EMPTY]
    if report is None:
        return [*lines, *hang(styled(unseen, ".flow--muted"), width)]
    if text(report, "problem"):
        said = f"This could not be looked at: {visible_line(text(report, 'problem'))}"
        return [*lines, *hang(styled(said, ".flow--warning"), width)]
    note = visible_line(text(report, "note"))
    drawn = view.draw(report, width, ascii)
    if note or not drawn:
        gap = [EMPTY] if drawn else []
        drawn = [*drawn, *gap, *hang(styled(note or unseen, ".flow--muted"), width)]
    left = whole(report, "left")
    more = [styled(f"… and {left:,} more", ".flow--muted")] if left else []
    return [*lines, *drawn, *more]
