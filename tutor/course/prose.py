"""From Markdown's tree to the blocks of a page: everything that is read and not worked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser

from markdown_it.token import Token

from tutor.course.characters import one_line, visible
from tutor.course.maths import to_unicode
from tutor.course.model import (
    Aside,
    Block,
    Callout,
    Formula,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    ShownCode,
    Span,
    Spans,
    Table,
)
from tutor.course.tree import Box, Element, Node, Raw


def prose(nodes: Sequence[Node]) -> tuple[Block, ...]:
    """Blocks of nodes that hold no items. A diagram followed by a note with its text twin gives the twin."""
    blocks: list[Block] = []
    at = 0
    while at < len(nodes):
        node = nodes[at]
        twin = diagram_twin(nodes, at)
        if twin is not None:
            blocks += prose(twin.children)
            at += 2
            continue
        blocks += _blocks(node)
        at += 1
    return tuple(blocks)


def diagram_twin(nodes: Sequence[Node], at: int) -> Box | None:
    """The note that holds the text twin of the mermaid diagram at `at`, if there is such a diagram and twin."""
    node = nodes[at]
    if not (isinstance(node, Element) and is_fence(node, "mermaid")) or at + 1 == len(nodes):
        return None
    note = nodes[at + 1]
    if not (isinstance(note, Box) and note.tag == "details" and note.role == "note"):
        return None
    return note if any(is_fence(child, "text") for child in note.children) else None


def is_fence(node: Node, language: str) -> bool:
    """Whether `node` is a fence with exactly this language word."""
    return isinstance(node, Element) and node.kind == "fence" and fence_language(node.token) == language


def fence_language(token: Token) -> str:
    """The first word behind a fence, "" where there is none."""
    return token.info.split(maxsplit=1)[0] if token.info.strip() else ""


def _blocks(node: Node) -> tuple[Block, ...]:
    if isinstance(node, Raw):
        pictures = tuple(Image(alt, source, node.line) for alt, source in node.images)
        return (*pictures, Paragraph((Span(node.text),), node.line)) if node.text else pictures
    if isinstance(node, Box):
        inner = prose(node.children)
        return (Aside(node.summary or "Details", inner, node.line),) if node.tag == "details" else inner
    block = _element(node)
    return () if block is None else (block,)


def _element(node: Element) -> Block | None:
    token, line = node.token, node.line
    kind = node.kind
    if kind == "paragraph":
        return _paragraph(node)
    if kind == "heading":
        return Heading(int(token.tag[1:]), inline(node), line)
    if kind in ("fence", "code_block"):
        return ShownCode(visible(fence_language(token)), shown_source(token.content), line)
    if kind in ("bullet_list", "ordered_list"):
        start = int(token.attrs.get("start", 1)) if kind == "ordered_list" else None
        return ListBlock(tuple(_list_item(item) for item in node.children if isinstance(item, Element)), start, line)
    if kind == "blockquote":
        return Quote(prose(node.children), line)
    if kind == "alert":
        return Callout(str(token.meta.get("kind", "note")).lower(), prose(node.children), line)
    if kind == "table":
        return _table(node)
    if kind in ("math_block", "math_block_label"):
        latex = visible(token.content.strip())
        return Formula(to_unicode(latex), latex, line)
    return Rule(line) if kind == "hr" else None


def shown_source(content: str) -> str:
    """A fence's content as shown text: no control characters, tabs as spaces, no last line end."""
    return visible(content).expandtabs(4).removesuffix("\n")


def _paragraph(node: Element) -> Block:
    children = [child for child in _inline_tokens(node) if child.type != "text" or child.content.strip()]
    if len(children) == 1 and children[0].type == "image":
        return Image(_alt(children[0]), visible(str(children[0].attrs.get("src", ""))), node.line)
    return Paragraph(inline(node), node.line)


def _list_item(node: Element) -> ListItem:
    checked = node.token.meta.get("checked") if node.token.meta else None
    return ListItem(prose(node.children), checked if isinstance(checked, bool) else None)


