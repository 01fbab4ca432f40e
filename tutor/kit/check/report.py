"""What a checker found: findings with a sentence each, gathered in a report."""

from __future__ import annotations

from typing import Dict, Iterator, List


def begun(sentence: str) -> str:
    """`sentence` with a capital, unless it begins with code such as `argmax(dim=0)`, `b1` or `w`."""
    first = sentence.split(" ", 1)[0]
    code = set(first) & set("()[]._=0123456789") or (len(first) == 1 and first != "a")
    return sentence if code else sentence[:1].upper() + sentence[1:]


def lead(sentence: str) -> str:
    """`sentence` with a capital and its end, to stand before another one."""
    ended = begun(sentence).rstrip(".")
    return f"{ended} " if ended.endswith("?") else f"{ended}. "


class Finding:
    """One thing that was looked at.

    `ok` tells whether it is as it should be. If not, `why` is one or two sentences for the learner with what was
    expected and what came, and `expected` and `got` are these two alone, as short texts ("" where there are none).
    A finding is true when it is ok, and its text is `why`.
    """

    def __init__(self, ok: bool, why: str = "", expected: str = "", got: str = "") -> None:
        self.ok = ok
        self.why = "" if ok else why
        self.expected = "" if ok else expected
        self.got = "" if ok else got

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return self.why

    def __repr__(self) -> str:
        return "as it should be" if self.ok else self.got or self.why


class Report:
    """The findings of one checker, each an attribute: `report.shape.ok`, `report.shape.why`.

    `report.ok` tells whether all are fine and `report.why` is the sentence of the first that is not. Iterating gives
    the names. An unknown name raises AttributeError that lists those there are.
    """

    def __init__(self, findings: Dict[str, Finding]) -> None:
        self._findings = findings

    @property
    def ok(self) -> bool:
        """Whether every finding is fine."""
        return all(finding.ok for finding in self._findings.values())

    @property
    def why(self) -> str:
        """The sentence of the first finding that is not fine; "" if all are."""
        return next((finding.why for finding in self._findings.values() if not finding.ok), "")

    def __getattr__(self, name: str) -> Finding:
        findings: Dict[str, Finding] = self.__dict__.get("_findings", {})
        if name not in findings:
            raise AttributeError(f"this report has no finding {name!r}, it has: {', '.join(findings)}")
        return findings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._findings)

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {finding.why or 'ok'}" for name, finding in self._findings.items())


FINE = Finding(True)
"""A finding with nothing to say."""


def failed(why: str, expected: str = "", got: str = "") -> Finding:
    """A finding that is not as it should be."""
    return Finding(False, why, expected, got)


def unjudged(because: str) -> Finding:
    """A finding that could not be looked at; it counts as not fine, since nothing is known about it."""
    return Finding(False, f"Not looked at yet: {because}.")


class Findings:
    """Collects findings by name; the first failure of a name stays, and a name nobody failed is fine."""

    def __init__(self, *names: str) -> None:
        self._found: Dict[str, Finding] = dict.fromkeys(names, FINE)

    def fail(self, name: str, why: str, expected: str = "", got: str = "") -> None:
        """Note a failure, unless this name has one already."""
        if self._found[name].ok:
            self._found[name] = failed(why, expected, got)

    def skip(self, because: str, *names: str) -> None:
        """Say of these names, unless they failed, that they could not be looked at."""
        for name in names:
            if self._found[name].ok:
                self._found[name] = unjudged(because)

    def others(self, *names: str) -> List[str]:
        """All names but these."""
        return [name for name in self._found if name not in names]

    def ok(self, name: str) -> bool:
        """Whether nothing has been noted against a name."""
        return self._found[name].ok

    def report(self) -> Report:
        """What was found."""
        return Report(dict(self._found))
