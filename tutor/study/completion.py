"""Whether a course is complete, and the certificate when it is."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.course.model import Course
from tutor.learning.certificate import Certificate, digest
from tutor.learning.outlook import day_of
from tutor.study.progress import CourseMap, LessonProgress

_NAMED = 3
"""So many unfinished lessons are named."""


def missing(progress: Mapping[str, LessonProgress]) -> str:
    """How far it is and what to do next, in words; "" when every item has been solved. Skipped is not solved."""
    left = {name: one.total - one.done + one.skipped for name, one in progress.items()}
    total = sum(one.total for one in progress.values())
    open_ones = [name for name, count in left.items() if count]
    if total and not open_ones:
        return ""
    solved, skipped = total - sum(left.values()), sum(one.skipped for one in progress.values())
    share = f"{solved} of {total} answers solved" + (f", {skipped} skipped" if skipped else "")
    named = ", ".join(f"{name} ({left[name]} left)" for name in open_ones[:_NAMED])
    more = f" and {len(open_ones) - _NAMED} more lessons" if len(open_ones) > _NAMED else ""
    return f"Not yet: {share}. Next: {named}{more}." if open_ones else "Not yet: this course asks nothing."


def certificate(
    course: Course, course_map: CourseMap, progress: Mapping[str, LessonProgress], name: str
) -> Certificate:
    """The certificate of a course in which nothing is missing."""
    solved, last = course_map.solved()
    return Certificate(
        name=name,
        course=course.title,
        lessons=sum(bool(one.total) for one in progress.values()),
        items=sum(one.total for one in progress.values()),
        day=day_of(last).isoformat(),
        minutes=round(sum(one.seconds for one in progress.values()) / 60),
        digest=digest(course.id, solved),
    )