def _table(node: Element) -> Table:
    rows: list[tuple[Spans, ...]] = []
    align: list[str] = []
    for row in _inside(node, "tr"):
        cells = [cell for cell in row.children if isinstance(cell, Element) and cell.kind in ("th", "td")]
        if not rows:
            align = [str(cell.token.attrs.get("style", "")).removeprefix("text-align:") for cell in cells]
        rows.append(tuple(inline(cell) for cell in cells))
    width = len(align)
    body = tuple((*row, *((),) * width)[:width] for row in rows[1:])
    return Table(rows[0] if rows else (), body, tuple(align), node.line)


def _inside(node: Element, kind: str) -> list[Element]:
    found: list[Element] = []
    for child in node.children:
        if isinstance(child, Element):
            found += [child] if child.kind == kind else _inside(child, kind)
    return found


def _inline_tokens(node: Element) -> list[Token]:
    return [
        token
        for child in node.children
        if isinstance(child, Element) and child.kind == "inline"
        for token in child.token.children or []
    ]


def inline(node: Element) -> Spans:
    """The styled text directly inside a paragraph, a heading or a table cell."""
    writer = _SpanWriter()
    for token in _inline_tokens(node):
        writer.token(token)
    return writer.spans()


def _alt(token: Token) -> str:
    return one_line(token.content)


_STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
_HTML_STYLES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "del": "strike", "s": "strike"}
_HTML_CODE = ("code", "kbd", "samp", "tt")


class _SpanWriter:
    """Turns inline tokens into spans; neighbours of one style become one span."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._depth = {"bold": 0, "italic": 0, "strike": 0, "code": 0}
        self._links: list[str] = []

    def spans(self) -> Spans:
        return tuple(self._spans)

    def token(self, token: Token) -> None:
        kind = token.type
        if kind == "text":
            self._text(token.content)
        elif kind == "code_inline":
            self._text(token.content, code=True)
        elif kind in ("math_inline", "math_inline_double"):
            latex = one_line(token.content)
            self._add(Span(to_unicode(latex), math=True, source=latex, link=self._link))
        elif kind in ("softbreak", "hardbreak"):
            self._text(" " if kind == "softbreak" else "\n")
        elif kind == "image":
            self._text(_alt(token) or "picture", italic=True)
        elif kind == "link_open":
            self._links.append(visible(str(token.attrs.get("href", ""))))
        elif kind == "link_close":
            self._links = self._links[:-1]
        elif kind == "html_inline":
            _InlineTag(self).read(token.content)
        elif kind.removesuffix("_open").removesuffix("_close") in _STYLES:
            self.style(_STYLES[kind.rpartition("_")[0]], token.nesting)

    def style(self, name: str, change: int) -> None:
        self._depth[name] = max(0, self._depth[name] + change)

    def line_break(self) -> None:
        self._text("\n")

    @property
    def _link(self) -> str:
        return self._links[-1] if self._links else ""

    def _text(self, text: str, code: bool = False, italic: bool = False) -> None:
        self._add(
            Span(
                visible(text).replace("\t", " "),
                bold=self._depth["bold"] > 0,
                italic=italic or self._depth["italic"] > 0,
                code=code or self._depth["code"] > 0,
                strike=self._depth["strike"] > 0,
                link=self._link,
            )
        )

    def _add(self, span: Span) -> None:
        if not span.text:
            return
        last = self._spans[-1] if self._spans else None
        if last is not None and not last.math and not span.math and _style(last) == _style(span):
            self._spans[-1] = replace(last, text=last.text + span.text)
        else:
            self._spans.append(span)


def _style(span: Span) -> tuple[bool, bool, bool, bool, str]:
    return span.bold, span.italic, span.code, span.strike, span.link


class _InlineTag(HTMLParser):
    """One HTML tag inside running text: the few that mean a style or a line break; the rest vanish."""

    def __init__(self, writer: _SpanWriter) -> None:
        super().__init__()
        self._writer = writer

    def read(self, content: str) -> None:
        try:
            self.feed(content)
            self.close()
        except AssertionError:
            # See tutor.course.html_parts: html.parser refuses some declarations; they show nothing anyway.
            return

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._writer.line_break()
        else:
            self._change(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        self._change(tag, -1)

    def _change(self, tag: str, change: int) -> None:
        if tag in _HTML_STYLES:
            self._writer.style(_HTML_STYLES[tag], change)
        elif tag in _HTML_CODE:
            self._writer.style("code", change)
