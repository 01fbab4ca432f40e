"""What a lesson screen does with knobs and with the runs that are kept: routes to those who know how."""

from __future__ import annotations

from textual import on

from tutor.ui.knobs import KnobTurner
from tutor.ui.replay import Replayer
from tutor.ui.results import Results
from tutor.ui.run_actions import RunActions
from tutor.ui.screens.lesson_panes import LessonPanes
from tutor.ui.widgets.knob_field import KnobRefused, KnobTurned
from tutor.ui.widgets.plot_keys import ScaleChosen
from tutor.ui.widgets.runs import RunAsked


class ScreenWithRuns(LessonPanes):
    """Panes with knobs, and with runs that are replayed, drawn over each other and exported."""

    turner: KnobTurner
    run_actions: RunActions
    replayer: Replayer
    results: Results

    @on(KnobTurned)
    def _knob_turned(self, message: KnobTurned) -> None:
        self.turner.turn(message.knob, message.value)

    @on(KnobRefused)
    def _knob_refused(self, message: KnobRefused) -> None:
        self.say(message.sentence)

    @on(RunAsked)
    def _run_asked(self, message: RunAsked) -> None:
        self.run_actions.do(message.what, message.entry)

    @on(ScaleChosen)
    def _scale_chosen(self, message: ScaleChosen) -> None:
        self.plot.scale(message.log)
        self.runs.scale(message.log)

    def action_replay(self) -> None:
        """Replay the run, or faster."""
        self.panes = self.panes.show("plot") if self.panes.single else self.panes.offer("plot", typing=True)
        self.say(self.replayer.press())

    def action_toggle_reference(self) -> None:
        """The lesson's curve, or not."""
        self.say(self.run_actions.toggle_reference())
        self.results.redraw()

    def action_export_runs_csv(self) -> None:
        """Export as CSV."""
        self.run_actions.export("csv")

    def action_export_runs_json(self) -> None:
        """Export as JSON."""
        self.run_actions.export("json")

    def action_export_runs_svg(self) -> None:
        """Export as SVG."""
        self.run_actions.export("svg")
