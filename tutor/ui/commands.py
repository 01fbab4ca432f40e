"""Every action of the tutor in one table: bindings, palette, key bar and help are made from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One thing that can be done.

    `id` is "scope.name": the scope is "app", "course" (the app while it shows a course), or that of a screen; the name
    is that of the action method. `keys` are Textual's key names; one that is a single character works only where
    nothing takes text. `title` names it in the palette, `label` in the key bar ("" leaves it out there), `tooltip` says
    what it does in one sentence.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    tooltip: str
    group: str
    label: str = ""

    @property
    def scope(self) -> str:
        """Where it is available."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of its action."""
        return self.id.partition(".")[2]

    @property
    def action(self) -> str:
        """The action as Textual writes it."""
        return f"{'app' if self.of_app else 'screen'}.{self.name}"

    @property
    def of_app(self) -> bool:
        """Whether the app does it, else the screen."""
        return self.scope in ("app", "course")


COMMANDS: tuple[Command, ...] = (
    Command(
        "lesson.run",
        ("ctrl+r", "f5"),
        "Run",
        "Run the selected lines, or all of the code in the editor, in this lesson's namespace.",
        "Code",
        "run",
    ),
    Command(
        "lesson.check",
        ("ctrl+t", "f6"),
        "Check the exercise",
        "Check the code in the editor as the answer to the selected exercise.",
        "Code",
        "check",
    ),
    Command(
        "lesson.hint",
        ("ctrl+g", "f4"),
        "Hint",
        "Show the next hint for the selected exercise; then its lines out of order or with gaps, then the solution.",
        "Code",
        "hint",
    ),
    Command(
        "lesson.answer",
        ("f3",),
        "Answer the question",
        "Go to the next prediction or quiz of this page and answer it.",
        "Page",
        "answer",
    ),
    Command(
        "app.interrupt",
        ("ctrl+c",),
        "Interrupt, or copy",
        "Interrupt what runs; when nothing runs, copy the selected text. Again: insist. A third time: stop hard.",
        "Code",
        "interrupt",
    ),
    Command(
        "lesson.next_page",
        ("f8", "right_square_bracket"),
        "Next page",
        "Go to the next page; after the last one, to the next lesson.",
        "Page",
        "next page",
    ),
    Command(
        "lesson.previous_page",
        ("f7", "left_square_bracket"),
        "Previous page",
        "Go to the page before; before the first one, to the lesson before.",
        "Page",
    ),
    Command(
        "lesson.next_tab",
        ("f9",),
        "Next tab",
        "Show the next tab on the right; on a narrow screen, the next pane.",
        "View",
        "next tab",
    ),
    Command(
        "lesson.enlarge",
        ("f10",),
        "Enlarge the pane, and back",
        "Give the focused pane the whole screen, and take it back.",
        "View",
    ),
    Command("lesson.show_page", ("1", "escape"), "Show the page", "Go to the lesson's page.", "View", "page"),
    Command("lesson.show_code", ("2", "i"), "Go to the editor", "Put the cursor into the editor.", "View", "editor"),
    Command("lesson.show_output", ("3",), "Show the output", "Show what the last run printed.", "View"),
    Command("lesson.show_plot", ("4",), "Show the plot", "Show the curves of the last run.", "View"),
    Command(
        "lesson.show_xray",
        ("5",),
        "Show the X-ray",
        "Look into the program: variables, shapes, gradients, activations, weights, graph, steps.",
        "View",
    ),
    Command(
        "lesson.show_runs",
        ("6",),
        "Show the runs",
        "Show the runs of this code: their curves over each other, their values, and what came of them.",
        "View",
    ),
    Command("lesson.show_checks", ("7",), "Show the checks", "Show how the last check went.", "View"),
    Command(
        "lesson.show_knobs",
        ("k",),
        "Turn the knobs",
        "Go to the knobs of this code: left and right turn one, and the code runs with its new value.",
        "Code",
        "knobs",
    ),
    Command(
        "lesson.replay",
        ("y",),
        "Replay the run",
        "Let the curves of the Plot pane grow again, slowly enough to be seen; again: twice as fast.",
        "View",
    ),
    Command(
        "lesson.toggle_reference",
        ("h",),
        "Show or hide the lesson's curve",
        "Draw the run that the lesson's author recorded dim beneath yours, or no longer.",
        "View",
    ),
    *(
        Command(
            f"lesson.export_runs_{kind}",
            (),
            f"Export the runs as {kind.upper()}",
            f"Write the runs that the Runs tab draws into the current folder, {words}.",
            "Code",
        )
        for kind, words in (
            ("csv", "as a table of their points"),
            ("json", "with their code and values"),
            ("svg", "as a picture"),
        )
    ),
    Command(
        "lesson.edit_outside",
        ("e",),
        "Edit in $EDITOR",
        "Open the code in the editor that $VISUAL or $EDITOR names, and take back what you save.",
        "Code",
    ),
    Command(
        "lesson.reset_code",
        (),
        "Reset to the lesson's code",
        "Put the lesson's own code back into the editor; undo brings yours back.",
        "Code",
    ),
    Command(
        "lesson.solution",
        (),
        "Show the solution",
        "Show the solution of the selected exercise with its why; asks first when you have not tried.",
        "Code",
    ),
    Command(
        "lesson.skip",
        (),
        "Skip the exercise",
        "Mark the selected exercise as skipped and go on; it stays marked so that you can come back.",
        "Code",
    ),
    Command("course.home", ("f2",), "Course map", "Show all lessons and how far you are.", "Go", "map"),
    Command(
        "course.review",
        ("r",),
        "Review what is due",
        "Answer again what you are about to forget; nothing that you have solved or written is touched.",
        "Go",
        "review",
    ),
    Command(
        "app.help",
        ("f1", "question_mark"),
        "Help",
        "Say what each key does, for what has the focus.",
        "Go",
        "help",
    ),
    Command("app.palette", ("ctrl+p",), "All commands", "Find any command by its name.", "Go", "commands"),
    Command(
        "app.quit",
        ("ctrl+q",),
        "Quit",
        "Leave the tutor. What you wrote is kept, and a running training goes on.",
        "Go",
        "quit",
    ),
    Command(
        "app.about",
        (),
        "About pytutor",
        "Show the version, the licence, and whose data come with the lessons.",
        "Go",
    ),
    Command(
        "app.insist",
        (),
        "Insist on the interrupt",
        "Interrupt code that ignores the first interrupt; variables are kept where Python allows it.",
        "Kernel",
    ),
    Command(
        "app.stop_hard",
        (),
        "Stop hard",
        "End the kernel with all its variables. In a lesson another starts, and cells above run again by themselves.",
        "Kernel",
    ),
    Command(
        "course.reconnect",
        (),
        "Start another session",
        "Connect again when the session was lost or could not be started.",
        "Kernel",
    ),
    Command("app.theme_dark", (), "Theme: dark", "Light text on a dark ground.", "Colours"),
    Command("app.theme_light", (), "Theme: light", "Dark text on a light ground.", "Colours"),
    Command(
        "app.theme_ansi", (), "Theme: the terminal's own colours", "Use the sixteen colours of the terminal.", "Colours"
    ),
    Command(
        "script.next_tab",
        ("f9",),
        "Next pane",
        "Go on to the next of output, plot and X-ray.",
        "View",
        "next pane",
    ),
    Command(
        "script.enlarge",
        ("f10",),
        "Enlarge the pane, and back",
        "Give the focused pane the whole screen, and take it back.",
        "View",
        "enlarge",
    ),
    Command("script.show_output", ("3", "1"), "Show the output", "Go to what the script prints.", "View"),
    Command("script.show_plot", ("4", "2"), "Show the plot", "Go to the script's curves.", "View"),
    Command("script.show_xray", ("5",), "Show the X-ray", "Look into the script while it runs.", "View"),
    Command(
        "preview.everything",
        ("a",),
        "Show everything",
        "Show what the page hides: hints, answers, tests, hidden cells; and hide it again.",
        "Author",
        "show all",
    ),
    Command(
        "preview.answers",
        ("t",),
        "Check every answer",
        "Check the exercise with its starter, solution, alternatives and mistakes.",
        "Author",
        "try answers",
    ),
    Command(
        "preview.accept",
        ("w",),
        "Write the new outputs",
        "Write what the cells printed now into the output fences of the file.",
        "Author",
        "write outputs",
    ),
    Command(
        "preview.width",
        ("v",),
        "Another width",
        "Look at the lesson at 80, 100 and 120 columns.",
        "Author",
        "width",
    ),
    Command("home.back", ("escape",), "Back to the lesson", "Go back to the lesson that is open.", "Go", "back"),
)

BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}
