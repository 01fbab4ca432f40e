"""The head of a lesson file: flat YAML between two lines of dashes."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import yaml

from tutor.amounts import amount
from tutor.course.characters import one_line
from tutor.course.findings import Findings, did_you_mean
from tutor.course.model import FrontMatter

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""What ids and names look like: they are parts of keys, so nothing that could be a path."""

_TEXTS = ("id", "title", "summary")
_LISTS = ("objectives", "concepts", "requires", "needs")
_NUMBERS = ("minutes", "seed", "timeout")
_AMOUNTS = ("memory", "output")
FIELDS = (*_TEXTS, *_LISTS, *_NUMBERS, *_AMOUNTS)

# A head is a dozen lines. The limit keeps a hostile file from costing more than one screen of YAML.
_LONGEST = 20_000


def head(text: str) -> str | None:
    """The YAML at the beginning of `text`, None where it has none."""
    if not text.startswith("---"):
        return None
    first, _, rest = text.partition("\n")
    if first.strip("-").strip():
        return None
    taken: list[str] = []
    for line in rest.split("\n"):
        if line.startswith(("---", "...")) and not line[3:].strip("-").strip():
            return "\n".join(taken)
        taken.append(line)
    return None


def read_front_matter(text: str, findings: Findings) -> FrontMatter:
    """The front matter of a lesson's text. Whatever is wrong goes to `findings`; id and title are never empty."""
    told = len(findings.problems)
    values, lines = _values(text, findings)
    unreadable = not values and len(findings.problems) > told
    for name in values:
        if name not in FIELDS:
            findings.add("W215", f"unknown front matter key {name!r}: {did_you_mean(name, FIELDS)}", lines[name])
    for name in ("title", "id"):
        if name not in values and not unreadable:
            findings.add("E110", f"the front matter needs {name!r}: add a line such as {_EXAMPLE[name]}")
    reader = _Reader(values, lines, findings)
    identifier = reader.text("id")
    if identifier and not ID.fullmatch(identifier):
        message = f"id {identifier!r} must be lower-case letters, digits and single hyphens, as in one-neuron"
        findings.add("E110", message, lines["id"])
        identifier = ""
    return FrontMatter(
        id=identifier or fallback_id(findings.path),
        title=reader.text("title") or fallback_id(findings.path),
        summary=reader.text("summary"),
        objectives=reader.texts("objectives"),
        concepts=reader.texts("concepts"),
        requires=reader.texts("requires"),
        minutes=reader.whole("minutes", 1),
        seed=reader.whole("seed", 0),
        timeout=reader.seconds("timeout", 30.0),
        needs=reader.texts("needs"),
        memory=reader.amount("memory"),
        output=reader.amount("output", "64 MB"),
    )


def fallback_id(path: Path) -> str:
    """An id made of a file's name, for a lesson that does not give one."""
    return "-".join(re.findall(r"[a-z0-9]+", path.stem.lower())) or "lesson"


_FAST = getattr(yaml, "CBaseLoader", None)
_SAFE_INDICATORS = 500
_EXAMPLE = {"title": "title: One neuron", "id": "id: one-neuron"}
_Value = str | list[str] | None


