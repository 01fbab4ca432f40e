"""MyST prose as plain Markdown: directives become callouts and shown code, roles their text."""

from __future__ import annotations

import re

from tutor.exchange.callouts import callout

_OPEN = re.compile(r"^(\s*)(`{3,}|:{3,}|~{3,})\{([A-Za-z0-9:_-]+)\}\s*(.*)$")
_ROLE = re.compile(r"\{([A-Za-z:_-]+)\}`([^`]+)`")
_OPTION = re.compile(r"^\s*:[A-Za-z0-9_-]+:.*$")
_CODE = {"code", "code-block", "sourcecode", "literalinclude", "prompt"}


def plain_myst(source: str) -> str:
    """Prose without directives and roles. What is inside a directive that is not known is kept as prose."""
    return "\n".join(_lines(source.split("\n")))


def _lines(lines: list[str]) -> list[str]:
    done: list[str] = []
    number = 0
    fence = ""
    while number < len(lines):
        line = lines[number]
        opened = None if fence else _OPEN.match(line)
        if opened is None:
            mark = line.strip()[:3]
            if mark in ("```", "~~~"):
                fence = "" if fence == mark else fence or mark
            target = re.match(r"^\s*\([A-Za-z0-9:_-]+\)=\s*$", line)
            if not target:
                done.append(line if fence else _ROLE.sub(_plain_role, line))
            number += 1
            continue
        end = _end(lines, number + 1, opened[2])
        done += _directive(opened[3], opened[4].strip(), lines[number + 1 : end])
        number = end + 1
    return done


def _end(lines: list[str], start: int, fence: str) -> int:
    """The line that closes a directive, or the end of the text."""
    for number in range(start, len(lines)):
        text = lines[number].strip()
        if text and set(text) == {fence[0]} and len(text) >= len(fence):
            return number
    return len(lines)


def _directive(name: str, argument: str, body: list[str]) -> list[str]:
    kind = name
    while body and (_OPTION.match(body[0]) or not body[0].strip()):
        if name == "admonition" and body[0].strip().startswith(":class:"):
            kind = body[0].split()[-1]
        body = body[1:]
    if name in _CODE:
        language = "python .noeval" if argument in ("python", "python3", "ipython3") else argument or "text"
        return ["", f"```{language}", *body, "```", ""]
    if name == "math":
        return ["", "$$", *body, "$$", ""]
    if name in ("image", "figure"):
        text = " ".join(line.strip() for line in body if line.strip())
        return ["", f"![{text or argument}]({argument})", ""]
    if name in ("toctree", "tableofcontents", "bibliography", "contents", "index"):
        return []
    inner = _lines(body)
    title = argument if name == "admonition" else ""
    known = callout(kind, title, inner) or callout(name, title, inner)
    if known is not None:
        return ["", *known, ""]
    return ["", *([f"**{argument}**", ""] if argument else []), *inner, ""]


def _plain_role(match: re.Match[str]) -> str:
    name, text = match[1], match[2]
    if name == "math":
        return f"${text}$"
    if name in ("ref", "doc", "numref", "term", "eq", "download"):
        return text.partition("<")[0].strip() or text
    return f"`{text.lstrip('~')}`"
