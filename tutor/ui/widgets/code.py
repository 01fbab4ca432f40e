"""Code as coloured lines."""

from __future__ import annotations

from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.python import PythonLexer
from pygments.token import Token
from pygments.util import ClassNotFound
from textual.content import Content, Span

from tutor.ui.visible import visible
from tutor.ui.widgets.layout import filled, folded

# The nearest ancestor of a token's type decides; types without one stay plain.
STYLES = {
    Token.Comment: ".flow--comment",
    Token.Keyword: ".flow--keyword",
    Token.Operator.Word: ".flow--keyword",
    Token.Keyword.Constant: ".flow--number",
    Token.Literal.Number: ".flow--number",
    Token.Literal.String: ".flow--string",
    Token.Name.Function: ".flow--name",
    Token.Name.Class: ".flow--name",
    Token.Name.Decorator: ".flow--name",
    Token.Name.Builtin: ".flow--builtin",
    Token.Name.Exception: ".flow--builtin",
    Token.Name.Builtin.Pseudo: ".flow--self",
    Token.Generic.Deleted: ".flow--wrong",
    Token.Generic.Inserted: ".flow--right",
}


@lru_cache(maxsize=16)
def _lexer(language: str) -> Lexer | None:
    if language == "python":
        # By its class, not by name: the table of all names costs as much to load as a page to draw.
        return PythonLexer(stripnl=False, ensurenl=False)
    try:
        lexer: Lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return lexer


def _style(kind: object) -> str:
    while kind is not None:
        style = STYLES.get(kind)
        if style:
            return str(style)
        kind = getattr(kind, "parent", None)
    return ""


@lru_cache(maxsize=512)
def highlighted(source: str, language: str = "python") -> tuple[Content, ...]:
    """The lines of `source`; an unknown language leaves them plain."""
    text = visible(source).rstrip("\n")
    lexer = _lexer(language) if language not in ("", "text", "output") else None
    spans: list[Span] = []
    if lexer is not None:
        at = 0
        for kind, value in lexer.get_tokens(text):
            if style := _style(kind):
                spans.append(Span(at, at + len(value), style))
            at += len(value)
    return tuple(Content(text, spans).split("\n", allow_blank=True))


def code_lines(source: str, language: str, width: int, *, indent: int = 1) -> list[Content]:
    """A block of code on its own background, `width` cells wide; long lines go on behind a mark."""
    room = width - 2 * indent
    lines: list[Content] = []
    for line in highlighted(source, language):
        hanging = len(line.plain) - len(line.plain.lstrip(" ")) + 2
        lines += (part.pad_left(indent) for part in folded(line, room, hanging))
    return filled(lines, width, ".flow--code")
