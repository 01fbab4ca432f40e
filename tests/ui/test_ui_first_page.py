"""What is imported before the first page is on the screen: nothing that it can do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

OPENED = """
import sys
from pathlib import Path
from tutor import paths
from tutor.commands import learn
from tutor.course.catalog import load_course
from tutor.settings import Settings
from tutor.store.database import Store
from tutor.study import Study
from tutor.ui.app import PytutorApp
from tutor.ui.connecting import connector

class Opened(PytutorApp):
    def connect_session(self):  # what comes after the first paint
        print(*sys.modules, file=sys.stderr)
        self.exit()

course = load_course(paths.bundled_course_dir())
study = Study(course, Store.open(Path(sys.argv[1])))
app = Opened(study, Settings(), connect=connector(Settings()), lesson_id=next(course.lessons()).front.id)
app.run(headless=True)
"""

LATER = {
    "the messages of a session": ("tutor.runner.protocol", "tutor.runner.folding", "tutor.ui.folding"),
    "the way to a session": ("tutor.runner.client", "tutor.runner.sessions", "tutor.runner.interpreters"),
    "stopping what runs": ("tutor.ui.run_control",),
    "requests and what comes after a check": ("tutor.study.requests", "tutor.study.suspicion"),
    "the ladder of help": ("tutor.study.ladder", "tutor.ui.screens.lines", "tutor.ui.screens.gaps"),
    "drawing": ("plotext", "tutor.plot.chart"),
    "other screens": ("tutor.ui.screens.home", "tutor.ui.screens.help", "tutor.ui.screens.compare", "tutor.ui.palette"),
    "files from elsewhere": ("tutor.exchange", "jupytext", "nbformat"),
    "scheduling": ("fsrs",),
    "languages that the page does not show": ("tutor.ui.widgets.other_code", "pygments.lexers.python"),
    "the learner's libraries": ("torch", "numpy"),
}
"""What the first page does without -> modules that stand for it."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of a process in which the first page has been painted and nothing else has happened."""
    folder = tmp_path_factory.mktemp("data")
    done = subprocess.run([sys.executable, "-c", OPENED, str(folder)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_the_page_is_there(imported: set[str]) -> None:
    assert {"tutor.ui.screens.lesson", "tutor.ui.widgets.prose", "tutor.course.parser"} <= imported


@pytest.mark.parametrize("what", LATER)
def test_is_imported_later(imported: set[str], what: str) -> None:
    assert not imported & set(LATER[what])


def test_the_names_are_those_of_modules() -> None:
    root = Path(__file__).parents[2]
    own = [name for names in LATER.values() for name in names if name.startswith("tutor.")]
    for name in own:
        path = root / name.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), name
