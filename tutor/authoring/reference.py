"""Recording a run as the lesson's own curve: the ghost that learners see beneath theirs."""

from __future__ import annotations

from pathlib import Path

from tutor.course.keys import content_hash
from tutor.course.model import Lesson
from tutor.course.reference import curves_path, curves_text, program_hash, turned_by
from tutor.errors import TutorError
from tutor.store.runs import RunRow
from tutor.study import Study
from tutor.study.curves import reference_curves


def record_reference(study: Study, lesson: Lesson, run: RunRow) -> Path:
    """Write the curves of a kept run beside its lesson, and say where.

    Raises `TutorError` for a run of other code than the lesson's, for one that did not end well, and where nothing can
    be written.
    """
    item = lesson.item(run.key)
    if item is None:
        raise TutorError("Not recorded", f"the lesson has no item {run.key} any more.", "Run it again.")
    parts = [run.code.strip("\n")]
    if run.program and turned_by(lesson, item):
        parts += [one.code.source.strip("\n") for one in turned_by(lesson, item)]
        same = "\n\n".join(parts) == run.program.strip("\n")
    else:
        same = True
    if not same or content_hash(*parts) != program_hash(lesson, item):
        raise TutorError(
            "Not recorded",
            f"run {run.number} ran other code than the lesson's own.",
            "Reset the code in the tutor, run it, and record that run.",
        )
    if run.outcome != "ok":
        raise TutorError("Not recorded", f"run {run.number} did not run to its end.", "Record one that did.")
    curves = reference_curves(study.runs.series(run.run))
    if not curves:
        raise TutorError("Not recorded", f"run {run.number} has no curve that could be drawn.")
    path = curves_path(lesson)
    text = curves_text(lesson, item, curves)
    draft = path.with_suffix(".json.new")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise TutorError("Not recorded", f"{path} cannot be written: {error.strerror or error}.") from None
    return path
