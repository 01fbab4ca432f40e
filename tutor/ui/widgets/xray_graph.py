"""The autograd graph of the X-ray as a tree."""

from __future__ import annotations

from textual.content import Content

from tutor.ui.visible import visible_line
from tutor.ui.widgets.layout import styled
from tutor.ui.widgets.xray_tables import said_lines
from tutor.xray.fields import Fields, text
from tutor.xray.graph import Node, nodes, words

_DEEP = 12
"""From this depth on the tree is no longer pushed to the right: a deep network is a long chain."""


def graph_lines(report: Fields, width: int, ascii: bool) -> list[Content]:
    """What is not reached, then the tree from the loss down to the leaves."""
    found = nodes(report)
    if not found:
        return []
    loss = styled(visible_line(text(report, "loss")), ".flow--name")
    tree = [_line(one, ascii).truncate(width, ellipsis=True) for one in found]
    return [*said_lines(words(report), width), loss, *tree]


def _line(node: Node, ascii: bool) -> Content:
    branch, corner, down = ("|-", "`-", "| ") if ascii else ("├ ", "└ ", "│ ")
    shown = node.last[-_DEEP:]
    lead = "".join("  " if last else down for last in shown[:-1]) + (corner if shown[-1:] == (True,) else branch)
    skipped = styled(f"[{node.depth - _DEEP + 1}] " if node.depth >= _DEEP else "", ".flow--muted")
    return styled(lead, ".flow--rule") + skipped + _words(node, ascii)


def _words(node: Node, ascii: bool) -> Content:
    name = visible_line(node.name)
    if node.kind == "leaf":
        return styled(f"{'*' if ascii else '●'} {name}", ".flow--right") + styled(f" {node.shape}", ".flow--muted")
    if node.kind == "none":
        return styled("(an input that needs no gradient)", ".flow--muted")
    return Content(name) + styled(" (see above)" if node.kind == "again" else "", ".flow--muted")
