"""Markdown tokens as a tree in which `<details>` and `<!-- #region -->` are boxes around what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from tutor.course.findings import Findings, did_you_mean
from tutor.course.html_parts import HtmlPart, open_region_comments, read_html
from tutor.course.options import OptionError, Options, read_options

DETAILS = ("hint", "solution", "alternative", "mistake", "answer", "generator", "note")
REGIONS = ("quiz", "predict")

# Deeper nesting is no lesson but an attack on the recursion that reads the tree.
_DEEPEST = 12


@cache
def markdown() -> MarkdownIt:
    """The one Markdown dialect of lessons: GitHub's, with front matter and dollar maths, without guessed links."""
    reader = MarkdownIt("gfm-like2", {"linkify": False}).disable("linkify")
    reader.use(front_matter_plugin)
    # As GitHub does, so that "$5 and $6" stays money.
    return reader.use(dollarmath_plugin, allow_blank_lines=False, double_inline=True, allow_digits=False)


@dataclass
class Element:
    """A block token with what stands inside it. `line` and `end` are the first and last line in the file."""

    token: Token
    line: int
    end: int
    children: list[Node] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The token's type without "_open"."""
        return self.token.type.removesuffix("_open")


@dataclass
class Raw:
    """HTML that is no box: its visible text and its pictures as (alt, source)."""

    text: str
    line: int
    images: tuple[tuple[str, str], ...] = ()


@dataclass
class Box:
    """A `<details>` (`role` one of DETAILS or "") or a region (`role` one of REGIONS or "", `options` its rest)."""

    tag: str
    role: str
    line: int
    end: int = 0
    summary: str = ""
    options: Options = field(default_factory=Options)
    children: list[Node] = field(default_factory=list)


Node = Element | Raw | Box


def read_tree(text: str, findings: Findings) -> list[Node]:
    """The nodes of a lesson's text. Boxes that are never closed end at the next level-1 or level-2 heading."""
    tokens = [token for token in markdown().parse(text) if token.type != "front_matter"]
    return _siblings(tokens, findings, 1)


def _siblings(tokens: list[Token], findings: Findings, line: int) -> list[Node]:
    """Nodes of tokens that stand side by side; `line` is that of their parent, for tokens without a map."""
    builder = _Builder(findings)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _closing(tokens, at)
        begin, last = (token.map[0] + 1, max(token.map[1], token.map[0] + 1)) if token.map else (line, line)
        if token.type == "html_block":
            builder.html(token.content, begin)
        elif token.type != "alert_title_open":
            element = Element(token, begin, last)
            if end > at:
                element.children = _siblings(tokens[at + 1 : end], findings, begin)
            builder.element(element)
        at = end + 1
    return builder.finish()


def _closing(tokens: list[Token], at: int) -> int:
    """Index of the token that closes the one at `at`, which is itself for a token that stands alone."""
    if tokens[at].nesting != 1:
        return at
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


class _Builder:
    """Puts siblings into the boxes that are open where they stand."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._nodes: list[Node] = []
        self._open: list[Box] = []

    def element(self, element: Element) -> None:
        if element.kind == "heading" and element.token.tag in ("h1", "h2"):
            self._close_down_to(0, "before the next page begins", element.line - 1)
        self._place(element)

    def html(self, content: str, line: int) -> None:
        for below, column in open_region_comments(content):
            message = "this region comment is not closed on its line, and hides what follows: add -->"
            self._findings.add("E104", message, line + below, column + 1)
        parts = list(read_html(content, line))
        boxed = any(part.kind in ("open", "close", "region", "endregion") for part in parts)
        for part in parts:
            self._html_part(part, boxed)

    def finish(self) -> list[Node]:
        self._close_down_to(0, "before the file ends", len(self._findings.lines))
        return self._nodes

    def _html_part(self, part: HtmlPart, boxed: bool) -> None:
        if part.kind == "open":
            self._push(Box("details", self._role(part), part.line))
        elif part.kind == "region":
            self._push(self._region(part))
        elif part.kind in ("close", "endregion"):
            self._close("details" if part.kind == "close" else "region", part)
        elif part.kind == "summary":
            if self._open and self._open[-1].tag == "details":
                self._open[-1].summary = part.text
            else:
                self._place(Raw(part.text, part.line))
        else:
            if boxed:
                message = "this text is read as HTML, not as Markdown: leave an empty line above it"
                self._findings.add("W218", message, part.line, part.column)
            self._place(Raw(part.text, part.line, part.images))

    def _role(self, part: HtmlPart) -> str:
        known = [word for word in part.text.split() if word in DETAILS]
        if part.text and not known:
            word = part.text.split()[0]
            message = f"unknown details class {word!r}: {did_you_mean(word, DETAILS)}"
            self._findings.add("E105", message, part.line, self._findings.column_of(part.line, word))
        return known[0] if known else ""

    def _region(self, part: HtmlPart) -> Box:
        box = Box("region", "", part.line)
        try:
            box.options = read_options(part.text)
        except OptionError as error:
            self._findings.add("E103", f"region options: {error}", part.line, part.column + error.offset)
            return box
        roles = [key for key in box.options.values if key in REGIONS]
        if len(roles) == 1:
            box.role = roles[0]
        elif roles:
            self._findings.add("E103", "a region is a quiz or a predict, not both", part.line, part.column)
        else:
            message = 'a region needs quiz="id" or predict="id"; any other one hides its cells from Jupyter'
            word = next(iter(box.options.values), "")
            hint = f": {did_you_mean(word, REGIONS)}" if word else ""
            self._findings.add("E105", message + hint, part.line, part.column)
        return box

    def _push(self, box: Box) -> None:
        if len(self._open) >= _DEEPEST:
            self._findings.add("E104", f"more than {_DEEPEST} boxes inside one another", box.line)
            return
        self._place(box)
        self._open.append(box)

    def _close(self, tag: str, part: HtmlPart) -> None:
        matching = [depth for depth, box in enumerate(self._open) if box.tag == tag]
        shown = "</details>" if tag == "details" else "#endregion"
        if not matching:
            self._findings.add("E104", f"{shown} closes nothing: there is no open {tag} here", part.line, part.column)
            return
        self._close_down_to(matching[-1] + 1, f"before the {shown} on line {part.line}", part.line)
        self._open.pop().end = part.line

    def _close_down_to(self, depth: int, until: str, line: int) -> None:
        while len(self._open) > depth:
            box = self._open.pop()
            box.end = line
            opened, closing = (
                ("<details>", "</details>") if box.tag == "details" else ("#region", "<!-- #endregion -->")
            )
            message = f"this {opened} is not closed {until}: add {closing}"
            self._findings.add("E104", message, box.line, self._findings.column_of(box.line, opened.rstrip(">")))

    def _place(self, node: Node) -> None:
        (self._open[-1].children if self._open else self._nodes).append(node)


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """All nodes, parents before their children."""
    for node in nodes:
        yield node
        if not isinstance(node, Raw):
            yield from walk(node.children)
