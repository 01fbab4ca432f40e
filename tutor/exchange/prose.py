"""Makes foreign Markdown safe to stand in a lesson: nothing in it becomes an item or swallows what follows."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt

from tutor.course.characters import visible
from tutor.course.items import Snippet
from tutor.course.parser import parse_lesson

_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(\S*)(.*)$")
_LIVE = frozenset({"python", "output"})
_PLAIN = {"output": "text", "": "text"} | {
    name: name for name in ("text", "console", "shell", "json", "yaml", "toml", "ini", "diff", "mermaid")
}
_SENTINEL = "sentinel = 1"
_IMAGE = re.compile(r"!\[([^\]]*)\]\((?:attachment:|data:)[^)]*\)")
_LOOKS = re.compile(r"(`+[^`]*`+)|</?(?:center|font|div|span|p|big|small|u)(?:\s[^<>]*)?>", re.IGNORECASE)
"""Tags that only say how something looks, and code, which may speak of them. Markdown inside such a tag is none."""
_PARSER = MarkdownIt("commonmark")


def headings(source: str) -> list[tuple[int, int]]:
    """(line from 0, level) of each heading at the top level of Markdown."""
    return [
        (token.map[0], int(token.tag[1]))
        for token in _PARSER.parse(source)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def title_at(source: str, line: int) -> str:
    """The text of the heading on a line."""
    return source.split("\n")[line].strip().strip("#").strip()


def plain(text: str) -> str:
    """One line of Markdown as a reader sees it: the words of links and code, no marks and no HTML."""
    inline = [one for token in _PARSER.parseInline(text) for one in token.children or [] if one.type != "html_inline"]
    return "".join(one.content for one in inline).replace("$", "").strip()


def with_levels(source: str, level_of: dict[int, int]) -> str:
    """Markdown with its headings at other levels, written with `#`; level 0 takes the heading out."""
    lines = source.split("\n")
    for line, level in reversed(headings(source)):
        underlined = not lines[line].lstrip().startswith("#")
        text = title_at(source, line)
        wanted = level_of.get(level, level)
        lines[line] = f"{'#' * wanted} {text}" if wanted else ""
        if underlined:
            del lines[line + 1]
    return "\n".join(lines).strip("\n")


def safe_prose(source: str) -> tuple[str, bool]:
    """The prose as a lesson can hold it, and whether it had to be shown as plain text for that."""
    source = _tamed(visible(source))
    if _holds(source):
        return source, False
    source = re.sub(r"<(?=/?[a-zA-Z!])", r"\\<", source)
    if _holds(source):
        return source, False
    fence = "`" * (max((len(run) for run in re.findall("`+", source)), default=0) + 3)
    return f"{fence}text\n{source}\n{fence}", True


def _tamed(source: str) -> str:
    """Fences that would be cells become shown code; pictures inside the notebook become their alt text."""
    lines = source.split("\n")
    open_fence = ""
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if match and not open_fence:
            open_fence = match[2]
            word = match[3].strip("{}.").lower()
            if word in _LIVE or match[3].startswith("{") or (word and match[4].split() != [".noeval"]):
                lines[number] = f"{match[1]}{match[2]}{shown_word(word)}"
        elif match and match[2].startswith(open_fence) and not match[3]:
            open_fence = ""
        elif not open_fence:
            # Spaces that a tag leaves behind would be a code block.
            bare = _LOOKS.sub(lambda found: found[1] or "", line)
            line = bare.strip() if bare != line else line
            lines[number] = _IMAGE.sub(lambda found: f"*[picture: {found[1] or 'without words'}]*", line)
    return "\n".join(lines)


def shown_word(language: str) -> str:
    """What a fence is called that is only shown: Jupytext makes cells of more languages than one would think."""
    if language in _PLAIN or not re.fullmatch(r"[\w+#-]+", language):
        return _PLAIN.get(language, "text")
    return f"{language} .noeval"


def _holds(source: str) -> bool:
    """Whether the lesson's parser finds prose in it, and still finds the cell below it."""
    text = f"---\ntitle: t\nid: t\n---\n\n## t\n\n{source}\n\n```python\n{_SENTINEL}\n```\n"
    lesson = parse_lesson(Path("prose.md"), text)
    found = [item for _, item in lesson.items()]
    return (
        not lesson.errors
        and len(found) == 1
        and isinstance(found[0], Snippet)
        and found[0].code.source.strip() == _SENTINEL
    )
