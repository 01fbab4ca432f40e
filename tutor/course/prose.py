"""From Markdown's tree to the blocks of a page: everything that is read and not worked with."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from tutor.course.blocks import (
    Aside,
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
from tutor.course.characters import visible
from tutor.course.items import Block
from tutor.course.maths import to_unicode
from tutor.course.spans import alt_text, inline, inline_tokens
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


def _paragraph(node: Element) -> Block | None:
    """A paragraph or a picture; None for one that shows nothing, such as an anchor."""
    children = [child for child in inline_tokens(node) if child.type != "text" or child.content.strip()]
    if len(children) == 1 and children[0].type == "image":
        return Image(alt_text(children[0]), visible(str(children[0].attrs.get("src", ""))), node.line)
    spans = inline(node)
    return Paragraph(spans, node.line) if spans else None


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
