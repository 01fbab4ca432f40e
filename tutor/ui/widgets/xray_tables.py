"""Views of the X-ray that are tables: variables, shapes, activations."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tutor.plot.figures import short
from tutor.plot.gauges import bar
from tutor.ui.visible import visible_line
from tutor.ui.widgets.columns import Column, table
from tutor.ui.widgets.layout import EMPTY, hang, styled
from tutor.xray import layers, variables
from tutor.xray.fields import Fields

_MARKS = {"new": "+", "changed": "~"}
_BAR = 8


def said_lines(sentences: Sequence[str], width: int) -> list[Content]:
    """Sentences about what is seen, each on lines of its own, and a blank line after them."""
    dot = styled("• ", ".flow--marker")
    lines = [line for one in sentences for line in hang(Content(visible_line(one)), width, dot)]
    return [*lines, EMPTY] if lines else []


def variable_lines(report: Fields, width: int, ascii: bool) -> list[Content]:
    """The variables of functions and of the namespace."""
    found = variables.variables(report)
    if not found:
        return []
    device = any(one.device not in ("", "cpu") for one in found)
    columns = (
        Column("", ".flow--marker"),
        Column("name", ".flow--name", flexible=True, least=12),
        Column("in", ".flow--muted", flexible=True, least=6),
        Column("what it is", flexible=True, least=16),
        Column("dtype", ".flow--muted"),
        Column("device", ".flow--muted"),
        Column("grad", ".flow--marker"),
    )
    rows = [
        (
            _MARKS.get(one.mark, ""),
            visible_line(one.name),
            visible_line(one.function),
            visible_line(one.what),
            visible_line(one.dtype),
            visible_line(one.device) if device else "",
            one.grad,
        )
        for one in found
    ]
    marks = {one.mark for one in found}
    said = [words for mark, words in (("new", "+ new"), ("changed", "~ changed by the last run")) if mark in marks]
    legend = [EMPTY, styled("   ".join(said), ".flow--muted")] if said else []
    return [*table(columns, rows, width), *legend]


def shape_lines(report: Fields, width: int, ascii: bool) -> list[Content]:
    """The shapes through the layers of the models, then those that the lines made."""
    through, made = _through_layers(layers.layers(report), width, ascii), _line_by_line(layers.lines(report), width)
    return [*through, EMPTY, *made] if through and made else through or made


def _through_layers(found: Sequence[layers.Layer], width: int, ascii: bool) -> list[Content]:
    if not found:
        return []
    columns = (
        Column("layer", ".flow--name", flexible=True, least=10),
        Column("type", flexible=True, least=6),
        Column("in", right=True, flexible=True, least=8),
        Column("", ".flow--muted"),
        Column("out", flexible=True, least=8),
        Column("parameters", ".flow--muted", right=True),
    )
    rows = [
        (
            "  " * one.depth + visible_line(one.name.rpartition(".")[2] if one.depth else one.name),
            visible_line(one.type) + (f" ×{one.calls}" if one.calls > 1 else ""),
            visible_line(one.takes),
            "->" if ascii else "→",
            "✗ failed" if one.failed else visible_line(one.gives),
            f"{one.parameters:,}" if one.parameters else "",
        )
        for one in found
    ]
    lines = table(columns, rows, width)
    failed = [one for one in found if one.failed]
    if failed:
        last = failed[-1]
        said = f"{last.name} ({last.type}) failed on {last.takes}: compare it with what the layer above gives."
        lines += [EMPTY, *said_lines([said], width)[:-1]]
    return lines


def _line_by_line(made: Sequence[layers.Made], width: int) -> list[Content]:
    if not made:
        return []
    columns = (
        Column("line", ".flow--muted", right=True),
        Column("code", flexible=True, least=12),
        Column("makes", ".flow--name", flexible=True, least=6),
        Column("shape"),
        Column("dtype", ".flow--muted"),
    )
    rows = []
    for number, one in enumerate(made):
        first = number == 0 or made[number - 1].line != one.line
        place = (str(one.line), visible_line(one.source)) if first else ("", "")
        rows.append((*place, visible_line(one.name), one.shape, visible_line(one.dtype)))
    return table(columns, rows, width)


def activation_lines(report: Fields, width: int, ascii: bool) -> list[Content]:
    """What leaves each layer, in numbers."""
    found = layers.activations(report)
    if not found:
        return []
    widest = max(one.std for one in found) or 1.0
    columns = (
        Column("layer", ".flow--name", flexible=True, least=10),
        Column("type", flexible=True, least=6),
        Column("mean", right=True),
        Column("spread", right=True),
        Column("", ".flow--marker"),
        Column("zero", right=True),
        Column("dead", ".flow--warning", right=True),
        Column("saturated", ".flow--warning", right=True),
    )
    rows = [
        (
            visible_line(one.name),
            visible_line(one.type),
            short(float(f"{one.mean:.2g}"), ascii),
            short(float(f"{one.std:.2g}"), ascii),
            bar(one.std / widest, _BAR, ascii=ascii) if width >= 70 else "",
            f"{one.zeros:.0%}" if one.zeros else "",
            f"{one.dead:.0%}" if one.dead else "",
            f"{one.saturated:.0%}" if one.saturated else "",
        )
        for one in found
    ]
    return [*said_lines(layers.words(found), width), *table(columns, rows, width)]
