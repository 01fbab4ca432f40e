"""Where the coloured words of Python code stand: found by one expression, also in a single line, also in broken code.

Pygments' lexer of Python does more and takes longer to load than a page takes to draw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Span

from tutor.ui.python_words import BUILTINS, CONSTANTS, EXCEPTIONS, KEYWORDS, SELVES

KEYWORD, NUMBER, STRING, COMMENT = ".flow--keyword", ".flow--number", ".flow--string", ".flow--comment"
NAME, BUILTIN, SELF = ".flow--name", ".flow--builtin", ".flow--self"

_INKS = {
    **dict.fromkeys(KEYWORDS, KEYWORD),
    **dict.fromkeys(CONSTANTS, NUMBER),
    **dict.fromkeys(BUILTINS | EXCEPTIONS, BUILTIN),
    **dict.fromkeys(SELVES, SELF),
}

_PARTS = {"comment": COMMENT, "number": NUMBER, "special": NAME}

_WORDS = re.compile(
    r"""
    (?P<comment> \#[^\n]* )
    | (?P<prefix> \b[rbuftRBUFT]{1,2} | ) (?P<string>
        \"\"\" (?: [^\\] | \\. )*? (?: \"\"\" | \Z ) | ''' (?: [^\\] | \\. )*? (?: ''' | \Z )
        | " (?: [^\\"\n] | \\. )* "? | ' (?: [^\\'\n] | \\. )* '? )
    | (?P<number> (?<! [\w.] ) (?:
        0 [xobXOB] [\da-fA-F_]+ | (?: \d [\d_]* \.? [\d_]* | \. \d [\d_]* ) (?: [eE] [+-]? \d+ )? [jJ]? ) )
    | (?P<decorator> ^ [ \t]* @ [^\W\d] [\w.]* )
    | (?P<kind> \b (?: def | class ) ) (?P<gap> [ \t]+ ) (?P<name> [^\W\d] \w* )
    | (?P<soft> ^ [ \t]* (?: match | case ) (?= [ ] (?: [^=\n] | [=!<>]= )* : [ \t]* (?: \# [^\n]* )? $ ) )
    | (?P<special> __ \w+ __ (?= \( ) )
    | \.\.\. | \. [ \t]* (?! __ ) [^\W\d] \w*
    | (?P<word> [^\W\d] \w* )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


def python_spans(code: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """What is coloured in `code[start:end]`, in its order; positions are those of `code`."""
    for found in _WORDS.finditer(code, start, len(code) if end is None else end):
        kind = found.lastgroup
        if kind == "string":
            if set(found["prefix"]) & set("fFtT"):
                yield from _formatted(code, *found.span())
            else:
                yield Span(*found.span(), STRING)
        elif kind == "name":
            yield Span(*found.span("kind"), KEYWORD)
            yield Span(*found.span("name"), NAME)
        elif kind == "word":
            if ink := _INKS.get(found["word"]):
                yield Span(*found.span(), ink)
        elif kind == "decorator":
            yield Span(found.end() - len(found["decorator"].lstrip()), found.end(), NAME)
        elif kind == "soft":
            yield Span(found.end() - len(found["soft"].lstrip()), found.end(), KEYWORD)
        elif kind in _PARTS:
            yield Span(*found.span(), _PARTS[kind])


def _formatted(code: str, start: int, end: int) -> Iterator[Span]:
    """A string with code in braces: what stands before a format or a conversion is code again."""
    text = at = start
    while at < end:
        if code[at] != "{" or code[at : at + 2] == "{{":
            at += 2 if code[at : at + 2] == "{{" else 1
            continue
        stop = _end_of_code(code, at + 1, end)
        if stop == end:
            break
        yield Span(text, at + 1, STRING)
        yield from python_spans(code, at + 1, stop)
        text = at = stop
    yield Span(text, end, STRING)


def _end_of_code(code: str, at: int, end: int) -> int:
    """Where the code that begins at `at` ends: at its brace, or at a format or conversion; `end` where it does not."""
    depth = 0
    while at < end:
        character = code[at]
        if character in "\"'":
            at = code.find(character, at + 1, end)
            if at < 0:
                return end
        elif character in "([{":
            depth += 1
        elif character in ")]}" and depth:
            depth -= 1
        elif not depth and (character in "}:" or (character == "!" and code[at + 1 : at + 2] != "=")):
            return at
        at += 1
    return end
