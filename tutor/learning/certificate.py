"""The certificate: what somebody has solved, as text and as a picture. Names and titles in it are data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

WIDTH = 72
"""Columns of the text form."""


@dataclass(frozen=True)
class Certificate:
    """Somebody has solved everything in a course.

    `day` is the day of the last answer, such as 2026-05-29; `minutes` is the time spent, 0 where it is not known.
    `digest` names what was solved: see `digest`.
    """

    name: str
    course: str
    lessons: int
    items: int
    day: str
    minutes: int
    digest: str

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands between the title and the digest, from the name on."""
        hours, minutes = divmod(self.minutes, 60)
        spent = f", in {hours} h {minutes} min" if self.minutes >= 60 else ""
        return (
            self.name,
            "has solved every exercise, quiz and prediction of",
            self.course,
            f"{self.lessons} lessons, {self.items} answers{spent}",
            self.day,
        )


def digest(course: str, solved: Iterable[tuple[str, str]]) -> str:
    """A name for what was solved: SHA-256 over the course's id and the sorted keys and content hashes.

    The same content solved gives the same name, on any machine; anybody who has the course can work it out again.
    """
    lines = "".join(f"{key} {content}\n" for key, content in sorted(solved))
    return hashlib.sha256(f"{course}\n{lines}".encode()).hexdigest()


def text(certificate: Certificate) -> str:
    """The certificate in a frame of plain characters."""
    body = ["", "C E R T I F I C A T E", "", *_spaced(certificate.lines), "", "what was solved (SHA-256)", ""]
    body[-1:] = [certificate.digest[:32], certificate.digest[32:], ""]
    inner = WIDTH - 4
    rows = [f"| {line[:inner].center(inner)} |" for line in body]
    edge = f"+{'-' * (WIDTH - 2)}+"
    return "\n".join([edge, *rows, edge])


def svg(certificate: Certificate) -> str:
    """The certificate as an SVG picture of 800 by 560; nothing in it is loaded from elsewhere."""
    name, words, course, figures, day = (escape(line) for line in certificate.lines)
    rows: Mapping[int, tuple[str, str]] = {
        110: ("certificate", 'font-size="34" letter-spacing="8" fill="#7a3b12"'),
        190: (name, f'font-size="{_fitting(certificate.name, 40)}" font-weight="bold"'),
        240: (words, 'font-size="18"'),
        300: (course, f'font-size="{_fitting(certificate.course, 30)}" font-weight="bold" fill="#7a3b12"'),
        350: (figures, 'font-size="18"'),
        385: (day, 'font-size="18"'),
        470: (f"what was solved: {certificate.digest[:32]}", 'font-size="12" font-family="monospace"'),
        490: (certificate.digest[32:], 'font-size="12" font-family="monospace"'),
    }
    texts = "\n".join(
        f'  <text x="400" y="{y}" text-anchor="middle" {style}>{row}</text>' for y, (row, style) in rows.items()
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 560" font-family="Georgia, serif" fill="#222">\n'
        f"  <title>Certificate: {name}, {course}</title>\n"
        '  <rect width="800" height="560" fill="#fdfaf3"/>\n'
        '  <rect x="24" y="24" width="752" height="512" fill="none" stroke="#7a3b12" stroke-width="3"/>\n'
        '  <rect x="34" y="34" width="732" height="492" fill="none" stroke="#7a3b12"/>\n'
        f"{texts}\n</svg>\n"
    )


def _fitting(line: str, largest: int) -> int:
    """A font size at which a line fits into the frame: a letter is about 0.6 of it wide."""
    return max(8, min(largest, int(700 / (0.6 * max(1, len(line))))))


def _spaced(lines: tuple[str, ...]) -> list[str]:
    """The lines with air around the name and the course."""
    return [part for line in lines for part in (line, "")][:-1]