def _values(text: str, findings: Findings) -> tuple[dict[str, _Value], dict[str, int]]:
    """Top-level keys with their text or list of texts (None for anything else), and the line of each key."""
    source = head(text)
    if source is None:
        if text.startswith("---"):
            findings.add("E101", "the front matter is not closed: put a line of three dashes below it")
        return {}, {}
    if len(source) > _LONGEST:
        findings.add("E101", f"the front matter has {len(source):,} characters, more than {_LONGEST:,}")
        return {}, {}
    try:
        root = _compose(source)
    except yaml.MarkedYAMLError as error:
        mark, reason = _what_is_wrong(error)
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        findings.add("E101", f"the front matter cannot be read: {reason}", line, column)
        return {}, {}
    except (yaml.YAMLError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else one_line(str(error))
        findings.add("E101", f"the front matter cannot be read: {reason}")
        return {}, {}
    if root is None:
        return {}, {}
    if not isinstance(root, yaml.MappingNode):
        findings.add("E101", "the front matter must be lines of the form key: value", 2)
        return {}, {}
    return _entries(root, findings)


def _compose(source: str) -> yaml.Node | None:
    """The nodes of a document, by a base loader: `id: 01` and `title: Yes` stay what the author wrote.

    libyaml is several times faster, which a course map of fifty lessons feels, but it crashes the process on deep
    nesting (nothing nests deeper than it has characters that can open a level) and is vague about where an error is.
    """
    if _FAST is not None and sum(map(source.count, "[{-?:")) < _SAFE_INDICATORS:
        with contextlib.suppress(yaml.YAMLError):
            return yaml.compose(source, Loader=_FAST)
    return yaml.compose(source, Loader=yaml.BaseLoader)


_UNCLOSED = {
    "flow sequence": "the list that begins here is not closed with ]",
    "flow mapping": "the { here is not closed with }",
    "quoted scalar": "the quotes that begin here are not closed",
}
_IN_WORDS = {
    "mapping values": "a value with a colon in it: put the text in quotes",
    "expected key": "something stands behind the end of a value: put the whole text in quotes",
    "<block end>": "something stands behind the end of a value: put the whole text in quotes",
    "cannot start any token": "a value cannot begin with this character: put the text in quotes",
}


def _what_is_wrong(error: yaml.MarkedYAMLError) -> tuple[yaml.Mark | None, str]:
    """The place of a fault and what it is: where something was opened, when its end is missing."""
    reason, begin, end = one_line(error.problem or "not YAML"), error.context_mark, error.problem_mark
    for kind, words in _UNCLOSED.items():
        if kind in (error.context or "") and begin is not None and end is not None and end.line > begin.line:
            return begin, words
    return end or begin, next((words for sign, words in _IN_WORDS.items() if sign in reason), reason)


def _entries(root: yaml.MappingNode, findings: Findings) -> tuple[dict[str, _Value], dict[str, int]]:
    values: dict[str, _Value] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in root.value:
        line = key_node.start_mark.line + 2
        name = one_line(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
        if not name:
            findings.add("E101", "a front matter key must be a word", line)
        elif name in values:
            findings.add("E101", f"{name!r} is given twice in the front matter", line)
        else:
            values[name] = _flat(value_node)
            lines[name] = line
    return values, lines


def _flat(node: yaml.Node) -> _Value:
    if isinstance(node, yaml.ScalarNode):
        return one_line(node.value)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return [one_line(item.value) for item in node.value]
    return None


class _Reader:
    """Values by their expected type; a wrong one is told and read as absent."""

    def __init__(self, values: dict[str, _Value], lines: dict[str, int], findings: Findings) -> None:
        self._values, self._lines, self._findings = values, lines, findings

    def text(self, name: str) -> str:
        value = self._values.get(name, "")
        if isinstance(value, str) and (value or name not in self._values):
            return value
        self._wrong(name, "a text", "E110" if name in ("id", "title") else "E130")
        return ""

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._values.get(name, [])
        if isinstance(value, list) and all(value):
            return tuple(value)
        self._wrong(name, f"a list, as in {name}: [first, second]")
        return ()

    def whole(self, name: str, least: int) -> int | None:
        value = self._values.get(name)
        if name not in self._values:
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12 and int(value) >= least:
            return int(value)
        self._wrong(name, f"a whole number of at least {least}")
        return None

    def seconds(self, name: str, default: float) -> float:
        if name not in self._values:
            return default
        value = self._values[name]
        if isinstance(value, str) and re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value, re.ASCII) and float(value) > 0:
            return float(value)
        self._wrong(name, "a number of seconds above 0")
        return default

    def amount(self, name: str, most: str = "1000000 GB") -> int | None:
        value = self._values.get(name)
        if name not in self._values:
            return None
        if isinstance(value, str) and value.isascii():
            with contextlib.suppress(ValueError):
                found = amount(value)
                if found <= amount(most):
                    return found
        self._wrong(name, f"an amount such as 20 MB, and {most} at most")
        return None

    def _wrong(self, name: str, wanted: str, code: str = "E130") -> None:
        self._findings.add(code, f"{name!r} in the front matter must be {wanted}", self._lines.get(name, 1))
