"""The live plot: series of a run as one frame of characters, at any size from a single cell up."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from tutor.plot.axes import Limits, snap_end
from tutor.plot.drawable import SeriesLike
from tutor.plot.epochs import Epoch
from tutor.plot.frame import NOTE, Frame
from tutor.plot.panel import Panel, Scene
from tutor.plot.panels import Box, arrange, layout
from tutor.plot.view import View, tail_of

_DEFAULT = View()


class LiveChart:
    """Draws frames of one run: as many panels as its series need and the size allows.

    After a frame, `run` are the limits of all steps, `shown` those that were drawn, `columns` the dots across a panel,
    and `hidden` the number of panels that had no room.
    """

    def __init__(self) -> None:
        self.run = self.shown = Limits(0.0, 1.0)
        self.columns = 1
        self.hidden = 0
        self.panels: dict[int, Panel] = {}

    def frame(
        self,
        series: Sequence[SeriesLike],
        width: int,
        height: int,
        view: View = _DEFAULT,
        *,
        ascii: bool = False,
        ghosts: Sequence[SeriesLike] = (),
        epochs: Sequence[Epoch] = (),
    ) -> Frame:
        """The picture in `width` by `height` cells; `ghosts` are earlier runs, drawn dim beneath.

        Where a panel has one or two series the band between least and greatest values is drawn as well. NaN is marked
        × at the top of its column, infinity ▲ at the top and ▼ at the bottom, as are values that a log axis cannot
        show.
        """
        width, height = max(0, width), max(0, height)
        drawn = [one for one in series if one.count]
        shadows = [one for one in ghosts if one.count]
        self.hidden = 0
        if not drawn and not shadows:
            return _words("no points yet", width, height)
        self.run = _steps([*shadows, *drawn])
        self.shown = self._window(view, drawn or shadows)
        scene = Scene(self.shown, view, ascii, epochs)
        groups, boxes = self._arranged(drawn, width, height, view)
        pictures = self._draw(groups, boxes, drawn, shadows, scene)
        rows = [[" "] * width for _ in range(height)]
        inks = [bytearray(width) for _ in range(height)]
        for box, picture in zip(boxes, pictures, strict=True):
            for y in range(box.height):
                rows[box.y + y][box.x : box.x + box.width] = picture.rows[y]
                inks[box.y + y][box.x : box.x + box.width] = picture.inks[y]
        notes = tuple(note for picture in pictures for note in picture.notes)
        return Frame(width, height, tuple(map("".join, rows)), tuple(map(bytes, inks)), notes)

    def _window(self, view: View, drawn: Sequence[SeriesLike]) -> Limits:
        if view.tail:
            return tail_of(self.run, max(one.last_step for one in drawn))
        return view.window if view.window is not None and view.window.high > view.window.low else self.run

    def _arranged(
        self, drawn: Sequence[SeriesLike], width: int, height: int, view: View
    ) -> tuple[list[list[int]], list[Box]]:
        """Numbers of the series for each panel that is shown, and its place."""
        if view.together or not drawn:
            return [list(range(len(drawn)))], [Box(0, 0, width, height)]
        room = len(layout(len(drawn), width, height))
        groups = arrange(drawn, room)
        boxes = layout(len(groups), width, height)
        self.hidden = len(groups) - len(boxes)
        first = view.first % len(groups)
        return (groups[first:] + groups[:first])[: len(boxes)], boxes

    def _draw(
        self,
        groups: Sequence[Sequence[int]],
        boxes: Sequence[Box],
        drawn: Sequence[SeriesLike],
        shadows: Sequence[SeriesLike],
        scene: Scene,
    ) -> list[Frame]:
        """A frame for each panel; panels above each other have labels of one width, so that their steps line up."""
        panels = [self.panels.setdefault(group[0] if group else 0, Panel()) for group in groups]
        ghosts = [_ghosts_of(number, groups, drawn, shadows) for number in range(len(groups))]
        axes = [
            panel.limits([*(drawn[index] for index in group), *beneath], scene, box.width)
            for panel, group, beneath, box in zip(panels, groups, ghosts, boxes, strict=True)
        ]
        marks = [panel.marks(y, box.height, scene.view.log) for panel, y, box in zip(panels, axes, boxes, strict=True)]
        widest = max((len(text) for found in marks for _, text in found), default=0)
        pictures = [
            panel.frame(
                [(index, drawn[index]) for index in group],
                beneath,
                box.width,
                box.height,
                scene,
                y,
                [(at, text.rjust(widest)) for at, text in found],
            )
            for panel, group, beneath, box, y, found in zip(panels, groups, ghosts, boxes, axes, marks, strict=True)
        ]
        self.columns = panels[0].columns
        return pictures


def _ghosts_of(
    number: int, groups: Sequence[Sequence[int]], drawn: Sequence[SeriesLike], shadows: Sequence[SeriesLike]
) -> list[SeriesLike]:
    """The earlier series that belong into a panel: where one of their name is, else into the first."""
    names = [{drawn[index].name for index in group} for group in groups]
    homes = [next((at for at, known in enumerate(names) if one.name in known), 0) for one in shadows]
    return [one for one, home in zip(shadows, homes, strict=True) if home == number]


def _steps(series: Sequence[SeriesLike]) -> Limits:
    """The x axis. It begins at 0 unless the run begins far from it."""
    start = min((one.first_step for one in series if isfinite(one.first_step)), default=0.0)
    end = max((one.last_step for one in series if isfinite(one.last_step)), default=start)
    if 0 < start <= end / 2:
        start = 0.0
    if not isfinite(end - start):
        start, end = max(start, -1e307), min(end, 1e307)
    return Limits(start, snap_end(start, end))


def _words(text: str, width: int, height: int) -> Frame:
    """A sentence in the middle of nothing."""
    rows = [" " * width] * height
    inks = [bytes(width)] * height
    if width and height:
        rows[height // 2] = text[:width].center(width)
        inks[height // 2] = bytes([NOTE]) * width
    return Frame(width, height, tuple(rows), tuple(inks))
