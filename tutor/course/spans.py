"""Running text: inline Markdown tokens as spans of one style each."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from markdown_it.token import Token

from tutor.course.blocks import Span, Spans
from tutor.course.characters import one_line, visible
from tutor.course.maths import to_unicode
from tutor.course.tree import Element


def inline_tokens(node: Element) -> list[Token]:
    """The inline tokens directly inside a paragraph, a heading or a table cell."""
    return [
        token
        for child in node.children
        if isinstance(child, Element) and child.kind == "inline"
        for token in child.token.children or []
    ]


def inline(node: Element) -> Spans:
    """The styled text directly inside a paragraph, a heading or a table cell."""
    writer = _SpanWriter()
    for token in inline_tokens(node):
        writer.token(token)
    return writer.spans()


def alt_text(token: Token) -> str:
    """What stands for an image token."""
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
            self._add(Span(to_unicode(latex).replace("\n", "; "), math=True, source=latex, link=self._link))
        elif kind in ("softbreak", "hardbreak"):
            self._text(" " if kind == "softbreak" else "\n")
        elif kind == "image":
            self.picture(alt_text(token))
        elif kind == "link_open":
            self.link(str(token.attrs.get("href", "")))
        elif kind == "link_close":
            self.link(None)
        elif kind == "html_inline":
            _InlineTag(self).read(token.content)
        elif kind.removesuffix("_open").removesuffix("_close") in _STYLES:
            self.style(_STYLES[kind.rpartition("_")[0]], token.nesting)

    def style(self, name: str, change: int) -> None:
        self._depth[name] = max(0, self._depth[name] + change)

    def line_break(self) -> None:
        self._text("\n")

    def picture(self, alt: str) -> None:
        """What stands for an image in running text."""
        self._text(alt or "picture", italic=True)

    def link(self, target: str | None) -> None:
        """What follows leads there; None ends the innermost link."""
        self._links = [*self._links, visible(target)] if target is not None else self._links[:-1]

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
    """One HTML tag inside running text: a style, a line break, a link, a picture; the rest vanish."""

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
        values = dict(attrs)
        if tag == "br":
            self._writer.line_break()
        elif tag == "img":
            self._writer.picture(one_line(values.get("alt") or ""))
        elif tag == "a":
            self._writer.link(values.get("href") or "")
        else:
            self._change(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._writer.link(None)
        else:
            self._change(tag, -1)

    def _change(self, tag: str, change: int) -> None:
        if tag in _HTML_STYLES:
            self._writer.style(_HTML_STYLES[tag], change)
        elif tag in _HTML_CODE:
            self._writer.style("code", change)
