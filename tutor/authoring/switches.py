"""`<!-- lint: off W213 -->`: a rule switched off for the block below."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tutor.course.findings import Findings
from tutor.course.problems import Problem
from tutor.course.tree import markdown


@dataclass
class _Switch:
    codes: tuple[str, ...]
    line: int
    first: int
    last: int
    used: set[str] = field(default_factory=set)


def without_switched_off(
    problems: Sequence[Problem], text: str, findings: Findings, idle: Collection[str]
) -> list[Problem]:
    """The problems that no comment switches off. Comments that switch nothing off are told to `findings`.

    `idle` is the codes of rules that were not applied: a switch for one of them may have its effect another time.
    """
    switches = _switches(text) if "lint:" in text else []
    kept = []
    for problem in problems:
        by = [one for one in switches if problem.code in one.codes and one.first <= problem.line <= one.last]
        for switch in by:
            switch.used.add(problem.code)
        if not by:
            kept.append(problem)
    for switch in switches:
        for code in switch.codes:
            if code not in switch.used and code not in idle:
                findings.add("W220", f"{code} does not fire on the block below: remove this comment", switch.line)
    return kept


def _switches(text: str) -> list[_Switch]:
    blocks = [(token.map[0] + 1, token.map[1]) for token in markdown().parse(text) if token.map and token.level == 0]
    found: list[_Switch] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        codes = _codes(line)
        if codes:
            below = next(
                (at for at in range(number + 1, len(lines) + 1) if lines[at - 1].strip() and not _codes(lines[at - 1])),
                0,
            )
            last = max((end for begin, end in blocks if begin == below), default=below)
            found.append(_Switch(codes, number, below, last))
    return found


def _codes(line: str) -> tuple[str, ...]:
    bare = line.strip()
    if not (bare.startswith("<!--") and bare.endswith("-->")):
        return ()
    words = bare[4:-3].replace(",", " ").split()
    return tuple(words[2:]) if words[:2] == ["lint:", "off"] else ()
