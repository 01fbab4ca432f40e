"""Where the coloured words of code in other languages than Python stand, as pygments sees them."""

from __future__ import annotations

from pygments.lexers import get_lexer_by_name
from pygments.token import Token
from pygments.util import ClassNotFound
from textual.content import Span

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


def spans(text: str, language: str) -> list[Span]:
    """What is coloured in `text`; nothing where pygments does not know the language."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return []
    found: list[Span] = []
    at = 0
    for kind, value in lexer.get_tokens(text):
        if style := _style(kind):
            found.append(Span(at, at + len(value), style))
        at += len(value)
    return found


def _style(kind: object) -> str:
    while kind is not None:
        style = STYLES.get(kind)
        if style:
            return str(style)
        kind = getattr(kind, "parent", None)
    return ""
